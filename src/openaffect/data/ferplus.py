"""FER+: FER2013's faces with ten annotators' votes a picture.

Citation: E. Barsoum, C. Zhang, C. Canton Ferrer, Z. Zhang, "Training Deep Networks for Facial
Expression Recognition with Crowd-Sourced Label Distribution", ICMI 2016.
Licence: labels MIT; the rights in the FER2013 pictures are unresolved.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..types import InvalidValueError, Scheme, scheme
from ._tables import data_root, read_table

NAME = "ferplus"
SCHEME: Scheme = scheme("primary8")
VOTE_COLUMNS = (
    "neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt",
    "unknown", "not_face",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class FerPlus:
    """Faces with votes.

    images: (N, 48, 48) uint8 grey. votes: (N, 10) int64, columns as ``VOTE_COLUMNS``.
    """

    images: NDArray[np.uint8]
    votes: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.images)

    @property
    def named(self) -> NDArray[np.bool_]:
        """(N,) rows whose most votes, over all ten columns, are on an emotion."""
        return np.asarray((self.votes.argmax(axis=1) < 8) & self.votes.any(axis=1))

    @property
    def label(self) -> NDArray[np.int64]:
        """(N,) majority label as a column of ``SCHEME``; the first of FER+'s columns wins ties."""
        return np.asarray(_TO_SCHEME[self.votes[:, :8].argmax(axis=1)])

    @property
    def distribution(self) -> NDArray[np.float32]:
        """(N, 8) votes on the emotions in the order of ``SCHEME``, as shares of 1."""
        counts = np.zeros((len(self), 8), np.float32)
        counts[:, _TO_SCHEME] = self.votes[:, :8]
        total = counts.sum(axis=1, keepdims=True)
        return np.where(total > 0, counts / np.maximum(total, 1), np.float32(1 / 8))

    @property
    def digest(self) -> NDArray[Any]:
        """(N,) digest of the pixels, by which repeats are found."""
        return np.array([hashlib.sha256(image.tobytes()).hexdigest() for image in self.images])

    def select(self, rows: NDArray[Any]) -> FerPlus:
        """Return the picked rows."""
        return FerPlus(self.images[rows], self.votes[rows])


_TO_SCHEME = np.array([SCHEME.index(name) for name in VOTE_COLUMNS[:8]])


def load(split: str, *, root: str | Path | None = None) -> FerPlus:
    """Read the ``train`` or ``validation`` split (the official Training and PublicTest)."""
    if split not in ("train", "validation"):
        raise InvalidValueError(f"FER+ split {split!r} is neither 'train' nor 'validation'")
    path = data_root(root) / "face" / f"ferplus-{split}.parquet"
    table = read_table(path, ("image", "votes"))
    images = np.stack([_decode(content) for content in table["image"]])
    return FerPlus(images, np.stack(table["votes"].to_list()).astype(np.int64))


def _decode(content: Any) -> NDArray[np.uint8]:
    import cv2

    raw = content["bytes"] if isinstance(content, dict) else content
    image = cv2.imdecode(np.frombuffer(raw, np.uint8), cv2.IMREAD_GRAYSCALE)
    if image is None or image.shape != (48, 48):
        raise InvalidValueError("FER+ holds a picture that is not 48 x 48 grey PNG")
    return np.asarray(image, dtype=np.uint8)
