"""Stretches of time: joined, and cut to a length."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

_TOUCHING = 1e-6


def merge_spans(spans: ArrayLike) -> NDArray[np.float64]:
    """Return (M, 2) spans sorted, those that overlap or touch joined into one.

    ``spans`` is (N, 2), start and end in any one unit. Touching means within a microsecond.
    """
    rows = np.asarray(spans, dtype=np.float64).reshape(-1, 2)
    joined: list[list[float]] = []
    for start, end in rows[np.lexsort((rows[:, 1], rows[:, 0]))]:
        if joined and start <= joined[-1][1] + _TOUCHING:
            joined[-1][1] = max(joined[-1][1], float(end))
        else:
            joined.append([float(start), float(end)])
    return np.asarray(joined, dtype=np.float64).reshape(-1, 2)


def group_spans(
    spans: Iterable[tuple[float, float]], *, longest: float, gap: float
) -> list[tuple[float, float]]:
    """Join neighbours whose pause is at most ``gap`` while the whole stays within ``longest``.

    ``spans`` are in order; a span already longer than ``longest`` is cut into equal pieces.
    """
    groups: list[tuple[float, float]] = []
    for start, end in spans:
        pieces = max(1, int(np.ceil((end - start) / longest - 1e-9)))
        edges = np.linspace(start, end, pieces + 1)
        for left, right in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
            if groups and left - groups[-1][1] <= gap and right - groups[-1][0] <= longest:
                groups[-1] = (groups[-1][0], right)
            else:
                groups.append((left, right))
    return groups
