"""Whose voice it is, as a vector, from the log-mel spectrogram that Whisper listens to.

The card's file of role ``model`` answers with ``embedding`` (N, D). Its ``calibration`` says how
voices are told apart by it: see :class:`openaffect.pipeline.speakers.Grouping`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ._voice import VoiceNetwork


class SpeechEmbedding(VoiceNetwork):
    """One vector of length 1 for each recording, window or utterance; zeros for silence.

    The cosine of two vectors tells how alike the voices are.
    """

    answer = "embedding"

    def told(self, answer: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the (D,) vector at length 1."""
        length = np.linalg.norm(answer)
        return (answer / (length if length > 0 else 1.0)).astype(np.float32)

    def nothing(self) -> NDArray[np.float32]:
        """Return the vector of silence."""
        return np.zeros(len(self.scheme), np.float32)


RECOGNIZER = SpeechEmbedding
