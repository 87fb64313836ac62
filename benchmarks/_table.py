"""Where a benchmark's table goes."""

from __future__ import annotations

from pathlib import Path


def publish(table: str, out: Path | None) -> None:
    """Print a table, and write it to a file where one is named."""
    print(table, end="")
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(table, encoding="utf-8")
