"""The picture of a text: each sentence with its strongest emotions."""

from __future__ import annotations

import textwrap
from typing import Any

import numpy as np

from openaffect.types import Analysis, Timeline, mappings

from . import page
from .colours import FAINT, INK, emotion_colour, text_on

_MOST_SENTENCES = 14


def of_text(analysis: Analysis) -> Any:
    """Chart the strongest emotions of each sentence, in order."""
    name = (
        "text.emotion" if "text.emotion" in analysis.timelines else next(iter(analysis.timelines))
    )
    timeline = analysis.timelines[name]
    shown = min(len(timeline), _MOST_SENTENCES)
    height = 1.3 + 0.46 * max(shown, 1)
    figure = page.sheet(height)
    count = f"{len(timeline)} sentence{'' if len(timeline) == 1 else 's'}"
    page.title(figure, analysis, count if shown == len(timeline) else f"{count}, the first {shown}")
    axes = figure.add_axes((0.02, 0.4 / height, 0.96, 1 - 1.1 / height))
    axes.set_axis_off()
    axes.set_xlim(0, 100)
    axes.set_ylim(max(shown, 1), 0)
    for row in range(shown):
        _sentence(axes, timeline, row)
    if not shown:
        axes.text(50, 0.5, "no sentence found", ha="center", va="center", fontsize=13, color=FAINT)
    page.foot(figure, analysis)
    return figure


def _sentence(axes: Any, timeline: Timeline, row: int) -> None:
    texts = timeline.extra.get("text")
    start, end = timeline.span[row].astype(int)
    words = str(texts[row]) if texts is not None else f"characters {start} to {end}"
    axes.text(0, row + 0.5, _two_lines(words), va="center", fontsize=9.5, color=INK)
    order = np.argsort(-timeline.scores[row], kind="stable")[:3]
    for place, column in enumerate(order):
        label, value = timeline.scheme.labels[column], float(timeline.scores[row, column])
        left = 52 + 16 * place
        colour = emotion_colour(broad(label))
        axes.barh(row + 0.5, 15, 0.7, left=left, color="#f3f4f6")
        axes.barh(row + 0.5, 15 * value, 0.7, left=left, color=colour)
        ink = text_on(colour) if value > 0.6 else INK
        axes.text(
            left + 0.4, row + 0.5, f"{label} {value:.2f}", va="center", fontsize=8.5, color=ink
        )


def broad(label: str) -> str:
    """Return the basic emotion that GoEmotions' own grouping puts a fine label under."""
    groups = mappings.GOEMOTIONS_TO_EKMAN.groups
    return next((broad for broad, members in groups.items() if label in members), label)


def _two_lines(text: str) -> str:
    return "\n".join(textwrap.wrap(" ".join(text.split()), 78, max_lines=2, placeholder=" …"))
