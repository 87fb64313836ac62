"""An analysis as files: JSON whole, JSON lines by row, and a table a timeline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from openaffect.types.analysis import Analysis
from openaffect.types.errors import UnknownNameError, nearest
from openaffect.types.timeline import Timeline

from .json_form import json_pieces

FORMATS = ("csv", "json", "jsonl", "parquet")
_BLOCK = 512
_CORNERS = ("x0", "y0", "x1", "y1")


def check_formats(formats: Sequence[str]) -> tuple[str, ...]:
    """Return the formats, or raise :class:`UnknownNameError` for one that is none."""
    for name in formats:
        if name not in FORMATS:
            raise UnknownNameError(
                f"format {name!r} is none of {', '.join(FORMATS)}{nearest(name, FORMATS)}"
            )
    return tuple(dict.fromkeys(formats))


def write_outputs(
    analysis: Analysis, folder: Path, name: str, formats: Sequence[str]
) -> tuple[str, ...]:
    """Write ``<name>.json``, ``<name>.jsonl`` or ``<name>.<timeline>.csv`` and return their names.

    Each file appears whole or not at all. Raises :class:`OutputError` when one cannot be written.
    """
    from openaffect.io import tables
    from openaffect.io.output import atomic

    names: list[str] = []
    for chosen in check_formats(formats):
        if chosen == "json":
            names.append(f"{name}.json")
            with atomic(folder / names[-1]) as file:
                file.writelines(piece.encode() for piece in json_pieces(analysis))
        elif chosen == "jsonl":
            names.append(f"{name}.jsonl")
            tables.write_jsonl(folder / names[-1], _lines(analysis))
        else:
            write = tables.write_csv if chosen == "csv" else tables.write_parquet
            for title, timeline in analysis.timelines.items():
                names.append(f"{name}.{title}.{chosen}")
                columns = table_columns(timeline)
                write(folder / names[-1], table_rows(timeline, analysis.source), columns)
    return tuple(names)


def table_columns(timeline: Timeline) -> list[str]:
    """Return the columns of :func:`table_rows`: those of the timeline, then its extras."""
    columns = timeline.row_names()
    for name, values in timeline.extra.items():
        if name == "box":
            columns += [f"box_{corner}" for corner in _CORNERS]
        elif values.ndim == 1 and name not in columns:
            columns.append(name)
    return columns


def table_rows(timeline: Timeline, source: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a timeline one by one, extras of one value a row (and the box) included."""
    for start in range(0, len(timeline), _BLOCK):
        block = timeline.select(np.arange(start, min(start + _BLOCK, len(timeline))))
        columns = table_columns(block)
        for number, row in enumerate(block.rows(file=source)):
            for name, values in block.extra.items():
                if name == "box":
                    corners = values[number].tolist()
                    row |= {f"box_{c}": v for c, v in zip(_CORNERS, corners, strict=True)}
                elif name in columns and name not in row:
                    row[name] = values[number].item() if values.dtype != object else values[number]
            yield row


def _lines(analysis: Analysis) -> Iterator[dict[str, Any]]:
    for name, timeline in analysis.timelines.items():
        for row in table_rows(timeline, analysis.source):
            yield {"timeline": name, **row}
