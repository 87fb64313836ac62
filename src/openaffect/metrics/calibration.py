"""Does a probability mean what it says?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openaffect.types import InvalidValueError

from ._input import scored_classes
from ._metric import Metric, Takes


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Items of like confidence: how sure they were and how many were right.

    count: items. low, high: the least and greatest confidence among them. confidence: its mean.
    accuracy: the share whose best label is the true one. All but the count lie in [0, 1].
    """

    count: int
    low: float
    high: float
    confidence: float
    accuracy: float


def reliability_table(
    probabilities: ArrayLike, truth: ArrayLike, *, bins: int = 15
) -> tuple[ReliabilityBin, ...]:
    """Confidence beside accuracy in ``bins`` groups of equal count, by rising confidence.

    probabilities: (N, K); truth: (N,) integer labels. A. Niculescu-Mizil, R. Caruana, "Predicting
    good probabilities with supervised learning", ICML 2005, with the equal-mass bins of Nguyen and
    O'Connor, EMNLP 2015.

    >>> reliability_table([[0.8, 0.2]] * 4, [0, 0, 0, 1], bins=1)[0].accuracy
    0.75
    """
    scores, labels = scored_classes(probabilities, truth, sums_to_one=False)
    return reliability(scores.max(axis=1), scores.argmax(axis=1) == labels, bins=bins)


def reliability(
    confidence: NDArray[Any], right: NDArray[Any], *, bins: int = 15
) -> tuple[ReliabilityBin, ...]:
    """The same of (N,) confidences and whether each item was right, for any kind of decision."""
    if len(confidence) < bins or bins < 1:
        raise InvalidValueError(f"{len(confidence)} items cannot fill {bins} bins; use fewer bins")
    order = np.argsort(confidence, kind="stable")
    return tuple(
        ReliabilityBin(
            len(group),
            float(confidence[group[0]]),
            float(confidence[group[-1]]),
            float(confidence[group].mean()),
            float(right[group].mean()),
        )
        for group in np.array_split(order, bins)
    )


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
    return calibration_gap(reliability_table(probabilities, truth, bins=bins))


def calibration_gap(table: Sequence[ReliabilityBin]) -> float:
    """Mean over items of |accuracy - confidence| of their bin, in [0, 1]."""
    gaps = [row.count * abs(row.accuracy - row.confidence) for row in table]
    return round(float(np.sum(gaps) / sum(row.count for row in table)), 12)


def brier_score(probabilities: ArrayLike, truth: ArrayLike) -> float:
    """Mean over items of the squared distance to the true label, in [0, 2], lower is better.

    The sum runs over all K labels, as G. Brier, "Verification of forecasts expressed in terms of
    probability", Monthly Weather Review 78, 1950, eq. 2 has it; for two labels it is twice the
    one-column form.

    >>> round(brier_score([[0.7, 0.3], [0.4, 0.6]], [0, 0]), 12)  # (0.18 + 0.72) / 2
    0.45
    """
    scores, labels = scored_classes(probabilities, truth)
    wanted = np.eye(scores.shape[1])[labels]
    return float(((scores - wanted) ** 2).sum(axis=1).mean())


def log_loss(probabilities: ArrayLike, truth: ArrayLike) -> float:
    """Mean negative natural logarithm of the true label's probability, 0 or more, lower is better.

    I. Good, "Rational decisions", Journal of the Royal Statistical Society B 14, 1952. Raises
    :class:`InvalidValueError` where a true label got probability 0: the loss is then infinite.

    >>> round(log_loss([[0.5, 0.5], [0.25, 0.75]], [0, 1]), 6)
    0.490415
    """
    scores, labels = scored_classes(probabilities, truth)
    given = scores[np.arange(len(labels)), labels]
    if (given <= 0).any():
        row = int(np.argmax(given <= 0))
        raise InvalidValueError(
            f"row {row} gives its true label probability 0; the loss is infinite: smooth the "
            "probabilities first"
        )
    return float(-np.log(given).mean())


def risk_coverage_area(probabilities: ArrayLike, truth: ArrayLike) -> float:
    """Area under the risk-coverage curve, in [0, 1], lower is better.

    The mean over k = 1..N of the error rate among the k items with the highest probability of their
    best label: what is to be gained by abstaining on the least sure (Y. Geifman, G. Uziel,
    R. El-Yaniv, "Bias-Reduced Uncertainty Estimation for Deep Neural Classifiers", ICLR 2019,
    section 2). Items of equal confidence count by the expectation over their orders, so the order
    of the input does not matter.

    >>> risk_coverage_area([[0.9, 0.1], [0.6, 0.4]], [0, 1])  # (0 + 1/2) / 2
    0.25
    """
    scores, labels = scored_classes(probabilities, truth, sums_to_one=False)
    return float(risk_coverage(scores.max(axis=1), scores.argmax(axis=1) == labels).mean())


def risk_coverage(confidence: NDArray[Any], right: NDArray[Any]) -> NDArray[np.float64]:
    """(N,) error rates among the k surest items, k = 1..N: the curve under that area.

    confidence, right: (N,). Items of equal confidence count by the expectation over their orders.

    >>> import numpy as np
    >>> risk_coverage(np.array([0.9, 0.5, 0.5]), np.array([True, True, False])).round(2).tolist()
    [0.0, 0.25, 0.33]
    """
    _, place, counts = np.unique(-confidence, return_inverse=True, return_counts=True)
    share = np.bincount(place, weights=~right) / counts
    expected = np.repeat(share, counts)
    return np.asarray(np.cumsum(expected) / np.arange(1, len(expected) + 1))


METRICS = (
    Metric(
        "expected calibration error",
        expected_calibration_error,
        Takes.PROBABILITIES,
        "Guo et al., ICML 2017; top label, 15 equal-mass bins of Nguyen and O'Connor, EMNLP 2015",
        higher_is_better=False,
    ),
    Metric(
        "Brier score",
        brier_score,
        Takes.PROBABILITIES,
        "Brier, Monthly Weather Review 78, 1950",
        higher_is_better=False,
        high=2.0,
    ),
    Metric(
        "log loss",
        log_loss,
        Takes.PROBABILITIES,
        "Good, Journal of the Royal Statistical Society B 14, 1952",
        higher_is_better=False,
        high=None,
    ),
    Metric(
        "risk-coverage area",
        risk_coverage_area,
        Takes.PROBABILITIES,
        "Geifman, Uziel and El-Yaniv, ICLR 2019",
        higher_is_better=False,
    ),
)
