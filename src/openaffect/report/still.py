"""The picture of a still image: its faces boxed, each with a chart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from openaffect.types import Analysis, InvalidValueError, Kind, Timeline, VideoFrame

from . import page
from .colours import FAINT, INK, emotion_colour, subject_colour
from .faces import caption, draw_picture, hide_faces, marks

_MOST_FACES = 6


def of_still(analysis: Analysis, frames: Sequence[VideoFrame], *, anonymize: bool) -> Any:
    """Return the figure of a still; ``frames`` holds the picture itself, when it is to be shown."""
    faces = analysis.timelines.get("face.emotion")
    if faces is None:
        return _of_whole(analysis)
    shown = min(len(faces), _MOST_FACES)
    height = max(5.2, 0.9 + 1.75 * shown)
    figure = page.sheet(height)
    many = f"{len(faces)} face{'' if len(faces) == 1 else 's'}"
    page.title(figure, analysis, many if shown == len(faces) else f"{many}, {shown} shown")
    picture = figure.add_axes((0.02, 0.35 / height, 0.56, 1 - 1.05 / height))
    picture.set_axis_off()
    if frames:
        image = frames[0].image
        boxes = faces.extra.get("box")
        if anonymize and boxes is not None:
            image = hide_faces(image, boxes)
        draw_picture(picture, image, marks(faces, range(len(faces))))
    if not shown:
        figure.text(0.79, 0.5, "no face found", ha="center", fontsize=13, color=FAINT)
    each = (height - 1.1) / max(shown, 1)
    for row in range(shown):
        bottom = height - 0.7 - (row + 1) * each + 0.3
        axes = figure.add_axes((0.69, bottom / height, 0.27, (each - 0.55) / height))
        bars(axes, faces, row, f"face {row}: {caption(faces.rows()[row])}", subject_colour(row))
    page.foot(figure, analysis)
    return figure


def bars(axes: Any, timeline: Timeline, row: int, title: str, colour: str = INK) -> None:
    """Draw one row's scores as horizontal bars with their values."""
    labels = timeline.scheme.labels
    values = timeline.scores[row]
    axes.barh(labels, values, color=[emotion_colour(label) for label in labels])
    axes.invert_yaxis()
    axes.set_xlim(0, 1.16)
    for place, value in enumerate(values):
        axes.text(value + 0.015, place, f"{value:.2f}", va="center", fontsize=7.5, color=INK)
    for side in ("top", "right", "bottom", "left"):
        axes.spines[side].set_visible(False)
    axes.set_xticks([])
    axes.tick_params(length=0, labelsize=8.5, colors=INK)
    axes.set_title(title, fontsize=10, weight="bold", color=colour, loc="left")


def _of_whole(analysis: Analysis) -> Any:
    """Chart the first row of the first distribution: a recogniser's answer on one item."""
    for name, timeline in analysis.timelines.items():
        if len(timeline) and timeline.scheme.kind in (Kind.CATEGORIES, Kind.MULTILABEL):
            figure = page.sheet(0.9 + 0.28 * len(timeline.scheme) + 0.6)
            page.title(figure, analysis, name)
            bars(figure.add_axes((0.2, 0.12, 0.7, 0.7)), timeline, 0, name)
            page.foot(figure, analysis)
            return figure
    raise InvalidValueError(f"the analysis of {analysis.source} found nothing that can be drawn")
