"""Tables for an evaluation: read as text, joined by a key, columns as numbers."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.io.sources import existing_file
from openaffect.types import InvalidValueError, MediaError, UnknownNameError, did_you_mean, need

Row = dict[str, str]

_DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Joined:
    """Rows of truth and predictions under the same keys, the columns compared, and notes."""

    truth: list[Row]
    predicted: list[Row]
    against: list[Row]
    columns: list[str]
    notes: list[str]


def read_rows(path: str | Path) -> list[Row]:
    """Return the rows of a CSV, TSV, JSON-lines or Parquet table, every cell as text.

    Raises :class:`MediaError` for a table that is damaged, or has no rows.
    """
    source = existing_file(path)
    suffix = source.suffix.lower()
    try:
        if suffix == ".parquet":
            frame = need("pandas", extra="tables").read_parquet(source)
            rows = [{str(k): _text(v) for k, v in row.items()} for row in frame.to_dict("records")]
        elif suffix in (".jsonl", ".ndjson"):
            lines = source.read_text(encoding="utf-8-sig").splitlines()
            rows = [_json_row(line) for line in lines if line.strip()]
        else:
            rows = _csv_rows(source)
    except (csv.Error, UnicodeError, ValueError, OSError, RecursionError) as error:
        raise MediaError(f"{source} cannot be read as a table: {error}") from error
    if not rows:
        raise MediaError(f"{source} holds no rows under its header")
    return rows


def _csv_rows(source: Path) -> list[Row]:
    with source.open(encoding="utf-8-sig", newline="") as file:
        head = file.readline()
        delimiter = max(_DELIMITERS, key=lambda one: len(next(csv.reader([head], delimiter=one))))
        file.seek(0)
        reader = csv.DictReader(file, delimiter=delimiter, strict=True)
        names = [name for name in reader.fieldnames or () if name]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise csv.Error(f"two columns are called {twice!r}; rename one")
        rows = []
        for row in reader:
            if None in row or None in row.values():
                raise csv.Error(f"line {reader.line_num} has another number of cells")
            rows.append(row)
        return rows


def _json_row(line: str) -> Row:
    record = json.loads(line)
    if not isinstance(record, dict):
        raise ValueError(f"a line is a {type(record).__name__}, not an object")
    return {str(name): _text(value) for name, value in record.items()}


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def join(
    truth: Path,
    predictions: Path,
    key: Sequence[str],
    columns: Sequence[str],
    against: str | Path | None,
) -> Joined:
    """Join the tables on a key that each has once; rows without a partner are noted."""
    right, mine = read_rows(truth), read_rows(predictions)
    common = [name for name in right[0] if name in mine[0]]
    key = list(key) or common[:1]
    if not key:
        raise UnknownNameError(
            f"{truth} and {predictions} have no column in common; name the key that joins them"
        )
    tables = {truth: _by_key(truth, right, key), predictions: _by_key(predictions, mine, key)}
    if against is not None:
        tables[Path(against)] = _by_key(Path(against), read_rows(against), key)
    names = list(columns) or _default_columns([name for name in common if name not in key], truth)
    for path, rows in tables.items():
        check_columns(path, list(rows.values()), names)
    shared = [name for name in tables[truth] if all(name in rows for rows in tables.values())]
    if not shared:
        raise InvalidValueError(
            f"no {', '.join(key)} of {truth} is in {predictions}; is it the right key?"
        )
    notes = [f"joined on {', '.join(map(repr, key))}, compared {', '.join(map(repr, names))}"]
    for path, rows in tables.items():
        if left := len(rows) - len(shared):
            notes.append(f"{path}: {left} of {len(rows)} rows have no partner; left out")
    picked = [[rows[name] for name in shared] for rows in tables.values()]
    return Joined(picked[0], picked[1], picked[2] if against is not None else [], names, notes)


def _by_key(path: Path, rows: list[Row], key: Sequence[str]) -> dict[tuple[str, ...], Row]:
    check_columns(path, rows, key)
    found: dict[tuple[str, ...], Row] = {}
    for row in rows:
        place = tuple(row[name] for name in key)
        if place in found:
            raise InvalidValueError(
                f"{path}: {', '.join(key)} {', '.join(map(repr, place))} stands there twice; name "
                "columns that tell the rows apart"
            )
        found[place] = row
    return found


def _default_columns(common: list[str], truth: Path) -> list[str]:
    if "label" in common:
        return ["label"]
    if not common:
        raise UnknownNameError(
            f"{truth} and the predictions share the key only; nothing to compare"
        )
    return common


def check_columns(path: Path, rows: list[Row], names: Sequence[str]) -> None:
    """Raise :class:`UnknownNameError` for a column that is not there, with the nearest."""
    for name in names:
        if name not in rows[0]:
            raise UnknownNameError(
                f"{path} has no column {name!r}{did_you_mean(name, rows[0])} "
                f"It has: {', '.join(map(repr, rows[0]))}"
            )


def column_of(joined: Joined, name: str) -> list[str]:
    """Return a column of the truth, else of the predictions."""
    for rows in (joined.truth, joined.predicted):
        if name in rows[0]:
            return [row[name] for row in rows]
    raise UnknownNameError(
        f"no table has a column {name!r}{did_you_mean(name, joined.truth[0])} "
        f"The truth has: {', '.join(map(repr, joined.truth[0]))}"
    )


def number_of(cell: str) -> float | None:
    """Return a finite number, or None for anything else."""
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if np.isfinite(value) else None


def numbers_of(rows: list[Row], name: str) -> NDArray[np.float64]:
    """Return a column as numbers; raises :class:`InvalidValueError` for a cell that is none."""
    values = []
    for row in rows:
        value = number_of(row[name])
        if value is None:
            raise InvalidValueError(f"column {name!r}: {row[name]!r} is no finite number")
        values.append(value)
    return np.asarray(values, dtype=np.float64)
