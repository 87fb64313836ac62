"""One picture of one analysis: over time, of a still, or of a text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openaffect.types import Analysis, InvalidValueError, OutputError, Unit, VideoFrame, need

if TYPE_CHECKING:
    from openaffect.models.registry import Registry

    from .plots._plot import Wanted

_STAGE = "plots"


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
    return save_figure(lambda: analysis_figure(analysis, frames, anonymize=anonymize), path)


def plot(kind: str, wanted: Wanted, path: str | Path) -> Path:
    """Draw a result as one of :func:`plot_kinds` into an image file and return its path.

    The suffix of ``path`` chooses the format: .png, .svg or .pdf. Raises
    :class:`UnknownNameError` for another kind, and as :func:`timeline_picture`.
    """
    chosen = _registry().implementation(_STAGE, kind)
    return save_figure(lambda: chosen.draw(wanted), path)


def plot_kinds() -> tuple[str, ...]:
    """Return the kinds of plots: the files of the folder ``plots``, and plug-ins'."""
    return _registry().names(_STAGE)


def plot_titles() -> dict[str, str]:
    """Return what each kind of plot shows, for a person, by name."""
    return {kind: found.title for kind, found in _registry().every(_STAGE).items()}


def save_figure(make: Callable[[], Any], path: str | Path) -> Path:
    """Write the figure that ``make`` makes, and return its path.

    Raises :class:`OutputError` when it cannot be written, :class:`MissingDependencyError` without
    matplotlib (extra ``report``).
    """
    need("matplotlib", extra="report")
    from . import page

    target = Path(path)
    if not target.suffix:
        raise OutputError(f"cannot write the picture {target}: end its name in .png, .svg or .pdf")
    with page.drawing():
        figure = make()
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            figure.savefig(target, dpi=110, facecolor="white")
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise OutputError(f"cannot write the picture {target}: {reason}") from error
    return target


def analysis_figure(analysis: Analysis, frames: Sequence[VideoFrame], *, anonymize: bool) -> Any:
    """Return the figure of an analysis: over time, of a still, or of a text."""
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


def _registry() -> Registry:
    from openaffect.models.registry import Registry

    return Registry({_STAGE: "openaffect.report.plots"})
