"""Action units of a face, estimated from its blendshapes: see ``preprocess.face_action_units``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from numpy.typing import NDArray

from openaffect.preprocess.face_action_units import from_blendshapes

from .face_blendshapes import FaceBlendshapes


class FaceActionUnits(FaceBlendshapes):
    """Crops with one face each, any framing, to the intensities of ``facs-au``.

    The card's files are those of ``face_blendshapes``. A crop in which no face is found gives a row
    of NaN.
    """

    def encode(self, batch: Sequence[NDArray[Any]]) -> NDArray[Any]:
        """Return (N, 21) intensities in [0, 5]."""
        return from_blendshapes(super().encode(batch))


RECOGNIZER = FaceActionUnits
