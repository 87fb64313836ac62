"""Where streams disagree: a smiling face and sad words.

In each cell and row of the fusion's grid two streams are compared over the seven emotions without
neutral: a face at rest under happy words is no conflict. With p and q the distributions and

    h(p, q) = sum over emotions j, k of p(j) q(k) C(j, k),

what two draws, one from each, differ by on average (C is 1 for emotions of opposite valence,
:data:`SAME_SIDE` for others, 0 for an emotion and itself), they disagree by

    d = h(p, q) - (h(p, p) + h(q, q)) / 2,

Rao's dissimilarity (C. R. Rao, "Diversity and dissimilarity coefficients: a unified approach",
Theoretical Population Biology 21, 1982): nothing for equal distributions, however unsure they are,
and 1 for a sure smile under surely sad words. A conflict's intensity is d times the lesser of the
two streams' qualities; stretches from :data:`THRESHOLD` on that last, and in which different
emotions lead, are reported.
``docs/decisions/fusion.md`` has the false alarms and the hits on made pairs.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from openaffect.types.schemes import CONFLICT, PRIMARY8
from openaffect.types.timeline import Timeline, Unit

from .cells import Grid, grid
from .fusion import GRID
from .rows import texts
from .spans import merge_spans

THRESHOLD = 0.35
"""Mean intensity of a stretch from which it is a conflict."""
SAME_SIDE = 0.5
"""What a difference between two emotions of like valence counts, against one between opposites."""
LEAST_SECONDS = 1.0
"""Seconds that a disagreement lasts before it is reported."""
PAIRS = (("face", "speech"), ("face", "text"), ("speech", "text"))
_POSITIVE = ("happiness",)
_NEGATIVE = ("anger", "disgust", "fear", "sadness", "contempt")
_WORDS: dict[str, tuple[str, dict[str, str]]] = {
    "face": ("face", {"happiness": "smiling"}),
    "speech": ("voice", {}),
    "text": ("words", {}),
}
_ADJECTIVES = {
    "anger": "angry",
    "disgust": "disgusted",
    "fear": "fearful",
    "happiness": "happy",
    "sadness": "sad",
    "surprise": "surprised",
    "contempt": "contemptuous",
}


def _cost() -> NDArray[np.float64]:
    """Return (8, 8): what naming row's and column's emotion at once counts."""
    labels = PRIMARY8.labels
    cost = np.full((len(labels), len(labels)), SAME_SIDE)
    for first in _POSITIVE:
        for second in _NEGATIVE:
            row, column = labels.index(first), labels.index(second)
            cost[row, column] = cost[column, row] = 1.0
    np.fill_diagonal(cost, 0.0)
    neutral = labels.index("neutral")
    cost[neutral] = cost[:, neutral] = 0.0
    return cost


_COST = _cost()


def disagreement(first: NDArray[np.floating], second: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return (N,) in [0, 1], how far (N, 8) and (N, 8) distributions disagree."""

    def apart(one: NDArray[np.floating], two: NDArray[np.floating]) -> NDArray[np.float64]:
        return np.asarray(np.einsum("nj,jk,nk->n", one, _COST, two), dtype=np.float64)

    within = (apart(first, first) + apart(second, second)) / 2
    return np.clip(apart(first, second) - within, 0.0, 1.0)


def conflicts(
    timelines: Mapping[str, Timeline],
    *,
    every: float = GRID,
    speaking: Timeline | None = None,
    threshold: float = THRESHOLD,
) -> Timeline:
    """Return the stretches in which two streams of one person disagree.

    ``timelines``, ``every`` and ``speaking`` as for :func:`openaffect.pipeline.fusion.fuse`; only
    what stands in one row of the fusion is compared. Columns: one a pair of streams, the mean
    intensity over the stretch in [0, 1], NaN for pairs that do not conflict there. Extras:
    ``subject`` and ``text``, the conflict in words. Fewer than two streams give no rows.
    """
    laid = grid(timelines, every=every, trust={}, heed={}, speaking=speaking)
    rows = [
        row
        for first, second in combinations(range(len(laid.streams)), 2)
        for row in _stretches(laid, first, second, threshold)
    ]
    rows.sort(key=lambda row: (row[0], row[1], row[2]))
    covered = [timeline.coverage for timeline in timelines.values()]
    return Timeline(
        scheme=CONFLICT,
        scores=np.asarray([row[3] for row in rows], dtype=np.float32).reshape(-1, len(PAIRS)),
        span=np.asarray([row[:2] for row in rows], dtype=np.float64).reshape(-1, 2),
        unit=Unit.SECONDS,
        extra={
            "subject": np.asarray([row[2] for row in rows], dtype=np.int64),
            "text": texts([row[4] for row in rows]),
        },
        coverage=merge_spans(np.concatenate([np.zeros((0, 2)), *covered])),
    )


_Row = tuple[float, float, int, NDArray[np.float64], str]


def _stretches(laid: Grid, first: int, second: int, threshold: float) -> list[_Row]:
    """Return start, end, subject, scores and words of the conflicts of two streams."""
    names = (laid.names[first], laid.names[second])
    pair = tuple(sorted(names))
    if pair not in PAIRS:
        return []
    sure = np.minimum(laid.reliable[:, first], laid.reliable[:, second])
    intensity = sure * disagreement(laid.votes[:, first], laid.votes[:, second])
    found: list[_Row] = []
    for subject in np.unique(laid.subject).tolist():
        rows = np.flatnonzero((laid.subject == subject) & (intensity >= threshold))
        for run in _runs(rows, laid):
            start, end = float(laid.span[run[0], 0]), float(laid.span[run[-1], 1])
            if end - start < LEAST_SECONDS - 1e-9:
                continue
            leading = [_leading(laid.votes[run, m].mean(axis=0)) for m in (first, second)]
            if leading[0] == leading[1]:
                continue
            scores = np.full(len(PAIRS), np.nan)
            scores[PAIRS.index(pair)] = min(1.0, float(intensity[run].mean()))
            words = [_named(*each) for each in zip(names, leading, strict=True)]
            found.append((start, end, int(subject), scores, ", ".join(words)))
    return found


def _runs(rows: NDArray[np.int64], laid: Grid) -> list[NDArray[np.int64]]:
    """Part rows of one subject where a cell is missing between them."""
    cell = np.asarray([key[0] for key in laid.keys], dtype=np.int64)[rows]
    parts = np.split(rows, np.flatnonzero(np.diff(cell) > 1) + 1)
    return [part for part in parts if len(part)]


def _leading(distribution: NDArray[np.float64]) -> str:
    """Return the likeliest emotion other than neutral."""
    told = distribution.copy()
    told[PRIMARY8.index("neutral")] = 0.0
    return PRIMARY8.labels[int(told.argmax())]


def _named(stream: str, label: str) -> str:
    """Return a stream's emotion in words: ``smiling face``."""
    noun, own = _WORDS[stream]
    return f"{own.get(label, _ADJECTIVES[label])} {noun}"
