"""Valence and arousal of a face, derived from its emotion: not measured on the face itself.

The places of the emotions and their sources stand in :mod:`._affect`.
"""

from __future__ import annotations

from ._affect import DerivedAffect
from .face_emotion import FaceEmotion


class FaceAffect(DerivedAffect):
    """Crops of faces to valence and arousal, by way of the emotion network.

    The card's file and ``preprocessing`` are those of a ``face_emotion`` card, with the network's
    columns named in ``preprocessing["emotions"]`` (the order of ``primary8`` when absent).
    """

    modality = "face"
    recognizer = FaceEmotion


RECOGNIZER = FaceAffect
