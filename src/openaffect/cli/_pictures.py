"""From a result file to its picture or page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from openaffect.types import (
    Analysis,
    InvalidValueError,
    MediaError,
    Progress,
    SourceNotFoundError,
    no_progress,
)

from . import _screen


def read_json(path: Path) -> Any:
    """Read a JSON file of ours, whatever it holds."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SourceNotFoundError(f"there is no file {str(path)!r}; check the path") from error
    except (OSError, ValueError) as error:
        raise InvalidValueError(f"{path} cannot be read as JSON: {error}") from error


def read_result(path: Path) -> Analysis:
    """Read an analysis from the JSON file that ``analyze`` wrote."""
    return _analysis(path, read_json(path))


def _analysis(path: Path, data: Any) -> Analysis:
    try:
        return Analysis.from_dict(data)
    except InvalidValueError as error:
        raise InvalidValueError(
            f"{path} is no result of `openaffect analyze --format json`: {error}"
        ) from error


def draw(
    result: Path, target: Path | None = None, *, kind: str = "timeline", **choices: Any
) -> Path:
    """Draw a result file into ``target``, or beside it, and return the picture's path.

    choices: as :class:`~openaffect.report.plots._plot.Wanted` takes them.
    """
    from openaffect.pipeline.evaluation import FORMAT
    from openaffect.report.picture import plot
    from openaffect.report.plots._plot import Wanted

    data = read_json(result)
    evaluated = isinstance(data, dict) and data.get("format") == FORMAT
    wanted = Wanted(
        data if evaluated else _analysis(result, data), notice=_screen.notice, **choices
    )
    suffix = ".png" if kind == "timeline" else f".{kind}.png"
    return plot(kind, wanted, target or result.with_suffix(suffix))


def annotate(
    result: Path,
    target: Path | None,
    *,
    media: Path | None = None,
    anonymize: bool = False,
    progress: Progress = no_progress,
) -> Path:
    """Draw a result into its input, and return the new file: ``target``, or one beside the result.

    The input is ``media``, or the result's source.
    """
    from openaffect.report import annotate as drawing

    analysis = read_result(result)
    suffix = f".annotated{drawing.annotated_suffix(analysis)}"
    return drawing.annotate(
        analysis,
        media or analysis.source,
        target or result.with_suffix(suffix),
        anonymize=anonymize,
        progress=progress,
    )


def page(result: Path, target: Path, *, media: Path | None = None, anonymize: bool = False) -> Path:
    """Write a result file as a page into ``target``, with ``media`` or the result's source in it.

    Without that file the page has no player, and a notice says so.
    """
    from openaffect.report.html import html_report

    analysis = read_result(result)
    try:
        return html_report(analysis, target, media=media or analysis.source, anonymize=anonymize)
    except (MediaError, SourceNotFoundError) as error:
        _screen.notice(f"the page has no player: {error}")
        return html_report(analysis, target, anonymize=anonymize)
