"""How far the eyes are closed and where they look, from the blendshapes and the head's rotation.

The blendshape network tells of eyes that close and that look aside, up and down; the head's
rotation brings the latter to the camera's axes. The gains of the gaze are least squares on drawn
heads of known gaze (``benchmarks/gaze_gain.py`` prints them): an estimate, no eye tracker.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from openaffect.types import InvalidValueError
from openaffect.types.schemes import ARKIT52

_YAW, _PITCH = (42.3, -4.6), (43.7, -13.1)
"""Degrees a full weight, and at no weight."""
_SHUT = 0.5
"""How far the weight of a shut eye lies above that of the person's open eye."""


def open_weight(blinks: NDArray[np.floating]) -> float:
    """Return the weight of one person's open eyes: the tenth percentile, at most 0.3.

    blinks: (N,) or (N, 2) weights of ``eyeBlinkLeft`` and ``eyeBlinkRight``. Eyes are open most of
    the time; fewer than 10 values, or none that is low, say nothing of that and give 0.1.
    """
    known = np.asarray(blinks, np.float64).ravel()
    known = known[np.isfinite(known)]
    found = float(np.percentile(known, 10)) if len(known) >= 10 else 0.1
    return found if found <= 0.3 else 0.1


def eye_closure(weights: NDArray[np.floating], opened: float = 0.1) -> NDArray[np.float32]:
    """Return (N, 2) closure of the person's left and right eye in [0, 1], NaN where unmeasured.

    weights: (N, 52) in the order of ``arkit52``. opened: weight of open eyes.
    Raises :class:`InvalidValueError` for another shape.
    """
    _check(weights)
    columns = [ARKIT52.index("eyeBlinkLeft"), ARKIT52.index("eyeBlinkRight")]
    return np.clip((weights[:, columns] - opened) / _SHUT, 0, 1).astype(np.float32)


def gaze(weights: NDArray[np.floating], pose: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return (N, 2) yaw and pitch in degrees relative to the camera, as the scheme ``gaze``.

    weights: (N, 52) in the order of ``arkit52``. pose: (N, 3) pitch, yaw, roll in degrees of the
    same heads, as ``face_pose.head_pose``. Raises :class:`InvalidValueError` for another shape.
    """
    _check(weights)
    if pose.shape != (len(weights), 3):
        raise InvalidValueError(f"pose has shape {pose.shape}; expected ({len(weights)}, 3)")
    aside, down = looking(weights)
    b, a = np.radians([_YAW[0] * aside + _YAW[1], _PITCH[0] * down + _PITCH[1]])
    local = np.stack([np.sin(b) * np.cos(a), np.sin(a), -np.cos(b) * np.cos(a)], axis=1)
    x, y, z = np.einsum("nij,nj->in", rotations(pose), local)
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


def looking(weights: NDArray[np.floating]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return (N,) weights of looking to the image's right and down, both eyes' mean."""

    def both(first: str, second: str) -> NDArray[np.float64]:
        columns = [ARKIT52.index(first), ARKIT52.index(second)]
        return np.asarray(weights[:, columns].mean(axis=1), np.float64)

    aside = both("eyeLookOutLeft", "eyeLookInRight") - both("eyeLookInLeft", "eyeLookOutRight")
    down = both("eyeLookDownLeft", "eyeLookDownRight") - both("eyeLookUpLeft", "eyeLookUpRight")
    return aside, down


def _check(weights: NDArray[np.floating]) -> None:
    if weights.ndim != 2 or weights.shape[1] != len(ARKIT52):
        raise InvalidValueError(f"weights have shape {weights.shape}; expected (N, 52)")
