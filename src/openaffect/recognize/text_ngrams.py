"""Emotion of a text in a language without a network: character runs and a linear model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from openaffect.preprocess._ngrams import BUCKETS, LONGEST, hashed_ngrams

from ._base import BatchRecognizer


class TextNgrams(BatchRecognizer):
    """Independent probabilities from hashed character runs.

    The card's ``preprocessing`` holds ``language`` (ISO 639-3), ``buckets`` and ``longest``; its
    file ``model`` takes ``places`` (N, M) int64 and ``weights`` (N, M) float32, 0 where a row has
    no more runs, and gives ``scores`` (N, K).
    """

    modality: ClassVar[str] = "text"
    batch_size: ClassVar[int] = 32

    def prepare(self, item: str) -> NDArray[Any]:
        """Return (2, M): buckets and weights of the text's character runs."""
        facts = self.card.preprocessing
        places, weights = hashed_ngrams(
            item,
            longest=int(facts.get("longest", LONGEST)),
            buckets=int(facts.get("buckets", BUCKETS)),
        )
        return np.stack([places.astype(np.float64), weights])

    def encode(self, batch: Sequence[NDArray[Any]]) -> NDArray[Any]:
        """Return (N, K) probabilities."""
        most = max(item.shape[1] for item in batch)
        places = np.zeros((len(batch), most), np.int64)
        weights = np.zeros((len(batch), most), np.float32)
        for row, item in enumerate(batch):
            places[row, : item.shape[1]], weights[row, : item.shape[1]] = item
        feeds = {"places": places, "weights": weights}
        return self.weights.session("model").run(feeds)["scores"]


RECOGNIZER = TextNgrams
