"""Emotion from distances and angles between points of the face, by a decision tree.

Twelve measures of the face mesh (:func:`~openaffect.preprocess.face_features.mesh_geometry`) and
one classification tree (L. Breiman et al., "Classification and Regression Trees", 1984), as in the
geometric systems before networks (Ghimire and Lee, Sensors 13(6), 2013).

The card's files are ``landmarks``, the mesh of 478 points, and ``model``, whose arrays are the
nodes: ``left`` and ``right`` (M,) their children (-1 at a leaf), ``feature`` and ``threshold``
(M,), ``share`` (M, K) the classes of the training rows that reach a node, smoothed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.preprocess.face_align import TEMPLATE
from openaffect.preprocess.face_detect import FaceDetections
from openaffect.preprocess.face_features import MESH_FEATURES, mesh_geometry
from openaffect.preprocess.face_mesh import mesh
from openaffect.types import Session, Timeline, Weights

from ._base import BatchRecognizer
from ._classical import arrays

_PRESENT = 0.5
_ROOM = 0.25
_SIDE = 96
_BOX = (0.1, 0.18, 0.9, 0.98)
"""From brow to chin of a crop framed by ``preprocess.face_align``, as shares of its side."""


class FaceGeometryTree(BatchRecognizer):
    """Crops of faces, framed by ``preprocess.face_align``, to emotions.

    Where the mesh sees no face, the scores are equal for all labels and the row abstains.
    """

    modality = "face"

    def __init__(self, weights: Weights) -> None:
        super().__init__(weights)
        self._tree = arrays(weights, ("left", "right", "feature", "threshold", "share"))
        self._landmarks = weights.session("landmarks")

    def __call__(self, batch: Sequence[Any], /) -> Timeline:
        """Recognise every item; an empty batch gives a timeline of no rows."""
        timeline = super().__call__(batch)
        unseen = np.ptp(timeline.scores, axis=1) == 0
        abstain = timeline.extra.get("abstain", np.zeros(len(timeline), bool)) | unseen
        return replace(timeline, extra={**timeline.extra, "abstain": abstain})

    def prepare(self, item: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the (12,) measures of one crop, NaN where the mesh sees no face."""
        return self.measures(item, self._landmarks)

    @staticmethod
    def measures(item: NDArray[np.uint8], landmarks: Session) -> NDArray[np.float32]:
        """Return the same by a session of the 478-point mesh."""
        import cv2

        side = np.asarray(cv2.resize(item, (_SIDE, _SIDE), interpolation=cv2.INTER_CUBIC), np.uint8)
        room = int(_SIDE * _ROOM)
        picture = np.pad(side, ((room, room), (room, room), (0, 0)), mode="edge")
        box = np.asarray(_BOX)[None] * _SIDE + room
        eyes = np.zeros((1, 6, 2))
        eyes[0, :2] = TEMPLATE[:2] * _SIDE + room
        found = mesh(picture, FaceDetections(box, np.ones(1), eyes), landmarks, variant="478")
        if found.presence[0] < _PRESENT:
            return np.full(len(MESH_FEATURES), np.nan, np.float32)
        return np.asarray(mesh_geometry(found.points)[0])

    def encode(self, batch: Sequence[NDArray[Any]]) -> NDArray[Any]:
        """Return (N, K) shares of the leaf that each item falls into."""
        rows = np.stack(batch)
        seen = np.isfinite(rows).all(axis=1)
        scores = np.full((len(rows), len(self.scheme)), 1 / len(self.scheme))
        scores[seen] = self._tree["share"][leaves(rows[seen], self._tree)]
        return scores


def leaves(rows: NDArray[np.float32], tree: dict[str, NDArray[Any]]) -> NDArray[np.int64]:
    """Return the leaf that each of (N, D) rows falls into: left where not above the threshold."""
    node = np.zeros(len(rows), np.int64)
    while (inner := tree["left"][node] >= 0).any():
        here = node[inner]
        below = rows[inner, tree["feature"][here]] <= tree["threshold"][here]
        node[inner] = np.where(below, tree["left"][here], tree["right"][here])
    return node


RECOGNIZER = FaceGeometryTree
