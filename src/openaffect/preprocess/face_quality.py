"""How well a face can be read, in [0, 1].

The parts are measures that ISO/IEC 29794-5:2025 (face image quality) also asks for: sharpness,
exposure, size and pose. Where each part is full and where it is nil is this package's own choice,
stated below; the whole is the worst part, because one flaw is enough to lose a face.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openaffect.types import InvalidValueError

from .face_align import anchors

_SIDE = 96
_DETAIL = (0.05, 0.15)
_LOST = (0.6, 0.1)
_CONTRAST = (3.0, 15.0)
_PIXELS = (6.0, 18.0)
_TURNED = (75.0, 25.0)
_BLACK, _WHITE = 5, 250


@dataclass(frozen=True, slots=True, eq=False)
class FaceQuality:
    """(N,) float32 each, in [0, 1].

    overall: the lowest of the parts.
    sharpness: share of the face's contrast in detail finer than 2/96 of the crop; nil at 5 %, full
        at 15 %.
    exposure: pixels lost in black or white (full to 10 %, nil from 60 %) and contrast (nil at a
        deviation of 3 grey levels, full at 15).
    size: pixels of the picture from the eyes to the mouth; nil at 6, full at 18, which is what
        FER2013's faces have.
    pose: the larger of pitch and yaw; full to 25 degrees, nil from 75.
    """

    overall: NDArray[np.float32]
    sharpness: NDArray[np.float32]
    exposure: NDArray[np.float32]
    size: NDArray[np.float32]
    pose: NDArray[np.float32]


def quality(
    crops: NDArray[np.uint8], points: NDArray[np.float64], pose: NDArray[np.floating]
) -> FaceQuality:
    """Rate N faces.

    Parameters
    ----------
    crops: (N, S, S, 3) uint8 RGB, as :func:`face_align.align` cuts them.
    points: (N, P, 3) the meshes in pixels of the picture.
    pose: (N, 3) pitch, yaw and roll in degrees.

    Raises :class:`InvalidValueError` when their lengths differ.
    """
    if not len(crops) == len(points) == len(pose):
        raise InvalidValueError(
            f"{len(crops)} crops, {len(points)} meshes and {len(pose)} poses; give one each a face"
        )
    faces = [_middle(crop) for crop in crops]
    eyes = anchors(points)
    reach = np.hypot(*(eyes[:, 2] - eyes[:, :2].mean(axis=1)).T)
    parts = [
        np.array([_ramp(_detail(face), _DETAIL) for face in faces]),
        np.array([_exposure(face) for face in faces]),
        _ramp(reach, _PIXELS),
        _ramp(np.abs(pose[:, :2]).max(axis=1, initial=0.0), _TURNED),
    ]
    table = np.array(parts, np.float32).reshape(4, len(crops))
    return FaceQuality(table.min(axis=0), *table)


def _middle(crop: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the grey face from brow to chin, without hair and surroundings."""
    import cv2

    grey = cv2.cvtColor(cv2.resize(crop, (_SIDE, _SIDE)), cv2.COLOR_RGB2GRAY)
    return grey[_SIDE // 4 : -_SIDE // 10, _SIDE // 5 : -_SIDE // 5].astype(np.float32)


def _detail(face: NDArray[np.float32]) -> float:
    import cv2

    fine = face - cv2.GaussianBlur(face, (0, 0), 2.0)
    return float(fine.std() / max(float(face.std()), 1.0))


def _exposure(face: NDArray[np.float32]) -> float:
    lost = float(((face <= _BLACK) | (face >= _WHITE)).mean())
    return min(float(_ramp(lost, _LOST)), float(_ramp(float(face.std()), _CONTRAST)))


def _ramp(value: float | NDArray[np.floating], ends: tuple[float, float]) -> NDArray[np.floating]:
    """Return 0 at the first end, 1 at the second, straight between."""
    return np.clip((np.asarray(value) - ends[0]) / (ends[1] - ends[0]), 0, 1)
