"""Late fusion of emotion timelines: a reliability-weighted logarithmic opinion pool.

Each stream m gives a distribution p_m over ``primary8`` in each cell of a regular grid. Fused is

    p(k)  proportional to  prod_m p_m(k) ** w_m,    w_m = r_m / sum r,

the logarithmic opinion pool (Genest and Zidek, 1986, "Combining probability distributions: a
critique and an annotated bibliography", Statistical Science 1(1), eq. 3.10), whose weights here
follow how far each stream is to be trusted in that cell:

    r_m = trust_m * quality * (1 - dropped) * share of the cell seen and not abstained from.

A stream with r_m = 0 drops out and the others' weights are renormalised, so the fusion of one
stream is that stream. A label that a stream's own scheme cannot name is no vote against it: the
stream takes over the others' mean probability for that label and keeps its own proportions among
the labels it knows. ``docs/decisions/fusion.md`` says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openaffect.types.errors import InvalidValueError
from openaffect.types.schemes import PRIMARY8
from openaffect.types.timeline import Timeline, Unit

from .primary import to_primary
from .spans import merge_spans

GRID = 0.5
"""Seconds between the rows of a fused timeline, unless said."""
NOBODY = -1
"""The subject of a row that belongs to no face in particular."""
_FLOOR = 1e-6
_LABELS = len(PRIMARY8)

_Key = tuple[int, int]
_Vote = tuple[NDArray[np.float64], float]


@dataclass(frozen=True, slots=True, eq=False)
class _Stream:
    """One stream on the grid: its vote by (cell, subject) and the labels it can name."""

    known: NDArray[np.bool_]
    votes: dict[_Key, _Vote]
    has_subjects: bool


def fuse(
    timelines: Mapping[str, Timeline],
    *,
    every: float = GRID,
    trust: Mapping[str, float] | None = None,
) -> Timeline:
    """Fuse emotion timelines of one recording into one over ``primary8``.

    Parameters
    ----------
    timelines: by name (``face.emotion``, ``speech.emotion``, ``text.emotion``); any may be missing
        or empty; unit ``s``; any scheme that :func:`to_primary` can translate. The part of the name
        before the dot names the stream.
    every: seconds between rows; row i spans ``[i * every, (i + 1) * every]``.
    trust: factor in (0, inf) a stream, 1 where none is given.

    Returns
    -------
    A timeline in ``primary8``, rows in order of time and subject, only where some stream has
    something to say. Extras: ``subject`` and for each stream given ``weight_<stream>`` in [0, 1],
    which sum to 1 in each row. A stream with subjects gives each subject its own row. Voice and
    words belong to nobody in particular: they join a subject's row where that subject is the only
    one in sight, and stand in a row of their own with subject -1 where nobody or several are.

    Raises
    ------
    InvalidValueError
        for another unit, a scheme that cannot be translated, or ``every`` not positive.
    """
    if not every > 0:
        raise InvalidValueError(f"every is {every}; give a positive number of seconds")
    trust = dict(trust or {})
    names = [name.partition(".")[0] for name in timelines]
    if len(set(names)) != len(names):
        raise InvalidValueError(f"two timelines of one stream: {sorted(timelines)}; give one each")
    streams = [
        _on_grid(name, timeline, every, trust.get(stream, 1.0))
        for stream, (name, timeline) in zip(names, timelines.items(), strict=True)
    ]
    keys = _rows(streams)
    scores, weights = _pool(streams, keys)
    start = np.asarray([cell for cell, _ in keys], dtype=np.float64).reshape(-1, 1) * every
    covered = [timeline.coverage for timeline in timelines.values()]
    return Timeline(
        scheme=PRIMARY8,
        scores=scores,
        span=np.concatenate([start, start + every], axis=1),
        unit=Unit.SECONDS,
        extra={
            "subject": np.asarray([subject for _, subject in keys], dtype=np.int64),
            **{f"weight_{name}": weights[:, m] for m, name in enumerate(names)},
        },
        coverage=merge_spans(np.concatenate([np.zeros((0, 2)), *covered])),
    )


def _on_grid(name: str, timeline: Timeline, every: float, trust: float) -> _Stream:
    """Average a timeline's rows within each cell and subject, weighted by overlap and quality."""
    if timeline.unit is not Unit.SECONDS:
        raise InvalidValueError(
            f"timeline {name!r} counts in {timeline.unit!s}; fusion needs seconds ('s')"
        )
    primary = to_primary(timeline)
    quality = _quality(timeline) * (1 - primary.dropped)
    subjects = timeline.extra.get("subject")
    sums: dict[_Key, tuple[NDArray[np.float64], float, float]] = {}
    for row, (start, end) in enumerate(timeline.span.tolist()):
        subject = int(subjects[row]) if subjects is not None else NOBODY
        for cell, share in _cells(start, end, every):
            total, good, seen = sums.get((cell, subject), (np.zeros(_LABELS), 0.0, 0.0))
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
    return _Stream(primary.known, votes, subjects is not None)


