"""The confusion matrix of an evaluation."""

from __future__ import annotations

from typing import Any

import numpy as np

from openaffect.pipeline.evaluation import FORMAT, Evaluation
from openaffect.types import Analysis, InvalidValueError

from .. import page
from ..colours import FAINT, INK
from ..evaluation import draw_matrix
from ._plot import Plot, Wanted


def draw(wanted: Wanted) -> Any:
    """Return the figure of what ``openaffect evaluate table --out`` wrote."""
    found = wanted.result
    if isinstance(found, Analysis) or found.get("format") != FORMAT:
        raise InvalidValueError(
            "a plot of kind 'confusion' draws an evaluation, which knows the truth: "
            "openaffect evaluate table TRUTH.csv MINE.csv --out FILE.json"
        )
    counts = np.asarray(found.get("confusion", []), dtype=np.float64)
    labels = [str(label) for label in found.get("labels", [])]
    if counts.ndim != 2 or not counts.size or len(labels) < max(counts.shape):
        raise InvalidValueError("this evaluation has no confusion matrix: it is of no classes")
    height = 1.9 + max(3.6, 0.5 * len(counts))
    figure = page.sheet(height)
    recall = np.diag(counts) / np.maximum(counts.sum(axis=1), 1e-9)
    known = counts.sum(axis=1) > 0
    figure.text(0.02, 1 - 0.3 / height, "Confusion", fontsize=15, weight="bold", color=INK,
                va="center")  # fmt: skip
    text = (
        f"{counts.sum():g} items; unweighted average recall {recall[known].mean():.2f}; "
        "colour: share of the true class"
    )
    figure.text(0.98, 1 - 0.3 / height, text, fontsize=10, color=FAINT, ha="right", va="center")
    axes = figure.add_axes((0.2, 1.15 / height, 0.6, 1 - 1.85 / height))
    draw_matrix(axes, Evaluation("table", labels=labels, confusion=counts.tolist()))
    return figure


PLOT = Plot("truth against answers, of an evaluation", draw)
