"""Make probabilities mean what they say: maps fitted on some rows, for use on others.

All start from the logarithm of given probabilities, so they need no access to a network. A map is
fitted on rows whose truth is known and must be judged on other rows.

- :class:`Scaling` with ``temperature``: one number for all labels (C. Guo et al., "On Calibration
  of Modern Neural Networks", ICML 2017, section 4.2); the best label stays the best.
- :class:`Scaling` with ``vector``: a slope and a shift a label (the same, vector scaling), drawn
  towards the temperature where rows are few; the best label may change.
- :class:`Isotonic`: the best label's probability by a rising step function (B. Zadrozny and
  C. Elkan, KDD 2002, pool-adjacent-violators), the others keep their proportions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openaffect.types import InvalidValueError, UnknownNameError, need

from ._input import scored_classes

_FLOOR = 1e-7
_DRAWN = 1e-2
"""Penalty on the squared distance of slopes and shifts from the temperature alone."""

Table = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Scaling:
    """softmax(slope * log p + shift), both (K,)."""

    slope: Table
    shift: Table

    def __call__(self, probabilities: ArrayLike) -> Table:
        """Return the (N, K) distributions of (N, K) distributions."""
        return _softmax(_logs(probabilities) * self.slope + self.shift)


@dataclass(frozen=True, slots=True, eq=False)
class Isotonic:
    """The best label's probability by linear interpolation between rising (M,) points."""

    given: Table
    meant: Table

    def __call__(self, probabilities: ArrayLike) -> Table:
        """Return the (N, K) distributions of (N, K) distributions."""
        scores = np.asarray(probabilities, dtype=np.float64)
        rows, best = np.arange(len(scores)), scores.argmax(axis=1)
        top = scores[rows, best]
        meant = np.interp(top, self.given, self.meant)
        rest = np.where(top < 1, (1 - meant) / np.maximum(1 - top, _FLOOR), 0.0)
        moved = scores * rest[:, None]
        moved[rows, best] = meant
        return np.asarray(moved / moved.sum(axis=1, keepdims=True))


Recalibration = Callable[[ArrayLike], Table]


def temperature_scaling(probabilities: ArrayLike, truth: ArrayLike) -> Scaling:
    """Return the scaling by one temperature that has the lowest log loss.

    probabilities: (N, K) rows that sum to 1; truth: (N,) integer labels.

    >>> import numpy as np
    >>> sure = np.array([[0.99, 0.01]] * 10)  # right seven times of ten
    >>> round(float(temperature_scaling(sure, [0] * 7 + [1] * 3)(sure)[0, 0]), 3)
    0.7
    """
    scores, labels = scored_classes(probabilities, truth)
    logs = _logs(scores)
    low, high = np.log(1e-2), np.log(1e2)
    for _ in range(80):  # the loss is convex in the slope: golden section
        third = (high - low) / 3
        if _loss(logs * np.exp(low + third), labels) < _loss(logs * np.exp(high - third), labels):
            high -= third
        else:
            low += third
    classes = scores.shape[1]
    return Scaling(np.full(classes, np.exp((low + high) / 2)), np.zeros(classes))


def vector_scaling(probabilities: ArrayLike, truth: ArrayLike) -> Scaling:
    """Return the scaling by a slope and a shift a label that has the lowest penalised log loss.

    Raises :class:`MissingDependencyError` without SciPy (extra ``metrics``).
    """
    scores, labels = scored_classes(probabilities, truth)
    logs, classes = _logs(scores), scores.shape[1]
    start = np.r_[temperature_scaling(scores, labels).slope, np.zeros(classes)]
    wanted = np.eye(classes)[labels]

    def loss(values: Table) -> tuple[float, Table]:
        margins = logs * values[:classes] + values[classes:]
        gap = (_softmax(margins) - wanted) / len(logs)
        away = values - start
        slope = np.r_[(gap * logs).sum(axis=0), gap.sum(axis=0)] + 2 * _DRAWN * away / classes
        return _loss(margins, labels) + _DRAWN * float((away**2).mean()) * 2, slope

    optimize = need("scipy.optimize", extra="metrics")
    found = optimize.minimize(loss, start, jac=True, method="L-BFGS-B").x
    return Scaling(found[:classes], found[classes:])


