"""Set what a recogniser said in its place and time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openaffect.types.protocols import Progress, Recognizer
from openaffect.types.timeline import Timeline, Unit, concatenate

BATCH = 32
"""Items handed to a recogniser at once."""


def placed(
    timeline: Timeline,
    span: ArrayLike,
    unit: Unit,
    *,
    coverage: ArrayLike = (),
    extra: Mapping[str, ArrayLike] | None = None,
) -> Timeline:
    """Return the rows with spans in ``unit``, a coverage, and extras added to their own."""
    added = {name: np.asarray(values) for name, values in (extra or {}).items()}
    return Timeline(
        scheme=timeline.scheme,
        scores=timeline.scores,
        span=np.asarray(span, dtype=np.float64).reshape(-1, 2),
        unit=unit,
        extra={**timeline.extra, **added},
        coverage=np.asarray(coverage, dtype=np.float64).reshape(-1, 2),
        model=timeline.model,
    )


def recognized(
    recognizer: Recognizer, items: Sequence[Any], heed: Progress, what: str = ""
) -> Timeline:
    """Recognise the items a batch at a time, reporting after each."""
    parts = []
    for start in range(0, max(1, len(items)), BATCH):
        parts.append(recognizer(items[start : start + BATCH]))
        if what:
            heed(what, min(start + BATCH, len(items)), len(items))
    return concatenate(parts)


def texts(values: Sequence[str]) -> NDArray[Any]:
    """Return strings as the array that a timeline's ``text`` is."""
    return np.asarray([*values, ""], dtype=object)[:-1]
