"""What was said, by Whisper (Radford et al., 2023)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from openaffect.preprocess.speech_prosody import is_silent
from openaffect.types import Card, Timeline, Unit, Weights
from openaffect.types.schemes import TRANSCRIPT

from ._base import checked

_RATE = 16_000


class _Phrase(NamedTuple):
    """Seconds from the first sample, what was said, confidence in [0, 1]."""

    start: float
    end: float
    text: str
    confidence: float


class _Whisper(Protocol):
    def transcribe(self, samples: NDArray[Any]) -> Sequence[Any]: ...


class _WholeWeights(Weights, Protocol):
    """Weights that a runtime loads as a whole folder."""

    def open(self, backend: str) -> _Whisper: ...


class SpeechTranscript:
    """Writes down recordings: a row a recording when called, a row a phrase by :meth:`transcribe`.

    Confidence is the exponential of Whisper's mean log-probability a token.
    """

    modality = "speech"

    def __init__(self, weights: _WholeWeights) -> None:
        self.weights = weights
        self.card: Card = weights.card
        self.scheme = TRANSCRIPT

    def __call__(self, batch: Sequence[Any], /) -> Timeline:
        """Write down every item, (T,) float32 at 16 kHz in [-1, 1].

        ``extra["text"]`` holds the words; the score is the phrases' confidence averaged by their
        length. Where no word was found the text is empty, the score 0 and ``extra["abstain"]`` set.
        """
        spoken = [self._phrases(samples) for samples in checked(batch, self.modality)]
        return Timeline(
            scheme=self.scheme,
            scores=np.array([[_confidence(phrases)] for phrases in spoken], np.float32),
            span=np.zeros((len(spoken), 2)),
            unit=Unit.WHOLE,
            extra={
                "text": _texts(" ".join(phrase.text for phrase in phrases) for phrases in spoken),
                "abstain": np.array([not phrases for phrases in spoken], bool),
            },
            model=self.card.name,
        )

    def transcribe(self, samples: NDArray[np.float32], start: float = 0.0) -> Timeline:
        """Return a row a phrase, in seconds; nothing said is N = 0.

        Parameters
        ----------
        samples: (T,) float32 at 16 kHz in [-1, 1], any length; best a stretch of speech as
            :mod:`openaffect.preprocess.speech_activity` finds it, for Whisper invents words on
            silence.
        start: time of the first sample in seconds.
        """
        duration = len(samples) / _RATE
        phrases = self._phrases(checked([samples], self.modality)[0]) if len(samples) else []
        spans = np.array([(phrase.start, phrase.end) for phrase in phrases]).reshape(-1, 2)
        return Timeline(
            scheme=self.scheme,
            scores=np.array([[phrase.confidence] for phrase in phrases], np.float32),
            span=np.maximum.accumulate(np.clip(spans, 0.0, duration), axis=1) + start,
            unit=Unit.SECONDS,
            extra={"text": _texts(phrase.text for phrase in phrases)},
            coverage=np.array([[start, start + duration]]),
            model=self.card.name,
        )

    def _phrases(self, samples: NDArray[np.float32]) -> list[_Phrase]:
        if is_silent(samples):
            return []
        found = self.weights.open("whisper").transcribe(samples)
        phrases = [_Phrase(item[0], item[1], item[2].strip(), item[3]) for item in found]
        return [phrase for phrase in phrases if phrase.text]


def _confidence(phrases: list[_Phrase]) -> float:
    if not phrases:
        return 0.0
    weights = [max(phrase.end - phrase.start, 1e-3) for phrase in phrases]
    return float(np.average([phrase.confidence for phrase in phrases], weights=weights))


def _texts(texts: Any) -> NDArray[np.object_]:
    return np.array([*texts], dtype=object)


RECOGNIZER = SpeechTranscript
