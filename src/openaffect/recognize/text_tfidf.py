"""Emotion of a sentence from its words and pairs of words, by logistic regression.

Salton and Buckley, "Term-weighting approaches in automatic text retrieval", Information Processing
& Management 24, 1988: (1 + log of the count) times the inverse document frequency, rows of length
1; then one logistic regression a label.

The card's file ``model`` holds ``terms``, the UTF-8 bytes of the (V,) words and pairs with a line
break between, ``rarity`` (V,), ``weight`` (V, K), ``offset`` (K,) and ``calibration`` (K, 5).
The last are an offset and slopes of what :func:`surroundings` says of a label's log-odds: among
many labels the best one is chosen for being high, so that what it competes with tells how far to
believe it.
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

PLAIN = (0.0, 1.0, 0.0, 0.0, 0.0)
"""The calibration of a label that is left as it is."""
_WORD = re.compile(r"(?u)\b\w\w+\b")


class TextTfidf(BatchRecognizer):
    """Independent probabilities of the card's labels; a text without known words has the base
    rates."""

    modality = "text"

    def __init__(self, weights: Weights) -> None:
        super().__init__(weights)
        self._held = arrays(weights, ("terms", "rarity", "weight", "offset", "calibration"))
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
        return calibrated(np.stack(batch), self._held["calibration"])


def surroundings(logits: NDArray[Any]) -> NDArray[np.float64]:
    """Return (N, K, 4): each label's log-odds, their square, the highest of the other labels', and
    the logarithm of the sum of all odds."""
    highest = np.sort(logits, axis=1)[:, -2:]
    other = np.where(logits == highest[:, 1:], highest[:, :1], highest[:, 1:])
    odds = np.log(np.exp(logits).sum(axis=1, keepdims=True))
    return np.stack([logits, logits**2, other, np.broadcast_to(odds, logits.shape)], axis=2)


def calibrated(logits: NDArray[Any], table: NDArray[Any]) -> NDArray[np.float64]:
    """Return the (N, K) probabilities of (N, K) log-odds, by a table (K, 5)."""
    moved = table[:, 0] + (surroundings(logits) * table[:, 1:]).sum(axis=2)
    return np.asarray(1 / (1 + np.exp(-moved)))


def _terms(text: str) -> list[str]:
    """Return the words of two characters or more, in lower case, and the pairs of neighbours."""
    words = _WORD.findall(text.lower())
    return words + [f"{one} {other}" for one, other in pairwise(words)]


RECOGNIZER = TextTfidf
