"""Action units estimated from blendshape weights.

An estimate, not a FACS coding: the weights were never fitted to coders' intensities, and 0..1 is
stretched evenly over 0..5. Which weight stands for which unit follows the table by which
ICT-FaceKit relates its shapes to FACS (Li et al., "Learning Formation of Physically-Based Face
Attributes", CVPR 2020; the table is in the kit's README), in which the names are ARKit's. Where the
kit's shape and the unit's definition in the FACS manual (Ekman, Friesen and Hager, 2002) part, the
note beside the row says what was done.

The estimates are only as good as the network's weights. Shown drawn heads that make one movement at
a time (``tests/preprocess/test_face_truth.py``), it answers clearly to those of AU02, AU10, AU12,
AU17, AU18, AU25, AU26 and AU43/45, faintly to AU01, AU05, AU07 and AU20, and hardly or not at all
to AU04, AU06, AU09, AU14, AU15, AU24 and AU28: read a low value there as "not seen", not "absent".
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from openaffect.types import InvalidValueError
from openaffect.types.schemes import ARKIT52, FACS_AU

TABLE: dict[str, tuple[str, ...]] = {
    "AU01": ("browInnerUp",),
    "AU02": ("browOuterUpLeft", "browOuterUpRight"),
    "AU04": ("browDownLeft", "browDownRight"),
    "AU05": ("eyeWideLeft", "eyeWideRight"),
    "AU06": ("cheekSquintLeft", "cheekSquintRight"),
    "AU07": ("eyeSquintLeft", "eyeSquintRight"),
    "AU09": ("noseSneerLeft", "noseSneerRight"),
    # The kit gives mouthUpperUp to AU11 and mouthShrugUpper to AU10; FACS defines AU10 as the upper
    # lip drawn straight up, which is what ARKit documents mouthUpperUp as.
    "AU10": ("mouthUpperUpLeft", "mouthUpperUpRight"),
    "AU12": ("mouthSmileLeft", "mouthSmileRight"),
    "AU14": ("mouthDimpleLeft", "mouthDimpleRight"),
    "AU15": ("mouthFrownLeft", "mouthFrownRight"),
    "AU17": ("mouthShrugLower",),
    "AU18": ("mouthPucker",),
    "AU20": ("mouthStretchLeft", "mouthStretchRight"),
    "AU24": ("mouthPressLeft", "mouthPressRight"),
    # The kit names AU27 (mouth stretch); AU26 (jaw drop) is the milder end of the same movement.
    "AU26": ("jawOpen",),
    "AU28": ("mouthRollLower", "mouthRollUpper"),
    # One picture cannot tell a closed eye (AU43) from a blink (AU45): both carry the closure.
    "AU43": ("eyeBlinkLeft", "eyeBlinkRight"),
    "AU45": ("eyeBlinkLeft", "eyeBlinkRight"),
}
"""Blendshapes whose mean weight gives each unit. AU25 is computed; AU23 has no blendshape."""

_LIPS_APART = (
    ("mouthLowerDownLeft", "mouthLowerDownRight"),
    ("mouthUpperUpLeft", "mouthUpperUpRight"),
)


def from_blendshapes(weights: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return (N, 21) intensities in [0, 5], in the order of the scheme ``facs-au``.

    ``weights``: (N, 52) in [0, 1], in the order of ``arkit52``. AU25 (lips part) is the highest of
    an open jaw less the lips closed over it, a lowered lower lip and a raised upper lip: the
    movements by which FACS lets lips part. AU23 (lip tightener) has no counterpart among the
    blendshapes and is NaN, not measured. A row of NaN stays NaN.

    Raises :class:`InvalidValueError` for another shape.
    """
    if weights.ndim != 2 or weights.shape[1] != len(ARKIT52):
        raise InvalidValueError(f"weights have shape {weights.shape}; expected (N, 52)")
    units = np.full((len(weights), len(FACS_AU)), np.nan, np.float32)
    for label, names in TABLE.items():
        units[:, FACS_AU.index(label)] = _mean(weights, names)
    jaw = _mean(weights, ("jawOpen",)) - _mean(weights, ("mouthClose",))
    apart = np.max([jaw, *(_mean(weights, names) for names in _LIPS_APART)], axis=0)
    units[:, FACS_AU.index("AU25")] = apart
    return np.clip(units * 5, 0, 5)


def _mean(weights: NDArray[np.floating], names: tuple[str, ...]) -> NDArray[np.floating]:
    columns = [ARKIT52.index(name) for name in names]
    return np.asarray(weights[:, columns].mean(axis=1))
