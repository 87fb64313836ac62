"""The pictures of a study: shares of emotions by group, valence and arousal by group."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from openaffect.pipeline.study import Study
from openaffect.pipeline.study_groups import AFFECT, Figure, participant_means, paths

from .colours import FAINT, INK, PALE, SUBJECT_COLOURS
from .page import cut
from .picture import save_figure

_MARKS = "osD^vPX*"
_LONGEST = 28
"""Characters of a group's name."""
_FOOT = (
    "Large marks: means over participants, with 95 % bootstrap intervals where there are two or "
    "more; dots: participants. Estimates of expression, not of feeling."
)
_CROWD = 0.5
"""Share of a group's participants that have to be there for its course to be drawn."""


def study_pictures(study: Study, found: Sequence[Figure], folder: Path) -> list[Path]:
    """Draw ``shares.png`` and ``affect.png`` into a folder, what there is of them.

    Raises :class:`OutputError` when one cannot be written, :class:`MissingDependencyError` without
    matplotlib (extra ``report``).
    """
    made = []
    if study.labels:
        made.append(save_figure(lambda: _shares(study, found), folder / "shares.png"))
    if any(one.participants for one in found if one.name in AFFECT):
        made.append(save_figure(lambda: _affect(study, found), folder / "affect.png"))
    return made


def _people(count: int) -> str:
    return "1 participant" if count == 1 else f"{count} participants"


def _sheet(study: Study, found: Sequence[Figure], height: float, title: str) -> Any:
    """Return an empty figure with its title, a legend of the groups and what is drawn."""
    from matplotlib.figure import Figure as Sheet
    from matplotlib.lines import Line2D

    figure = Sheet(figsize=(11.0, height))
    figure.text(0.02, 1 - 0.3 / height, title, fontsize=14, weight="bold", color=INK, va="center")
    most = dict.fromkeys(study.groups(), 0)
    for one in found:
        most[one.group] = max(most[one.group], one.participants)
    handles = [
        Line2D([], [], marker=_MARKS[n], color=SUBJECT_COLOURS[n % 6], linestyle="none",
               label=f"{cut(group, _LONGEST)} ({_people(most[group])})")
        for n, group in enumerate(most)
    ]  # fmt: skip
    figure.legend(handles=handles, loc="center", bbox_to_anchor=(0.5, 0.5 / height),
                  ncols=min(4, len(handles)), frameon=False, fontsize=9)  # fmt: skip
    figure.text(0.02, 0.14 / height, _FOOT, fontsize=7.5, color=FAINT, va="center")
    return figure


def _shares(study: Study, found: Sequence[Figure]) -> Any:
    from matplotlib.ticker import PercentFormatter

    names = [*study.labels, "unsure"]
    groups = study.groups()
    step = 0.8 / len(groups)
    height = max(3.2, len(names) * max(0.42, 0.19 * len(groups)) + 1.9)
    figure = _sheet(study, found, height, f"Share of time per emotion, {study.stream}")
    axes = figure.add_axes((0.13, 1.25 / height, 0.84, (height - 1.85) / height))
    columns = {name: "unsure" if name == "unsure" else f"share_{name}" for name in names}
    dots = _dots(study, list(columns.values()))
    for number, name in enumerate(names):
        if number % 2 == 0:
            axes.axhspan(number - 0.5, number + 0.5, color=PALE, zorder=0)
        for place, group in enumerate(groups):
            at = number + (place - (len(groups) - 1) / 2) * step
            _mark(axes, _of(found, group, name), place, at - 0.1 * step)
            points = dots.get((group, columns[name]), [])
            below = [at + 0.3 * step] * len(points)
            axes.plot(points, below, ".", color=SUBJECT_COLOURS[place % 6],
                      alpha=0.5, markersize=5, markeredgewidth=0, zorder=2)  # fmt: skip
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_yticks(range(len(names)), names)
    axes.set_xlim(left=0)
    axes.tick_params(axis="y", pad=9)
    axes.xaxis.set_major_formatter(PercentFormatter(1.0))
    axes.set_xlabel(
        "of the time not abstained from; unsure: of all the time", fontsize=9, color=FAINT
    )
    _clean(axes)
    return figure


def _mark(axes: Any, one: Figure | None, place: int, at: float) -> None:
    """Draw a mean with its interval across."""
    if one is None or not one.participants:
        return
    colour = SUBJECT_COLOURS[place % 6]
    if math.isfinite(one.low):
        axes.plot([one.low, one.high], [at, at], color=colour, linewidth=2.2, zorder=3,
                  solid_capstyle="butt")  # fmt: skip
    axes.plot(
        [one.mean], [at], _MARKS[place], color=colour, markersize=6.5, zorder=4, clip_on=False
    )


