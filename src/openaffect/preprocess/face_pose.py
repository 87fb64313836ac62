"""Head rotation from the face mesh.

The rotation that brings an average head onto the mesh's most rigid points, in the least-squares
sense (Kabsch, "A solution for the best rotation to relate two sets of vectors", Acta
Crystallographica A32, 1976), weighted as MediaPipe's face geometry module weighs them. The mesh is
taken as seen from afar (no perspective).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from openaffect.types import InvalidValueError

from .face_canonical import INDEX, POSITION, WEIGHT


def head_pose(points: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return (N, 3) pitch, yaw and roll in degrees of (N, P, 3) meshes, P = 468 or 478.

    Positive pitch looks down, positive yaw turns to the image's right, positive roll tilts
    clockwise as seen in the image: turning the picture changes roll alone. The head is pitched
    first, then turned, then tilted: R = Rz(roll) Ry(-yaw) Rx(pitch) with x right, y down and z away
    from the viewer. Yaw lies in [-90, 90], the others in [-180, 180].

    Raises :class:`InvalidValueError` for another shape.
    """
    if points.ndim != 3 or points.shape[1] < 468 or points.shape[2] != 3:
        raise InvalidValueError(f"points have shape {points.shape}; expected (N, 468 or 478, 3)")
    if not len(points):
        return np.zeros((0, 3), np.float32)
    share = WEIGHT / WEIGHT.sum()
    head = POSITION - share @ POSITION
    seen = points[:, INDEX]
    seen = seen - np.einsum("m,nmi->ni", share, seen)[:, None]
    correlation = np.einsum("m,nmi,mj->nij", share, seen, head)
    left, _, right = np.linalg.svd(correlation)
    left[:, :, 2] *= np.linalg.det(left @ right)[:, None]
    turn = left @ right
    yaw = np.arcsin(np.clip(turn[:, 2, 0], -1, 1))
    roll = np.arctan2(turn[:, 1, 0], turn[:, 0, 0])
    pitch = np.arctan2(turn[:, 2, 1], turn[:, 2, 2])
    return np.asarray(np.degrees(np.stack([pitch, yaw, roll], axis=1)), np.float32)
