"""Where a video cuts from one shot to another, from frames shrunk to a few grey fields.

A cut changes both what is where (the correlation of the fields, which brightness does not touch)
and how much of each grey there is (the histogram, which motion hardly touches); asking for both
keeps a pan, a fast head and a flash from counting (Boreczky and Rowe, "Comparison of video shot
boundary detection techniques", J. Electronic Imaging 5(2), 1996). Fades and wipes are not found.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from openaffect.types import InvalidValueError

HEIGHT, WIDTH = 18, 32
_CORRELATION = 0.6
_COMMON = 0.8
_BINS = 16
_FLAT = 2.0
"""Grey levels of deviation below which a frame has no structure to compare."""


def glance(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return an (18, 32) uint8 grey miniature of (H, W, 3) uint8 RGB."""
    import cv2

    if image.ndim != 3 or image.shape[2] != 3:
        raise InvalidValueError(f"the frame has shape {image.shape}; expected (H, W, 3)")
    small = cv2.resize(image, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), np.uint8)


def is_cut(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> bool:
    """Tell whether a cut lies between two glances."""
    if _common(before, after) >= _COMMON:
        return False
    first, second = before.astype(np.float64).ravel(), after.astype(np.float64).ravel()
    spread = [max(float(one.std()), _FLAT) for one in (first, second)]
    covariance = float(np.mean((first - first.mean()) * (second - second.mean())))
    return covariance / (spread[0] * spread[1]) < _CORRELATION


def _common(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> float:
    """Return the share of the fields whose greys both frames have, in [0, 1]."""
    counts = [
        np.bincount(one.ravel().astype(np.int64) * _BINS // 256, minlength=_BINS)
        for one in (before, after)
    ]
    return float(np.minimum(*counts).sum() / before.size)
