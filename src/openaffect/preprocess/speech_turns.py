"""Whose voice is whose, from one vector a window: clusters of voices, and turns in time.

Vectors are compared by their cosine. Clusters are merged from the bottom up by average linkage (the
mean similarity of all pairs) until none are more alike than a threshold (R. Sokal, C. Michener,
"A statistical method for evaluating systematic relationships", University of Kansas Science
Bulletin 38, 1958; for speakers K. Han, S. Narayanan, Interspeech 2007). Then each utterance is gone
through once more: every window belongs to the voice it is most like, a change of voice costing a
fixed amount (Viterbi).
"""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openaffect.types import InvalidValueError

MOST = 800
"""Vectors whose pairs are held at once; more are clustered part by part, then the clusters."""


def cluster_voices(
    vectors: ArrayLike, *, threshold: float, smallest: int = 1, most: int = MOST
) -> NDArray[np.int64]:
    """Return (N,) numbers of voices, 0 for the first heard, the next new one 1, and so on.

    Parameters
    ----------
    vectors: (N, D), one a window, in order of time; only their direction counts.
    threshold: the mean cosine of two clusters' pairs down to which they are one voice, in [-1, 1].
    smallest: windows of a voice; a cluster of fewer joins the one it is most like, where there is a
        larger one.
    most: see :data:`MOST`; memory grows with its square, not with N.

    Raises :class:`InvalidValueError` for another shape, NaN, or a vector of zeros.
    """
    rows = np.asarray(vectors, dtype=np.float64)
    if rows.ndim != 2 or not np.isfinite(rows).all():
        raise InvalidValueError(f"vectors have shape {rows.shape}; expected (N, D), finite")
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    if (length == 0).any():
        raise InvalidValueError(f"vector {int(length.argmin())} is all zeros; leave it out")
    rows = rows / length
    parts = [
        first
        + _merged(rows[first : first + most], np.ones(len(rows[first : first + most])), threshold)
        for first in range(0, len(rows), most)
    ]
    found = _numbered(np.concatenate([np.zeros(0, np.int64), *parts]))
    if len(parts) > 1:
        sums, sizes = _sums(rows, found)
        found = _merged(sums, sizes, threshold)[found]
    return _numbered(_without_small(rows, _numbered(found), smallest))


def voice_centres(vectors: NDArray[np.float64], voice: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the (V, D) unit mean direction of each voice of :func:`cluster_voices`."""
    rows = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    sums, _ = _sums(rows, voice)
    return sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)


def steadiest_path(gain: ArrayLike, change: float) -> NDArray[np.int64]:
    """Return the (n,) states of the largest summed gain, each change of state costing ``change``.

    gain: (n, K), of each state at each step in time.

    >>> steadiest_path([[1, 0], [0, 0.4], [1, 0]], 0.5).tolist()  # not worth two changes
    [0, 0, 0]
    """
    worth = np.asarray(gain, dtype=np.float64)
    if worth.ndim != 2 or not len(worth):
        raise InvalidValueError(f"gain has shape {worth.shape}; expected (n, K), n of 1 or more")
    came = np.zeros(worth.shape, np.int64)
    total = worth[0]
    for step in range(1, len(worth)):
        best = int(total.argmax())
        stay = total >= total[best] - change
        came[step] = np.where(stay, np.arange(len(total)), best)
        total = np.where(stay, total, total[best] - change) + worth[step]
    path = np.empty(len(worth), np.int64)
    path[-1] = int(total.argmax())
    for step in range(len(worth) - 1, 0, -1):
        path[step - 1] = came[step, path[step]]
    return path


def shares_of(spans: ArrayLike, begin: float, end: float) -> NDArray[np.float64]:
    """Return (n, 2) stretches that part ``begin`` to ``end`` between n windows.

    Each window answers for what lies nearest to its middle.

    >>> shares_of([(0, 2), (1, 3), (2, 4)], 0, 4).tolist()
    [[0.0, 1.5], [1.5, 2.5], [2.5, 4.0]]
    """
    middle = np.asarray(spans, dtype=np.float64).reshape(-1, 2).mean(axis=1)
    edges = np.concatenate([[begin], (middle[:-1] + middle[1:]) / 2, [end]])
    return np.stack([edges[:-1], edges[1:]], axis=1)


def runs(values: NDArray[np.int64]) -> list[slice]:
    """Return the stretches of equal neighbours.

    >>> runs(np.array([3, 3, 5]))
    [slice(0, 2, None), slice(2, 3, None)]
    """
    edges = np.flatnonzero(np.diff(values)) + 1
    bounds = [0, *edges.tolist(), len(values)]
    return [slice(a, b) for a, b in itertools.pairwise(bounds) if a < b]


def _sums(
    rows: NDArray[np.float64], voice: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the (V, D) sums and (V,) counts of the rows of each voice."""
    sums = np.zeros((int(voice.max(initial=-1)) + 1, rows.shape[1]))
    np.add.at(sums, voice, rows)
    return sums, np.bincount(voice, minlength=len(sums)).astype(np.float64)


def _merged(
    sums: NDArray[np.float64], sizes: NDArray[np.float64], threshold: float
) -> NDArray[np.int64]:
    """Return which of the given clusters each ends up in, by the number of its first member."""
    means, count = sums / sizes[:, None], sizes.copy()
    alike = means @ means.T
    np.fill_diagonal(alike, -np.inf)
    home = np.arange(len(sums))
    for _ in range(len(sums) - 1):
        first, second = np.unravel_index(int(alike.argmax()), alike.shape)
        if alike[first, second] < threshold:
            break
        kept, gone = min(first, second), max(first, second)
        both = count[kept] + count[gone]
        row = (count[kept] * alike[kept] + count[gone] * alike[gone]) / both
        alike[kept], alike[:, kept] = row, row
        alike[kept, kept] = -np.inf
        alike[gone], alike[:, gone] = -np.inf, -np.inf
        count[kept] = both
        home[home == gone] = kept
    return home


def _without_small(
    rows: NDArray[np.float64], voice: NDArray[np.int64], smallest: int
) -> NDArray[np.int64]:
    sums, sizes = _sums(rows, voice)
    large = np.flatnonzero(sizes >= smallest)
    if not len(large) or len(large) == len(sizes):
        return voice
    centres = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)
    nearest = large[(centres @ centres[large].T).argmax(axis=1)]
    return np.where(sizes[voice] >= smallest, voice, nearest[voice])


def _numbered(voice: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the numbers in order of their first appearance."""
    _, first, place = np.unique(voice, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[place].astype(np.int64)
