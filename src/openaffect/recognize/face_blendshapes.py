"""Blendshape weights of a face: how far each of 51 movements has gone, in [0, 1].

The MediaPipe face landmarker's three networks in a row: detector, 478-point mesh, blendshapes
(Grishchenko et al., 2023, https://arxiv.org/abs/2309.05782). The card's files are ``detector``,
``landmarks`` and ``blendshapes``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.preprocess.face_blendshapes import blendshapes
from openaffect.preprocess.face_detect import detect_faces
from openaffect.preprocess.face_mesh import mesh
from openaffect.types import Weights

from ._base import BatchRecognizer

_PRESENT = 0.5
_ROOM = 0.25


class FaceBlendshapes(BatchRecognizer):
    """Crops with one face each, any framing, to the 52 weights of ``arkit52``.

    A crop in which no face is found gives a row of NaN: not measured. Of several faces the largest
    is taken.
    """

    modality = "face"
    batch_size = 1

    def __init__(self, weights: Weights) -> None:
        super().__init__(weights)
        self._detector = weights.session("detector")
        self._landmarks = weights.session("landmarks")
        self._blendshapes = weights.session("blendshapes")

    def prepare(self, item: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return the crop with room around it: the detector misses faces that fill the picture."""
        room = int(max(item.shape[:2]) * _ROOM)
        return np.pad(item, ((room, room), (room, room), (0, 0)), mode="edge")

    def encode(self, batch: Sequence[NDArray[Any]]) -> NDArray[Any]:
        """Return (N, 52) weights."""
        return np.concatenate([self._one(picture) for picture in batch])

    def _one(self, picture: NDArray[np.uint8]) -> NDArray[np.float32]:
        side = float(max(picture.shape[:2]))
        faces = detect_faces(picture, self._detector, variant="short", smallest=side / 6)
        width = faces.box[:, 2] - faces.box[:, 0]
        largest = mesh(
            picture, faces.select(np.argsort(-width)[:1]), self._landmarks, variant="478"
        )
        found = largest.select(largest.presence >= _PRESENT)
        if not len(found):
            return np.full((1, 52), np.nan, np.float32)
        return blendshapes(found.points, self._blendshapes)


RECOGNIZER = FaceBlendshapes
