"""An audformat database: a header, and a segmented table a timeline and person.

Emotional databases as audEERING publishes them, https://audeering.github.io/audformat/. The header
is YAML 1.2, written as its subset JSON. Columns: ``label`` (empty where the model abstains), the
scores under their labels, and ``text`` where there is one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from openaffect.types.analysis import Analysis
from openaffect.types.scheme import Kind
from openaffect.types.timeline import Timeline, Unit

from ..stretches import plain
from ._format import Format

_INDEX = ("file", "start", "end")
_READ_AS_MISSING = frozenset(
    (
        "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN",
        "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null",
    )
)  # fmt: skip
"""Cells that pandas, and so audformat, takes for nothing, quoted or not."""


def write(analysis: Analysis, folder: Path, name: str) -> list[str]:
    """Write the folder ``<name>.audformat``: the tables, then ``db.yaml``."""
    from openaffect.io.output import atomic
    from openaffect.io.tables import write_csv

    home = f"{name}.audformat"
    tables = dict(_tables(analysis))
    names = [f"{home}/db.{title}.csv" for title in tables]
    file = _portable(analysis.source)
    for written, timeline in zip(names, tables.values(), strict=True):
        write_csv(folder / written, _rows(timeline, file), [*_INDEX, *_columns(timeline)])
    names.append(f"{home}/db.yaml")
    with atomic(folder / names[-1]) as header:
        header.write(json.dumps(_header(analysis, tables), indent=1).encode())
    return names


def _tables(analysis: Analysis) -> Iterator[tuple[str, Timeline]]:
    """Yield each table by name; rows of one table have unlike spans, so repeats go into another."""
    for name, timeline in analysis.timelines.items():
        if timeline.unit is not Unit.SECONDS:
            continue
        subjects = timeline.extra.get("subject", np.full(len(timeline), -1))
        for subject in np.unique(subjects) if len(timeline) else (-1,):
            title = name if subject < 0 else f"{name}.{subject}"
            rows = np.flatnonzero(subjects == subject)
            number = 1
            while number == 1 or len(rows):
                first = np.unique(_whole(timeline.span[rows]), axis=0, return_index=True)[1]
                yield (
                    title if number == 1 else f"{title}.repeat-{number}",
                    timeline.select(rows[first]),
                )
                rows = np.delete(rows, first)
                number += 1


def _whole(span: Any) -> Any:
    """Return (N, 2) seconds as whole milliseconds."""
    return np.maximum(np.rint(np.asarray(span) * 1000), 0).astype(np.int64)


def _columns(timeline: Timeline) -> list[str]:
    named = ["label"] if _named(timeline) else []
    texts = ["text"] if "text" in timeline.extra else []
    return [*named, *timeline.scheme.labels, *texts]


def _named(timeline: Timeline) -> bool:
    several = len(timeline.scheme) > 1
    return several and timeline.scheme.kind in (Kind.CATEGORIES, Kind.MULTILABEL)


def _rows(timeline: Timeline, file: str) -> Iterator[dict[str, Any]]:
    span = _whole(timeline.span)
    texts = timeline.extra.get("text")
    for number, row in enumerate(timeline.rows(file=file)):
        start, end = span[number].tolist()
        row |= {"start": _duration(start), "end": _duration(end)}
        if texts is not None:
            row["text"] = _kept(plain(str(texts[number])))
        yield {name: row[name] for name in (*_INDEX, *_columns(timeline))}


def _kept(text: str) -> str:
    """Return the text, with a space behind a word that would be read as missing."""
    return f"{text} " if text in _READ_AS_MISSING else text


def _duration(milliseconds: int) -> str:
    """Return the time as pandas writes a Timedelta."""
    seconds, rest = divmod(milliseconds, 1000)
    days, seconds = divmod(seconds, 86_400)
    clock = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return f"{days} days {clock}" + (f".{rest:03d}000" if rest else "")


def _header(analysis: Analysis, tables: dict[str, Timeline]) -> dict[str, Any]:
    schemes: dict[str, dict[str, Any]] = {}
    described: dict[str, Any] = {}
    for name, timeline in tables.items():
        labels = timeline.scheme
        bounds = {
            edge: value
            for edge, value in (("minimum", labels.low), ("maximum", labels.high))
            if value is not None
        }
        schemes[f"{labels.name}.score"] = {"dtype": "float", **bounds}
        schemes[labels.name] = {"dtype": "str", "labels": list(labels.labels)}
        schemes["text"] = {"dtype": "str"}
        of = {"label": labels.name, "text": "text"}
        columns = {
            column: {"scheme_id": of.get(column, f"{labels.name}.score")}
            for column in _columns(timeline)
        }
        described[name] = {"type": "segmented", "columns": columns}
    used = {
        column["scheme_id"] for table in described.values() for column in table["columns"].values()
    }
    return {
        "name": plain(Path(analysis.source).name) or "analysis",
        "source": "OpenAffect",
        "usage": "other",
        "languages": [],
        "description": "Estimates of expression, not of feeling.",
        "schemes": {name: schemes[name] for name in schemes if name in used},
        "tables": described,
    }


def _portable(source: str) -> str:
    """Return the input's file name as audformat allows it: no folders above, no backslash."""
    name = re.split(r"[/\\]", plain(source))[-1]
    return name if name.strip(".") else "input"


FORMAT = Format("an audformat database", write, timed=True)
