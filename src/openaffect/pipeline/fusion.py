"""Late fusion of emotion timelines: a reliability-weighted logarithmic opinion pool.

Each stream m gives a distribution p_m over ``primary8`` in each cell of a regular grid. Fused is

    p(k)  proportional to  prod_m p_m(k) ** (s w_m),    w_m = r_m / sum r,

the logarithmic opinion pool (Genest and Zidek, 1986, "Combining probability distributions: a
critique and an annotated bibliography", Statistical Science 1(1), eq. 3.10), whose weights here
follow how far each stream is to be trusted in that cell:

    r_m = trust_m * quality ** heed_m * (1 - dropped) * share of the cell seen, not abstained from.

A stream with r_m = 0 drops out and the others' weights are renormalised. The sharpness

    s = 1 + SHARED * (1 / sum w ** 2 - 1)

says how far streams count as evidence of their own: with one stream s is 1, so that the fusion of
one stream is that stream; with M equal ones it is 1 for SHARED = 0 (they all say the same thing)
and M for SHARED = 1 (they know nothing of each other: the product of experts). A label that a
stream's own scheme cannot name is no vote against it: the stream takes over the others' mean
probability for that label and keeps its own proportions among the labels it knows.
``docs/decisions/fusion.md`` says why, and how the constants were found.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from openaffect.types.schemes import PRIMARY8
from openaffect.types.timeline import Timeline, Unit

from .cells import Grid, grid
from .spans import merge_spans

GRID = 0.5
"""Seconds between the rows of a fused timeline, unless said."""
TRUST = {"face": 1.0, "speech": 1.0, "text": 1.0}
"""How far each stream is trusted, unless said; as fitted by ``benchmarks/fusion.py``."""
HEED = {"face": 0.1, "speech": 1.0, "text": 1.0}
"""The power of each stream's quality: a poor picture of a face costs little of what it tells."""
SHARED = 0.5
"""How far streams are independent evidence, in [0, 1]; see the module's text."""
_FLOOR = 1e-6


def fuse(
    timelines: Mapping[str, Timeline],
    *,
    every: float = GRID,
    trust: Mapping[str, float] | None = None,
    speaking: Timeline | None = None,
) -> Timeline:
    """Fuse emotion timelines of one recording into one over ``primary8``.

    Parameters
    ----------
    timelines: by name (``face.emotion``, ``speech.emotion``, ``text.emotion``); any may be missing
        or empty; unit ``s``; any scheme that :func:`to_primary` can translate. The part of the name
        before the dot names the stream.
    every: seconds between rows; row i spans ``[i * every, (i + 1) * every]``.
    trust: factor in (0, inf) a stream; :data:`TRUST` without, 1 for a stream it does not name.
    speaking: who speaks when, rows with the extra ``subject`` (:func:`.lips.speaking`).

    Returns
    -------
    A timeline in ``primary8``, rows in order of time and subject, only where some stream has
    something to say. Extras: ``subject`` and for each stream given ``weight_<stream>`` in [0, 1],
    which sum to 1 in each row: 0 says that the stream was not there. A stream with subjects gives
    each subject its own row. Voice and words join the row of the only subject in sight, or among
    several of the one who is seen to speak; else they stand in a row of their own, subject -1.

    Raises
    ------
    InvalidValueError
        for another unit, a scheme that cannot be translated, or ``every`` not positive.
    """
    trusted = TRUST | dict(trust or {})
    laid = grid(timelines, every=every, trust=trusted, heed=HEED, speaking=speaking)
    scores, weights = _pool(laid)
    covered = [timeline.coverage for timeline in timelines.values()]
    return Timeline(
        scheme=PRIMARY8,
        scores=scores,
        span=laid.span,
        unit=Unit.SECONDS,
        extra={
            "subject": laid.subject,
            **{f"weight_{name}": weights[:, m] for m, name in enumerate(laid.names)},
        },
        coverage=merge_spans(np.concatenate([np.zeros((0, 2)), *covered])),
    )


def _pool(laid: Grid) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the fused (R, 8) distributions and the (R, M) weights that made them."""
    total = laid.reliable.sum(axis=1, keepdims=True)
    weights = laid.reliable / np.where(total > 0, total, 1.0)
    pooled = pool(laid.votes, weights, laid.known)
    return pooled.astype(np.float32), weights.astype(np.float32)


def pool(
    votes: NDArray[np.float64],
    weights: NDArray[np.float64],
    known: NDArray[np.bool_],
    shared: float = SHARED,
) -> NDArray[np.float64]:
    """Return the (R, 8) pool of (R, M, 8) votes with (R, M) weights that sum to 1 in each row.

    known: (M, 8) bool, the labels that each stream can name.
    """
    votes = _complete(votes, weights, known)
    squares = (weights**2).sum(axis=1, keepdims=True)
    sharpness = 1 + shared * (1 / np.where(squares > 0, squares, 1.0) - 1)
    logs = (weights[:, :, None] * np.log(np.maximum(votes, _FLOOR))).sum(axis=1) * sharpness
    pooled = np.exp(logs - logs.max(axis=1, keepdims=True, initial=-np.inf))
    return np.asarray(pooled / pooled.sum(axis=1, keepdims=True))


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
