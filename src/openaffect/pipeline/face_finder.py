"""From a picture to its faces: detected, meshed, aligned, rated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from openaffect.types.protocols import Session

from .faces import Faces

_PRESENT = 0.5
"""A mesh less sure than this of having seen a face is no face."""
_SIDE = 96
_SMALLEST = 60.0
"""Pixels: at 640 x 480 the detector looks three times where 40 would make it look seven times."""


@dataclass(frozen=True, slots=True)
class FaceFinder:
    """The sessions of detector and mesh, and of the blendshapes where they are there.

    ``variant`` is the number of the mesh's points; blendshapes need 478.
    """

    detector: Session
    landmarks: Session
    variant: Literal["468", "478"]
    blendshapes: Session | None = None

    def __call__(self, image: NDArray[np.uint8]) -> Faces:
        """Return the faces of (H, W, 3) uint8 RGB, best first."""
        from openaffect.preprocess.face_align import align
        from openaffect.preprocess.face_appearance import appearance
        from openaffect.preprocess.face_blendshapes import blendshapes
        from openaffect.preprocess.face_detect import detect_faces
        from openaffect.preprocess.face_mesh import mesh
        from openaffect.preprocess.face_pose import head_pose
        from openaffect.preprocess.face_quality import quality
        from openaffect.preprocess.shot_cuts import glance

        found = detect_faces(image, self.detector, variant="full", smallest=_SMALLEST)
        meshes = mesh(image, found, self.landmarks, variant=self.variant)
        present = meshes.presence >= _PRESENT
        points, boxes = meshes.points[present], found.box[present]
        crops = align(image, points, size=_SIDE)
        pose = head_pose(points)
        shapes = None if self.blendshapes is None else blendshapes(points, self.blendshapes)
        return Faces(
            box=boxes.astype(np.float32),
            quality=quality(crops, points, pose).overall,
            pose=pose,
            crops=list(crops),
            blendshapes=shapes,
            looks=appearance(crops, points),
            glance=glance(image),
        )
