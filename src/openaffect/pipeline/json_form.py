"""The JSON of an analysis, a piece at a time: an hour of faces is too much for one string."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.types.analysis import Analysis
from openaffect.types.timeline import Timeline

_BLOCK = 512


def json_pieces(analysis: Analysis) -> Iterator[str]:
    """Yield, in pieces, a JSON text that says what :meth:`Analysis.to_dict` says."""
    frame = Analysis(
        source=analysis.source,
        facts=analysis.facts,
        cards=analysis.cards,
        warnings=analysis.warnings,
    ).to_dict()
    lines = {name: _timeline(timeline) for name, timeline in analysis.timelines.items()}
    yield from _mapping({**_dumped(frame), "timelines": _mapping(lines)})
    yield "\n"


def _timeline(timeline: Timeline) -> Iterator[str]:
    frame = timeline.select(np.zeros(0, dtype=int)).to_dict()
    extra = {
        name: _mapping({**_dumped(frame["extra"][name]), "values": _array(values)})
        for name, values in timeline.extra.items()
    }
    whole = {
        **_dumped(frame),
        "span": _array(timeline.span),
        "scores": _array(timeline.scores),
        "extra": _mapping(extra),
    }
    return _mapping(whole)


def _dumped(values: Mapping[str, Any]) -> dict[str, Iterable[str]]:
    return {name: (_dump(value),) for name, value in values.items()}


def _dump(value: Any) -> str:
    return json.dumps(value, allow_nan=False)


def _mapping(items: Mapping[str, Iterable[str]]) -> Iterator[str]:
    between = "{"
    for name, pieces in items.items():
        yield f"{between}{_dump(name)}: "
        yield from pieces
        between = ",\n"
    yield "}" if items else "{}"


def _array(values: NDArray[Any]) -> Iterator[str]:
    """Yield the rows of an array; what is no finite number becomes null."""
    between = "["
    for start in range(0, len(values), _BLOCK):
        block = values[start : start + _BLOCK]
        if block.dtype.kind == "f" and not np.isfinite(block).all():
            holes = block.astype(object)
            holes[~np.isfinite(block)] = None
            block = holes
        yield between + _dump(block.tolist())[1:-1]
        between = ",\n"
    yield "]" if len(values) else "[]"
