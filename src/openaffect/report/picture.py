"""One picture of one analysis: over time, of a still, or of a text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openaffect.types import Analysis, InvalidValueError, OutputError, Unit, VideoFrame, need


def timeline_picture(
    analysis: Analysis,
    path: str | Path,
    *,
    anonymize: bool = False,
    frames: Sequence[VideoFrame] = (),
) -> Path:
    """Draw an analysis into an image file and return its path.

    Parameters
    ----------
    analysis: of a video or a recording (lanes over time), a still image (the picture beside a chart
        of each face) or a text (a chart of each sentence).
    path: where to write; the suffix chooses the format (``.png``, ``.svg``, ``.pdf``).
    anonymize: leave out the frames of a video, and hide the faces of a still.
    frames: for a video, some frames to show above the lanes; for a still, the picture itself.

    Raises
    ------
    InvalidValueError
        when the analysis has nothing that can be drawn.
    OutputError
        when the file cannot be written.
    MissingDependencyError
        when matplotlib is not installed (extra ``report``).
    """
    need("matplotlib", extra="report")
    from . import page

    target = Path(path)
    with page.drawing():
        figure = _figure(analysis, frames, anonymize=anonymize)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            figure.savefig(target, dpi=110, facecolor="white")
        except OSError as error:
            raise OutputError(
                f"cannot write the picture {target}: {error.strerror or error}"
            ) from error
    return target


def _figure(analysis: Analysis, frames: Sequence[VideoFrame], *, anonymize: bool) -> Any:
    units = {timeline.unit for timeline in analysis.timelines.values()}
    if Unit.SECONDS in units:
        from .over_time import over_time

        return over_time(analysis, () if anonymize else frames)
    if Unit.CHARACTERS in units:
        from .text import of_text

        return of_text(analysis)
    if Unit.WHOLE in units:
        from .still import of_still

        return of_still(analysis, frames, anonymize=anonymize)
    raise InvalidValueError(f"the analysis of {analysis.source} has no timeline to draw")
