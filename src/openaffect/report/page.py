"""What every picture shares: the sheet, its title, legend and foot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from openaffect.types import Analysis

from .colours import FAINT, INK, emotion_colour

WIDTH = 13.0
"""Inches across."""
_FONTS = (
    "DejaVu Sans", "Noto Sans CJK JP", "Noto Sans", "Arial Unicode MS", "Hiragino Sans",
    "Microsoft YaHei", "Malgun Gothic",
)  # fmt: skip


@contextmanager
def drawing() -> Iterator[None]:
    """Draw with whatever fonts of the machine know the most scripts, without a word about gaps."""
    import warnings

    import matplotlib
    from matplotlib import font_manager

    known = set(font_manager.get_font_names())
    fonts: Any = {"font.family": [font for font in _FONTS if font in known]}
    with matplotlib.rc_context(fonts), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield


def sheet(height: float) -> Any:
    """Return an empty matplotlib figure, ``height`` inches tall."""
    from matplotlib.figure import Figure

    return Figure(figsize=(WIDTH, height))


def title(figure: Any, analysis: Analysis, detail: str) -> None:
    """Write the input's name on the left of the head and ``detail`` on the right."""
    height = figure.get_size_inches()[1]
    figure.text(
        0.02, 1 - 0.3 / height, Path(analysis.source).name, fontsize=15, weight="bold", color=INK,
        va="center",
    )  # fmt: skip
    figure.text(0.98, 1 - 0.3 / height, detail, fontsize=10, color=FAINT, ha="right", va="center")


def foot(figure: Any, analysis: Analysis) -> None:
    """Say what the picture shows, and name the models with their licences."""
    height = figure.get_size_inches()[1]
    models = ", ".join(f"{card.name} ({card.licence})" for card in analysis.cards)
    text = f"Estimates of expression, not of feeling. Models: {models or 'none'}"
    figure.text(0.02, 0.14 / height, cut(text, 235), fontsize=7.5, color=FAINT, va="center")


def cut(text: str, most: int) -> str:
    """Return ``text``, shortened to ``most`` characters with an ellipsis."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def legend(figure: Any, labels: Sequence[str], at: float) -> None:
    """Draw one coloured square a label in a row, centred, ``at`` inches above the foot."""
    from matplotlib.patches import Patch

    height = figure.get_size_inches()[1]
    figure.legend(
        handles=[Patch(color=emotion_colour(label), label=label) for label in labels],
        loc="center", bbox_to_anchor=(0.5, at / height), ncols=len(labels), frameon=False,
        fontsize=9, handlelength=1, handleheight=1, columnspacing=1.4,
    )  # fmt: skip
