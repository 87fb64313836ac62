"""Draw the next token."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

REPEAT, SAID = 1.15, 0.2
"""What a token that was there before loses: a factor on its score, and this much."""
_RECENT = 48
KEPT = 256
_BLOCK = 64
_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIXERS = (
    (np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)),
    (np.uint64(27), np.uint64(0x94D049BB133111EB)),
)
_LAST = np.uint64(31)


def draw(
    logits: NDArray[np.float32],
    recent: Sequence[int],
    place: Sequence[int],
    *,
    temperature: float,
    top: float,
) -> int:
    """Return one id drawn from (V,) scores.

    The smallest set of tokens with a probability of ``top`` in sum is kept (nucleus sampling,
    Holtzman et al., "The curious case of neural text degeneration", ICLR 2020); tokens among the
    ``recent`` ones are made less likely by a factor on their score (Keskar et al., "CTRL", 2019,
    equation 3). A temperature of 0 takes the best.

    ``place`` (seed, row, step ...) fixes the chance: each token has a number of its own there, and
    the largest sum of score and number wins (the Gumbel-max trick, Maddison et al., "A* sampling",
    NeurIPS 2014). So scores that differ little mostly give the same token at the same place.
    """
    seen = np.unique(np.asarray(list(recent)[-_RECENT:], dtype=np.int64))
    # Being seen makes a token less likely only, so that the best ones are among these.
    best = likeliest(logits, KEPT + len(seen))
    scores = logits[best].astype(np.float64)
    scores -= scores.max()
    scores = np.where(np.isin(best, seen), scores * REPEAT - SAID, scores)
    ranks = np.argsort(-scores, kind="stable")[:KEPT]
    order = best[ranks]
    if temperature == 0:
        return int(order[0])
    kept = scores[ranks] / temperature
    chances = np.exp(kept - kept.max())
    chances /= chances.sum()
    count = int(np.searchsorted(np.cumsum(chances), top)) + 1
    return int(order[np.argmax(kept[:count] + gumbel(place, order[:count]))])


def likeliest(scores: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    """Return the places of the ``count`` largest of (V,) scores, in their order.

    What is ruled out (minus infinity) is left out. There are as many blocks whose largest score is
    no less than that of the last of the largest blocks, so what is less need not be sorted.
    """
    limit = -np.inf
    tops = scores[: len(scores) // _BLOCK * _BLOCK].reshape(-1, _BLOCK).max(axis=1)
    if count < len(tops):
        limit = np.partition(tops, len(tops) - count)[len(tops) - count]
    places = np.flatnonzero(scores >= limit if np.isfinite(limit) else scores > limit)
    if len(places) <= count:
        return places
    return np.sort(places[np.argpartition(-scores[places], count)[:count]])


def gumbel(place: Sequence[int], tokens: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return (N,) numbers of Gumbel's standard distribution, fixed by ``place`` and each token.

    Counted, not drawn one after another (Steele et al., "Fast splittable pseudorandom number
    generators", OOPSLA 2014), so that a token's number does not hang on what else is asked for.
    """
    key = np.zeros(1, np.uint64)
    for part in place:
        key = _mixed(key + np.uint64(part % 2**64))
    bits = _mixed(key + tokens.astype(np.uint64) * _STEP)
    share = ((bits >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53
    return np.asarray(-np.log(-np.log(share)), np.float64)


def _mixed(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    bits = bits + _STEP
    for shift, factor in _MIXERS:
        bits = (bits ^ (bits >> shift)) * factor
    return np.asarray(bits ^ (bits >> _LAST), np.uint64)
