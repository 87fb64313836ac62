"""The picture of a recording: frames above, lanes over time below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from openaffect.types import Analysis, InvalidValueError, Timeline, VideoFrame

from . import lanes, page
from .colours import EMOTION_COLOURS, FAINT
from .faces import draw_picture, marks, rows_at

_MOST_PEOPLE = 3

Lane = tuple[str, float, Callable[[Any], None]]
"""A lane's name, its height in inches, and what draws it."""


def over_time(analysis: Analysis, frames: Sequence[VideoFrame]) -> Any:
    """Return the figure of a video or a recording."""
    until = _duration(analysis)
    drawn = _lanes(analysis, until)
    if not drawn:
        raise InvalidValueError(
            f"the analysis of {analysis.source} has no emotion to draw over time"
        )
    strip = 1.75 if frames else 0.0
    gap, head, foot = 0.12, 0.6, 0.98
    height = head + strip + sum(lane[1] + gap for lane in drawn) + foot
    figure = page.sheet(height)
    page.title(figure, analysis, f"{until:.1f} s" if until < 120 else lanes.clock(until))
    if frames:
        _frame_strip(figure, analysis, frames, (height - head - strip) / height, strip / height)
    top = height - head - strip
    for name, tall, draw in drawn:
        axes = figure.add_axes((0.11, (top - tall) / height, 0.80, tall / height))
        lanes.style(axes, name, until)
        draw(axes)
        top -= tall + gap
    axes.tick_params(axis="x", labelbottom=True)
    axes.xaxis.set_major_formatter(lanes.clock)
    axes.set_xlabel(
        "seconds" if until < 120 else "minutes:seconds", fontsize=9, color=FAINT, labelpad=2
    )
    page.legend(figure, _labels_in(analysis), 0.38)
    page.foot(figure, analysis)
    return figure


def _duration(analysis: Analysis) -> float:
    ends = [float(line.span[:, 1].max()) for line in analysis.timelines.values() if len(line)]
    ends += [
        float(line.coverage.max()) for line in analysis.timelines.values() if line.coverage.size
    ]
    return max([float(analysis.facts.get("duration", 0.0)), *ends, 0.1])


def _labels_in(analysis: Analysis) -> list[str]:
    """Return the labels that the lanes use, in the order of the colour table."""
    used: set[str] = set()
    for name in ("face.emotion", "speech.emotion", "text.ekman", "fused.emotion"):
        if name in analysis.timelines:
            used.update(analysis.timelines[name].scheme.labels)
    return [label for label in EMOTION_COLOURS if label in used]


def _lanes(analysis: Analysis, until: float) -> list[Lane]:
    """Return the lanes of what the analysis holds, top to bottom: seen, heard, said, fused."""
    lines = analysis.timelines
    drawn: list[Lane] = []
    if "face.emotion" in lines:
        drawn += _face_lanes(lines["face.emotion"])
    if len(lines.get("face.affect", ())) and _subjects(lines["face.affect"]) < 2:
        drawn.append(
            ("face\nvalence,\narousal", 0.75, partial(lanes.lines, timeline=lines["face.affect"]))
        )
    if "speech.emotion" in lines:
        drawn.append(("voice", 0.95, partial(lanes.stack, timeline=lines["speech.emotion"])))
    elif "speech.activity" in lines:
        drawn.append(("speech", 0.4, partial(lanes.activity, timeline=lines["speech.activity"])))
    if "speech.transcript" in lines:
        mood = lines.get("text.ekman")
        drawn.append(
            (
                "words",
                0.75,
                partial(lanes.words, spoken=lines["speech.transcript"], mood=mood, until=until),
            )
        )
    if "fused.emotion" in lines:
        drawn.append(
            (
                "all\ntogether",
                0.95,
                partial(lanes.stack, timeline=_one_a_time(lines["fused.emotion"])),
            )
        )
    return drawn


def _subjects(timeline: Timeline) -> int:
    return len(np.unique(timeline.extra.get("subject", np.zeros(len(timeline)))))


def _face_lanes(timeline: Timeline) -> list[Lane]:
    """Return one lane a person, for those seen most."""
    subjects = timeline.extra.get("subject")
    if subjects is None or len(np.unique(subjects)) < 2:
        return [("face", 1.1, partial(lanes.stack, timeline=timeline))]
    found, counts = np.unique(subjects, return_counts=True)
    most = sorted(found[np.argsort(-counts, kind="stable")][:_MOST_PEOPLE].tolist())
    hidden = len(found) - len(most)
    drawn: list[Lane] = [
        (f"face {who}", 0.8, partial(lanes.stack, timeline=timeline.select(subjects == who)))
        for who in most
    ]
    if hidden:
        name, tall, draw = drawn[-1]
        drawn[-1] = (f"{name}\n({hidden} more)", tall, draw)
    return drawn


def _one_a_time(fused: Timeline) -> Timeline:
    """Average the rows that share a span: several people at one time become one stack."""
    starts, cell = np.unique(fused.span[:, 0], return_inverse=True)
    if len(starts) == len(fused):
        return fused
    scores = np.zeros((len(starts), len(fused.scheme)))
    np.add.at(scores, cell, fused.scores)
    counts = np.bincount(cell)[:, None]
    first = np.unique(cell, return_index=True)[1]
    return Timeline(
        scheme=fused.scheme,
        scores=(scores / counts).astype(np.float32),
        span=fused.span[first],
        unit=fused.unit,
        coverage=fused.coverage,
    )


def _frame_strip(
    figure: Any, analysis: Analysis, frames: Sequence[VideoFrame], bottom: float, tall: float
) -> None:
    """Show frames side by side over the lanes, with the boxes of that moment."""
    faces = analysis.timelines.get("face.emotion")
    share = 0.80 / len(frames)
    for number, frame in enumerate(frames):
        axes = figure.add_axes(
            (0.11 + number * share, bottom + 0.16 * tall, share * 0.96, tall * 0.78)
        )
        found = marks(faces, rows_at(faces, frame.time)) if faces is not None else []
        draw_picture(axes, frame.image, found, size=7.5)
        axes.set_anchor("C")
        axes.set_title(f"{frame.time:.1f} s", fontsize=8, color=FAINT, y=-0.16)
