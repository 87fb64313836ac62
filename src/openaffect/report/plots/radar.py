"""Mean scores of each stream and person, as a figure with a corner an emotion."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.pipeline.primary import to_primary
from openaffect.types import Analysis, InvalidValueError
from openaffect.types.schemes import PRIMARY8

from .. import page
from ..colours import FAINT, INK, SUBJECT_COLOURS
from ._plot import Plot, Wanted

_STREAMS = {
    "face.emotion": "face",
    "speech.emotion": "voice",
    "text.emotion": "words",
    "fused.emotion": "together",
}
_MOST = len(SUBJECT_COLOURS)


def draw(wanted: Wanted) -> Any:
    """Return the figure: one outline a stream and person, over the labels of ``primary8``."""
    analysis = wanted.analysis()
    found = list(_means(analysis, wanted.subject))
    if not found:
        raise InvalidValueError(f"{analysis.source} has no emotion that could be averaged")
    height = 6.6
    figure = page.sheet(height)
    hidden = f"{len(found) - _MOST} more" if len(found) > _MOST else ""
    page.title(figure, analysis, hidden)
    axes = figure.add_axes((0.24, 0.1, 0.52, 0.76), projection="polar")
    angles = np.arange(len(PRIMARY8)) * 2 * np.pi / len(PRIMARY8)
    axes.set_theta_offset(np.pi / 2)
    axes.set_theta_direction(-1)
    highest = max(float(means.max()) for _, means in found[:_MOST])
    drawn = zip(found, SUBJECT_COLOURS, strict=False)
    for number, ((title, means), colour) in enumerate(drawn):
        width = 4.5 - 3 * number / _MOST  # one that lies under another shows on both sides of it
        closed = np.append(means, means[0])
        axes.plot(np.append(angles, 0), closed, color=colour, linewidth=width, label=title)
        axes.fill(np.append(angles, 0), closed, color=colour, alpha=0.10)
    ceiling = np.ceil(10 * highest) / 10
    axes.set_ylim(0, ceiling)
    ticks = np.linspace(0, ceiling, 5)[1:]
    axes.set_yticks(ticks, [f"{tick:.0%}" for tick in ticks], fontsize=8, color=FAINT)
    axes.set_rlabel_position(22.5)
    axes.set_xticks(angles, PRIMARY8.labels, fontsize=10.5, color=INK)
    axes.tick_params(axis="x", pad=14)
    axes.spines["polar"].set_color("#c9ced6")
    axes.grid(color="#dde1e7")
    axes.legend(loc="center left", bbox_to_anchor=(1.25, 0.5), frameon=False, fontsize=10)
    figure.text(0.02, 0.5, "mean score of\nall rows that\nare sure", fontsize=9, color=FAINT)
    page.foot(figure, analysis)
    return figure


def _means(analysis: Analysis, subject: int | None) -> Iterator[tuple[str, NDArray[np.float64]]]:
    for name, title in _STREAMS.items():
        timeline = analysis.timelines.get(name)
        if timeline is None or not len(timeline):
            continue
        shares = to_primary(timeline).probabilities
        abstain = timeline.extra.get("abstain", np.zeros(len(timeline), dtype=bool))
        sure = ~np.asarray(abstain, dtype=bool)
        subjects = timeline.extra.get("subject", np.full(len(timeline), -1))
        people = np.unique(subjects)
        for who in people:
            rows = sure & (subjects == who)
            if rows.any() and subject in (None, int(who)):
                named = f"{title}, person {who}" if len(people) > 1 and who >= 0 else title
                yield named, shares[rows].mean(axis=0)


PLOT = Plot("mean scores of each stream and person", draw)
