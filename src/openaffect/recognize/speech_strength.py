"""How strongly an emotion is voiced, from the log-mel spectrogram that Whisper listens to.

The card's file of role ``model`` answers with ``strength`` (N, 1), the probability that an actor
was told to be strong rather than normal.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ._voice import VoiceNetwork


class SpeechStrength(VoiceNetwork):
    """One strength in [0, 1] for each recording, window or utterance; 0 for silence."""

    answer = "strength"

    def nothing(self) -> NDArray[np.float32]:
        """Return the row of silence."""
        return np.zeros(1, np.float32)


RECOGNIZER = SpeechStrength