def _quality(timeline: Timeline) -> NDArray[np.float64]:
    """Return (N,) in [0, 1]: the rows' own quality, zero where they abstain."""
    quality = np.asarray(timeline.extra.get("quality", np.ones(len(timeline))), dtype=np.float64)
    quality = np.clip(np.nan_to_num(quality), 0.0, 1.0)
    abstain = timeline.extra.get("abstain")
    return quality if abstain is None else np.where(abstain, 0.0, quality)


def _cells(start: float, end: float, every: float) -> list[tuple[int, float]]:
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


def _rows(streams: list[_Stream]) -> list[_Key]:
    """Return the (cell, subject) rows of the answer, in order."""
    faces = _faces(streams)
    keys = {(cell, subject) for cell, subjects in faces.items() for subject in subjects}
    for stream in streams:
        if not stream.has_subjects:
            keys |= {(cell, _owner(faces, cell)) for cell, _ in stream.votes}
    return sorted(keys)


def _faces(streams: list[_Stream]) -> dict[int, set[int]]:
    """Return the subjects in sight in each cell."""
    faces: dict[int, set[int]] = {}
    for stream in streams:
        if stream.has_subjects:
            for cell, subject in stream.votes:
                faces.setdefault(cell, set()).add(subject)
    return faces


def _owner(faces: Mapping[int, set[int]], cell: int) -> int:
    """Return whose row voice and words join in a cell."""
    subjects = faces.get(cell, set())
    return next(iter(subjects)) if len(subjects) == 1 else NOBODY


def _pool(
    streams: list[_Stream], keys: list[_Key]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the fused (R, 8) distributions and the (R, M) weights that made them."""
    faces = _faces(streams)
    votes = np.full((len(keys), len(streams), _LABELS), 1 / _LABELS)
    trusted = np.zeros((len(keys), len(streams)))
    for row, (cell, subject) in enumerate(keys):
        for m, stream in enumerate(streams):
            mine = stream.has_subjects or _owner(faces, cell) == subject
            vote = stream.votes.get((cell, subject if stream.has_subjects else NOBODY))
            if mine and vote is not None:
                votes[row, m], trusted[row, m] = vote
    total = trusted.sum(axis=1, keepdims=True)
    weights = trusted / np.where(total > 0, total, 1.0)
    known = np.asarray([stream.known for stream in streams]).reshape(len(streams), _LABELS)
    votes = _complete(votes, weights, known)
    logs = (weights[:, :, None] * np.log(np.maximum(votes, _FLOOR))).sum(axis=1)
    pooled = np.exp(logs - logs.max(axis=1, keepdims=True, initial=-np.inf))
    pooled /= pooled.sum(axis=1, keepdims=True)
    return pooled.astype(np.float32), weights.astype(np.float32)


def _complete(
    votes: NDArray[np.float64], weights: NDArray[np.float64], known: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Fill the labels a stream cannot name with the mean of the streams that can.

    votes (R, M, 8), weights (R, M), known (M, 8). A stream's own proportions stay as they are.
    """
    able = weights[:, :, None] * known[None]
    support = able.sum(axis=1, keepdims=True)
    mean = (able * votes).sum(axis=1, keepdims=True) / np.where(support > 0, support, 1.0)
    borrowed = np.where(known[None], 0.0, mean)
    mass = borrowed.sum(axis=2, keepdims=True)
    borrowed = borrowed * np.minimum(1.0, (1 - _FLOOR) / np.maximum(mass, _FLOOR))
    own = np.where(known[None], votes, 0.0)
    own = own / np.maximum(own.sum(axis=2, keepdims=True), _FLOOR)
    return np.asarray(own * (1 - borrowed.sum(axis=2, keepdims=True)) + borrowed)
