"""How a voice sounded: breathy or tense, steady or trembling. Needs no weights."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from openaffect.preprocess.speech_voice_quality import voice_quality
from openaffect.types.schemes import VOICE_QUALITY

from ._measures import Measures


class SpeechVoice(Measures):
    """The six measures of the scheme ``voice-quality`` for each item, (T,) float32 at 16 kHz.

    A measure is NaN where there was nothing to measure; ``extra["abstain"]`` is set where nothing
    is voiced: silence, noise, a whisper.
    """

    measured = VOICE_QUALITY
    witness = "harmonics_to_noise"

    def prepare(self, item: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the six measures of one item."""
        return voice_quality(item)


RECOGNIZER = SpeechVoice
