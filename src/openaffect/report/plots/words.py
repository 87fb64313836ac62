"""What each word counts for the strongest emotion of its sentence."""

from __future__ import annotations

from typing import Any

import numpy as np

from openaffect.pipeline.notes import Notes
from openaffect.types import InvalidValueError, Timeline, WeightsUnavailableError

from .. import page
from ..colours import FAINT, INK
from ._plot import Plot, Wanted, timeline_of

_MOST = 12
_LINE = 96
"""Characters a line of words."""


def draw(wanted: Wanted) -> Any:
    """Return the figure: the sentences, each word on the colour of what it counts.

    The recogniser is asked again with each word left out.
    """
    analysis = wanted.analysis()
    moods = timeline_of(analysis, "text.emotion", "words")
    texts = moods.extra.get("text")
    if texts is None:
        raise InvalidValueError(f"{analysis.source}: its text.emotion does not hold the sentences")
    notes = Notes()
    parts = wanted.models("text").words(notes)
    reader: Any = None if parts is None else parts.recognizers.get("text.emotion")
    if reader is None:
        raise WeightsUnavailableError(". ".join(notes.warnings))
    if not hasattr(reader, "attribute"):
        raise InvalidValueError(f"{reader.card.name} cannot tell what its words count")
    shown = min(len(moods), _MOST)
    found = []
    for row in range(shown):
        label = wanted.label or moods.best()[row]
        found.append(
            (label, float(moods.column(label)[row]), reader.attribute(str(texts[row]), label))
        )
        wanted.progress("words", row + 1, shown)
    lines = [_broken(gain) for _, _, gain in found]
    height = 1.5 + 0.34 * sum(map(len, lines)) + 0.14 * shown
    figure = page.sheet(height)
    count = f"{len(moods)} sentence{'' if len(moods) == 1 else 's'}"
    page.title(figure, analysis, count if shown == len(moods) else f"{count}, the first {shown}")
    axes = figure.add_axes((0.02, 0.75 / height, 0.96, 1 - 1.4 / height))
    axes.set_axis_off()
    axes.set_xlim(0, 130)
    rows = sum(map(len, lines)) + 0.4 * shown
    axes.set_ylim(rows, 0)
    limit = max(max(float(np.abs(gain.scores).max(initial=0)) for _, _, gain in found), 1e-6)
    top = 0.0
    for (label, score, gain), broken in zip(found, lines, strict=True):
        axes.text(0, top + 0.5, f"{label} {score:.2f}", fontsize=10, weight="bold", color=INK,
                  va="center")  # fmt: skip
        for words in broken:
            _words(axes, gain, words, top + 0.5, limit)
            top += 1
        top += 0.4
    _key(figure, limit, height)
    page.foot(figure, analysis)
    return figure


def _broken(gain: Timeline) -> list[list[int]]:
    """Return the words of each line, by row."""
    lines: list[list[int]] = [[]]
    used = 0
    for row, word in enumerate(gain.extra["text"]):
        size = min(len(word), _LINE) + 1
        if used + size > _LINE and lines[-1]:
            lines.append([])
            used = 0
        lines[-1].append(row)
        used += size
    return lines


def _words(axes: Any, gain: Timeline, rows: list[int], at: float, limit: float) -> None:
    from matplotlib import colormaps

    colours = colormaps["RdBu_r"]
    left = 24.0
    for row in rows:
        word = page.cut(str(gain.extra["text"][row]), _LINE)
        value = float(gain.scores[row, 0])
        wide = 1.02 * len(word) + 1.0
        axes.barh(at, wide - 0.25, 0.86, left=left, color=colours(0.5 + 0.5 * value / limit))
        ink = "white" if abs(value) > 0.6 * limit else INK
        axes.text(left + wide / 2 - 0.12, at, word, ha="center", va="center", fontsize=9.5,
                  color=ink, family="monospace")  # fmt: skip
        left += wide


def _key(figure: Any, limit: float, height: float) -> None:
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    scale = figure.add_axes((0.36, 0.45 / height, 0.28, 0.09 / height))
    mapped = ScalarMappable(Normalize(-limit, limit), "RdBu_r")
    figure.colorbar(
        mapped, cax=scale, orientation="horizontal", ticks=[-limit, 0, limit], format="%.2f"
    )
    scale.tick_params(labelsize=7.5, colors=FAINT, length=0, pad=3)
    scale.set_xlabel("")
    figure.text(0.35, 0.495 / height, "score lost without the word", ha="right", va="center",
                fontsize=8.5, color=FAINT)  # fmt: skip


PLOT = Plot("what each word counts", draw)
