"""How something was said: pitch, loudness, speaking rate and pauses. Needs no weights."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from openaffect.preprocess.speech_prosody import prosody
from openaffect.types.schemes import PROSODY

from ._measures import Measures


class SpeechProsody(Measures):
    """The seven measures of the scheme ``prosody`` for each item, (T,) float32 at 16 kHz.

    A measure is NaN where there was nothing to measure; ``extra["abstain"]`` is set where that is
    so of the loudness too: silence.
    """

    measured = PROSODY
    witness = "loudness_mean"

    def prepare(self, item: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the seven measures of one item."""
        return prosody(item)


RECOGNIZER = SpeechProsody
