"""What the networks that listen share: cutting a long recording, silence, the spectrogram.

The card's ``preprocessing`` says ``minimum_frames`` and ``maximum_frames`` (10 ms each) of what the
network takes, and its file of role ``model`` maps ``mel`` (N, 80, F) float32 to named answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from openaffect.preprocess.speech_mel import HOP, RATE, log_mel
from openaffect.preprocess.speech_prosody import is_silent
from openaffect.types import InvalidValueError, Timeline, Weights

from ._base import BatchRecognizer, checked

_SHORTEST = 0.25
"""Seconds: a shorter sound holds about one syllable and nothing that could be told."""


class VoiceNetwork(BatchRecognizer):
    """One row of answers for each recording, window or utterance.

    Each item is (T,) float32 at 16 kHz in [-1, 1]. One shorter than ``minimum_frames`` is filled up
    with silence at its end. One longer than ``maximum_frames`` is split into parts of equal length,
    each normalised by itself like a clip of training, and their answers are averaged, weighted by
    length; silent parts have no vote.

    ``extra["abstain"]`` is set where nothing can be told: silence (all below -70 dBFS; its row is
    :meth:`nothing`), less than 0.25 s of sound, or a best score below the card's ``abstain_below``.
    A row never depends on the other items of the batch.

    A subclass names ``answer``, the output of the network that it reads.
    """

    modality = "speech"
    answer: ClassVar[str]

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
        """Return (N, K) answers to N recordings of any length."""
        return np.stack([self.listen(samples, self.answer) for samples in batch])

    def listen(self, samples: NDArray[np.float32], answer: str) -> NDArray[np.float32]:
        """Return the (K,) output called ``answer`` of one recording."""
        count = -(-len(samples) // (self._maximum * HOP))
        parts = [part for part in np.array_split(samples, count) if not is_silent(part)]
        if not parts:
            return self.nothing()
        answers = np.concatenate([self._run(part)[answer] for part in parts])
        weights = [len(part) for part in parts]
        return np.average(answers, axis=0, weights=weights).astype(np.float32)

    def nothing(self) -> NDArray[np.float32]:
        """Return the (K,) row of silence: all labels alike."""
        return np.full(len(self.scheme), 1 / len(self.scheme), np.float32)

    def _run(self, part: NDArray[np.float32]) -> dict[str, NDArray[Any]]:
        missing = self._minimum * HOP - len(part)
        mel = log_mel(np.pad(part, (0, max(0, missing))))
        return self.weights.session("model").run({"mel": mel[None]})

    def _frames(self, name: str) -> int:
        value = self.card.preprocessing.get(name)
        if not isinstance(value, int) or value < 1:
            raise InvalidValueError(
                f"card {self.card.name!r}: preprocessing {name!r} is {value!r}; it must be a whole "
                "number of 10 ms frames, at least 1"
            )
        return value
