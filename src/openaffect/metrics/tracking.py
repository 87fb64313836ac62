"""Do tracked people keep their numbers?

E. Ristani et al., "Performance measures and a data set for multi-target, multi-camera tracking",
ECCV Workshops 2016 (IDF1); K. Bernardin, R. Stiefelhagen, "Evaluating multiple object tracking
performance: the CLEAR MOT metrics", EURASIP JIVP 2008 (mismatches). Both are counted on detections
that were paired with the truth beforehand (:func:`paired`); -1 stands for nobody: a person missed
has no found number, a false alarm no true one.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openaffect.types import InvalidValueError, need

from ._input import class_pair
from ._metric import Metric, Takes

_RISTANI = "Ristani et al., ECCV Workshops 2016"
_BERNARDIN = "Bernardin and Stiefelhagen, EURASIP JIVP 2008"


def identity_f1(truth: ArrayLike, found: ArrayLike) -> float:
    """IDF1: share of detections that bear the right number, in [0, 1], higher is better.

    True and found numbers are matched one to one for the whole recording so that most detections
    agree; 2 IDTP / (true detections + found detections).

    Parameters
    ----------
    truth, found: (N,) numbers of the same N detections; -1 for a false alarm, for a miss.

    Raises :class:`InvalidValueError` for unequal lengths, NaN, or no detection at all.

    >>> identity_f1([0, 0, 0, 0], [5, 5, 7, 7])  # two of four keep the number they began with
    0.5
    """
    people, numbers = class_pair(truth, found)
    real, shown = people >= 0, numbers >= 0
    if not (real.any() or shown.any()):
        raise InvalidValueError("every detection is -1 on both sides; nobody was there to track")
    both = real & shown
    who, row = np.unique(people[both], return_inverse=True)
    number, column = np.unique(numbers[both], return_inverse=True)
    table = np.zeros((len(who), len(number)), np.int64)
    np.add.at(table, (row, column), 1)
    optimize = need("scipy.optimize", extra="metrics")
    kept = table[optimize.linear_sum_assignment(table, maximize=True)].sum()
    return float(2 * kept / (real.sum() + shown.sum()))


def identity_switches(truth: ArrayLike, found: ArrayLike) -> float:
    """How often a person's number changes from one detection to the next, lower is better.

    CLEAR MOT's mismatches: a person who is lost and found again under another number counts once.

    Parameters
    ----------
    truth, found: (N,) numbers of the same N detections in order of time; -1 for a false alarm, for
        a miss.

    Raises :class:`InvalidValueError` for unequal lengths, NaN, or no detection at all.

    >>> identity_switches([0, 1, 0, 1, 0], [5, 6, 5, -1, 6])
    1.0
    """
    people, numbers = class_pair(truth, found)
    both = (people >= 0) & (numbers >= 0)
    count = 0
    for who in np.unique(people[both]):
        kept = numbers[both & (people == who)]
        count += int((np.diff(kept) != 0).sum())
    return float(count)


def paired(
    frames: Iterable[tuple[ArrayLike, ArrayLike, ArrayLike, ArrayLike]], *, least: float = 0.5
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pair found boxes with true ones, and return the (N,) true and found numbers, -1 for nobody.

    Parameters
    ----------
    frames: for each frame the true numbers (M,) and boxes (M, 4), the found numbers (L,) and boxes
        (L, 4); boxes are x0, y0, x1, y1 in pixels.
    least: intersection over union below which two boxes are not one face.

    >>> truth, found = paired([([3], [[0, 0, 2, 2]], [8, 9], [[0, 0, 2, 2], [5, 5, 6, 6]])])
    >>> truth.tolist(), found.tolist()
    ([3, -1], [8, 9])
    """
    optimize = need("scipy.optimize", extra="metrics")
    truth: list[int] = []
    found: list[int] = []
    for people, places, numbers, boxes in frames:
        who, which = np.asarray(people, np.int64), np.asarray(numbers, np.int64)
        overlap = _overlap(np.asarray(places, float), np.asarray(boxes, float))
        rows, columns = optimize.linear_sum_assignment(
            np.where(overlap >= least, overlap, -1.0), maximize=True
        )
        kept = overlap[rows, columns] >= least
        rows, columns = rows[kept], columns[kept]
        missed, alarms = np.delete(who, rows), np.delete(which, columns)
        truth += [*who[rows].tolist(), *missed.tolist(), *[-1] * len(alarms)]
        found += [*which[columns].tolist(), *[-1] * len(missed), *alarms.tolist()]
    return np.array(truth, np.int64), np.array(found, np.int64)


def _overlap(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the (M, L) intersection over union of boxes."""
    left, right = first.reshape(-1, 1, 4), second.reshape(1, -1, 4)
    low, high = np.maximum(left[..., :2], right[..., :2]), np.minimum(left[..., 2:], right[..., 2:])
    common = np.prod(np.clip(high - low, 0, None), axis=2)
    areas = [np.prod(boxes[..., 2:] - boxes[..., :2], axis=2) for boxes in (left, right)]
    return np.asarray(common / np.maximum(areas[0] + areas[1] - common, 1e-9))


METRICS = (
    Metric("identity F1", identity_f1, Takes.TRACKS, _RISTANI, extra="metrics"),
    Metric(
        "identity switches",
        identity_switches,
        Takes.TRACKS,
        _BERNARDIN,
        higher_is_better=False,
        high=None,
    ),
)
