"""GoEmotions: Reddit comments with 27 emotions and neutral.

Citation: D. Demszky et al., "GoEmotions: A Dataset of Fine-Grained Emotions", ACL 2020.
Licence: CC BY 4.0.
"""

from __future__ import annotations

from pathlib import Path

from ..types import InvalidValueError, Scheme, scheme
from ._labelled_text import LabelledText, from_table
from ._tables import data_root, read_table

NAME = "goemotions"
SCHEME: Scheme = scheme("goemotions28")


def load(split: str, *, root: str | Path | None = None) -> LabelledText:
    """Read the ``train`` or ``validation`` split (official)."""
    if split not in ("train", "validation"):
        raise InvalidValueError(f"GoEmotions split {split!r} is neither 'train' nor 'validation'")
    path = data_root(root) / "text" / f"goemotions-{split}.parquet"
    return from_table(read_table(path, ("text", "labels")), SCHEME)
