"""Valence and arousal of a voice, derived from its emotion: not measured on the voice itself.

The places of the emotions and their sources stand in :mod:`._affect`.
"""

from __future__ import annotations

from ._affect import DerivedAffect
from .speech_emotion import SpeechEmotion


class SpeechAffect(DerivedAffect):
    """Recordings to valence and arousal, by way of the emotion network.

    The card's file and ``preprocessing`` are those of a ``speech_emotion`` card, its scheme named
    in ``preprocessing["emotion_scheme"]``. ``extra["abstain"]`` is the emotion's.
    """

    modality = "speech"
    recognizer = SpeechEmotion


RECOGNIZER = SpeechAffect
