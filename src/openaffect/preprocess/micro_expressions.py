"""Candidates of micro-expressions: brief movements of a face, onset, apex, offset.

Spotted where the movements' energy stands out: each channel is freed of what is slow (its running
median), the rest is smoothed and summed over channels, and what rises well above that person's own
noise and falls again within half a second is a candidate (the length that Yan et al., "How fast are
the leaked facial expressions", Journal of Nonverbal Behavior 37, 2013, find: at most 0.5 s). Most
candidates in real recordings are speech, swallowing or noise. They are where a trained coder might
look, no findings.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .eye_events import series, unbroken

LONGEST = 0.5
"""Seconds: what lasts longer is an ordinary expression."""
DENSE = 0.05
"""Seconds between looks (20 a second) above which nothing so brief can be told from noise."""
_SLOW = 1.5
_LEAST = 0.07
_NOISE = 6.0
_FOOT = 0.25


@dataclass(frozen=True, slots=True)
class Candidate:
    """Onset, apex and offset in seconds, the energy at the apex, the columns that moved most."""

    onset: float
    apex: float
    offset: float
    energy: float
    columns: tuple[int, ...]


def candidates(times: ArrayLike, activity: ArrayLike) -> list[Candidate]:
    """Return the candidates of one person, in order.

    Parameters
    ----------
    times: (N,) seconds, rising, at most :data:`DENSE` apart.
    activity: (N, K) movements in [0, 1], a row of NaN where they were not measured.

    Raises :class:`InvalidValueError` for unequal lengths or times that do not rise.
    """
    moments, rows = series(times, activity)
    if len(moments) < 2 or float(np.median(np.diff(moments))) > DENSE:
        return []
    found: list[Candidate] = []
    for start, stop in unbroken(moments, np.asarray(np.isfinite(rows).all(axis=1))):
        if moments[stop - 1] - moments[start] >= _SLOW:
            found += _in_stretch(moments[start:stop], rows[start:stop])
    return found


def _in_stretch(times: NDArray[np.float64], rows: NDArray[np.float64]) -> list[Candidate]:
    step = float(np.median(np.diff(times)))
    quick = _smoothed(rows - _running_median(rows, 2 * round(_SLOW / step / 2) + 1))
    energy = np.sqrt((quick**2).sum(axis=1))
    usual = float(np.median(energy))
    noise = 1.4826 * float(np.median(np.abs(energy - usual)))
    least = max(usual + _NOISE * noise, _LEAST)
    found: list[Candidate] = []
    high = np.flatnonzero(energy >= least)
    for group in np.split(high, np.flatnonzero(np.diff(high) > 1) + 1) if len(high) else []:
        apex = int(group[energy[group].argmax()])
        foot = usual + _FOOT * (energy[apex] - usual)
        first, last = apex, apex
        while first > 0 and energy[first] > foot:
            first -= 1
        while last < len(energy) - 1 and energy[last] > foot:
            last += 1
        if times[last] - times[first] <= LONGEST and energy[first] <= foot >= energy[last]:
            moved = np.abs(quick[apex])
            columns = np.flatnonzero(moved >= moved.max() / 2)
            order = columns[np.argsort(-moved[columns], kind="stable")]
            one = Candidate(
                float(times[first]), float(times[apex]), float(times[last]),
                float(energy[apex]), tuple(order.tolist()),
            )  # fmt: skip
            if not found or one.onset >= found[-1].offset:
                found.append(one)
            elif one.energy > found[-1].energy:
                found[-1] = one
    return found


def _running_median(rows: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """Return the median of the ``width`` (odd) rows about each; the ends are repeated."""
    half = width // 2
    padded = np.pad(rows, ((half, half), (0, 0)), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, width, axis=0)
    found = np.empty_like(rows)
    for start in range(0, len(rows), 1024):
        found[start : start + 1024] = np.median(windows[start : start + 1024], axis=2)
    return found


def _smoothed(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    padded = np.pad(rows, ((1, 1), (0, 0)), mode="edge")
    return (padded[:-2] + padded[1:-1] + padded[2:]) / 3
