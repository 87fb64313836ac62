"""The picture of abstention: how many items are left, and how often the answer is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.types import InvalidValueError, OutputError, need

from .colours import FAINT, INK, PALE, SUBJECT_COLOURS

_LEAST = 0.1
"""Coverage from which a curve is drawn: the error rate of a handful of items is noise."""
_DASHES = ("-", "--", ":")


def risk_coverage_picture(
    curves: Mapping[str, NDArray[np.floating[Any]]], path: str | Path
) -> Path:
    """Draw risk-coverage curves into an image file and return its path.

    ``curves`` by name: (N,) error rates among the k surest items, k = 1..N, as
    :func:`openaffect.metrics.calibration.risk_coverage` gives them.

    Raises :class:`InvalidValueError` without a curve, :class:`OutputError` when the file cannot be
    written, :class:`MissingDependencyError` without matplotlib (extra ``report``).
    """
    need("matplotlib", extra="report")
    from . import page

    if not curves:
        raise InvalidValueError("there is no risk-coverage curve to draw; give one or more")
    target = Path(path)
    with page.drawing():
        figure = _figure(curves)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            figure.savefig(target, dpi=110, facecolor="white")
        except (OSError, ValueError) as error:
            raise OutputError(f"cannot write the picture {target}: {error}") from error
    return target


def _figure(curves: Mapping[str, NDArray[np.floating[Any]]]) -> Any:
    from matplotlib.figure import Figure
    from matplotlib.ticker import PercentFormatter

    figure = Figure(figsize=(10.0, 5.4), layout="constrained")
    axes = figure.add_subplot()
    highest = 0.0
    for number, (name, curve) in enumerate(curves.items()):
        coverage = np.arange(1, len(curve) + 1) / len(curve)
        drawn = coverage >= _LEAST
        highest = max(highest, float(curve[drawn].max()))
        axes.plot(
            coverage[drawn],
            curve[drawn],
            label=f"{name}: {curve[-1]:.1%} of all, {curve[len(curve) // 2]:.1%} of the surer half",
            color=SUBJECT_COLOURS[number % len(SUBJECT_COLOURS)],
            linestyle=_DASHES[number // len(SUBJECT_COLOURS) % len(_DASHES)],
            linewidth=1.8,
        )
    axes.set_xlim(_LEAST, 1.0)
    axes.set_ylim(0, highest * 1.05 or 1.0)
    axes.xaxis.set_major_formatter(PercentFormatter(1.0, 0))
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, 0))
    axes.set_xlabel("items answered, the surest first", color=INK)
    axes.set_ylabel("wrong answers among them", color=INK)
    axes.set_title("What abstaining gains", loc="left", color=INK, fontsize=13, weight="bold")
    axes.grid(color=PALE)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.tick_params(colors=FAINT, labelcolor=INK)
    figure.legend(loc="outside lower center", frameon=False, fontsize=9, ncols=2)
    return figure
