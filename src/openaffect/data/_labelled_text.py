"""Texts with label sets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..types import Scheme


@dataclass(frozen=True, slots=True, eq=False)
class LabelledText:
    """texts: N strings. labels: (N, K) float32, 0/1 for label sets, values for dimensions."""

    texts: tuple[str, ...]
    labels: NDArray[np.float32]
    scheme: Scheme

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def folded(self) -> NDArray[Any]:
        """(N,) texts with case folded and white space joined, by which repeats are found."""
        return np.array([" ".join(text.casefold().split()) for text in self.texts], dtype=object)

    def select(self, rows: NDArray[Any]) -> LabelledText:
        """Return the picked rows."""
        picked = np.arange(len(self))[rows]
        return LabelledText(
            tuple(self.texts[row] for row in picked), self.labels[picked], self.scheme
        )


def from_table(table: Any, scheme: Scheme) -> LabelledText:
    """Read columns ``text`` and ``labels`` (a list of names a row)."""
    labels = np.zeros((len(table), len(scheme)), np.float32)
    for row, names in enumerate(table["labels"]):
        for name in names:
            labels[row, scheme.index(name)] = 1
    return LabelledText(tuple(table["text"]), labels, scheme)