def isotonic_top(probabilities: ArrayLike, truth: ArrayLike) -> Isotonic:
    """Return the rising map of the best label's probability to the share that is right.

    >>> import numpy as np
    >>> rows = np.array([[0.6, 0.4]] * 2 + [[0.9, 0.1]] * 2)
    >>> isotonic_top(rows, [1, 0, 0, 0])(rows)[:, 0].round(2).tolist()
    [0.5, 0.5, 1.0, 1.0]
    """
    scores, labels = scored_classes(probabilities, truth)
    top = scores.max(axis=1)
    right = (scores.argmax(axis=1) == labels).astype(np.float64)
    places, where, counts = np.unique(top, return_inverse=True, return_counts=True)
    blocks: list[list[float]] = []  # mean, rows, first and last place
    for place, mean, count in zip(
        places, np.bincount(where, weights=right) / counts, counts, strict=True
    ):
        blocks.append([float(mean), float(count), float(place), float(place)])
        while len(blocks) > 1 and blocks[-2][0] >= blocks[-1][0]:
            mean_b, count_b, _, last = blocks.pop()
            mean_a, count_a, first, _ = blocks.pop()
            total = count_a + count_b
            blocks.append([(mean_a * count_a + mean_b * count_b) / total, total, first, last])
    edges = [(place, mean) for mean, _, first, last in blocks for place in (first, last)]
    given, meant = np.asarray(edges).T
    return Isotonic(given, np.clip(meant, 1 / scores.shape[1], 1.0))


FORMS: dict[str, Callable[[ArrayLike, ArrayLike], Recalibration]] = {
    "temperature": temperature_scaling,
    "vector": vector_scaling,
    "isotonic": isotonic_top,
}


def fitted(form: str, probabilities: ArrayLike, truth: ArrayLike) -> Recalibration:
    """Fit the form of that name; raises :class:`UnknownNameError` for another."""
    if form not in FORMS:
        raise UnknownNameError(f"recalibration {form!r} is none of {', '.join(FORMS)}")
    return FORMS[form](probabilities, truth)


def crossfitted(
    form: str, probabilities: ArrayLike, truth: ArrayLike, part: ArrayLike
) -> NDArray[np.float64]:
    """Return the (N, K) rows, those of each part moved by a map fitted on all other parts.

    part: (N,) whole numbers; rows that depend on each other belong into one part.
    """
    scores, labels = scored_classes(probabilities, truth)
    parts = np.asarray(part)
    if parts.shape != labels.shape or len(np.unique(parts)) < 2:
        raise InvalidValueError(
            f"parts have shape {parts.shape} and {len(np.unique(parts))} names; expected "
            f"{labels.shape} and two or more"
        )
    moved = np.empty_like(scores)
    for name in np.unique(parts):
        here = parts == name
        moved[here] = fitted(form, scores[~here], labels[~here])(scores[here])
    return moved


def chosen_form(probabilities: ArrayLike, truth: ArrayLike, part: ArrayLike) -> str:
    """Return the form with the lowest cross-fitted log loss over ``part``, the given one first.

    ``none`` where no form is better than the probabilities as they are.
    """
    scores, labels = scored_classes(probabilities, truth)
    losses: dict[str, float] = {"none": _loss(_logs(scores), labels)}
    for form in FORMS:
        losses[form] = _loss(_logs(crossfitted(form, scores, labels, part)), labels)
    return min(losses, key=losses.__getitem__)


def _logs(probabilities: ArrayLike) -> Table:
    return np.asarray(np.log(np.maximum(np.asarray(probabilities, np.float64), _FLOOR)))


def _softmax(margins: Table) -> Table:
    powers = np.exp(margins - margins.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _loss(margins: Table, labels: NDArray[Any]) -> float:
    top = margins.max(axis=1)
    total = top + np.log(np.exp(margins - top[:, None]).sum(axis=1))
    return float((total - margins[np.arange(len(labels)), labels]).mean())
