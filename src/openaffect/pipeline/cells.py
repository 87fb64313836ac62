"""Streams of emotion on a regular grid: what each says in a cell, how far it counts, about whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from openaffect.types.errors import InvalidValueError
from openaffect.types.schemes import PRIMARY8
from openaffect.types.timeline import Timeline, Unit

from .primary import to_primary

NOBODY = -1
"""The subject of a row that belongs to no face in particular."""
LABELS = len(PRIMARY8)

Key = tuple[int, int]
"""A cell and a subject."""
_Vote = tuple[NDArray[np.float64], float]


@dataclass(frozen=True, slots=True, eq=False)
class Stream:
    """One stream on the grid.

    known: (8,) bool, the labels that it can name. votes: by cell and subject its distribution and
    its reliability, above 0. has_subjects: whether it tells people apart.
    """

    name: str
    known: NDArray[np.bool_]
    votes: dict[Key, _Vote]
    has_subjects: bool


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """M streams on one grid, joined by rows: cells with the subjects in sight.

    every: seconds a cell. speaking: the subject who speaks in a cell, where that is known. keys:
    the R rows in order. votes: (R, M, 8) distributions, uniform where a stream is silent. reliable:
    (R, M), 0 where it is.
    """

    streams: tuple[Stream, ...]
    every: float
    speaking: Mapping[int, int] = field(default_factory=dict)
    keys: tuple[Key, ...] = field(init=False)
    votes: NDArray[np.float64] = field(init=False)
    reliable: NDArray[np.float64] = field(init=False)

    def __post_init__(self) -> None:
        faces = self._faces()
        keys = {(cell, subject) for cell, subjects in faces.items() for subject in subjects}
        for stream in self.streams:
            if not stream.has_subjects:
                keys |= {(cell, self._owner(faces, cell)) for cell, _ in stream.votes}
        rows = tuple(sorted(keys))
        votes = np.full((len(rows), len(self.streams), LABELS), 1 / LABELS)
        reliable = np.zeros((len(rows), len(self.streams)))
        for row, (cell, subject) in enumerate(rows):
            for m, stream in enumerate(self.streams):
                mine = stream.has_subjects or self._owner(faces, cell) == subject
                vote = stream.votes.get((cell, subject if stream.has_subjects else NOBODY))
                if mine and vote is not None:
                    votes[row, m], reliable[row, m] = vote
        object.__setattr__(self, "keys", rows)
        object.__setattr__(self, "votes", votes)
        object.__setattr__(self, "reliable", reliable)

    @property
    def names(self) -> tuple[str, ...]:
        """The streams' names."""
        return tuple(stream.name for stream in self.streams)

    @property
    def known(self) -> NDArray[np.bool_]:
        """(M, 8), the labels that each stream can name."""
        return np.asarray([stream.known for stream in self.streams]).reshape(-1, LABELS)

    @property
    def span(self) -> NDArray[np.float64]:
        """(R, 2) seconds."""
        start = np.asarray([cell for cell, _ in self.keys], dtype=np.float64).reshape(-1, 1)
        return np.concatenate([start, start + 1], axis=1) * self.every

    @property
    def subject(self) -> NDArray[np.int64]:
        """(R,) whom each row is about, :data:`NOBODY` where it is nobody in sight."""
        return np.asarray([subject for _, subject in self.keys], dtype=np.int64)

    def _faces(self) -> dict[int, set[int]]:
        """Return the subjects in sight in each cell."""
        faces: dict[int, set[int]] = {}
        for stream in self.streams:
            if stream.has_subjects:
                for cell, subject in stream.votes:
                    faces.setdefault(cell, set()).add(subject)
        return faces

    def _owner(self, faces: Mapping[int, set[int]], cell: int) -> int:
        """Return whose row voice and words join: who is alone in sight, or is seen to speak."""
        subjects = faces.get(cell, set())
        if len(subjects) == 1:
            return next(iter(subjects))
        speaker = self.speaking.get(cell, NOBODY)
        return speaker if speaker in subjects else NOBODY


