"""The picture of an intensity: what a judge finds in the texts, and what it costs in fluency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openaffect.types import InvalidValueError, OutputError, need

from .colours import FAINT, INK, PALE, SUBJECT_COLOURS

Curves = tuple[Sequence[float], Sequence[float]]


def steering_curves_picture(
    intensities: Sequence[float], curves: Mapping[str, Curves], path: str | Path
) -> Path:
    """Draw score and perplexity over intensity into an image file and return its path.

    ``curves`` by name: mean score in [0, 1] and perplexity, a value for each of ``intensities``.

    Raises :class:`InvalidValueError` without a curve, :class:`OutputError` when the file cannot be
    written, :class:`MissingDependencyError` without matplotlib (extra ``report``).
    """
    need("matplotlib", extra="report")
    from . import page

    if not curves:
        raise InvalidValueError("there is no curve to draw; give one or more")
    target = Path(path)
    with page.drawing():
        figure = _figure(intensities, curves)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            figure.savefig(target, dpi=110, facecolor="white")
        except (OSError, ValueError) as error:
            raise OutputError(f"cannot write the picture {target}: {error}") from error
    return target


def _figure(intensities: Sequence[float], curves: Mapping[str, Curves]) -> Any:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10.0, 4.6), layout="constrained")
    left, right = figure.subplots(1, 2)
    for number, (name, (scores, perplexity)) in enumerate(curves.items()):
        look = {
            "color": SUBJECT_COLOURS[number % len(SUBJECT_COLOURS)],
            "linewidth": 2.4 if number == 0 else 1.5,
            "marker": "o",
            "markersize": 4,
        }
        left.plot(intensities, scores, label=name, **look)
        right.plot(intensities, [value / perplexity[0] for value in perplexity], **look)
    left.set_ylim(0, 1)
    left.set_title("The judge's score of the emotion", loc="left", color=INK, weight="bold")
    right.set_title("Perplexity, times unsteered", loc="left", color=INK, weight="bold")
    for axes in (left, right):
        axes.set_xlabel("intensity", color=INK)
        axes.set_xticks(list(intensities))
        axes.grid(color=PALE)
        axes.set_axisbelow(True)
        axes.tick_params(colors=FAINT, labelcolor=INK)
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
    figure.legend(loc="outside lower center", frameon=False, fontsize=9, ncols=4)
    return figure
