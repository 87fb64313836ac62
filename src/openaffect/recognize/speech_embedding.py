"""Whose voice it is, as a vector, from the log-mel spectrogram that Whisper listens to.

The card's file of role ``model`` answers with ``embedding`` (N, D). Its ``calibration`` says how
voices are told apart by it: see :class:`openaffect.pipeline.speakers.Grouping`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ._voice import VoiceNetwork


class SpeechEmbedding(VoiceNetwork):
    """One vector of length 1 for each recording, window or utterance; zeros for silence.

    The cosine of two vectors tells how alike the voices are.
    """

    answer = "embedding"

    def encode(self, batch: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
        """Return (N, D) vectors of N recordings of any length."""
        rows = super().encode(batch)
        length = np.linalg.norm(rows, axis=1, keepdims=True)
        return (rows / np.where(length > 0, length, 1.0)).astype(np.float32)

    def nothing(self) -> NDArray[np.float32]:
        """Return the vector of silence."""
        return np.zeros(len(self.scheme), np.float32)


RECOGNIZER = SpeechEmbedding