def grid(
    timelines: Mapping[str, Timeline],
    *,
    every: float,
    trust: Mapping[str, float],
    heed: Mapping[str, float],
    speaking: Timeline | None = None,
) -> Grid:
    """Lay emotion timelines on a grid; see :mod:`openaffect.pipeline.fusion`.

    ``trust`` and ``heed`` by stream, 1 where none is given.
    """
    if not every > 0:
        raise InvalidValueError(f"every is {every}; give a positive number of seconds")
    names = [name.partition(".")[0] for name in timelines]
    if len(set(names)) != len(names):
        raise InvalidValueError(f"two timelines of one stream: {sorted(timelines)}; give one each")
    streams = tuple(
        on_grid(name, timeline, every, trust.get(stream, 1.0), heed.get(stream, 1.0))
        for stream, (name, timeline) in zip(names, timelines.items(), strict=True)
    )
    return Grid(streams, every, {} if speaking is None else _by_cell(speaking, every))


def on_grid(name: str, timeline: Timeline, every: float, trust: float, heed: float) -> Stream:
    """Average a timeline's rows within each cell and subject, weighted by overlap and quality."""
    if timeline.unit is not Unit.SECONDS:
        raise InvalidValueError(
            f"timeline {name!r} counts in {timeline.unit!s}; fusion needs seconds ('s')"
        )
    primary = to_primary(timeline)
    quality = _quality(timeline)
    quality = np.where(quality > 0, quality**heed, 0.0) * (1 - primary.dropped)
    subjects = timeline.extra.get("subject")
    sums: dict[Key, tuple[NDArray[np.float64], float, float]] = {}
    for row, (start, end) in enumerate(timeline.span.tolist()):
        subject = int(subjects[row]) if subjects is not None else NOBODY
        for cell, share in cells(start, end, every):
            total, good, seen = sums.get((cell, subject), (np.zeros(LABELS), 0.0, 0.0))
            part = share * float(quality[row])
            sums[cell, subject] = (
                total + part * primary.probabilities[row],
                good + part,
                seen + share,
            )
    votes = {
        key: (total / good, trust * (good / seen) * min(1.0, seen))
        for key, (total, good, seen) in sums.items()
        if good > 0
    }
    return Stream(name.partition(".")[0], primary.known, votes, subjects is not None)


def cells(start: float, end: float, every: float) -> list[tuple[int, float]]:
    """Return the cells that a span touches and the share of each that it fills.

    A span of no length speaks for the whole cell it falls in.
    """
    first = int(np.floor(start / every + 1e-9))
    if end - start < 1e-9:
        return [(first, 1.0)]
    last = max(first, int(np.ceil(end / every - 1e-9)) - 1)
    return [
        (cell, (min(end, (cell + 1) * every) - max(start, cell * every)) / every)
        for cell in range(first, last + 1)
    ]


def _quality(timeline: Timeline) -> NDArray[np.float64]:
    """Return (N,) in [0, 1]: the rows' own quality, zero where they abstain."""
    quality = np.asarray(timeline.extra.get("quality", np.ones(len(timeline))), dtype=np.float64)
    quality = np.clip(np.nan_to_num(quality), 0.0, 1.0)
    abstain = timeline.extra.get("abstain")
    return quality if abstain is None else np.where(abstain, 0.0, quality)


def _by_cell(speaking: Timeline, every: float) -> dict[int, int]:
    """Return who speaks in each cell: whoever fills most of it."""
    shares: dict[int, dict[int, float]] = {}
    for (start, end), subject in zip(
        speaking.span.tolist(), speaking.extra["subject"].tolist(), strict=True
    ):
        for cell, share in cells(start, end, every):
            told = shares.setdefault(cell, {})
            told[subject] = told.get(subject, 0.0) + share
    return {cell: max(told, key=lambda who: told[who]) for cell, told in shares.items()}
