"""How something was said: pitch, loudness, speaking rate and pauses. Needs no weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.preprocess.speech_prosody import prosody
from openaffect.types import InvalidValueError, Timeline, Weights
from openaffect.types.schemes import PROSODY

from ._base import BatchRecognizer


class SpeechProsody(BatchRecognizer):
    """The seven measures of the scheme ``prosody`` for each item, (T,) float32 at 16 kHz.

    A measure is NaN where there was nothing to measure; ``extra["abstain"]`` is set where that is
    so of the loudness too: silence.
    """

    modality = "speech"

    def __init__(self, weights: Weights) -> None:
        super().__init__(weights)
        if self.scheme != PROSODY:
            raise InvalidValueError(
                f"card {self.card.name!r} has scheme {self.scheme.name!r}; prosody is measured in "
                f"{PROSODY.name!r}"
            )

    def __call__(self, batch: Sequence[Any], /) -> Timeline:
        """Measure every item; an empty batch gives a timeline of no rows."""
        timeline = super().__call__(batch)
        silent = np.isnan(timeline.column("loudness_mean"))
        return replace(timeline, extra={**timeline.extra, "abstain": silent})

    def prepare(self, item: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the seven measures of one item."""
        return prosody(item)

    def encode(self, batch: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
        """Return (N, 7) measures, in the order of the card's labels."""
        labels = self.card.labels or PROSODY.labels
        return np.stack(batch)[:, [PROSODY.index(label) for label in labels]]


RECOGNIZER = SpeechProsody
