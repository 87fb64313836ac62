"""Pictures with boxes around faces, or with the faces made unrecognisable."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openaffect.types import Timeline

from .colours import subject_colour, text_on

_MOSAIC = 6
"""Cells across a hidden face: too few to recognise anybody by."""


@dataclass(frozen=True, slots=True)
class FaceMark:
    """One face to draw: box (x0, y0, x1, y1) in pixels, who it is and what is written above it."""

    box: tuple[float, float, float, float]
    subject: int
    caption: str


def marks(timeline: Timeline, rows: Sequence[int]) -> list[FaceMark]:
    """Return the marks of some rows of a face timeline; rows without a box are left out."""
    boxes = timeline.extra.get("box")
    if boxes is None:
        return []
    subjects = timeline.extra.get("subject", np.arange(len(timeline)))
    records = timeline.rows()
    return [
        FaceMark(
            box=tuple(float(v) for v in boxes[row]),  # type: ignore[arg-type]
            subject=int(subjects[row]),
            caption=caption(records[row]),
        )
        for row in rows
    ]


def caption(record: dict[str, Any]) -> str:
    """Return ``happiness 92 %`` for a row of :meth:`Timeline.rows`."""
    label = record["label"]
    return f"{label} {record[label]:.0%}" if label else "unsure"


def rows_at(timeline: Timeline, time: float) -> list[int]:
    """Return the rows whose span holds ``time`` (seconds)."""
    start, end = timeline.span[:, 0], timeline.span[:, 1]
    return [int(row) for row in np.flatnonzero((start <= time + 1e-6) & (time < end - 1e-6))]


def hide_faces(image: NDArray[np.uint8], boxes: ArrayLike) -> NDArray[np.uint8]:
    """Return a copy of an (H, W, 3) picture with a coarse mosaic over each box, a fifth wider.

    Each cell holds the mean colour of its pixels, so the picture keeps its look and no face.
    """
    hidden = image.copy()
    height, width = image.shape[:2]
    for x0, y0, x1, y1 in np.asarray(boxes, dtype=float).reshape(-1, 4):
        grow_x, grow_y = 0.2 * (x1 - x0), 0.2 * (y1 - y0)
        left, right = _inside(x0 - grow_x, x1 + grow_x, width)
        top, bottom = _inside(y0 - grow_y, y1 + grow_y, height)
        _mosaic(hidden[top:bottom, left:right])
    return hidden


def _inside(low: float, high: float, size: int) -> tuple[int, int]:
    return max(0, int(np.floor(low))), min(size, int(np.ceil(high)))


def _mosaic(patch: NDArray[np.uint8]) -> None:
    """Fill each cell of the patch with its mean, in place."""
    rows = np.linspace(0, patch.shape[0], _MOSAIC + 1).astype(int)
    columns = np.linspace(0, patch.shape[1], _MOSAIC + 1).astype(int)
    for top, bottom in itertools.pairwise(rows):
        for left, right in itertools.pairwise(columns):
            cell = patch[top:bottom, left:right]
            if cell.size:
                cell[:] = cell.reshape(-1, 3).mean(axis=0).round()


def draw_picture(
    axes: Any, image: NDArray[np.uint8], faces: Sequence[FaceMark], *, size: float = 9
) -> None:
    """Show an (H, W, 3) picture on matplotlib axes, with a captioned box around each face."""
    axes.imshow(image, interpolation="antialiased")
    axes.set_axis_off()
    axes.set_xlim(-0.5, image.shape[1] - 0.5)
    axes.set_ylim(image.shape[0] - 0.5, -0.5)
    for face in faces:
        _draw_face(axes, face, image.shape[:2], size)


def _draw_face(axes: Any, face: FaceMark, shape: tuple[int, ...], size: float) -> None:
    from matplotlib.patches import Rectangle

    x0, y0, x1, y1 = face.box
    colour = subject_colour(face.subject)
    axes.add_patch(Rectangle((x0, y0), x1 - x0, y1 - y0, fill=False, edgecolor=colour, linewidth=2))
    height, width = shape
    above = y0 > 0.1 * height
    rightmost = x0 > 0.5 * width
    axes.text(
        x1 if rightmost else x0,
        y0 if above else y1,
        face.caption,
        color=text_on(colour),
        fontsize=size,
        horizontalalignment="right" if rightmost else "left",
        verticalalignment="bottom" if above else "top",
        bbox={"facecolor": colour, "edgecolor": "none", "pad": 2},
        clip_on=True,
    )
