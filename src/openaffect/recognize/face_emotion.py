"""Emotion from a face: a distribution over eight expressions.

Labels and training as in Barsoum et al., "Training Deep Networks for Facial Expression Recognition
with Crowd-Sourced Label Distribution", ICMI 2016 (FER+), https://arxiv.org/abs/1608.01041.

The card's ``preprocessing`` says what the network reads: ``size`` pixels a side, and ``mean`` and
``std`` of grey in [0, 1]. Its file ``model`` takes ``image`` (N, 1, S, S) float32 and returns
``scores``, probabilities, or ``logits``, which are brought through the softmax at the card's
``calibration["temperature"]``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.types import Weights

from ._base import BatchRecognizer, softmax


class FaceEmotion(BatchRecognizer):
    """Crops of faces, upright and framed by ``preprocess.face_align``, to emotions."""

    modality = "face"
    batch_size = 8
    """Faces at a time: more are no faster on a processor and take memory."""

    def __init__(self, weights: Weights) -> None:
        super().__init__(weights)
        facts = self.card.preprocessing
        self._size = int(facts["size"])
        self._mean, self._std = float(facts.get("mean", 0.0)), float(facts.get("std", 1.0))
        self._temperature = float(self.card.calibration.get("temperature", 1.0))
        self._session = weights.session("model")

    def prepare(self, item: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return (1, S, S) float32 grey, resized and standardised."""
        pixels = grey(item, self._size).astype(np.float32) / 255
        return np.asarray((pixels - self._mean) / self._std, np.float32)[None]

    def encode(self, batch: Sequence[NDArray[Any]]) -> NDArray[Any]:
        """Return (N, K) probabilities."""
        answer = self._session.run({"image": np.stack(batch)})
        if "scores" in answer:
            return answer["scores"]
        return softmax(answer["logits"] / self._temperature)


def grey(picture: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    """Return (size, size) luma, 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601), of an RGB picture.

    Shrinking averages over areas, enlarging is bicubic; a grey picture of that size comes back
    unchanged.
    """
    import cv2

    luma = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    smaller = min(luma.shape) >= size
    interpolation = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(luma, (size, size), interpolation=interpolation), np.uint8)


RECOGNIZER = FaceEmotion
