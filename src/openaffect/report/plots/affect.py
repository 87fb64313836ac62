"""Valence and arousal on their plane, and the path over time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.types import Analysis, InvalidValueError, Timeline, Unit

from .. import lanes, page
from ..colours import FAINT, INK, PALE
from ._plot import Plot, Wanted

_STREAMS = {"face.affect": "face", "speech.affect": "voice", "text.affect": "words"}
_MOST = 6
_POINTS = 120
"""Points a path: more would be a tangle."""
_QUARTERS = (
    (0.97, 0.95, "pleasant, excited", "right"),
    (-0.97, 0.95, "unpleasant, excited", "left"),
    (0.97, -0.95, "pleasant, calm", "right"),
    (-0.97, -0.95, "unpleasant, calm", "left"),
)


def draw(wanted: Wanted) -> Any:
    """Return the figure: a plane a stream and person."""
    analysis = wanted.analysis()
    found = list(_paths(analysis, wanted.subject))
    if not found:
        raise InvalidValueError(
            f"{analysis.source} has no valence and arousal to draw; it has: "
            f"{', '.join(analysis.timelines) or 'nothing'}"
        )
    shown = found[:_MOST]
    across = min(3, len(shown))
    rows = -(-len(shown) // across)
    side = 3.9
    height = rows * (side + 0.45) + 1.25
    figure = page.sheet(height)
    hidden = "" if len(found) == len(shown) else f"{len(found) - len(shown)} more"
    page.title(figure, analysis, hidden)
    for number, (title, line) in enumerate(shown):
        left = 6.5 + (number % across - across / 2) * (side + 0.35) + 0.25
        top = height - 1.0 - (number // across) * (side + 0.45)
        axes = figure.add_axes(
            (left / 13, (top - side + 0.25) / height, (side - 0.1) / 13, (side - 0.1) / height)
        )
        _plane(axes, title)
        _path(axes, line)
    if any(line.unit is Unit.SECONDS for _, line in shown):
        text = "dark to bright: first to last; the ring is the beginning, the disc the end"
        figure.text(0.5, 0.42 / height, text, ha="center", fontsize=9, color=FAINT)
    page.foot(figure, analysis)
    return figure


def _paths(analysis: Analysis, subject: int | None) -> Iterator[tuple[str, Timeline]]:
    for name, title in _STREAMS.items():
        timeline = analysis.timelines.get(name)
        if timeline is None or not {"valence", "arousal"} <= set(timeline.scheme.labels):
            continue
        abstain = timeline.extra.get("abstain", np.zeros(len(timeline), dtype=bool))
        measured = np.isfinite(_points(timeline)).all(axis=1) & ~np.asarray(abstain, dtype=bool)
        subjects = timeline.extra.get("subject", np.full(len(timeline), -1))
        for who in np.unique(subjects):
            rows = measured & (subjects == who)
            if rows.any() and subject in (None, int(who)):
                numbered = f"{title} {who}" if len(np.unique(subjects)) > 1 else title
                yield numbered, timeline.select(rows)


def _points(timeline: Timeline) -> NDArray[np.float64]:
    columns = [timeline.column(label) for label in ("valence", "arousal")]
    return np.stack(columns, axis=1).astype(np.float64)


def _plane(axes: Any, title: str) -> None:
    from matplotlib.patches import Circle

    axes.set_xlim(-1.02, 1.02)
    axes.set_ylim(-1.02, 1.02)
    axes.set_aspect("equal")
    axes.set_facecolor(PALE)
    axes.add_patch(Circle((0, 0), 1, facecolor="white", edgecolor="none", zorder=0))
    axes.axhline(0, color=FAINT, linewidth=0.7, zorder=1)
    axes.axvline(0, color=FAINT, linewidth=0.7, zorder=1)
    for x, y, text, side in _QUARTERS:
        axes.text(x, y, text, ha=side, va="center", fontsize=7.5, color="#626b79")
    axes.set_xticks([-1, 0, 1], ["−1", "0", "1"])
    axes.set_yticks([-1, 0, 1], ["−1", "", "1"])
    axes.set_xlabel("valence", fontsize=8.5, color=FAINT, labelpad=0)
    axes.set_ylabel("arousal", fontsize=8.5, color=FAINT, labelpad=0)
    axes.tick_params(length=0, labelsize=8, colors=FAINT)
    for edge in axes.spines.values():
        edge.set_visible(False)
    axes.set_title(title, fontsize=10.5, weight="bold", color=INK, loc="left")


def _path(axes: Any, timeline: Timeline) -> None:
    """Draw the path of a recording, or a numbered point a row of anything else."""
    if timeline.unit is not Unit.SECONDS:
        for number, (x, y) in enumerate(_points(timeline)[:_POINTS], 1):
            axes.plot(x, y, "o", markersize=14, color="#33658a", alpha=0.85, zorder=3)
            axes.text(x, y, str(number), ha="center", va="center", fontsize=8, color="white",
                      zorder=4)  # fmt: skip
        return
    from matplotlib.collections import LineCollection

    line = _points(lanes.coarse(timeline, _POINTS))
    steps = np.stack([line[:-1], line[1:]], axis=1)
    path = LineCollection(list(steps), cmap="viridis", linewidths=1.6, alpha=0.9, zorder=3)
    path.set_array(np.linspace(0, 1, len(steps)))
    axes.add_collection(path)
    axes.plot(*line[0], "o", markersize=9, markerfacecolor="white", markeredgewidth=2,
              markeredgecolor="#440154", zorder=4)  # fmt: skip
    axes.plot(*line[-1], "o", markersize=9, color="#d9b310", markeredgecolor=INK, zorder=5)


PLOT = Plot("valence and arousal, with the path over time", draw)
