"""How well two continuous series agree."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..types import InvalidValueError


def _series(truth: ArrayLike, predicted: ArrayLike) -> tuple[NDArray, NDArray]:
    left = np.asarray(truth, dtype=np.float64)
    right = np.asarray(predicted, dtype=np.float64)
    if left.ndim != 1 or left.shape != right.shape or len(left) < 2:
        raise InvalidValueError(
            f"truth has shape {left.shape}, prediction {right.shape}; both must be (N,), N >= 2"
        )
    if not (np.isfinite(left).all() and np.isfinite(right).all()):
        raise InvalidValueError("truth or prediction holds NaN or infinity; leave those items out")
    return left, right


def pearson_correlation(truth: ArrayLike, predicted: ArrayLike) -> float:
    """Pearson's r in [-1, 1], higher is better.

    Raises :class:`InvalidValueError` when a series is constant: r is then undefined.

    >>> round(pearson_correlation([1, 2, 3], [2, 4, 7]), 4)
    0.9934
    """
    left, right = _series(truth, predicted)
    left, right = left - left.mean(), right - right.mean()
    scale = np.sqrt((left**2).sum() * (right**2).sum())
    if scale == 0:
        raise InvalidValueError("a series is constant; Pearson's r is undefined")
    return float((left * right).sum() / scale)


def concordance_correlation(truth: ArrayLike, predicted: ArrayLike) -> float:
    """Lin's concordance correlation coefficient in [-1, 1], higher is better.

    2 s_xy / (s_x^2 + s_y^2 + (m_x - m_y)^2) with the moments over N (L. Lin, "A Concordance
    Correlation Coefficient to Evaluate Reproducibility", Biometrics 45(1), 1989, the sample
    estimator of page 257).

    Raises :class:`InvalidValueError` when both series are constant and equal.

    >>> concordance_correlation([1, 2, 3], [2, 3, 4])
    0.5714285714285714
    """
    left, right = _series(truth, predicted)
    spread = left.var() + right.var() + (left.mean() - right.mean()) ** 2
    if spread == 0:
        raise InvalidValueError("both series are the same constant; concordance is undefined")
    return float(2 * np.mean((left - left.mean()) * (right - right.mean())) / spread)
