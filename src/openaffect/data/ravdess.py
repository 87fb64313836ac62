"""RAVDESS speech: North American English, two sentences, eight emotions.

Citation: S. Livingstone, F. Russo, "The Ryerson Audio-Visual Database of Emotional Speech and Song
(RAVDESS)", PLoS ONE 13(5), 2018.
Licence: CC BY-NC-SA 4.0: weights trained on it are non-commercial.
"""

from __future__ import annotations

from pathlib import Path

from ..types import Scheme, scheme
from ._clips import Clips, load_clips

NAME = "ravdess"
SCHEME: Scheme = scheme("ravdess8")


def load(*, root: str | Path | None = None) -> Clips:
    """Read the clips of the actors that are there; split by speaker."""
    return load_clips("ravdess", "statement", SCHEME, root)
