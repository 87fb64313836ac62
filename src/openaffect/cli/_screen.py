"""What the terminal shows: tables on stdout, progress and notices on stderr."""

from __future__ import annotations

import logging
import re
import shutil
import sys
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Any

PATIENCE = 2.0
"""Seconds of work before progress is worth a line."""
_EVERY = 10.0
"""Seconds between the plain lines of progress where stderr is no terminal."""


def is_terminal() -> bool:
    """Tell whether stdout is a terminal, and so shows tables instead of tab-separated lines."""
    return sys.stdout.isatty()


def show_table(columns: Sequence[str], rows: Sequence[Sequence[Any]], *, title: str = "") -> None:
    """Print a table: drawn on a terminal, else one header line and tab-separated lines."""
    if not is_terminal():
        print_lines([columns, *rows])
        return
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title or None, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(_plain(value) for value in row))
    Console(highlight=False, markup=False).print(table)


class Flow:
    """Prints a text as it comes; on a terminal lines are broken between words."""

    def __init__(self) -> None:
        self._width = shutil.get_terminal_size().columns if is_terminal() else 0
        self._column = 0
        self._held = ""

    def __call__(self, text: str) -> None:
        """Print what has come; the last word may still grow and is printed when it has ended."""
        if not self._width:
            print(text, end="", flush=True)
            return
        *words, self._held = re.split(r"(?<=\s)(?=\S)", self._held + text)
        for word in words:
            self._put(word)
        sys.stdout.flush()

    def end(self) -> None:
        """Print what was held back."""
        self._put(self._held)
        self._held = ""
        sys.stdout.flush()

    def _put(self, word: str) -> None:
        shown = word.rstrip()
        if self._column and self._column + len(shown) > self._width:
            sys.stdout.write("\n")
            self._column = 0
        sys.stdout.write(word)
        lines = word.split("\n")
        self._column = len(lines[-1]) + (self._column if len(lines) == 1 else 0)


def print_lines(rows: Sequence[Sequence[Any]]) -> None:
    """Print tab-separated lines; a tab or line break within a value becomes a space."""
    for row in rows:
        print("\t".join(" ".join(_plain(value).split()) for value in row))


def notice(text: str) -> None:
    """Say something to the person, beside the results."""
    print(f"openaffect: {text}", file=sys.stderr)


def keep_off_terminal(name: str) -> None:
    """Keep a log's warnings from a terminal; where stderr is a file or a pipe it gets them."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler) and handler.stream.isatty():
            handler.addFilter(lambda entry: entry.name != name or entry.levelno > logging.WARNING)


def megabytes(size: float) -> str:
    """Return bytes as ``12.3 MB`` (of a million bytes each)."""
    return f"{size / 1e6:.1f} MB"


class Progress:
    """Shows how far the work is, once it has taken two seconds; a ``types.Progress``.

    Called with (what, done, total or None). On a terminal each ``what`` is a bar with an estimate
    of the time left; else a plain line comes every ten seconds. Quiet shows nothing. Leaving the
    ``with`` block clears the bars.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._started: dict[str, float] = {}
        self._spoken: dict[str, float] = {}
        self._bars: Any = None
        self._tasks: dict[str, Any] = {}

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.pause()

    def pause(self) -> None:
        """Clear the bars, so that something else can be printed; the next call draws anew."""
        if self._bars is not None:
            self._bars.stop()
            self._bars = None
            self._tasks.clear()

    def __call__(self, what: str, done: float, total: float | None) -> None:
        """Take note of the progress and show it when it is time."""
        now = time.monotonic()
        begun = self._started.setdefault(what, now)
        if self._quiet or now - begun < PATIENCE:
            return
        if sys.stderr.isatty():
            self._draw(what, done, total)
        elif now - self._spoken.get(what, begun - _EVERY) >= _EVERY:
            self._spoken[what] = now
            notice(progress_line(what, done, total, now - begun))

    def _draw(self, what: str, done: float, total: float | None) -> None:
        if self._bars is None:
            self._bars = _bars()
            self._bars.start()
        if what not in self._tasks:
            self._tasks[what] = self._bars.add_task(what)
        self._bars.update(self._tasks[what], completed=done, total=total)


def progress_line(what: str, done: float, total: float | None, elapsed: float) -> str:
    """Return ``what: 40 %, about 12 s left``; without a known total only the time taken."""
    if not total:
        return f"{what}: {elapsed:.0f} s so far"
    left = elapsed * max(total - done, 0) / done if done else float("inf")
    estimate = f", about {left:.0f} s left" if left < float("inf") else ""
    return f"{what}: {done / total:.0%}{estimate}"


def _bars() -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as RichProgress

    return RichProgress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )


def _plain(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.3f}"
    return "" if value is None else str(value)
