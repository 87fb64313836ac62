"""A timeline in windows of equal length: the mean of each label, without what abstains."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openaffect.types.errors import InvalidValueError
from openaffect.types.timeline import Timeline, Unit

NOBODY = -1
"""The subject of rows that belong to no face in particular."""
_MOST = 5_000_000
"""Pairs of a row and a window in which it lies."""
_MOMENT = 1e-6
"""Seconds that a row without length counts for."""


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """One stream of one subject in N windows, those without a row left out.

    stream: the timeline's name. subject: :data:`NOBODY` where it is nobody in particular.
    labels: the K labels. span: (N, 2) seconds, NaN where the timeline does not count in seconds
    (then the whole is one window). seconds: (N,) of all rows in the window, their number where
    they have no seconds. unsure: (N,) the share of them that abstains, in [0, 1].
    values: (N, K) means of the others by length; NaN where there are none.
    """

    stream: str
    subject: int
    labels: tuple[str, ...]
    span: NDArray[np.float64]
    seconds: NDArray[np.float64]
    unsure: NDArray[np.float64]
    values: NDArray[np.float64]


def windows(name: str, timeline: Timeline, every: float) -> list[Windows]:
    """Return the windows of ``every`` seconds of each subject of a timeline.

    Raises :class:`InvalidValueError` when rows and windows make more pairs than can be kept.
    """
    subjects = timeline.extra.get("subject", np.full(len(timeline), NOBODY))
    return [
        _windowed(name, int(subject), timeline.select(subjects == subject), every)
        for subject in np.unique(subjects)
    ]


def _windowed(name: str, subject: int, rows: Timeline, every: float) -> Windows:
    row, cell, weight = _pairs(name, rows, every)
    cells, place = np.unique(cell, return_inverse=True)
    abstain = np.asarray(rows.extra.get("abstain", np.zeros(len(rows))), dtype=bool)[row]
    seconds = np.bincount(place, weight, len(cells)).astype(np.float64)
    lost = np.bincount(place, weight * abstain, len(cells))
    scores = rows.scores[row].astype(np.float64)
    counts = weight[:, None] * (np.isfinite(scores) & ~abstain[:, None])
    products = counts * np.where(np.isfinite(scores), scores, 0.0)
    values = np.full((len(cells), len(rows.scheme)), np.nan)
    for column in range(len(rows.scheme)):
        total = np.bincount(place, counts[:, column], len(cells))
        sums = np.bincount(place, products[:, column], len(cells))
        np.divide(sums, total, out=values[:, column], where=total > 0)
    timed = rows.unit is Unit.SECONDS
    span = (
        np.stack([cells, cells + 1], axis=1) * every if timed else np.full((len(cells), 2), np.nan)
    )
    return Windows(name, subject, rows.scheme.labels, span, seconds, lost / seconds, values)


def _pairs(
    name: str, rows: Timeline, every: float
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Return for each row and window that it lies in: row, number of the window, overlap."""
    if rows.unit is not Unit.SECONDS:
        return np.arange(len(rows)), np.zeros(len(rows)), np.ones(len(rows))
    start, end = rows.span.T
    first = np.floor(start / every + 1e-9)
    last = np.maximum(first + 1, np.ceil(end / every - 1e-9))
    if (last - first).sum() > _MOST:
        raise InvalidValueError(
            f"{name} lies in more than {_MOST} windows of {every:g} s; give longer windows"
        )
    counts = (last - first).astype(np.int64)
    row = np.repeat(np.arange(len(rows)), counts)
    cell = first[row] + np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
    overlap = np.minimum(end[row], (cell + 1) * every) - np.maximum(start[row], cell * every)
    return row, cell, np.maximum(overlap, _MOMENT)
