"""One input of a batch, and what becomes of it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openaffect.types.analysis import Analysis
from openaffect.types.errors import OpenAffectError
from openaffect.types.protocols import Progress

from .outputs import untimed, write_outputs
from .summary import summarize

WORK = ".work"
"""The folder of unfinished work, inside the folder of the results."""
_log = logging.getLogger(__name__)

Analyze = Callable[..., Analysis]
"""Called with (source, work=, progress=): an ``Analyzer``, or what stands in for one."""


@dataclass(frozen=True, slots=True)
class Task:
    """One input with where its results go.

    key: what decides the result; name: the stem of its files; out: their folder, or ``None``.
    """

    source: str | Path
    key: str
    name: str
    out: Path | None = None
    formats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one input.

    source: the input as named.
    status: ``done``, ``failed``, or ``skipped`` when an earlier run had done it.
    files: the files written.
    error: why it failed, in a sentence; ``error_type`` the error's class.
    warnings: those of the analysis.
    summary: :func:`~openaffect.pipeline.summary.summarize` of the analysis.
    analysis: the analysis itself where no folder for results was given, else ``None``.
    """

    source: str
    status: str
    files: tuple[Path, ...] = ()
    error: str = ""
    error_type: str = ""
    warnings: tuple[str, ...] = ()
    summary: tuple[dict[str, Any], ...] = ()
    analysis: Analysis | None = None


def perform(task: Task, analyze: Analyze, progress: Progress) -> Outcome:
    """Analyse one input and write its results; an error becomes a failed outcome."""
    work = None if task.out is None else task.out / WORK / task.name
    try:
        analysis = analyze(task.source, work=work, progress=progress)
        files: tuple[Path, ...] = ()
        passed: tuple[str, ...] = ()
        if task.out is not None:
            names = write_outputs(analysis, task.out, task.name, task.formats)
            files = tuple(task.out / name for name in names)
            passed = tuple(
                f"{name} is left out: it needs times in seconds, and this has none"
                for name in untimed(analysis, task.formats)
            )
            _remove(task.out / WORK, task.name)
    except OpenAffectError as error:
        return _failed(task, str(error), error)
    except Exception as error:  # one bad item never stops the others
        _log.warning("%s failed unexpectedly", task.source, exc_info=True)
        return _failed(task, f"unexpected {type(error).__name__}: {error}", error)
    return Outcome(
        source=str(task.source),
        status="done",
        files=files,
        warnings=(*analysis.warnings, *passed),
        summary=tuple(summarize(analysis)),
        analysis=analysis if task.out is None else None,
    )


def _failed(task: Task, message: str, error: Exception) -> Outcome:
    return Outcome(
        source=str(task.source), status="failed", error=message, error_type=type(error).__name__
    )


def _remove(folder: Path, name: str) -> None:
    """Remove an item's unfinished work, and the folder of all of it once it is empty."""
    import shutil

    shutil.rmtree(folder / name, ignore_errors=True)
    try:
        folder.rmdir()
    except OSError:
        return
