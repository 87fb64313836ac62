"""Emotion over time with less flicker, each subject by itself, and no more lag than is said.

A row becomes the weighted mean of the log-probabilities of the rows around it, brought back to a
distribution (the logarithmic opinion pool of :mod:`.fusion`, with rows for streams). The weights
are the integral of a triangular kernel over the time that each row stands for, so uneven times need
no grid, times the rows' quality. The kernel ends: what lies further away than it reaches has no
part at all, which an exponential mean cannot say.

With a window of S seconds and rows of equal quality, a step of the scores is followed

- centred (:func:`smooth`): half way exactly where it is, wholly S / 2 after it (and from S / 2
  before);
- causal (:class:`CausalSmoother`): half way at the first row that comes (1 - sqrt(1/2)) S = 0.293 S
  or more after it, and wholly at the first that comes S after it, whatever the quality.

Rows that abstain keep their scores and have no part in others'. A hole of more than S / 2 between
two rows of a subject starts anew. The recogniser's own scores stay in the extra ``raw`` (N, K).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from openaffect.types.errors import InvalidValueError
from openaffect.types.scheme import Kind
from openaffect.types.timeline import Timeline, Unit

HALF_WAY = 1 - np.sqrt(0.5)
"""Share of the window after which the causal form has followed a step half way."""
RAW = "raw"
"""The extra with the recogniser's own scores."""
_FLOOR = 1e-4
"""Probabilities below count as this: one overconfident row must not outvote a second of others."""
_MOMENT = 1e-6
"""Seconds that a row of no length stands for."""


def smooth(timeline: Timeline, seconds: float) -> Timeline:
    """Return the timeline with centred smoothing, for recordings that are there as a whole.

    Parameters
    ----------
    timeline: categories, in seconds; extras ``subject``, ``quality`` and ``abstain`` are heeded.
    seconds: the window, S. Near the ends of a subject's stretch it is cut on both sides alike, so
        that nothing is drawn to one side.

    Raises :class:`InvalidValueError` for another kind, unit or window.
    """
    _check(timeline, seconds)
    scores = timeline.scores.astype(np.float64)
    logs = _logs(scores)
    quality = _quality(timeline)
    for rows in _stretches(timeline, seconds):
        begin, end = _cells(timeline.span[rows])
        middle = (begin + end) / 2
        reach = np.minimum(seconds / 2, np.minimum(middle - begin[0], end[-1] - middle))
        first = np.searchsorted(end, middle - reach, side="right")
        last = np.searchsorted(begin, middle + reach, side="left")
        for place, row in enumerate(rows):
            near = slice(min(first[place], place), max(last[place], place + 1))
            over = (begin[near] - middle[place]) / reach[place]
            to = (end[near] - middle[place]) / reach[place]
            share = (_triangle(to) - _triangle(over)) * quality[rows[near]]
            scores[row] = _pooled(logs[rows[near]], share, scores[row])
    return _with(timeline, scores)


@dataclass(slots=True)
class _Past:
    """A subject's rows of the last window: (from, to, log-probabilities, quality) each."""

    rows: deque[tuple[float, float, NDArray[np.float64], float]] = field(default_factory=deque)
    seen_until: float = -np.inf


class CausalSmoother:
    """Smooths a timeline that comes in pieces, from the past alone, for live use.

    A row stands for the time since the row before it, the first of a stretch for its own length.
    Pieces are in order of time; however the rows are cut into pieces, the answer is the same. Held
    are the rows of the last ``seconds`` of each subject.
    """

    def __init__(self, seconds: float) -> None:
        _check_window(seconds)
        self._seconds = float(seconds)
        self._past: dict[int, _Past] = {}

    def feed(self, piece: Timeline) -> Timeline:
        """Return the next rows, smoothed; raises :class:`InvalidValueError` as :func:`smooth`."""
        _check(piece, self._seconds)
        scores = piece.scores.astype(np.float64)
        logs = _logs(scores)
        quality = _quality(piece)
        subjects = _subjects(piece)
        counted = _counted(piece)
        for row in np.argsort(piece.span[:, 0], kind="stable"):
            if counted[row]:
                start, end = piece.span[row].tolist()
                past = self._past.setdefault(int(subjects[row]), _Past())
                shares = self._shares(past, start, end, logs[row], float(quality[row]))
                near = np.stack([item[2] for item in past.rows])
                scores[row] = _pooled(near, shares, scores[row])
        return _with(piece, scores)

    def _shares(
        self, past: _Past, start: float, end: float, logs: NDArray[np.float64], quality: float
    ) -> NDArray[np.float64]:
        """Add a row to the past, forget what is too old, and return the weight of each row."""
        if past.rows and start - past.seen_until > self._seconds / 2:
            past.rows.clear()
        before = past.rows[-1][1] if past.rows else start - max(end - start, _MOMENT)
        past.rows.append((min(before, start - _MOMENT), start, logs, quality))
        past.seen_until = max(end, start)
        while past.rows[0][1] <= start - self._seconds:
            past.rows.popleft()
        edges = np.asarray([(item[0], item[1], item[3]) for item in past.rows])
        age = np.clip((start - edges[:, :2]) / self._seconds, 0.0, 1.0)
        return np.asarray(((1 - age[:, 1]) ** 2 - (1 - age[:, 0]) ** 2) * edges[:, 2])


