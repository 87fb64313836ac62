"""The 52 blendshape weights of a face, from its mesh.

Grishchenko et al., "Blendshapes GHUM: Real-time Monocular Facial Blendshape Prediction" (2023),
https://arxiv.org/abs/2309.05782. As in MediaPipe's published graph the network is fed 146 of the
478 points as x and y in pixels of the picture; it removes position and scale by itself.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from openaffect.types import InvalidValueError, Session

SUBSET = np.array(
    [
        0, 1, 4, 5, 6, 7, 8, 10, 13, 14, 17, 21, 33, 37, 39, 40, 46, 52, 53, 54, 55, 58, 61, 63,
        65, 66, 67, 70, 78, 80, 81, 82, 84, 87, 88, 91, 93, 95, 103, 105, 107, 109, 127, 132, 133,
        136, 144, 145, 146, 148, 149, 150, 152, 153, 154, 155, 157, 158, 159, 160, 161, 162, 163,
        168, 172, 173, 176, 178, 181, 185, 191, 195, 197, 234, 246, 249, 251, 263, 267, 269, 270,
        276, 282, 283, 284, 285, 288, 291, 293, 295, 296, 297, 300, 308, 310, 311, 312, 314, 317,
        318, 321, 323, 324, 332, 334, 336, 338, 356, 361, 362, 365, 373, 374, 375, 377, 378, 379,
        380, 381, 382, 384, 385, 386, 387, 388, 389, 390, 397, 398, 400, 402, 405, 409, 415, 454,
        466, 468, 469, 470, 471, 472, 473, 474, 475, 476, 477,
    ]
)  # fmt: skip
"""(146,) mesh points that the network reads."""


def blendshapes(points: NDArray[np.float64], session: Session) -> NDArray[np.float32]:
    """Return (N, 52) weights in [0, 1], in the order of the scheme ``arkit52``.

    Left and right are the person's own. ``points``: (N, 478, 3) meshes in pixels, upright or not.

    Raises :class:`InvalidValueError` for another shape; the 468-point mesh lacks the irises.
    """
    if points.ndim != 3 or points.shape[1:] != (478, 3):
        raise InvalidValueError(
            f"points have shape {points.shape}; blendshapes need (N, 478, 3), the mesh with irises"
        )
    weights = np.zeros((len(points), 52), np.float32)
    for row, face in enumerate(points):
        feed = face[SUBSET, :2].astype(np.float32)[None]
        answer = session.run({session.inputs[0]: feed})
        weights[row] = answer[session.outputs[0]].reshape(52)
    return np.clip(weights, 0, 1)
