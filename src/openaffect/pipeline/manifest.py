"""What became of each item of a batch: one JSON line an item, in the folder of the results."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from openaffect.types.errors import OutputError

NAME = "manifest.jsonl"


@dataclass(frozen=True, slots=True)
class Record:
    """One item's fate.

    key: path, size, time of change and options in one digest, see :func:`item_key`.
    source: the item as named.
    status: ``done`` or ``failed``.
    files: names of the files written, relative to the manifest's folder.
    error: why it failed, in a sentence; ``error_type`` the error's class.
    warnings, summary: those of the analysis.
    """

    key: str
    source: str
    status: str
    files: tuple[str, ...] = ()
    error: str = ""
    error_type: str = ""
    warnings: tuple[str, ...] = ()
    summary: tuple[dict[str, Any], ...] = ()


class Manifest:
    """The records of a folder; appended to as items end.

    With ``fresh`` an older manifest is dropped. A last line torn by a crash is dropped too.
    Raises :class:`OutputError` when the folder cannot be written.
    """

    def __init__(self, folder: Path, *, fresh: bool) -> None:
        self._path = folder / NAME
        self._records: dict[str, Record] = {} if fresh else _records(self._path)
        self._rewrite(list(self._records.values()))

    def done(self, key: str) -> Record | None:
        """Return the record of an item that was done and whose files are all still there."""
        record = self._records.get(key)
        if record is None or record.status != "done":
            return None
        there = all((self._path.parent / name).is_file() for name in record.files)
        return record if there else None

    def add(self, record: Record) -> None:
        """Write down what became of an item; on disk when this returns."""
        self._records[record.key] = record
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(_line(record))
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise _unwritable(self._path, error) from error

    def settle(self, keys: Sequence[str]) -> None:
        """Put the records of ``keys`` last and in that order, one a key."""
        ordered = [self._records[key] for key in dict.fromkeys(keys) if key in self._records]
        chosen = set(keys)
        self._rewrite([r for key, r in self._records.items() if key not in chosen] + ordered)

    def _rewrite(self, records: list[Record]) -> None:
        partial = self._path.with_name(NAME + ".partial")
        try:
            partial.write_text("".join(map(_line, records)), encoding="utf-8")
            partial.replace(self._path)
        except OSError as error:
            raise _unwritable(self._path, error) from error


def read_manifest(folder: Path) -> list[Record]:
    """Return the records of a folder of results, oldest first; none where it has no manifest."""
    return list(_records(folder / NAME).values())


def item_key(source: str, path: Path | None, options: str) -> str:
    """Return a digest of what decides an item's result.

    A file counts by its absolute path, size and time of change; text by itself.
    """
    parts = [source, options]
    if path is not None:
        facts = path.stat()
        parts = [str(path.resolve()), str(facts.st_size), str(facts.st_mtime_ns), options]
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _line(record: Record) -> str:
    return json.dumps(asdict(record), sort_keys=True) + "\n"


def _records(path: Path) -> dict[str, Record]:
    try:
        text = path.read_text("utf-8", errors="replace")
    except FileNotFoundError:
        return {}
    records = {}
    for line in text.split("\n"):
        try:
            record = Record(**json.loads(line))
            records[record.key] = replace(
                record,
                files=tuple(map(str, record.files)),
                warnings=tuple(record.warnings),
                summary=tuple(record.summary),
            )
        except (ValueError, TypeError, RecursionError):
            continue
    return records


def _unwritable(path: Path, error: OSError) -> OutputError:
    return OutputError(
        f"{path} cannot be written: {error.strerror or error}; give a folder that you may write to "
        "on a disk with space"
    )
