"""Does a probability mean what it says?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ..types import InvalidValueError


def expected_calibration_error(
    probabilities: ArrayLike, truth: ArrayLike, *, bins: int = 15
) -> float:
    """Top-label expected calibration error over equal-mass bins, in [0, 1], lower is better.

    probabilities: (N, K) rows that sum to 1; truth: (N,) integer labels. Items are sorted by the
    probability of their best label and cut into ``bins`` groups of equal count; the error is the
    mean over items of |accuracy - confidence| of the group (C. Guo et al., "On Calibration of
    Modern Neural Networks", ICML 2017, eq. 3, with the equal-mass bins of Nguyen and O'Connor,
    EMNLP 2015).

    >>> expected_calibration_error([[0.8, 0.2]] * 5, [0, 0, 0, 0, 1], bins=1)
    0.0
    """
    scores, labels = np.asarray(probabilities, dtype=np.float64), np.asarray(truth)
    if scores.ndim != 2 or labels.shape != scores.shape[:1]:
        raise InvalidValueError(
            f"probabilities have shape {scores.shape}, truth {labels.shape}; expected (N, K), (N,)"
        )
    if len(scores) < bins or bins < 1:
        raise InvalidValueError(f"{len(scores)} items cannot fill {bins} bins; use fewer bins")
    confidence = scores.max(axis=1)
    right = scores.argmax(axis=1) == labels
    order = np.argsort(confidence, kind="stable")
    gaps = [
        len(group) * abs(right[group].mean() - confidence[group].mean())
        for group in np.array_split(order, bins)
    ]
    return round(float(np.sum(gaps) / len(scores)), 12)
