"""Emotion of a voice, from the log-mel spectrogram that Whisper listens to.

The card's ``preprocessing`` says ``minimum_frames`` and ``maximum_frames`` (10 ms each) of what the
network takes, and its file of role ``model`` maps ``mel`` (N, 80, F) float32 to ``scores`` (N, K),
probabilities in the order of the card's labels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.preprocess.speech_mel import HOP, RATE, log_mel
from openaffect.preprocess.speech_prosody import is_silent
from openaffect.types import InvalidValueError, Timeline, Weights

from ._base import BatchRecognizer, checked

_SHORTEST = 0.25
"""Seconds: a shorter sound holds about one syllable and no emotion that could be told."""


class SpeechEmotion(BatchRecognizer):
    """One distribution over the card's emotions for each recording, window or utterance.

    Each item is (T,) float32 at 16 kHz in [-1, 1]. One shorter than ``minimum_frames`` is filled up
    with silence at its end. One longer than ``maximum_frames`` is split into parts of equal length,
    each normalised by itself like a clip of training, and their scores are averaged, weighted by
    length; silent parts have no vote.

    ``extra["abstain"]`` is set where nothing can be told: silence (all below -70 dBFS; its scores
    are equal for all labels), less than 0.25 s of sound, or a best score below the card's
    ``abstain_below``. A row never depends on the other items of the batch.
    """

    modality = "speech"

    def __init__(self, weights: Weights) -> None:
        super().__init__(weights)
        self._minimum = self._frames("minimum_frames")
        self._maximum = self._frames("maximum_frames")
        if self._minimum > self._maximum:
            raise InvalidValueError(
                f"card {self.card.name!r}: minimum_frames {self._minimum} is more than "
                f"maximum_frames {self._maximum}"
            )
        rate = self.card.preprocessing.get("rate", RATE)
        if rate != RATE:
            raise InvalidValueError(
                f"card {self.card.name!r}: rate is {rate}; this implementation listens at {RATE} Hz"
            )

    def __call__(self, batch: Sequence[Any], /) -> Timeline:
        """Recognise every item; an empty batch gives a timeline of no rows."""
        items = checked(batch, self.modality)
        timeline = super().__call__(items)
        abstain = np.array(
            [len(item) < _SHORTEST * RATE or is_silent(item) for item in items], bool
        )
        if "abstain" in timeline.extra:
            abstain = abstain | timeline.extra["abstain"]
        return replace(timeline, extra={**timeline.extra, "abstain": abstain})

    def prepare(self, item: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the samples: their spectrogram is made part by part, to spare memory."""
        return item

    def encode(self, batch: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
        """Return (N, K) probabilities of N recordings of any length."""
        return np.stack([self._score(samples) for samples in batch])

    def _score(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        count = -(-len(samples) // (self._maximum * HOP))
        parts = [part for part in np.array_split(samples, count) if not is_silent(part)]
        if not parts:
            return np.full(len(self.scheme), 1 / len(self.scheme), np.float32)
        scores = np.concatenate([self._run(part) for part in parts])
        weights = [len(part) for part in parts]
        return np.average(scores, axis=0, weights=weights).astype(np.float32)

    def _run(self, part: NDArray[np.float32]) -> NDArray[np.float32]:
        missing = self._minimum * HOP - len(part)
        mel = log_mel(np.pad(part, (0, max(0, missing))))
        answer = self.weights.session("model").run({"mel": mel[None]})
        return np.asarray(answer["scores"], np.float32)

    def _frames(self, name: str) -> int:
        value = self.card.preprocessing.get(name)
        if not isinstance(value, int) or value < 1:
            raise InvalidValueError(
                f"card {self.card.name!r}: preprocessing {name!r} is {value!r}; it must be a whole "
                "number of 10 ms frames, at least 1"
            )
        return value


RECOGNIZER = SpeechEmotion
