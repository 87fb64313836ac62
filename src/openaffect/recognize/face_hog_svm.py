"""Emotion from histograms of oriented gradients, by a support vector machine.

Dalal and Triggs, CVPR 2005 (the features, 48 x 48 grey); Cortes and Vapnik, "Support-vector
networks", Machine Learning 20, 1995, one class against the rest, with the Gaussian kernel by random
features (Rahimi and Recht, "Random features for large-scale kernel machines", NIPS 2007) on the
first principal components. Margins become probabilities by a slope and an offset a class, fitted on
rows apart (Platt, 1999, for several classes).

The card's file ``model`` holds ``mean`` (D,), ``axes`` (D, P), ``frequencies`` (P, F), ``phases``
(F,), ``weight`` (F, K), ``offset`` (K,), ``slope`` (K,) and ``shift`` (K,).
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
_NAMES = ("mean", "axes", "frequencies", "phases", "weight", "offset", "slope", "shift")


class FaceHogSvm(BatchRecognizer):
    """Crops of faces, framed by ``preprocess.face_align``, to emotions."""

    modality = "face"

    def __init__(self, weights: Weights) -> None:
        super().__init__(weights)
        self._held = arrays(weights, _NAMES)

    def prepare(self, item: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the (900,) histograms of one crop."""
        return np.asarray(histogram_features(grey(item, _SIDE)[None])[0])

    def encode(self, batch: Sequence[NDArray[Any]]) -> NDArray[Any]:
        """Return (N, K) probabilities."""
        found = margins(np.stack(batch), self._held)
        return softmax(found * self._held["slope"] + self._held["shift"])


def margins(rows: NDArray[Any], held: Arrays) -> NDArray[np.float64]:
    """Return the (N, K) margins of (N, D) features, positive for the class."""
    waves = projected(rows, held) @ held["frequencies"] + held["phases"]
    features = np.cos(waves) * np.sqrt(2 / len(held["phases"]))
    return np.asarray(features @ held["weight"] + held["offset"])


RECOGNIZER = FaceHogSvm
