"""The picture of an evaluation: bars with intervals, and the confusion matrix."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from openaffect.pipeline.evaluation import Evaluation, Measured
from openaffect.types import InvalidValueError

from .colours import FAINT, INK, PALE, SUBJECT_COLOURS, text_on
from .page import cut
from .picture import save_figure

_ROW = 0.27
"""Inches a bar."""
_MOST_CELLS = 14
"""Classes up to which the counts are written into the cells."""
_LONGEST = 24
"""Characters of a class's name."""


def evaluation_picture(found: Evaluation, path: str | Path) -> Path:
    """Draw an evaluation into an image file and return its path.

    One bar a figure with its interval: those in [0, 1] or [-1, 1] share an axis, every other unit
    has its own. Beside them the confusion matrix, where there is one: the colour is the share of
    the true class, the number the count.

    Raises :class:`InvalidValueError` when nothing was measured, :class:`OutputError` when the file
    cannot be written, :class:`MissingDependencyError` without matplotlib (extra ``report``).
    """
    if not found.rows:
        raise InvalidValueError("the evaluation measured nothing; there is nothing to draw")
    return save_figure(lambda: _figure(found), path)


def _figure(found: Evaluation) -> Any:
    from matplotlib.figure import Figure

    panels = _panels(found.rows)
    matrix = bool(found.confusion)
    tall = sum(len(rows) for _, rows in panels) * _ROW + 0.75 * len(panels) + 0.7
    foot = 0.55
    if matrix:  # its names stand aslant under it
        foot = 0.65 + 0.055 * min(_LONGEST, max(map(len, found.labels)))
        tall = max(tall + foot - 0.55, 4.6, 0.32 * len(found.confusion) + 1.2 + foot)
    figure = Figure(figsize=(13.0 if matrix else 9.5, tall))
    title = f"{found.kind}: {found.items} items"
    figure.text(0.02, 1 - 0.25 / tall, title, fontsize=13, weight="bold", color=INK, va="center")
    grid = figure.add_gridspec(
        len(panels),
        2 if matrix else 1,
        height_ratios=[len(rows) + 1.4 for _, rows in panels],
        width_ratios=(1, 1.05) if matrix else None,
        left=0.25 if matrix else 0.34,
        right=0.97,
        top=1 - 0.6 / tall,
        bottom=foot / tall,
        hspace=1.1 / (tall / len(panels)),
        wspace=0.32,
    )
    for number, (unit, rows) in enumerate(panels):
        _bars(figure.add_subplot(grid[number, 0]), unit, rows)
    if matrix:
        draw_matrix(figure.add_subplot(grid[:, 1]), found)
    return figure


def _panels(rows: Sequence[Measured]) -> list[tuple[str, list[Measured]]]:
    """Group the rows by what may share an axis; the bounded ones come first."""
    panels: dict[str, list[Measured]] = {}
    for row in rows:
        bounded = row.lowest is not None and row.highest is not None and row.highest <= 1
        name = "" if bounded and not row.unit else row.unit or row.metric
        panels.setdefault(name, []).append(row)
    return sorted(panels.items(), key=lambda panel: panel[0] != "")


def _bars(axes: Any, unit: str, rows: Sequence[Measured]) -> None:
    places = np.arange(len(rows))[::-1]
    values = np.array([row.value for row in rows])
    axes.barh(places, values, color=SUBJECT_COLOURS[0], height=0.62, zorder=2)
    for place, row in zip(places, rows, strict=True):
        if row.low is not None and row.high is not None:
            axes.plot((row.low, row.high), (place, place), color=INK, linewidth=1.4, zorder=3)
        edge = max(row.value, row.high if row.high is not None else row.value, 0)
        axes.annotate(
            f"{row.value:.3g}", (edge, place), xytext=(4, 0), textcoords="offset points",
            va="center", fontsize=8, color=INK,
        )  # fmt: skip
    axes.set_yticks(places, [_name(row) for row in rows], fontsize=8.5)
    axes.set_xlabel(unit or "0 to 1, correlations -1 to 1", fontsize=8, color=FAINT)
    low = min(0.0, *(row.value if row.low is None else row.low for row in rows))
    high = max(0.0, *(row.value if row.high is None else row.high for row in rows))
    if not unit:
        low, high = (-1.0 if low < 0 else 0.0), 1.0
    room = 0.14 * ((high - low) or 1.0)
    axes.set_xlim(low, high + room)
    axes.tick_params(axis="x", labelsize=8, colors=FAINT)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color=PALE, zorder=0)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.axvline(0, color=FAINT, linewidth=0.8)


def _name(row: Measured) -> str:
    arrow = {"higher": " ↑", "lower": " ↓"}.get(row.better, "")
    return f"{row.metric}{', ' + row.of if row.of else ''}{arrow}"


def draw_matrix(axes: Any, found: Evaluation) -> None:
    """Draw the confusion matrix: colours are shares of the true class, numbers are counts."""
    counts = np.asarray(found.confusion)
    totals = counts.sum(axis=1, keepdims=True)
    share = np.divide(counts, totals, out=np.zeros_like(counts), where=totals > 0)
    image = axes.imshow(share, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    rows, columns = counts.shape
    names = [cut(name, _LONGEST) for name in found.labels]
    axes.set_xticks(range(columns), names[:columns], fontsize=8, rotation=40, ha="right")
    axes.set_yticks(range(rows), names[:rows], fontsize=8)
    axes.set_xlabel("predicted", fontsize=9, color=FAINT)
    axes.set_ylabel("true", fontsize=9, color=FAINT)
    axes.tick_params(length=0)
    if max(rows, columns) > _MOST_CELLS:
        return
    for row, column in np.argwhere(counts > 0):
        red, green, blue, _ = (round(255 * part) for part in image.cmap(share[row, column]))
        axes.text(
            column, row, f"{counts[row, column]:.4g}", ha="center", va="center", fontsize=8,
            color=text_on(f"#{red:02x}{green:02x}{blue:02x}"),
        )  # fmt: skip
