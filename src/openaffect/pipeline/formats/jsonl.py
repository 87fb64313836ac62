"""A line a row of all timelines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openaffect.types.analysis import Analysis

from ..outputs import table_rows
from ._format import Format


def write(analysis: Analysis, folder: Path, name: str) -> list[str]:
    """Write ``<name>.jsonl``."""
    from openaffect.io.tables import write_jsonl

    write_jsonl(folder / f"{name}.jsonl", _lines(analysis))
    return [f"{name}.jsonl"]


def _lines(analysis: Analysis) -> Iterator[dict[str, Any]]:
    for name, timeline in analysis.timelines.items():
        for row in table_rows(timeline, analysis.source):
            yield {"timeline": name, **row}


FORMAT = Format("a JSON object a row", write, timed=False)
