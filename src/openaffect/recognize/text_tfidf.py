"""Emotion of a sentence from its words and pairs of words, by logistic regression.

Salton and Buckley, "Term-weighting approaches in automatic text retrieval", Information Processing
& Management 24, 1988: (1 + log of the count) times the inverse document frequency, rows of length
1; then one logistic regression a label.

The card's file ``model`` holds ``terms``, the UTF-8 bytes of the (V,) words and pairs with a line
break between, ``rarity`` (V,), ``weight`` (V, K) and ``offset`` (K,).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.types import Weights

from ._base import BatchRecognizer
from ._classical import arrays

_WORD = re.compile(r"(?u)\b\w\w+\b")


class TextTfidf(BatchRecognizer):
    """Independent probabilities of the card's labels; a text without known words has the base
    rates."""

    modality = "text"

    def __init__(self, weights: Weights) -> None:
        super().__init__(weights)
        self._held = arrays(weights, ("terms", "rarity", "weight", "offset"))
        terms = self._held["terms"].tobytes().decode("utf-8").split("\n")
        self._column = {term: column for column, term in enumerate(terms)}

    def prepare(self, item: str) -> NDArray[np.float64]:
        """Return the (K,) log-odds of one text."""
        counts = Counter(self._column[term] for term in _terms(item) if term in self._column)
        columns = np.fromiter(counts, np.int64, len(counts))
        weights = 1 + np.log(np.fromiter(counts.values(), np.float64, len(counts)))
        weights *= self._held["rarity"][columns]
        length = np.sqrt((weights**2).sum())
        found = weights @ self._held["weight"][columns] / (length if length > 0 else 1.0)
        return np.asarray(found + self._held["offset"], np.float64)

    def encode(self, batch: Sequence[NDArray[Any]]) -> NDArray[Any]:
        """Return (N, K) probabilities."""
        return np.asarray(1 / (1 + np.exp(-np.stack(batch))))


def _terms(text: str) -> list[str]:
    """Return the words of two characters or more, in lower case, and the pairs of neighbours."""
    words = _WORD.findall(text.lower())
    return words + [f"{one} {other}" for one, other in pairwise(words)]


RECOGNIZER = TextTfidf
