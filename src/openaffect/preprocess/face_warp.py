"""Cut a square out of a picture, turned and resized, without aliasing."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.types import InvalidValueError


def check_picture(image: NDArray[Any]) -> None:
    """Raise :class:`InvalidValueError` unless ``image`` is (H, W, 3) uint8 with H, W >= 1."""
    if not isinstance(image, np.ndarray) or image.ndim != 3 or image.shape[2] != 3:
        shape = getattr(image, "shape", type(image).__name__)
        raise InvalidValueError(f"a picture has shape {shape}; expected (H, W, 3) RGB")
    if image.dtype != np.uint8 or image.size == 0:
        raise InvalidValueError(
            f"a picture is {image.dtype} of shape {image.shape}; expected uint8 in 0..255 with at "
            "least one pixel"
        )


def square_to_picture(
    center: NDArray[np.float64], side: float, angle: float, size: int
) -> NDArray[np.float64]:
    """Return the (2, 3) matrix from pixels of a ``size`` x ``size`` crop to pixels of the picture.

    The crop covers a square of ``side`` picture pixels around ``center`` (x, y), whose upper edge
    is turned by ``angle`` radians, clockwise as seen. Coordinates are continuous: a pixel's centre
    lies half a pixel from its edge, so that (0, 0) is the picture's upper left corner.
    """
    scale = side / size
    cosine, sine = scale * np.cos(angle), scale * np.sin(angle)
    turn = np.array([[cosine, -sine], [sine, cosine]])
    return np.column_stack([turn, np.asarray(center) - turn @ np.full(2, size / 2)])


def apply(matrix: NDArray[np.float64], points: NDArray[Any]) -> NDArray[np.float64]:
    """Move (..., 2) points by a (2, 3) matrix."""
    return points @ matrix[:, :2].T + matrix[:, 2]


def cut(
    image: NDArray[np.uint8], matrix: NDArray[np.float64], size: int, *, replicate: bool = False
) -> NDArray[np.uint8]:
    """Return the (size, size, 3) crop whose pixels ``matrix`` places in ``image``.

    Where the crop is coarser than the picture, the picture is first averaged down over whole
    blocks of pixels, so that thin detail does not alias; then it is sampled bilinearly. Outside the
    picture is black, or with ``replicate`` the colour of the nearest edge.
    """
    import cv2

    corners = apply(matrix, np.array([[0, 0], [size, 0], [0, size], [size, size]], float))
    height, width = image.shape[:2]
    low = np.clip(np.floor(corners.min(0)) - 1, 0, [width - 1, height - 1]).astype(int)
    high = np.clip(np.ceil(corners.max(0)) + 1, low + 1, [width, height]).astype(int)
    region: NDArray[Any] = image[low[1] : high[1], low[0] : high[0]]
    shrink = np.ones(2)
    step = float(np.hypot(*matrix[:, 0]))
    if step >= 2:
        target = np.maximum(1, np.round((high - low) / step)).astype(int)
        shrink = target / (high - low)
        region = cv2.resize(region, (int(target[0]), int(target[1])), interpolation=cv2.INTER_AREA)
    local = (matrix - np.column_stack([np.zeros((2, 2)), low])) * shrink[:, None]
    local[:, 2] += local[:, :2] @ np.full(2, 0.5) - 0.5
    border = cv2.BORDER_REPLICATE if replicate else cv2.BORDER_CONSTANT
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(
        cv2.warpAffine(region, local, (size, size), flags=flags, borderMode=border), np.uint8
    )
