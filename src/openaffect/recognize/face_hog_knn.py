"""Emotion from the faces that look most alike, by histograms of oriented gradients.

Dalal and Triggs, CVPR 2005 (the features, 48 x 48 grey), the first principal components of them,
and the nearest of the kept training rows by Euclidean distance (Cover and Hart, "Nearest neighbor
pattern classification", IEEE Transactions on Information Theory 13, 1967). A face's probabilities
come from the mean of its neighbours' annotators' votes.

The card's file ``model`` holds ``mean`` (D,), ``axes`` (D, P), ``rows`` (M, P), ``share`` (M, K),
``slope`` and ``shift`` (K,) of the log shares, fitted on rows apart; its ``preprocessing`` says how
many ``neighbours`` count.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.preprocess.face_histograms import histogram_features
from openaffect.types import Weights

from ._base import BatchRecognizer, softmax
from ._classical import Arrays, arrays, projected
from .face_emotion import grey

_SIDE = 48
_LEAST = 0.005


class FaceHogKnn(BatchRecognizer):
    """Crops of faces, framed by ``preprocess.face_align``, to emotions."""

    modality = "face"

    def __init__(self, weights: Weights) -> None:
        super().__init__(weights)
        self._held = arrays(weights, ("mean", "axes", "rows", "share", "slope", "shift"))
        self._neighbours = int(self.card.preprocessing["neighbours"])

    def prepare(self, item: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the (900,) histograms of one crop."""
        return np.asarray(histogram_features(grey(item, _SIDE)[None])[0])

    def encode(self, batch: Sequence[NDArray[Any]]) -> NDArray[Any]:
        """Return (N, K) probabilities."""
        points = projected(np.stack(batch), self._held)
        found = log_share(neighbours_share(points, self._held, self._neighbours))
        return softmax(found * self._held["slope"] + self._held["shift"])


def log_share(share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the logarithms of (N, K) shares, none of them below a twentieth of a neighbour."""
    least = np.maximum(share, _LEAST)
    return np.asarray(np.log(least / least.sum(axis=1, keepdims=True)))


def neighbours_share(
    points: NDArray[np.float64], held: Arrays, neighbours: int
) -> NDArray[np.float64]:
    """Return the (N, K) mean share of the nearest ``neighbours`` rows of (N, P) points."""
    rows = held["rows"].astype(np.float64)
    distance = (rows**2).sum(axis=1) - 2 * points @ rows.T  # less a part that is the same for all
    nearest = np.argpartition(distance, neighbours - 1, axis=1)[:, :neighbours]
    return np.asarray(held["share"][nearest].mean(axis=1), np.float64)


RECOGNIZER = FaceHogKnn