def _affect(study: Study, found: Sequence[Figure]) -> Any:
    height = 6.2
    title = f"Valence and arousal, {study.affect}"
    figure = _sheet(study, found, height, title)
    side = 4.1
    courses = paths(study)
    left = 0.075 if courses else 0.5 - side / 22
    _plane(figure.add_axes((left, 1.25 / height, side / 11, side / height)), study, found)
    if courses:
        tall = (side - 0.35) / 2
        for number, name in enumerate(AFFECT):
            bottom = 1.25 + (1 - number) * (tall + 0.35)
            axes = figure.add_axes((0.54, bottom / height, 0.43, tall / height))
            _course(axes, study, found, courses, number)
            axes.set_ylabel(name, fontsize=9, color=FAINT)
            axes.tick_params(labelbottom=number == 1)
        unit = "minutes" if _divisor(courses) > 1 else "seconds"
        axes.set_xlabel(
            f"{unit}; drawn while at least half of a group's participants are there",
            fontsize=9, color=FAINT,
        )  # fmt: skip
    return figure


def _plane(axes: Any, study: Study, found: Sequence[Figure]) -> None:
    dots = _dots(study, list(AFFECT), paired=True)
    axes.axhline(0, color=FAINT, linewidth=0.7, zorder=1)
    axes.axvline(0, color=FAINT, linewidth=0.7, zorder=1)
    for place, group in enumerate(study.groups()):
        colour = SUBJECT_COLOURS[place % 6]
        axes.plot(dots.get((group, "valence"), []), dots.get((group, "arousal"), []), ".",
                  color=colour, alpha=0.4, markersize=7, markeredgewidth=0, zorder=2)  # fmt: skip
        across, up = (_of(found, group, name) for name in AFFECT)
        if across is None or up is None or not across.participants:
            continue
        if math.isfinite(across.low):
            axes.plot([across.low, across.high], [up.mean] * 2, color=colour, linewidth=2, zorder=3)
            axes.plot([across.mean] * 2, [up.low, up.high], color=colour, linewidth=2, zorder=3)
        axes.plot(across.mean, up.mean, _MARKS[place], color=colour, markersize=8, zorder=4)
    axes.set_xlim(-1, 1)
    axes.set_ylim(-1, 1)
    axes.set_xticks([-1, -0.5, 0, 0.5, 1])
    axes.set_yticks([-1, -0.5, 0, 0.5, 1])
    axes.set_aspect("equal")
    axes.set_xlabel("valence", fontsize=9, color=FAINT)
    axes.set_ylabel("arousal", fontsize=9, color=FAINT)
    _clean(axes)


def _course(
    axes: Any, study: Study, found: Sequence[Figure], courses: Mapping[str, Any], column: int
) -> None:
    for place, group in enumerate(study.groups()):
        whole = _of(found, group, AFFECT[column])
        if group not in courses or whole is None:
            continue
        course = courses[group]
        there = course.participants >= _CROWD * whole.participants
        values = np.where(there, course.values[:, column], np.nan)
        axes.plot(course.time / _divisor(courses), values, color=SUBJECT_COLOURS[place % 6],
                  linewidth=1.6, marker=_MARKS[place], markersize=3.5)  # fmt: skip
    axes.axhline(0, color=FAINT, linewidth=0.7, zorder=1)
    _clean(axes)


def _divisor(courses: Mapping[str, Any]) -> int:
    """Return how many seconds the unit of time has: those of a minute from two minutes on."""
    return 60 if max(course.time[-1] for course in courses.values()) >= 120 else 1


def _dots(
    study: Study, columns: list[str], *, paired: bool = False
) -> dict[tuple[str, str], list[float]]:
    """Return by group and column the participants' means; ``paired`` those who have all of them."""
    found: dict[tuple[str, str], list[float]] = {}
    for (group, _), cells in participant_means(study, columns).items():
        if paired and not all(cells.values()):
            continue
        for column, values in cells.items():
            if values:
                found.setdefault((group, column), []).append(float(np.mean(values)))
    return found


def _of(found: Sequence[Figure], group: str, name: str) -> Figure | None:
    return next((one for one in found if (one.group, one.name) == (group, name)), None)


def _clean(axes: Any) -> None:
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(FAINT)
    axes.tick_params(length=0, labelsize=9, colors=FAINT, labelcolor=INK)
    axes.grid(axis="x", color=PALE)
    axes.set_axisbelow(True)
