"""A CSV file a timeline."""

from __future__ import annotations

from pathlib import Path

from openaffect.types.analysis import Analysis

from ..outputs import table_columns, table_rows
from ._format import Format


def write(analysis: Analysis, folder: Path, name: str) -> list[str]:
    """Write ``<name>.<timeline>.csv``."""
    from openaffect.io.tables import write_csv

    names = {f"{name}.{title}.csv": timeline for title, timeline in analysis.timelines.items()}
    for file, timeline in names.items():
        write_csv(folder / file, table_rows(timeline, analysis.source), table_columns(timeline))
    return list(names)


FORMAT = Format("tables, one a timeline", write, timed=False)
