"""How far the eyes are open and where they look, from the face mesh.

The opening is the eye aspect ratio (Soukupová and Čech, "Real-time eye blink detection using facial
landmarks", CVWW 2016) in three dimensions, so that a turned head does not narrow it. The gaze is
the mean of two estimates of the eyes' angle in the head: the iris' shift between the eye's corners,
and the weights by which the blendshape network tells of eyes that look aside, up and down (where
they are there); the head's rotation brings it to the camera's axes. The gains below are the least
squares on drawn heads of known gaze (persons 100 to 124, none of whom is measured on), printed by::

    python benchmarks/people.py --fit
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from openaffect.types import InvalidValueError
from openaffect.types.schemes import ARKIT52

LEFT = (362, 385, 387, 263, 373, 380)
RIGHT = (33, 160, 158, 133, 153, 144)
"""The person's own left and right eye: corner, two of the upper lid, corner, two of the lower."""
LEFT_IRIS, RIGHT_IRIS = 473, 468
_IRIS_YAW, _IRIS_PITCH = (190.0, -1.3), (302.0, 10.6)
"""Degrees a shift by one eye's width, and at no shift."""
_WEIGHT_YAW, _WEIGHT_PITCH = (39.1, -3.7), (36.4, -13.0)
"""Degrees a full weight, and at no weight."""


def eye_aspect(points: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return (N, 2) aspect ratios of the person's left and right eye.

    points: (N, P, 3) meshes, P = 468 or 478. An open eye has about 0.3, a shut one 0.05; both
    differ from person to person. Raises :class:`InvalidValueError` for another shape.
    """
    _check(points, (468, 478))
    ratios = [_aspect(points[:, list(eye)]) for eye in (LEFT, RIGHT)]
    return np.stack(ratios, axis=1).astype(np.float32)


def gaze(
    points: NDArray[np.float64],
    pose: NDArray[np.floating],
    weights: NDArray[np.floating] | None = None,
) -> NDArray[np.float32]:
    """Return (N, 2) yaw and pitch in degrees relative to the camera, as the scheme ``gaze``.

    Parameters
    ----------
    points: (N, 478, 3) meshes with irises.
    pose: (N, 3) pitch, yaw, roll in degrees of the same heads, as ``face_pose.head_pose``.
    weights: (N, 52) blendshapes in the order of ``arkit52``.

    Raises :class:`InvalidValueError` for another shape; the 468-point mesh lacks the irises.
    """
    _check(points, (478,))
    if pose.shape != (len(points), 3):
        raise InvalidValueError(f"pose has shape {pose.shape}; expected ({len(points)}, 3)")
    turns = rotations(pose)
    inside = np.einsum("npi,nij->npj", points - points.mean(axis=1, keepdims=True), turns)
    shift = np.mean([_shift(inside, LEFT, LEFT_IRIS), _shift(inside, RIGHT, RIGHT_IRIS)], axis=0)
    yaw = _IRIS_YAW[0] * shift[:, 0] + _IRIS_YAW[1]
    pitch = _IRIS_PITCH[0] * shift[:, 1] + _IRIS_PITCH[1]
    if weights is not None:
        aside, down = _looking(weights)
        yaw = (yaw + _WEIGHT_YAW[0] * aside + _WEIGHT_YAW[1]) / 2
        pitch = (pitch + _WEIGHT_PITCH[0] * down + _WEIGHT_PITCH[1]) / 2
    b, a = np.radians(np.clip([yaw, pitch], -60, 60))
    local = np.stack([np.sin(b) * np.cos(a), np.sin(a), -np.cos(b) * np.cos(a)], axis=1)
    x, y, z = np.einsum("nij,nj->in", turns, local)
    seen = [np.arctan2(x, -z), np.arcsin(np.clip(y, -1, 1))]
    return np.degrees(np.stack(seen, axis=1)).astype(np.float32)


def rotations(pose: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the (N, 3, 3) matrices Rz(roll) Ry(-yaw) Rx(pitch) of (N, 3) poses in degrees."""
    a, b, c = np.radians(np.asarray(pose, np.float64) * [1, -1, 1]).T
    none, one = np.zeros_like(a), np.ones_like(a)

    def matrix(*rows: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.moveaxis(np.array(rows).reshape(3, 3, -1), 2, 0)

    down = matrix(one, none, none, none, np.cos(a), -np.sin(a), none, np.sin(a), np.cos(a))
    side = matrix(np.cos(b), none, np.sin(b), none, one, none, -np.sin(b), none, np.cos(b))
    tilt = matrix(np.cos(c), -np.sin(c), none, np.sin(c), np.cos(c), none, none, none, one)
    return tilt @ side @ down


def _aspect(eye: NDArray[np.float64]) -> NDArray[np.float64]:
    tall = np.linalg.norm(eye[:, 1] - eye[:, 5], axis=1) + np.linalg.norm(
        eye[:, 2] - eye[:, 4], axis=1
    )
    wide = np.linalg.norm(eye[:, 0] - eye[:, 3], axis=1)
    return np.asarray(tall / np.maximum(2 * wide, 1e-9))


def _shift(inside: NDArray[np.float64], eye: tuple[int, ...], iris: int) -> NDArray[np.float64]:
    """Return the (N, 2) shift of an iris from the middle of its eye's corners, in eye widths."""
    first, last = inside[:, eye[0]], inside[:, eye[3]]
    wide = np.maximum(np.linalg.norm(first - last, axis=1, keepdims=True), 1e-9)
    return np.asarray(((inside[:, iris] - (first + last) / 2) / wide)[:, :2])


def _looking(weights: NDArray[np.floating]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return (N,) weights of looking to the image's right and down, both eyes' mean."""

    def both(first: str, second: str) -> NDArray[np.float64]:
        columns = [ARKIT52.index(first), ARKIT52.index(second)]
        return np.asarray(weights[:, columns].mean(axis=1), np.float64)

    aside = both("eyeLookOutLeft", "eyeLookInRight") - both("eyeLookInLeft", "eyeLookOutRight")
    down = both("eyeLookDownLeft", "eyeLookDownRight") - both("eyeLookUpLeft", "eyeLookUpRight")
    return aside, down


def _check(points: NDArray[np.float64], counts: tuple[int, ...]) -> None:
    if points.ndim != 3 or points.shape[1] not in counts or points.shape[2] != 3:
        wanted = " or ".join(map(str, counts))
        raise InvalidValueError(f"points have shape {points.shape}; expected (N, {wanted}, 3)")
