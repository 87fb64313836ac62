"""The table of participants of a study, within bounds."""

from __future__ import annotations

from pathlib import Path

from openaffect.io.sources import existing_file
from openaffect.types.errors import InvalidValueError, MediaError

from .evaluate_rows import Row, check_columns, read_rows

KEYS = ("file", "participant", "subject")
"""The columns that a study reads; all others it hands on."""
RESERVED = frozenset(
    {"counted", "stream", "start", "end", "seconds", "unsure", "label", "value", "people"}
    | {"valence", "arousal"}
)
"""Names of a study's own columns, which the table may not have too."""
_MOST_BYTES = 16 * 1024 * 1024
_MOST_COLUMNS = 500
_LONGEST_CELL = 1000  # characters


def read_participants(table: Path) -> list[Row]:
    """Return the rows of a CSV, TSV or JSON-lines table without white space around cells.

    Rows without any cell are none. Raises :class:`UnknownNameError` without the columns ``file``
    and ``participant``, :class:`InvalidValueError` for a column with the name of a study's own,
    :class:`MediaError` for a table that is damaged or beyond the bounds.
    """
    size = existing_file(table).stat().st_size
    if size > _MOST_BYTES or table.suffix.lower() == ".parquet":
        raise MediaError(
            f"{table} ({size} bytes) is no table of participants: give a CSV, TSV or JSON-lines "
            f"file of {_MOST_BYTES} bytes at most"
        )
    rows = [{k.strip(): v.strip() for k, v in row.items()} for row in read_rows(table)]
    check_columns(table, rows, KEYS[:2])
    names = rows[0].keys()
    if len(names) > _MOST_COLUMNS:
        raise MediaError(f"{table} has {len(names)} columns; give {_MOST_COLUMNS} at most")
    if own := sorted(RESERVED & names):
        raise InvalidValueError(
            f"{table}: the column {own[0]!r} has the name of one that a study makes; rename it"
        )
    for number, row in enumerate(rows, 1):
        _check(table, number, row, set(names))
    kept = [row for row in rows if any(row.values())]
    if not kept:
        raise MediaError(f"{table} holds no rows under its header")
    return kept


def _check(table: Path, number: int, row: Row, names: set[str]) -> None:
    if row.keys() != names:
        raise MediaError(f"{table}: row {number} has other columns than the first")
    for name, cell in row.items():
        if len(cell) > _LONGEST_CELL:
            raise MediaError(
                f"{table}: row {number} has {len(cell)} characters under {name!r}; give "
                f"{_LONGEST_CELL} at most"
            )
