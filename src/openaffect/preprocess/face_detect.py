"""Find faces with BlazeFace, in pictures of any size.

Bazarevsky et al., "BlazeFace: Sub-millisecond Neural Face Detection on Mobile GPUs" (2019),
https://arxiv.org/abs/1907.05047. The network regresses one box and six keypoints from each of a
fixed set of anchors; overlapping answers are blended (section 4.3 of the paper) rather than
suppressed. The anchors follow MediaPipe's published graphs (short range: 128 x 128 input, strides
8, 16, 16, 16; full range: 192 x 192, stride 4).

A face much smaller than the picture is lost when the picture is squeezed into the network's input,
so larger pictures are also looked at in overlapping tiles, at half the size each time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from openaffect.types import InvalidValueError, Session

from .face_warp import apply, check_picture, cut, square_to_picture

Variant = Literal["short", "full"]

KEYPOINTS = ("eye_image_left", "eye_image_right", "nose", "mouth", "ear_left", "ear_right")
"""What the six keypoints of a detection are; left and right as seen in the picture."""

_OVERLAP = 0.25
_MERGE = 0.3
_WITHIN = 0.75
_EDGE = 0.01


@dataclass(frozen=True, slots=True)
class _Network:
    """input: pixels a side; layers: (cells a side, anchors a cell); resolved: the width in input
    pixels of the smallest face that is still found reliably."""

    input: int
    layers: tuple[tuple[int, int], ...]
    resolved: float


_NETWORKS: dict[str, _Network] = {
    "short": _Network(128, ((16, 2), (8, 6)), 20.0),
    "full": _Network(192, ((48, 1),), 24.0),
}


@dataclass(frozen=True, slots=True, eq=False)
class FaceDetections:
    """N faces, best first.

    box: (N, 4) float64 pixels x0, y0, x1, y1; from the brow to the chin, and may reach beyond the
        picture. score: (N,) float64 in [0, 1]. keypoints: (N, 6, 2) float64 pixels, in the order of
        :data:`KEYPOINTS`.
    """

    box: NDArray[np.float64]
    score: NDArray[np.float64]
    keypoints: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.score)

    def select(self, rows: NDArray[np.bool_] | NDArray[np.int_]) -> FaceDetections:
        """Return the faces picked by a boolean mask or by indices."""
        return FaceDetections(self.box[rows], self.score[rows], self.keypoints[rows])


def detect_faces(
    image: NDArray[np.uint8],
    session: Session,
    *,
    variant: Variant = "full",
    threshold: float = 0.6,
    smallest: float = 40.0,
) -> FaceDetections:
    """Return the faces of one picture; none is N = 0.

    Parameters
    ----------
    image: (H, W, 3) uint8 RGB of any size.
    session: BlazeFace weights of that ``variant``.
    threshold: the least score, in [0, 1]; networks that follow, such as the mesh with its
        ``presence``, weed out more.
    smallest: width in pixels of the smallest face looked for; it bounds how many tiles a large
        picture is cut into.

    Raises :class:`InvalidValueError` for another shape or type of picture or an unknown variant.
    """
    check_picture(image)
    if variant not in _NETWORKS:
        raise InvalidValueError(f"variant {variant!r} is none of {sorted(_NETWORKS)}")
    network = _NETWORKS[variant]
    found = [
        _look(image, session, network, center, side, threshold)
        for center, side in _views(image, smallest * network.input / network.resolved)
    ]
    rows = np.concatenate(found)
    return _blended(rows[np.argsort(-rows[:, 4], kind="stable")])


def _views(image: NDArray[np.uint8], finest: float) -> Iterator[tuple[NDArray[np.float64], float]]:
    """Yield the centre and side of each square to look at: the whole picture, then its tiles."""
    extent = np.array([image.shape[1], image.shape[0]], float)
    side = float(extent.max())
    yield extent / 2, side
    while side > finest:
        side = max(side / 2, finest)
        steps = np.maximum(np.ceil((extent - side) / (side * (1 - _OVERLAP))), 0).astype(int)
        starts = [
            np.linspace(0, length - side, count + 1) if length > side else np.array([0.0])
            for length, count in zip(extent, steps, strict=True)
        ]
        for top in starts[1]:
            for left in starts[0]:
                yield np.array([left, top]) + side / 2, side


def _look(
    image: NDArray[np.uint8],
    session: Session,
    network: _Network,
    center: NDArray[np.float64],
    side: float,
    threshold: float,
) -> NDArray[np.float64]:
    """Return (M, 17) rows x0, y0, x1, y1, score, keypoints in picture pixels for one square."""
    matrix = square_to_picture(center, side, 0.0, network.input)
    pixels = cut(image, matrix, network.input).astype(np.float32)
    answer = session.run({session.inputs[0]: (pixels / 127.5 - 1)[None]})
    raw = next(value for value in answer.values() if value.shape[-1] == 16).reshape(-1, 16)
    logits = next(value for value in answer.values() if value.shape[-1] == 1).reshape(-1)
    score = 1 / (1 + np.exp(-np.clip(logits.astype(np.float64), -100, 100)))
    keep = score >= threshold
    regressed = raw[keep].astype(np.float64).reshape(-1, 8, 2)
    anchors = _anchors(network.layers)[keep] * network.input
    middle, half = regressed[:, 0] + anchors, regressed[:, 1] / 2
    corners = np.stack([middle - half, middle + half], axis=1)
    whole = _clear_of_seams(corners, matrix, image, network.input)
    places = np.concatenate([corners, regressed[:, 2:] + anchors[:, None]], axis=1)
    flat = apply(matrix, places).reshape(-1, 16)
    return np.column_stack([flat[:, :4], score[keep], flat[:, 4:]])[whole]


def _clear_of_seams(
    corners: NDArray[np.float64],
    matrix: NDArray[np.float64],
    image: NDArray[np.uint8],
    size: int,
) -> NDArray[np.bool_]:
    """Tell which boxes do not touch a seam between tiles, where a face is cut in two.

    A tile's edge that is also the picture's is no seam.
    """
    bounds = apply(matrix, np.array([[0.0, 0.0], [size, size]]))
    extent = np.array([image.shape[1], image.shape[0]], float)
    margin = size * _EDGE
    early = (corners[:, 0] < margin) & (bounds[0] > 1)
    late = (corners[:, 1] > size - margin) & (bounds[1] < extent - 1)
    return np.asarray(~(early | late).any(axis=1))


@cache
def _anchors(layers: tuple[tuple[int, int], ...]) -> NDArray[np.float64]:
    """Return (A, 2) anchor centres x, y in [0, 1]: each cell of each grid, row by row."""
    grids = []
    for cells, repeats in layers:
        along = (np.arange(cells) + 0.5) / cells
        grid = np.stack(np.meshgrid(along, along), axis=-1).reshape(-1, 2)
        grids.append(np.repeat(grid, repeats, axis=0))
    return np.concatenate(grids)


def _blended(rows: NDArray[np.float64]) -> FaceDetections:
    """Replace each group of overlapping rows (best first) by their score-weighted mean."""
    kept = []
    while len(rows):
        overlap = _overlap(rows[0, :4], rows[:, :4])
        group = rows[overlap]
        weights = group[:, 4:5] / group[:, 4].sum()
        best = (group * weights).sum(axis=0)
        best[4] = group[0, 4]
        kept.append(best)
        rows = rows[~overlap]
    table = np.array(kept).reshape(-1, 17)
    return FaceDetections(table[:, :4], table[:, 4], table[:, 5:].reshape(-1, 6, 2))


def _overlap(box: NDArray[np.float64], boxes: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which boxes show the same face: much in common, or one nearly inside the other."""
    low = np.maximum(box[:2], boxes[:, :2])
    high = np.minimum(box[2:], boxes[:, 2:])
    common = np.prod(np.clip(high - low, 0, None), axis=1)
    area = np.prod(box[2:] - box[:2])
    areas = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
    union = area + areas - common
    inside = common / np.maximum(np.minimum(area, areas), 1e-9)
    same = (common / np.maximum(union, 1e-9) > _MERGE) | (inside > _WITHIN)
    same[0] = True
    return np.asarray(same)
