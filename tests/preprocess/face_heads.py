"""Drawn heads of known pose and expression: a truth that no network was asked for.

Draws the ICT-FaceKit head (Li et al., CVPR 2020, MIT) with flat shading; tests skip where the
model's file is not there.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from .face_samples import SHARED

SKIN, BROW, LIP, WHITE, IRIS, INSIDE = (
    (205, 165, 140), (80, 55, 45), (175, 85, 85), (235, 235, 235), (60, 40, 30), (120, 50, 50),
)  # fmt: skip
HIDDEN = ("occlusion", "blend", "lacrimal", "lash")


@cache
def _model():
    path = SHARED / "models" / "ict_facekit.npz"
    if not path.exists():
        pytest.skip("the head model ict_facekit.npz is not here")
    return dict(np.load(path))


@cache
def _coloured() -> tuple[np.ndarray, np.ndarray]:
    """Return the triangles that are drawn and their colours."""
    from matplotlib.path import Path as Outline

    model = _model()
    names = [str(name) for name in model["part_names"]]
    kept = np.array(
        [not any(word in names[part] for word in HIDDEN) for part in model["face_part"]]
    )
    triangles, parts = model["faces"][kept], model["face_part"][kept]
    middles = model["neutral"][triangles].mean(axis=1)
    marks = model["neutral"][model["landmark68_vertices"]]
    colours = np.full((len(triangles), 3), SKIN, float)
    on_face = parts == names.index("face")
    lines = [np.linspace(marks[i], marks[i + 1], 8) for i in (*range(17, 21), *range(22, 26))]
    gaps = np.linalg.norm(middles[:, None] - np.concatenate(lines)[None, ::2], axis=2).min(axis=1)
    colours[on_face & (gaps < 0.45)] = BROW
    mouth = Outline(marks[48:60, :2]).contains_points(middles[:, :2])
    colours[on_face & mouth & (middles[:, 2] > marks[48:60, 2].min() - 1)] = LIP
    for name in ("mouth_socket", "gums_and_tongue"):
        colours[parts == names.index(name)] = INSIDE
    for name in ("eyeball_left", "eyeball_right"):
        ball = parts == names.index(name)
        tip = middles[ball][middles[ball][:, 2].argmax()]
        near = np.hypot(*(middles[:, :2] - tip[:2]).T) < 0.62
        colours[ball] = WHITE
        colours[ball & near & (middles[:, 2] > middles[ball][:, 2].mean())] = IRIS
    return triangles, colours


def head(pitch=0.0, yaw=0.0, roll=0.0, *, size: int = 480, **expression: float) -> np.ndarray:
    """Draw a head: degrees as in ``head_pose``, expressions by the model's names, in [0, 1]."""
    import cv2

    model, (triangles, colours) = _model(), _coloured()
    vertices = model["neutral"].astype(float)
    names = [str(name) for name in model["expression_names"]]
    for name, weight in expression.items():
        vertices = vertices + weight * model["expression_deltas"][names.index(name)]
    vertices = vertices * [1, -1, -1] - [0, 2, -2]
    x, y, z = vertices.T
    a, b, c = np.radians([pitch, yaw, roll])
    y, z = y * np.cos(a) - z * np.sin(a), y * np.sin(a) + z * np.cos(a)
    x, z = x * np.cos(b) - z * np.sin(b), x * np.sin(b) + z * np.cos(b)
    x, y = x * np.cos(c) - y * np.sin(c), x * np.sin(c) + y * np.cos(c)
    corners = np.stack([x, y, z], axis=1)[triangles]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals /= np.linalg.norm(normals, axis=1, keepdims=True) + 1e-9
    light = np.array([0.3, -0.5, -0.8]) / np.linalg.norm([0.3, -0.5, -0.8])
    shades = colours * (0.35 + 0.65 * np.clip(normals @ light, 0, 1))[:, None]
    picture = np.full((size, size, 3), (90, 110, 130), np.uint8)
    places = np.round((corners[:, :, :2] * size / 40 + size / 2) * 16).astype(np.int32)
    seen = np.flatnonzero(normals[:, 2] < 0.05)
    for index in seen[np.argsort(-corners[seen, :, 2].mean(axis=1))]:
        cv2.fillConvexPoly(picture, places[index], shades[index].tolist(), cv2.LINE_AA, 4)
    return cv2.GaussianBlur(picture, (0, 0), 0.8)
