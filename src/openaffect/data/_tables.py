"""Where labelled tables are found, and reading them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from ..types import SourceNotFoundError, need


def data_root(root: str | Path | None = None) -> Path:
    """Return the folder that holds the corpora: ``root``, else ``OPENAFFECT_DATA``.

    Raises :class:`SourceNotFoundError` when neither is given or the folder is not there.
    """
    given = root or os.environ.get("OPENAFFECT_DATA")
    if not given:
        raise SourceNotFoundError(
            "no data folder is set; pass root= or set OPENAFFECT_DATA to the corpora' folder"
        )
    path = Path(given).expanduser()
    if not path.is_dir():
        raise SourceNotFoundError(f"data folder {path} does not exist")
    return path


def read_table(path: Path, columns: tuple[str, ...]) -> Any:
    """Read a parquet or CSV file as a pandas table with ``columns``, in that order.

    Raises :class:`SourceNotFoundError` when the file or a column is missing.
    """
    pandas = need("pandas", extra="tables")
    if not path.is_file():
        raise SourceNotFoundError(f"{path} does not exist; is the data folder complete?")
    reader = pandas.read_parquet if path.suffix == ".parquet" else pandas.read_csv
    table = reader(path)
    if missing := [name for name in columns if name not in table.columns]:
        raise SourceNotFoundError(
            f"{path} has no column {', '.join(missing)}; it has {', '.join(table.columns)}"
        )
    return table[list(columns)]
