"""What a face looks like, in a few numbers, to know a person again within one recording.

Two kinds of measure that change little with light and expression: the chromaticity (logarithms of
red and of blue over green: Finlayson and Hordley, "Color constancy at a pixel", JOSA A 18(2), 2001)
of the inner face in 4 x 4 fields, and the lengths of the mesh between points that expressions move
least, over their geometric mean. It is no biometric template and tells strangers apart only within
a recording: another camera or light changes the colours.

Centres and scales were measured on the drawn people of even number, 400 to 438, of
``benchmarks/people.py``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from openaffect.types import InvalidValueError

LENGTH = 48
"""Numbers of a description."""
_LINES = np.array([
    (33, 263), (133, 362), (129, 358), (168, 2), (152, 168), (172, 397), (234, 454), (10, 168),
    (61, 291), (70, 300), (107, 336), (136, 365), (193, 417), (127, 356), (2, 152),
])  # fmt: skip
_USUAL = np.array([
    0.30, -0.64, -0.46, -0.30, 0.62, 0.55, 0.79, -0.32, -0.20, 0.59, -0.78, 0.42, -1.50, 0.80, 0.14,
])  # fmt: skip
"""Logarithms of the lines' lengths over their geometric mean."""
_LENGTHS = 0.03
_RED, _BLUE = (0.28, 0.019), (-0.17, 0.014)
"""Centre and scale of the logarithms of red and of blue over green."""
_DARK = 8.0
_ALIKE = 2.0
"""What all faces share: the more, the less a small difference turns the direction."""


def appearance(crops: NDArray[np.uint8], points: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return (N, 48) descriptions of length 1; the cosine of two says how alike they are.

    Parameters
    ----------
    crops: (N, S, S, 3) uint8 RGB, of :func:`face_align.align`, S a multiple of 8.
    points: (N, P, 3) meshes in pixels, P = 468 or 478.

    Raises :class:`InvalidValueError` for other shapes.
    """
    if crops.ndim != 4 or crops.shape[1] != crops.shape[2] or crops.shape[1] % 8:
        raise InvalidValueError(f"crops have shape {crops.shape}; expected (N, S, S, 3), S of 8s")
    if points.ndim != 3 or points.shape[1] < 468 or len(points) != len(crops):
        raise InvalidValueError(
            f"points have shape {points.shape}; expected ({len(crops)}, 468 or 478, 3)"
        )
    count, side = len(crops), crops.shape[1]
    inner = crops[:, :, side // 4 : side - side // 4].astype(np.float64)
    fields = inner.reshape(count, 4, side // 4, 4, side // 8, 3).mean(axis=(2, 4)) + _DARK
    red, green, blue = np.moveaxis(np.log(fields).reshape(count, 16, 3), 2, 0)
    tints = [
        (colour - green - centre) / scale
        for colour, (centre, scale) in ((red, _RED), (blue, _BLUE))
    ]
    ends = points[:, _LINES].astype(np.float64)
    lengths = np.log(np.maximum(np.linalg.norm(ends[:, :, 0] - ends[:, :, 1], axis=2), 1e-6))
    shape = (lengths - lengths.mean(axis=1, keepdims=True) - _USUAL) / _LENGTHS
    whole = np.concatenate(
        [
            np.concatenate(tints, axis=1) / np.sqrt(32),
            shape / np.sqrt(len(_LINES)),
            np.full((count, 1), _ALIKE),
        ],
        axis=1,
    )
    return np.asarray(whole / np.linalg.norm(whole, axis=1, keepdims=True), np.float32)
