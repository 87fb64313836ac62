"""Emotion of a face from its whole course: a hidden Markov chain in continuous time.

Between two rows dt seconds apart somebody stays in an emotion with probability
s = exp(-dt / STAY), or starts anew from the shares in ``SHARE``: a chain whose transition is
s I + (1 - s) 1 pi', for any dt, so uneven times and gaps need no grid and a long gap forgets. A row
speaks by its probabilities over the shares that its recogniser learnt from, those to ``POWER`` (the
scaled likelihoods of Bourlard and Morgan, "Connectionist Speech Recognition", 1994), and all to a
power: neighbouring frames
show nearly the same picture and are no independent witnesses, so a row counts for the time that it
stands for, ``RATE`` witnesses a second at most, times its quality.

Forward and backward passes (Rabiner, "A tutorial on hidden Markov models", Proceedings of the IEEE
77(2), 1989) then give each row's distribution given what came before and after. Working piece by
piece, rows wait until ``AHEAD`` seconds after them have been seen: no more than that is held.

STAY, RATE and POWER were chosen on sequences made from training faces that no network was fitted
on (``docs/decisions/dynamic-face.md``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from openaffect.types.errors import InvalidValueError
from openaffect.types.schemes import PRIMARY8
from openaffect.types.timeline import Timeline, Unit, concatenate

STAY = 1.0
"""Seconds after which an emotion has been left with probability 1 - 1 / e."""
RATE = 2.0
"""Independent witnesses a second."""
AHEAD = 3.0
"""Seconds that a row waits for what comes after it, in pieces."""
SHARE = np.array([0.06, 0.02, 0.02, 0.16, 0.08, 0.06, 0.02, 0.58])
"""How often each emotion is started anew: people are calm most of the time."""
LEARNT = np.array([0.087, 0.007, 0.023, 0.264, 0.124, 0.126, 0.006, 0.363])
"""Shares of FER+'s training rows, which its networks' probabilities hold."""
POWER = 0.5
"""How far those shares are taken out of what a row says."""
_FLOOR = 1e-4
_ALONE = 0.2
"""Seconds that the first row of a subject stands for."""

Table = NDArray[np.float64]


def dynamic(timeline: Timeline) -> Timeline:
    """Return the rows of ``face.emotion`` scored from each subject's whole course.

    Rows that abstain get a score too, from their neighbours, and abstain no longer where these are
    sure; rows of unknown subjects (-1) stay as they are.

    Raises :class:`InvalidValueError` for another scheme than ``primary8`` or another unit.
    """
    _check(timeline)
    scores = timeline.scores.astype(np.float64)
    for rows in _courses(timeline):
        chain = _Chain.of(timeline, rows)
        scores[rows] = chain.both_ways()
    return _with(timeline, scores)


class DynamicFace:
    """The same for a timeline that comes in pieces, in order of time, with bounded memory.

    The answer lies ``AHEAD`` seconds behind what was fed; :meth:`finish` gives the rest.
    """

    def __init__(self) -> None:
        self._waiting: Timeline | None = None
        self._past: dict[int, tuple[float, Table]] = {}

    def feed(self, piece: Timeline) -> Timeline:
        """Take the next rows and return those that are settled."""
        _check(piece)
        held = piece if self._waiting is None else concatenate([self._waiting, piece])
        newest = float(held.span[:, 0].max(initial=-np.inf))
        return self._settled(held, held.span[:, 0] <= newest - AHEAD)

    def finish(self) -> Timeline:
        """Return the rows that were still waiting."""
        if self._waiting is None:
            return Timeline.empty(PRIMARY8)
        return self._settled(self._waiting, np.ones(len(self._waiting), bool))

    def _settled(self, held: Timeline, settled: NDArray[np.bool_]) -> Timeline:
        scores = held.scores.astype(np.float64)
        for rows in _courses(held):
            subject = int(held.extra["subject"][rows[0]]) if "subject" in held.extra else 0
            chain = _Chain.of(held, rows, self._past.get(subject))
            scores[rows] = chain.both_ways()
            done = np.flatnonzero(settled[rows])
            if len(done):
                last = int(done[-1])
                self._past[subject] = (float(held.span[rows[last], 0]), chain.forward()[last])
        self._waiting = held.select(~settled)
        return _with(held, scores).select(settled)


@dataclass(frozen=True, slots=True, eq=False)
class _Chain:
    """One subject's rows: likelihoods (N, 8), the share that stays since the row before (N,).

    ``start`` is what is believed before the first row, at the time of the row before it.
    """

    likelihood: Table
    stays: Table
    start: Table

    @classmethod
    def of(
        cls, timeline: Timeline, rows: NDArray[np.int64], past: tuple[float, Table] | None = None
    ) -> _Chain:
        times = timeline.span[rows, 0]
        first = times[0] - _ALONE if past is None else past[0]
        since = np.maximum(np.diff(times, prepend=first), 0.0)
        scores = np.maximum(timeline.scores[rows].astype(np.float64), _FLOOR)
        witness = np.minimum(since, 1 / RATE) * RATE * _heed(timeline, rows)
        logs = witness[:, None] * (np.log(scores) - POWER * np.log(LEARNT))
        likelihood = np.exp(logs - logs.max(axis=1, keepdims=True))
        return cls(likelihood, np.exp(-since / STAY), SHARE if past is None else past[1])

    def forward(self) -> Table:
        """Return (N, 8) beliefs given the rows up to each."""
        found = np.empty_like(self.likelihood)
        belief = self.start
        for row, stays in enumerate(self.stays):
            belief = (stays * belief + (1 - stays) * SHARE) * self.likelihood[row]
            belief = belief / belief.sum()
            found[row] = belief
        return found

    def both_ways(self) -> Table:
        """Return (N, 8) beliefs given all rows."""
        found = self.forward()
        after = np.ones(len(SHARE))
        for row in range(len(found) - 2, -1, -1):
            ahead = self.likelihood[row + 1] * after
            stays = self.stays[row + 1]
            after = stays * ahead + (1 - stays) * float(SHARE @ ahead)
            after = after / after.sum()
            found[row] = found[row] * after
        return found / found.sum(axis=1, keepdims=True)


def _heed(timeline: Timeline, rows: NDArray[np.int64]) -> Table:
    """Return how far each row is believed: its quality, nothing where it is too poor."""
    quality = np.asarray(timeline.extra.get("quality", np.ones(len(timeline))), np.float64)
    return np.clip(np.nan_to_num(quality[rows]), 0.0, 1.0)


def _courses(timeline: Timeline) -> Iterator[NDArray[np.int64]]:
    """Yield the rows of each known subject in order of time."""
    found = timeline.extra.get("subject")
    subjects = np.zeros(len(timeline), np.int64) if found is None else np.asarray(found)
    for subject in np.unique(subjects[subjects >= 0]):
        rows = np.flatnonzero(subjects == subject)
        yield rows[np.argsort(timeline.span[rows, 0], kind="stable")]


def _with(timeline: Timeline, scores: Table) -> Timeline:
    model = f"dynamics of {timeline.model}" if timeline.model else "dynamics"
    extra = {name: values for name, values in timeline.extra.items() if name != "raw"}
    return replace(timeline, scores=scores.astype(np.float32), extra=extra, model=model)


def _check(timeline: Timeline) -> None:
    if timeline.scheme != PRIMARY8 or timeline.unit is not Unit.SECONDS:
        raise InvalidValueError(
            f"the course of a face is known in {PRIMARY8.name!r} and seconds; the timeline is in "
            f"{timeline.scheme.name!r} and {timeline.unit!s}"
        )
