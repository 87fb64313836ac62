"""From a result file to its picture or page."""

from __future__ import annotations

import json
from pathlib import Path

from openaffect.types import (
    Analysis,
    InvalidValueError,
    MediaError,
    OpenAffectError,
    Progress,
    SourceNotFoundError,
    no_progress,
)

from . import _screen


def read_result(path: Path) -> Analysis:
    """Read an analysis from the JSON file that ``analyze`` wrote."""
    try:
        return Analysis.from_dict(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise SourceNotFoundError(f"there is no file {str(path)!r}; check the path") from error
    except (OSError, ValueError, AttributeError) as error:
        raise InvalidValueError(
            f"{path} is no result of `openaffect analyze --format json`: {error}"
        ) from error


def draw(result: Path, target: Path, *, media: Path | None = None, anonymize: bool = False) -> Path:
    """Draw a result file into ``target``; frames come from ``media`` or from the result's source.

    Without that file the picture has no frames, and a notice says so.
    """
    from openaffect.report.frames import shown_frames
    from openaffect.report.picture import timeline_picture

    analysis = read_result(result)
    anonymize = anonymize or bool(analysis.facts.get("anonymize"))
    try:
        frames = shown_frames(analysis, media or analysis.source)
    except OpenAffectError as error:
        _screen.notice(f"the picture has no frames: {error}")
        frames = []
    return timeline_picture(analysis, target, anonymize=anonymize, frames=frames)


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
