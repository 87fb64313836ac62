"""Tables: a column of texts in, rows of results out."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from openaffect.types import InvalidValueError, MediaError, UnknownNameError, did_you_mean, need

from .output import atomic
from .sources import existing_file

Row = Mapping[str, Any]

_DELIMITERS = (",", ";", "\t")
_JSON_LINES = frozenset({".jsonl", ".ndjson"})
_LONGEST_LINE = 64 * 1024 * 1024


def read_column(path: str | Path, column: str) -> Iterator[tuple[int, str]]:
    """Yield (row number from 0, text) of one column of a CSV, TSV or JSON-lines file, streaming.

    JSON lines are known by the suffix ``.jsonl`` or ``.ndjson``; a CSV's delimiter is the comma,
    semicolon or tab under which its first line has the column. A number becomes its text, a
    missing cell or null the empty text.

    Raises
    ------
    UnknownNameError
        when there is no such column.
    MediaError
        when the file is empty, not UTF-8, or a row cannot be read; the message names the line.
    """
    source = existing_file(path)
    if source.suffix.lower() in _JSON_LINES:
        return _json_column(source, column)
    return _csv_column(source, column)


def write_csv(path: str | Path, rows: Iterable[Row], columns: Sequence[str] | None = None) -> Path:
    """Write rows as UTF-8 CSV with a header, streaming, whole or not at all.

    ``columns`` gives the header; by default the keys of the first row. A NaN or ``None`` is an
    empty cell. Raises :class:`InvalidValueError` for a row with other keys,
    :class:`OutputError` when the place cannot be written.
    """
    header, rows = _header(rows, columns)
    with atomic(path) as file:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
        writer = csv.writer(text, lineterminator="\n")
        if header:
            writer.writerow(header)
        for number, row in enumerate(rows):
            _check_keys(row, header, number)
            writer.writerow([_cell(row.get(name)) for name in header])
        text.flush()
        text.detach()
    return Path(path)


def write_jsonl(path: str | Path, rows: Iterable[Row]) -> Path:
    """Write one JSON object a line, streaming, whole or not at all; a NaN becomes ``null``.

    Raises :class:`InvalidValueError` for a value that is no JSON, :class:`OutputError` when the
    place cannot be written.
    """
    with atomic(path) as file:
        for row in rows:
            file.write(_json(row).encode("utf-8") + b"\n")
    return Path(path)


def write_json(path: str | Path, value: Any) -> Path:
    """Write a value as indented JSON, whole or not at all; raises as :func:`write_jsonl`."""
    with atomic(path) as file:
        file.write(_json(value, indent=1).encode("utf-8") + b"\n")
    return Path(path)


def write_parquet(
    path: str | Path, rows: Iterable[Row], columns: Sequence[str] | None = None
) -> Path:
    """Write rows as Parquet, whole or not at all; a column with any text in it becomes text.

    Raises :class:`MissingDependencyError` without the extra ``tables``, and as
    :func:`write_csv`.
    """
    arrow = need("pyarrow", extra="tables")
    parquet = need("pyarrow.parquet", extra="tables")
    header, rows = _header(rows, columns)
    values: dict[str, list[Any]] = {name: [] for name in header}
    for number, row in enumerate(rows):
        _check_keys(row, header, number)
        for name in header:
            values[name].append(_plain(row.get(name)))
    table = arrow.table({name: _one_type(cells) for name, cells in values.items()})
    with atomic(path) as file:
        parquet.write_table(table, file)
    return Path(path)


def _csv_column(source: Path, column: str) -> Iterator[tuple[int, str]]:
    with source.open(encoding=_encoding(source), newline="") as file:
        try:
            header, delimiter = _csv_header(file.readline(_LONGEST_LINE), column, source)
            place = header.index(column)
            reader = csv.reader(file, delimiter=delimiter)
            for number, row in enumerate(filter(None, reader)):
                yield number, row[place] if place < len(row) else ""
        except csv.Error as error:
            raise MediaError(f"{source}: line {reader.line_num + 1}: {error}") from error
        except UnicodeError as error:
            raise MediaError(_not_utf8(source, error)) from error


def _csv_header(line: str, column: str, source: Path) -> tuple[list[str], str]:
    headers = [(next(csv.reader([line], delimiter=d), []), d) for d in _DELIMITERS]
    for header, delimiter in headers:
        if column in header:
            return header, delimiter
    widest = max((header for header, _ in headers), key=len)
    raise _no_column(source, column, widest)


def _json_column(source: Path, column: str) -> Iterator[tuple[int, str]]:
    row = 0
    with source.open(encoding=_encoding(source), newline="\n") as file:
        try:
            for number in range(1, 1 << 62):
                line = file.readline(_LONGEST_LINE)
                if not line:
                    return
                if line.strip():
                    yield row, _json_cell(line, column, source, number)
                    row += 1
        except UnicodeError as error:
            raise MediaError(_not_utf8(source, error)) from error


def _json_cell(line: str, column: str, source: Path, number: int) -> str:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise MediaError(f"{source}: line {number} is no JSON: {error}") from error
    if not isinstance(record, dict):
        raise MediaError(f"{source}: line {number} is a {type(record).__name__}, not an object")
    if column not in record:
        raise _no_column(source, column, list(record), f" in line {number}")
    value = record[column]
    if isinstance(value, dict | list):
        raise MediaError(
            f"{source}: line {number}: {column!r} holds a {type(value).__name__}, not a text"
        )
    return "" if value is None else str(value)


def _no_column(
    source: Path, column: str, header: Sequence[str], where: str = ""
) -> UnknownNameError:
    return UnknownNameError(
        f"{source} has no column {column!r}{where}{did_you_mean(column, header)} "
        f"It has: {', '.join(map(repr, header[:50])) or 'none'}"
    )


def _encoding(source: Path) -> str:
    with source.open("rb") as file:
        mark = file.read(2)
    return "utf-16" if mark in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"


def _not_utf8(source: Path, error: UnicodeError) -> str:
    return f"{source} is not valid text: {error}; save it as UTF-8"


def _header(rows: Iterable[Row], columns: Sequence[str] | None) -> tuple[list[str], Iterable[Row]]:
    if columns is not None:
        return list(columns), rows
    rest = iter(rows)
    first = next(rest, None)
    return ([], ()) if first is None else (list(first), chain([first], rest))


def _check_keys(row: Row, header: Sequence[str], number: int) -> None:
    if unknown := [name for name in row if name not in header]:
        raise InvalidValueError(
            f"row {number} has {unknown}, which the header {list(header)} has not"
        )


def _cell(value: Any) -> Any:
    plain = _plain(value)
    if isinstance(plain, dict | list):
        return _json(plain)
    return "" if plain is None else plain


def _plain(value: Any) -> Any:
    """Return JSON's own types for NumPy's, paths, tuples and mappings; ``None`` for no number."""
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "tolist") and hasattr(value, "dtype"):
        return _plain(value.tolist())
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _json(value: Any, indent: int | None = None) -> str:
    try:
        text = json.dumps(_plain(value), ensure_ascii=False, allow_nan=False, indent=indent)
    except (TypeError, ValueError) as error:
        raise InvalidValueError(f"a value cannot be written as JSON: {error}") from error
    return text.encode("utf-8", "replace").decode("utf-8")


def _one_type(cells: list[Any]) -> list[Any]:
    if any(isinstance(cell, str) for cell in cells):
        return [None if cell is None else str(cell) for cell in cells]
    return cells
