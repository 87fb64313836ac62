"""Probabilities of independent labels that mean what they say, and what abstaining gains."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.types import InvalidValueError

BINS = 15
COVERAGES = (1.0, 0.9, 0.75, 0.5, 0.25)


def platt(logits: NDArray[Any], labels: NDArray[Any]) -> NDArray[np.float64]:
    """Return (K, 2) slope and offset of each label's logit, by maximum likelihood on these rows.

    J. Platt, "Probabilistic outputs for support vector machines", 1999. A label without an example
    of either kind keeps slope 1 and offset 0. A slope is never negative: the order of the scores
    stays.
    """
    from sklearn.linear_model import LogisticRegression

    found = np.tile([1.0, 0.0], (labels.shape[1], 1))
    for column in range(labels.shape[1]):
        if np.ptp(labels[:, column]):
            model = LogisticRegression(C=1e3, max_iter=1000)
            model.fit(logits[:, [column]], labels[:, column])
            if model.coef_[0, 0] > 0:
                found[column] = model.coef_[0, 0], model.intercept_[0]
    return found


def binary_calibration_error(
    confidence: NDArray[Any], right: NDArray[Any], bins: int = BINS
) -> float:
    """Mean over items of |share right - mean confidence| in bins of equal count, in [0, 1].

    The expected calibration error of one label (Guo et al., ICML 2017) over equal-mass bins.
    """
    if len(confidence) != len(right) or len(right) < bins:
        raise InvalidValueError(
            f"{len(confidence)} confidences and {len(right)} answers cannot fill {bins} bins"
        )
    order = np.argsort(confidence, kind="stable")
    gaps = [
        abs(float(right[group].sum()) - float(confidence[group].sum()))
        for group in np.array_split(order, bins)
    ]
    return sum(gaps) / len(order)


def calibration_rows(
    name: str, scores: NDArray[Any], labels: NDArray[Any], names: tuple[str, ...], data: str
) -> list[dict[str, Any]]:
    """Return a card's rows: calibration errors by label and of the best label, and risk.

    The best label of a row is right when the row carries it. Risk at a coverage is the share of
    wrong best labels among the surest rows, that share of all.
    """
    each = [
        binary_calibration_error(scores[:, column], labels[:, column])
        for column in range(labels.shape[1])
    ]
    best = scores.argmax(axis=1)
    right = labels[np.arange(len(labels)), best] > 0
    confidence = scores.max(axis=1)
    surest = np.argsort(-confidence, kind="stable")
    risk = {
        f"{share:.0%}": round(1 - float(right[surest[: round(share * len(right))]].mean()), 4)
        for share in COVERAGES
    }
    return [
        {
            "data": data,
            "measure": f"expected calibration error by label, {name}",
            "value": round(float(np.mean(each)), 4),
            "worst": [names[int(np.argmax(each))], round(max(each), 4)],
            "bins": BINS,
        },
        {
            "data": data,
            "measure": f"expected calibration error of the best label, {name}",
            "value": round(binary_calibration_error(confidence, right), 4),
            "bins": BINS,
        },
        {
            "data": data,
            "measure": f"wrong best labels among the surest, {name}",
            "value": risk["100%"],
            "coverage": risk,
        },
    ]
