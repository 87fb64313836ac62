"""EmoBank: English sentences with valence, arousal and dominance.

Citation: S. Buechel, U. Hahn, "EmoBank: Studying the Impact of Annotation Perspective and
Representation Format on Dimensional Emotion Analysis", EACL 2017.
Licence: CC BY-SA 4.0 (weights trained on it are kept apart and under the same licence).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..types import InvalidValueError, Scheme, scheme
from ._labelled_text import LabelledText
from ._tables import data_root, read_table

NAME = "emobank"
SCHEME: Scheme = scheme("valence-arousal-dominance")


def load(split: str, *, root: str | Path | None = None) -> LabelledText:
    """Read the ``train`` or ``validation`` split; the 1-5 scale becomes (x - 3) / 2 in [-1, 1]."""
    if split not in ("train", "validation"):
        raise InvalidValueError(f"EmoBank split {split!r} is neither 'train' nor 'validation'")
    path = data_root(root) / "text" / f"emobank-{split}.parquet"
    table = read_table(path, ("text", *SCHEME.labels))
    values = (table[list(SCHEME.labels)].to_numpy(np.float64) - 3) / 2
    return LabelledText(tuple(table["text"]), values.astype(np.float32), SCHEME)
