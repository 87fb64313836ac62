"""Lay a mesh of 468 or 478 points over each face.

Kartynnik et al., "Real-time Facial Surface Geometry from Monocular Video on Mobile GPUs" (2019),
https://arxiv.org/abs/1907.06724; Grishchenko et al., "Attention Mesh" (2020),
https://arxiv.org/abs/2006.10962. As in MediaPipe's published graphs the face is cut out as a square
of 1.5 times the detected box, turned so that the eyes are level, and the points are carried back.
Where the mesh lies well off the middle of that square it is laid once more from its own box, which
is how those graphs follow a face through a video.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from openaffect.types import InvalidValueError, Session

from .face_detect import FaceDetections
from .face_warp import apply, check_picture, cut, square_to_picture

Variant = Literal["468", "478"]

_INPUTS: dict[str, int] = {"468": 192, "478": 256}
_MARGIN = 1.5

EYE_CORNERS = (33, 263)
"""The outer corners of the eyes: at the image's left, at its right, of an upright face."""


_PRESENT = 0.5
_TURNED = np.radians(8)
_MOVED = 0.08
_RESIZED = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    """A square of the picture: centre and side in pixels, angle in radians, clockwise."""

    center: NDArray[np.float64]
    side: float
    angle: float


@dataclass(frozen=True, slots=True, eq=False)
class FaceMeshes:
    """N meshes.

    points: (N, P, 3) float64; x right and y down in pixels of the picture, z away from the viewer
        in the same scale, zero at the middle of the head. P is 468, or 478 with the irises.
    presence: (N,) float64 in [0, 1], how sure the network is that it was shown a face.
    """

    points: NDArray[np.float64]
    presence: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.presence)

    def select(self, rows: NDArray[np.bool_] | NDArray[np.int_]) -> FaceMeshes:
        """Return the meshes picked by a boolean mask or by indices."""
        return FaceMeshes(self.points[rows], self.presence[rows])


def mesh(
    image: NDArray[np.uint8], detections: FaceDetections, session: Session, *, variant: Variant
) -> FaceMeshes:
    """Return the mesh of each detected face, in the detections' order.

    Parameters
    ----------
    image: (H, W, 3) uint8 RGB.
    detections: N faces in pixels of that picture.
    session: mesh weights: of 468 points (192 x 192 input) or 478 (256 x 256 input), as ``variant``
        says.

    Raises :class:`InvalidValueError` for another shape or type of picture or an unknown variant.
    """
    check_picture(image)
    if variant not in _INPUTS:
        raise InvalidValueError(f"variant {variant!r} is none of {sorted(_INPUTS)}")
    points = np.zeros((len(detections), int(variant), 3))
    presence = np.zeros(len(detections))
    for row, (box, keypoints) in enumerate(zip(detections.box, detections.keypoints, strict=True)):
        place = _place(box, keypoints[0], keypoints[1])
        points[row], presence[row] = _one(image, session, place, _INPUTS[variant])
        better = _place(boxes(points[row][None])[0], *points[row][list(EYE_CORNERS), :2])
        if presence[row] >= _PRESENT and _apart(place, better):
            points[row], presence[row] = _one(image, session, better, _INPUTS[variant])
    return FaceMeshes(points, presence)


def boxes(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the (N, 4) boxes x0, y0, x1, y1 in pixels around (N, P, 3) meshes."""
    flat = points[..., :2]
    return np.concatenate([flat.min(axis=1), flat.max(axis=1)], axis=1)


def _place(
    box: NDArray[np.float64], left: NDArray[np.float64], right: NDArray[np.float64]
) -> _Place:
    across = right - left
    return _Place(
        center=(box[:2] + box[2:]) / 2,
        side=max(float((box[2:] - box[:2]).max()) * _MARGIN, 1.0),
        angle=float(np.arctan2(across[1], across[0])),
    )


def _apart(first: _Place, second: _Place) -> bool:
    """Tell whether the square that was looked at is off the face found in it."""
    turned = (second.angle - first.angle + np.pi) % (2 * np.pi) - np.pi
    moved = np.hypot(*(second.center - first.center))
    return bool(
        abs(turned) > _TURNED
        or moved > _MOVED * second.side
        or abs(np.log(second.side / first.side)) > _RESIZED
    )


def _one(
    image: NDArray[np.uint8], session: Session, place: _Place, size: int
) -> tuple[NDArray[np.float64], float]:
    matrix = square_to_picture(place.center, place.side, place.angle, size)
    pixels = cut(image, matrix, size).astype(np.float32) / 255
    answer = session.run({session.inputs[0]: pixels[None]})
    flat = max(answer.values(), key=np.size).reshape(-1, 3).astype(np.float64)
    logit = next(float(v.reshape(-1)[0]) for v in answer.values() if v.shape == (1, 1, 1, 1))
    depth = flat[:, 2:] * place.side / size
    return np.hstack([apply(matrix, flat[:, :2]), depth]), float(1 / (1 + np.exp(-logit)))
