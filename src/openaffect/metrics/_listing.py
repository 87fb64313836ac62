"""All metrics by name, and how one is called on some rows of its data."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.models.registry import Registry
from openaffect.types import InvalidValueError, UnknownNameError, did_you_mean

from ._metric import Metric, Takes

ROWWISE = frozenset(
    {
        Takes.LABELS,
        Takes.MULTILABEL,
        Takes.PROBABILITIES,
        Takes.VALUES,
        Takes.TEXT_PAIRS,
        Takes.TEXTS,
        Takes.TRIALS,
        Takes.RATINGS,
    }
)
"""What metrics take whose arguments are all of N rows, so that rows can be drawn again."""


def metrics(takes: Takes | None = None) -> dict[str, Metric]:
    """Return the metrics found, by name; only those that take ``takes`` if given."""
    found = Registry({"metrics": "openaffect.metrics"}).every("metrics")
    every = (item for module in found.values() for item in module)
    return {item.name: item for item in every if takes is None or item.takes is takes}


def metric(name: str) -> Metric:
    """Return the metric of that name; raises :class:`UnknownNameError` with the nearest."""
    known = metrics()
    if name not in known:
        raise UnknownNameError(
            f"no metric is called {name!r}{did_you_mean(name, known)} "
            "`openaffect evaluate list` shows all of them"
        )
    return known[name]


def accepts(item: Metric, keyword: str) -> bool:
    """Tell whether the metric's function has that keyword."""
    return keyword in inspect.signature(item.function).parameters


def picked(values: Any, rows: NDArray[np.int64]) -> Any:
    """Return the rows of an array or a sequence."""
    if isinstance(values, np.ndarray):
        return values[rows]
    if isinstance(values, Sequence):
        return [values[row] for row in rows]
    raise InvalidValueError(f"data is a {type(values).__name__}; give an array or a sequence")
