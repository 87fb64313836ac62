"""Rows of a card's scores: a figure with its interval, the baseline, the paired difference."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.metrics.bootstrap import bootstrap_interval, paired_bootstrap

Table = NDArray[Any]


def compared(
    measure: Callable[[Table, Table], float],
    truth: Table,
    ours: Table,
    theirs: Table,
    *,
    data: str,
    name: str,
    baseline: str,
    resamples: int = 2000,
    groups: Table | None = None,
) -> dict[str, Any]:
    """Measure two answers on the same items; 95 % intervals and p by the paired bootstrap.

    groups: of items that hang together and are resampled as one, such as a dialogue's lines.
    """

    def first(rows: NDArray[np.int64]) -> float:
        return measure(truth[rows], ours[rows])

    def second(rows: NDArray[np.int64]) -> float:
        return measure(truth[rows], theirs[rows])

    interval = bootstrap_interval(first, len(truth), groups=groups, resamples=resamples)
    paired = paired_bootstrap(first, second, len(truth), groups=groups, resamples=resamples)
    return {
        "data": data,
        "measure": name,
        "value": round(interval.value, 4),
        "interval": [round(interval.low, 4), round(interval.high, 4)],
        "baseline": {"name": baseline, "value": round(measure(truth, theirs), 4)},
        "difference": [round(paired.value, 4), round(paired.low, 4), round(paired.high, 4)],
        "p": round(paired.p, 5),
    }
