"""Draw the next token."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_REPEAT = 1.15
_RECENT = 48
_KEPT = 256


def draw(
    logits: NDArray[np.float32],
    recent: Sequence[int],
    generator: np.random.Generator,
    *,
    temperature: float,
    top: float,
) -> int:
    """Return one id drawn from (V,) scores.

    The smallest set of tokens with a probability of ``top`` in sum is kept (nucleus sampling,
    Holtzman et al., ICLR 2020); tokens among the ``recent`` ones are made less likely by a factor
    on their score (Keskar et al., "CTRL", 2019, equation 3). A temperature of 0 takes the best.
    """
    scores = logits.astype(np.float64)
    seen = np.unique(np.asarray(list(recent)[-_RECENT:], dtype=np.int64))
    scores -= scores.max()
    if len(seen):
        scores[seen] = scores[seen] * _REPEAT - 0.2
    if temperature == 0:
        return int(scores.argmax())
    best = np.argpartition(-scores, _KEPT - 1)[:_KEPT] if len(scores) > _KEPT else scores.argsort()
    order = best[np.argsort(-scores[best], kind="stable")]
    kept = scores[order] / temperature
    chances = np.exp(kept - kept.max())
    chances /= chances.sum()
    count = int(np.searchsorted(np.cumsum(chances), top)) + 1
    chances = chances[:count] / chances[:count].sum()
    return int(order[generator.choice(count, p=chances)])
