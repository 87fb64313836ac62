"""Cut faces out upright and framed alike, as FER2013's 48 x 48 images are framed.

A similarity (turn, scale, shift: Umeyama, "Least-squares estimation of transformation parameters
between two point patterns", IEEE TPAMI 13(4), 1991) brings the two eyes and the mouth as near as
can be to a template. Expression networks trained on FER2013 images as they are see photographs
framed as their training images were.

The template is the median over training faces drawn at random (seed 0), measured with the
478-point mesh by::

    python benchmarks/face_framing.py ferplus-train.parquet --count 4000

which found a face in 3,624 of 4,000 images: eyes at (.3169, .3986) and (.6819, .3953), mouth at
(.5036, .7719) of the side, the quartiles some .03 away. Made symmetric, that is :data:`TEMPLATE`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from openaffect.types import InvalidValueError

from .face_warp import check_picture, cut

EYE_LEFT, EYE_RIGHT = (33, 133), (362, 263)
"""The corners of the eye at the image's left and at its right."""
MOUTH = (61, 291)
"""The corners of the mouth."""

TEMPLATE = np.array([[0.3175, 0.3969], [0.6825, 0.3969], [0.5, 0.7719]])
"""(3, 2) x and y of the left eye, the right eye and the mouth, as shares of the crop's side."""


def anchors(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (N, 3, 2): the middle of either eye and of the mouth, of (N, P, 3) meshes."""
    groups = (EYE_LEFT, EYE_RIGHT, MOUTH)
    return np.stack([points[:, list(pair), :2].mean(axis=1) for pair in groups], axis=1)


def align(
    image: NDArray[np.uint8], points: NDArray[np.float64], *, size: int = 96
) -> NDArray[np.uint8]:
    """Return (N, size, size, 3) uint8 RGB crops of N faces of one picture.

    Parameters
    ----------
    image: (H, W, 3) uint8 RGB.
    points: (N, P, 3) meshes in pixels of that picture, P = 468 or 478.
    size: side of a crop in pixels.

    What lies outside the picture takes the colour of its nearest edge.
    Raises :class:`InvalidValueError` for other shapes or a size below 1.
    """
    check_picture(image)
    if points.ndim != 3 or points.shape[1] < 468 or points.shape[2] < 2:
        raise InvalidValueError(f"points have shape {points.shape}; expected (N, 468 or 478, 3)")
    if size < 1:
        raise InvalidValueError(f"size is {size}; a crop has at least 1 pixel a side")
    crops = np.zeros((len(points), size, size, 3), np.uint8)
    for row, face in enumerate(anchors(points)):
        crops[row] = cut(image, similarity(TEMPLATE * size, face), size, replicate=True)
    return crops


def similarity(source: NDArray[np.float64], target: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the (2, 3) similarity that brings (M, 2) ``source`` nearest to ``target``.

    Least squares in the plane, solved with complex numbers: t - mean(t) = a (s - mean(s)), where
    the factor ``a`` holds turn and scale (equal to Umeyama's equations 40 to 42 without mirroring).
    """
    middle_source, middle_target = source.mean(axis=0), target.mean(axis=0)
    flat = (source - middle_source) @ np.array([1, 1j])
    goal = (target - middle_target) @ np.array([1, 1j])
    factor = np.vdot(flat, goal) / max(float(np.vdot(flat, flat).real), 1e-12)
    turn = np.array([[factor.real, -factor.imag], [factor.imag, factor.real]])
    return np.column_stack([turn, middle_target - turn @ middle_source])
