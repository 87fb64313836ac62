"""An analysis as files, in the formats that the folder ``formats`` holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from openaffect.types.analysis import Analysis
from openaffect.types.errors import UnknownNameError, nearest
from openaffect.types.timeline import Timeline

from .stretches import timed

if TYPE_CHECKING:
    from openaffect.models.registry import Registry

_BLOCK = 512
_CORNERS = ("x0", "y0", "x1", "y1")
_STAGE = "formats"


def format_names() -> tuple[str, ...]:
    """Return the names of the formats: the files of the folder ``formats``, and plug-ins'."""
    return _registry().names(_STAGE)


def format_titles() -> dict[str, str]:
    """Return what each format is, for a person, by name."""
    return {name: found.title for name, found in _registry().every(_STAGE).items()}


def check_formats(formats: Sequence[str]) -> tuple[str, ...]:
    """Return the formats, or raise :class:`UnknownNameError` for one that is none."""
    known = format_names()
    for name in formats:
        if name not in known:
            raise UnknownNameError(
                f"format {name!r} is none of {', '.join(known)}{nearest(name, known)}"
            )
    return tuple(dict.fromkeys(formats))


def write_outputs(
    analysis: Analysis, folder: Path, name: str, formats: Sequence[str]
) -> tuple[str, ...]:
    """Write an analysis in some formats, and return the names of the files within the folder.

    Each file appears whole or not at all, and its name begins with ``name``. A format that needs
    times is passed over where there are none; see :func:`untimed`. Raises :class:`OutputError` when
    a file cannot be written.
    """
    passed = untimed(analysis, formats)
    registry = _registry()
    return tuple(
        written
        for chosen in check_formats(formats)
        if chosen not in passed
        for written in registry.implementation(_STAGE, chosen).write(analysis, folder, name)
    )


def untimed(analysis: Analysis, formats: Sequence[str]) -> tuple[str, ...]:
    """Return the formats that the analysis cannot be written as, for it has no times in seconds."""
    if timed(analysis):
        return ()
    registry = _registry()
    return tuple(
        name for name in check_formats(formats) if registry.implementation(_STAGE, name).timed
    )


def _registry() -> Registry:
    from openaffect.models.registry import Registry

    return Registry({_STAGE: "openaffect.pipeline.formats"})


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
