"""Whisper through faster-whisper and CTranslate2."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from openaffect.types import IntegrityError, InvalidValueError, need

RATE = 16_000
"""Samples a second that Whisper takes."""


class Word(NamedTuple):
    """A word: seconds from the first sample, its text, its probability in [0, 1]."""

    start: float
    end: float
    text: str
    confidence: float


class Segment(NamedTuple):
    """A stretch of speech: seconds from the first sample, text, confidence in [0, 1], words."""

    start: float
    end: float
    text: str
    confidence: float
    words: tuple[Word, ...]


class WhisperModel:
    """A loaded Whisper model."""

    def __init__(self, model: Any) -> None:
        self._model = model

    def transcribe(self, samples: NDArray[Any], language: str | None = None) -> list[Segment]:
        """Write down what is said.

        Parameters
        ----------
        samples: (T,) float32 at 16 kHz in [-1, 1].
        language: ISO 639-1 code; None lets the model tell it from the first half minute.

        Returns
        -------
        The segments in order of time; empty when nothing was said. A segment's confidence is the
        exponential of its mean log-probability a token, as the model gives it.
        """
        samples = np.asarray(samples)
        if samples.ndim != 1 or samples.dtype != np.float32:
            raise InvalidValueError(
                f"samples must be (T,) float32, not {samples.shape} {samples.dtype}"
            )
        if samples.size == 0:
            return []
        found, _ = self._model.transcribe(
            samples,
            language=language,
            beam_size=1,
            word_timestamps=True,
            condition_on_previous_text=False,
        )
        return [_segment(item) for item in found]


def _segment(item: Any) -> Segment:
    words = tuple(
        Word(float(word.start), float(word.end), word.word.strip(), _unit(word.probability))
        for word in item.words or ()
    )
    return Segment(
        float(item.start),
        float(item.end),
        item.text.strip(),
        _unit(math.exp(item.avg_logprob)),
        words,
    )


def _unit(value: float) -> float:
    return min(1.0, max(0.0, float(value)))


def load(folder: str | Path, threads: int = 1, device: str = "cpu") -> WhisperModel:
    """Load the model that a folder holds (``model.bin``, ``config.json``, ``tokenizer.json``).

    Parameters
    ----------
    threads: threads of one transcription.
    device: ``cpu`` (computing in int8) or ``cuda`` (in float16).

    Raises
    ------
    MissingDependencyError
        when faster-whisper is not installed (extra ``transcript``).
    IntegrityError
        when the folder holds no model that CTranslate2 reads.
    """
    library = need("faster_whisper", extra="transcript")
    try:
        model = library.WhisperModel(
            str(folder),
            device=device,
            compute_type="int8" if device == "cpu" else "float16",
            cpu_threads=threads,
            num_workers=1,
            local_files_only=True,
        )
    except (RuntimeError, ValueError) as error:
        raise IntegrityError(f"{folder}: CTranslate2 cannot load it: {error}") from error
    return WhisperModel(model)
