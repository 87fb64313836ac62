"""Where a video cuts from one shot to another, from frames shrunk to a few grey fields.

A cut changes what is where: the correlation of the fields, which brightness does not touch. Where
it is in doubt the histogram decides, which motion hardly touches (Boreczky and Rowe, "Comparison of
video shot boundary detection techniques", J. Electronic Imaging 5(2), 1996). A pan so fast that
little stays in place counts as well; fades and wipes do not.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from openaffect.types import InvalidValueError

HEIGHT, WIDTH = 18, 32
_UNLIKE, _DOUBTFUL = 0.3, 0.6
_COMMON = 0.8
_BINS = 16
_CHANGE = 6.0
"""Grey levels, the mean over the fields, below which nothing was cut whatever the correlation."""
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
    first, second = before.astype(np.float64).ravel(), after.astype(np.float64).ravel()
    if np.abs(first - second).mean() < _CHANGE:
        return False
    spread = [max(float(one.std()), _FLAT) for one in (first, second)]
    covariance = float(np.mean((first - first.mean()) * (second - second.mean())))
    correlation = covariance / (spread[0] * spread[1])
    if correlation < _UNLIKE:
        return True
    return correlation < _DOUBTFUL and _common(before, after) < _COMMON


def _common(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> float:
    """Return the share of the fields whose greys both frames have, in [0, 1]."""
    counts = [
        np.bincount(one.ravel().astype(np.int64) * _BINS // 256, minlength=_BINS)
        for one in (before, after)
    ]
    return float(np.minimum(*counts).sum() / before.size)