def _triangle(place: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the triangular distribution's function on [-1, 1]."""
    inside = np.clip(place, -1.0, 1.0)
    return np.asarray(0.5 + inside - np.sign(inside) * inside**2 / 2)


def _logs(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.log(np.maximum(scores, _FLOOR)))


def _pooled(
    logs: NDArray[np.float64], share: NDArray[np.float64], own: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the pool of (M, K) log-probabilities; the row's own where none has any weight."""
    total = share.sum()
    if not total > 0:
        return own
    mean = share @ logs / total
    powers = np.exp(mean - mean.max())
    return np.asarray(powers / powers.sum())


def _stretches(timeline: Timeline, seconds: float) -> Iterator[NDArray[np.int64]]:
    """Yield the rows of each subject's stretches without a hole, in order of time."""
    subjects, counted = _subjects(timeline), _counted(timeline)
    for subject in np.unique(subjects[counted]):
        rows = np.flatnonzero(counted & (subjects == subject))
        rows = rows[np.lexsort((timeline.span[rows, 1], timeline.span[rows, 0]))]
        until = np.maximum.accumulate(timeline.span[rows, 1])
        holes = timeline.span[rows[1:], 0] - until[:-1] > seconds / 2
        yield from np.split(rows, np.flatnonzero(holes) + 1)


def _cells(span: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return from when to when each row stands: its span, less half of what it shares."""
    begin, end = span[:, 0].copy(), np.maximum(span[:, 1], span[:, 0] + _MOMENT)
    meet = (end[:-1] + begin[1:]) / 2
    shared = begin[1:] < end[:-1]
    begin[1:] = np.where(shared, meet, begin[1:])
    end[:-1] = np.where(shared, meet, end[:-1])
    begin = np.maximum.accumulate(begin)
    return begin, np.maximum.accumulate(np.maximum(end, begin + _MOMENT))


def _subjects(timeline: Timeline) -> NDArray[np.int64]:
    found = timeline.extra.get("subject")
    return np.zeros(len(timeline), np.int64) if found is None else np.asarray(found, np.int64)


def _counted(timeline: Timeline) -> NDArray[np.bool_]:
    """Return the rows that take part: of a known subject, and not abstaining."""
    abstain = timeline.extra.get("abstain", np.zeros(len(timeline), dtype=bool))
    return np.asarray(~np.asarray(abstain, dtype=bool) & (_subjects(timeline) >= 0))


def _quality(timeline: Timeline) -> NDArray[np.float64]:
    found = np.asarray(timeline.extra.get("quality", np.ones(len(timeline))), dtype=np.float64)
    return np.clip(np.nan_to_num(found), 0.0, 1.0)


def _with(timeline: Timeline, scores: NDArray[np.float64]) -> Timeline:
    raw = timeline.extra.get(RAW, timeline.scores)
    return replace(
        timeline, scores=scores.astype(np.float32), extra={**timeline.extra, RAW: np.asarray(raw)}
    )


def _check(timeline: Timeline, seconds: float) -> None:
    _check_window(seconds)
    if timeline.scheme.kind is not Kind.CATEGORIES or timeline.unit is not Unit.SECONDS:
        raise InvalidValueError(
            f"a timeline of {timeline.scheme.kind!s} in {timeline.unit!s} cannot be smoothed; give "
            "categories in seconds ('s')"
        )


def _check_window(seconds: float) -> None:
    if not 0 < seconds < float("inf"):
        raise InvalidValueError(f"smoothing over {seconds} s; give a positive number of seconds")


def stated_lag(seconds: float, *, causal: bool) -> float:
    """Return by how many seconds a step is followed half way, at most."""
    return float(HALF_WAY * seconds) if causal else 0.0
