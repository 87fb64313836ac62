"""Intervals and paired tests by resampling, for any measure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..types import InvalidValueError

Measure = Callable[[NDArray[np.int64]], float]
"""A measure as a function of the picked item indices."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its percentile interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """``value`` = first - second with its interval; ``p`` is two-sided."""

    value: float
    low: float
    high: float
    p: float


def bootstrap_interval(
    measure: Measure,
    items: int,
    *,
    groups: ArrayLike | None = None,
    resamples: int = 2000,
    level: float = 0.95,
    seed: int = 0,
) -> Interval:
    """Percentile bootstrap (B. Efron, R. Tibshirani, 1993, chapter 13).

    ``groups`` (N,) resamples whole groups (speakers, say) instead of items, where items of one
    group depend on each other.
    """
    draws = [measure(rows) for rows in _resample(items, groups, resamples, seed)]
    low, high = np.nanquantile(draws, [(1 - level) / 2, (1 + level) / 2])
    return Interval(measure(np.arange(items)), float(low), float(high))


def paired_bootstrap(
    first: Measure,
    second: Measure,
    items: int,
    *,
    groups: ArrayLike | None = None,
    resamples: int = 2000,
    level: float = 0.95,
    seed: int = 0,
) -> PairedDifference:
    """Difference of two measures on the same resampled items.

    ``p`` is twice the smaller share of resamples on either side of zero, at least 1 / (resamples
    + 1) (P. Koehn, "Statistical Significance Tests for Machine Translation Evaluation", EMNLP
    2004, made two-sided).
    """
    draws = np.array(
        [first(rows) - second(rows) for rows in _resample(items, groups, resamples, seed)]
    )
    low, high = np.nanquantile(draws, [(1 - level) / 2, (1 + level) / 2])
    tail = (1 + min(int((draws <= 0).sum()), int((draws >= 0).sum()))) / (resamples + 1)
    every = np.arange(items)
    return PairedDifference(
        first(every) - second(every), float(low), float(high), min(1.0, 2 * tail)
    )


def _resample(items: int, groups: ArrayLike | None, resamples: int, seed: int):  # type: ignore[no-untyped-def]
    if items < 2 or resamples < 1:
        raise InvalidValueError(f"cannot resample {items} items {resamples} times; give 2 or more")
    generator = np.random.default_rng(seed)
    if groups is None:
        for _ in range(resamples):
            yield generator.integers(0, items, items)
        return
    labels = np.asarray(groups)
    if labels.shape != (items,):
        raise InvalidValueError(f"groups have shape {labels.shape}; expected ({items},)")
    members = [np.flatnonzero(labels == group) for group in np.unique(labels)]
    for _ in range(resamples):
        picked = generator.integers(0, len(members), len(members))
        yield np.concatenate([members[index] for index in picked])
