"""Closures of the eyes, and how long they were shut, from closure over time.

PERCLOS, P80: the share of time in which the eyes are at least 80 % closed (Wierwille et al.,
"Research on vehicle-based driver status/performance monitoring", DOT HS 808 247, 1994; Dinges and
Grace, FHWA-MCRT-98-006, 1998). Blinks last 0.1 to 0.4 s; closures of half a second and more are
told apart from them, as the drowsiness literature does.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openaffect.types import InvalidValueError

P80 = 0.8
"""Closure from which an eye counts as closed."""
LONG = 0.5
"""Seconds from which a closure is no blink."""
DENSE = 0.07
"""Seconds between looks (15 a second) above which blinks slip through."""
_DEEP = 0.6
_OPEN = 0.2
_FARTHEST = 0.4


@dataclass(frozen=True, slots=True)
class Closure:
    """One closing and opening: onset, apex, offset in seconds; how deep, in [0, 1].

    lasts: seconds above half its depth.
    """

    onset: float
    apex: float
    offset: float
    depth: float
    lasts: float


def closures(times: ArrayLike, closure: ArrayLike) -> list[Closure]:
    """Return the closures of one person's eyes, in order.

    Parameters
    ----------
    times: (N,) seconds, rising. closure: (N,) in [0, 1], NaN where it was not measured.

    A closure reaches 0.6; it begins where the eyes were last at most 0.2 closed (or least closed in
    the 0.4 s before), and ends likewise. A gap of more than three usual steps ends it.
    Raises :class:`InvalidValueError` for unequal lengths or times that do not rise.
    """
    moments, values = series(times, closure)
    return [
        found
        for start, stop in unbroken(moments, np.isfinite(values))
        for found in _in_stretch(moments[start:stop], values[start:stop])
    ]


def perclos(times: ArrayLike, ends: ArrayLike, closure: ArrayLike) -> float:
    """Return the share of measured time with the eyes at least 80 % closed; NaN without any.

    times, ends: (N,) seconds, the span of each value. closure: (N,) in [0, 1] or NaN.
    """
    values = np.asarray(closure, np.float64)
    lasts = np.asarray(ends, np.float64) - np.asarray(times, np.float64)
    known = np.isfinite(values)
    total = float(lasts[known].sum())
    return float(lasts[known & (values >= P80)].sum()) / total if total > 0 else float("nan")


def series(times: ArrayLike, values: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return times (N,) and values (N, ...) as float64; raises :class:`InvalidValueError`."""
    moments, rows = np.asarray(times, np.float64), np.asarray(values, np.float64)
    if moments.ndim != 1 or rows.shape[:1] != moments.shape:
        raise InvalidValueError(
            f"times have shape {moments.shape}, values {rows.shape}; give one value a time"
        )
    if not np.isfinite(moments).all() or (np.diff(moments) <= 0).any():
        raise InvalidValueError("times do not rise from value to value; sort them, drop doubles")
    return moments, rows


def unbroken(times: NDArray[np.float64], known: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Yield (start, stop) of the stretches of known values without a gap in time."""
    if not len(times):
        return
    step = float(np.median(np.diff(times))) if len(times) > 1 else 1.0
    breaks = np.flatnonzero(np.diff(times) > 3 * step) + 1
    edges = [0, *breaks.tolist(), len(times)]
    for first, last in itertools.pairwise(edges):
        start: int | None = None
        for place in range(first, last + 1):
            inside = place < last and bool(known[place])
            if inside and start is None:
                start = place
            elif not inside and start is not None:
                yield start, place
                start = None


def _in_stretch(times: NDArray[np.float64], values: NDArray[np.float64]) -> Iterator[Closure]:
    shut = values >= _DEEP / 2
    edges = np.flatnonzero(np.diff(np.concatenate([[0], shut.astype(np.int8), [0]])))
    for start, stop in edges.reshape(-1, 2).tolist():
        apex = start + int(values[start:stop].argmax())
        depth = float(values[apex])
        if depth < _DEEP or stop - start < 2:
            continue
        half = depth / 2
        lasts = _crossing(times, values, apex, 1, half) - _crossing(times, values, apex, -1, half)
        yield Closure(
            onset=_foot(times, values, start, -1),
            apex=float(times[apex]),
            offset=_foot(times, values, stop - 1, 1),
            depth=depth,
            lasts=lasts,
        )


def _crossing(
    times: NDArray[np.float64], values: NDArray[np.float64], apex: int, way: int, level: float
) -> float:
    """Return when the values fall below ``level`` on the way from the apex, interpolated."""
    place = apex
    while 0 <= place + way < len(values):
        ahead = place + way
        if values[ahead] < level:
            share = (values[place] - level) / max(values[place] - values[ahead], 1e-9)
            return float(times[place] + share * (times[ahead] - times[place]))
        place = ahead
    return float(times[place])


def _foot(times: NDArray[np.float64], values: NDArray[np.float64], edge: int, way: int) -> float:
    """Return when the eyes were open, going from the edge of a closure; the least within reach."""
    best = place = edge
    while 0 <= place + way < len(values) and abs(times[place + way] - times[edge]) <= _FARTHEST:
        place += way
        if values[place] < values[best]:
            best = place
        if values[place] <= _OPEN:
            break
    return float(times[best])
