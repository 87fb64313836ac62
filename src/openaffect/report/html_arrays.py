"""Arrays as text that a page can turn back into arrays, small and each kept once."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

_MISSING = {"u1": 255, "u2": 65535}
"""The number that stands for NaN; the ones below it hold the range."""


class Pool:
    """The arrays of a page. What is added gives its place; what was added before gives the same."""

    def __init__(self) -> None:
        self._places: dict[tuple[str, str], int] = {}

    def add(self, values: ArrayLike, kind: str) -> int:
        """Add whole numbers as ``u1``, ``u2`` or ``u4`` (bytes each); return their place."""
        data = np.ascontiguousarray(values, dtype=f"<{kind}").tobytes()
        key = (kind, base64.b64encode(data).decode("ascii"))
        return self._places.setdefault(key, len(self._places))

    def to_list(self) -> list[list[str]]:
        """Return [kind, base64] of each array, in order of place."""
        return [list(key) for key in self._places]


def quantized(
    values: NDArray[Any], low: NDArray[Any], high: NDArray[Any], kind: str
) -> NDArray[np.uint32]:
    """Return (N, K) numbers as steps between each column's ``low`` and ``high`` (K,).

    ``kind`` is ``u1`` (254 steps, an error of at most 0.2 % of the range) or ``u2`` (65,534).
    NaN becomes the number after the last step.
    """
    missing = _MISSING[kind]
    width = np.where(high > low, high - low, 1.0)
    steps = np.clip((values - low) / width, 0.0, 1.0) * (missing - 1)
    return np.where(np.isfinite(values), np.round(steps), missing).astype(np.uint32)


def ranges(values: NDArray[Any], low: float | None, high: float | None) -> tuple[Any, Any]:
    """Return the (K,) lowest and highest value of each column: the scheme's bound or its own."""
    columns = values.shape[1]
    known = np.where(np.isfinite(values), values, np.nan)
    some = np.isfinite(known).any(axis=0)
    least = np.zeros(columns)
    most = np.ones(columns)
    if some.any():
        least[some] = np.nanmin(known[:, some], axis=0)
        most[some] = np.nanmax(known[:, some], axis=0)
    return (
        least if low is None else np.full(columns, float(low)),
        most if high is None else np.full(columns, float(high)),
    )
