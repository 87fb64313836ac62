"""Upright pictures from a container's display matrix and pixel shape."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

_SHAPE_BOUNDS = (0.25, 4.0)  # a pixel's width over height beyond this is damage, not a format


def orientation(frame: Any) -> tuple[int, bool]:
    """Return (quarter turns clockwise 0..3, mirror left-right afterwards) of a decoded frame.

    The display matrix sends a stored point (x, y) to (a x + c y, b x + d y), y pointing down, in
    16.16 fixed point (ISO/IEC 14496-12, 6.2.2). Angles that are no quarter turn are rounded to the
    nearest.
    """
    item = frame.side_data.get("DISPLAYMATRIX")
    if item is None or item.buffer_size < 36:
        return 0, False
    a, b, _, c, d = struct.unpack_from("=5i", bytes(item))
    return _from_matrix(a, b, c, d)


def _from_matrix(a: int, b: int, c: int, d: int) -> tuple[int, bool]:
    mirrored = a * d - b * c < 0
    if mirrored:
        a, c = -a, -c
    if a == b == 0:
        return 0, False
    return int(np.rint(np.degrees(np.arctan2(b, a)) / 90)) % 4, mirrored


def clockwise_degrees(frame: Any) -> int:
    """Return how far the stored picture is turned clockwise to stand upright: 0, 90, 180, 270."""
    return 90 * orientation(frame)[0]


def upright(image: NDArray[np.uint8], turns: int, mirrored: bool) -> NDArray[np.uint8]:
    """Return the (H, W, 3) picture turned and mirrored, contiguous in memory."""
    turned = np.rot90(image, -turns) if turns else image
    return np.ascontiguousarray(turned[:, ::-1] if mirrored else turned)


def stored_size(frame: Any, stream: Any) -> tuple[int, int]:
    """Return (width, height) before turning, with pixels made square."""
    shape = float(stream.codec_context.sample_aspect_ratio or stream.sample_aspect_ratio or 1)
    if not _SHAPE_BOUNDS[0] <= shape <= _SHAPE_BOUNDS[1]:
        shape = 1.0
    return max(1, round(frame.width * shape)), frame.height


def shown_size(frame: Any, stream: Any) -> tuple[int, int]:
    """Return (width, height) in pixels as the picture is shown."""
    width, height = stored_size(frame, stream)
    return (height, width) if orientation(frame)[0] % 2 else (width, height)
