"""Transcripts with a stand-in for Whisper."""

from typing import NamedTuple

import numpy as np
import pytest

from openaffect.recognize.speech_transcript import RECOGNIZER
from openaffect.types import Card, InvalidValueError, Unit
from openaffect.types.schemes import TRANSCRIPT

CARD = Card(
    name="whisper-test",
    task="speech.transcript",
    modality="speech",
    implementation="speech_transcript",
    scheme="transcript",
    licence="MIT",
)


class Segment(NamedTuple):
    start: float
    end: float
    text: str
    confidence: float
    words: tuple = ()


class Parrot:
    """Says the same phrases of every recording."""

    def __init__(self, *segments):
        self.segments = segments
        self.heard = []

    def transcribe(self, samples):
        self.heard.append(samples)
        return list(self.segments)


class WholeWeights:
    def __init__(self, *segments):
        self.card = CARD
        self.parrot = Parrot(*segments)

    def path(self, role):
        raise AssertionError("the runtime loads the folder")

    session = path

    def open(self, backend):
        assert backend == "whisper"
        return self.parrot


HELLO = Segment(0.2, 1.0, " Hello there.", 0.9)
BYE = Segment(1.5, 3.7, " Goodbye.", 0.6)
SOUND = np.random.default_rng(0).normal(0, 0.1, 3 * 16_000).astype(np.float32)


def test_phrases_stand_at_their_time():
    timeline = RECOGNIZER(WholeWeights(HELLO, BYE)).transcribe(SOUND, 10.0)
    assert (timeline.scheme, timeline.unit) == (TRANSCRIPT, Unit.SECONDS)
    assert timeline.model == "whisper-test"
    assert timeline.extra["text"].tolist() == ["Hello there.", "Goodbye."]
    assert np.allclose(timeline.span, [[10.2, 11.0], [11.5, 13.0]]), "cut at the recording's end"
    assert np.allclose(timeline.scores, [[0.9], [0.6]])
    assert np.allclose(timeline.coverage, [[10.0, 13.0]])


@pytest.mark.parametrize("samples", [np.zeros(0, np.float32), np.zeros(16_000, np.float32)])
def test_silence_is_not_shown_to_whisper(samples):
    weights = WholeWeights(HELLO)
    timeline = RECOGNIZER(weights).transcribe(samples, 2.0)
    assert len(timeline) == 0
    assert timeline.extra["text"].shape == (0,)
    assert np.allclose(timeline.coverage, [[2.0, 2.0 + len(samples) / 16_000]])
    assert weights.parrot.heard == []


def test_phrases_without_words_are_left_out():
    weights = WholeWeights(HELLO, Segment(1.0, 1.2, "  ", 0.1))
    assert len(RECOGNIZER(weights).transcribe(SOUND)) == 1


def test_a_batch_has_a_row_an_item():
    recognizer = RECOGNIZER(WholeWeights(HELLO, BYE))
    timeline = recognizer([SOUND, np.zeros(160, np.float32)])
    assert timeline.unit == Unit.WHOLE
    assert timeline.extra["text"].tolist() == ["Hello there. Goodbye.", ""]
    assert timeline.extra["abstain"].tolist() == [False, True]
    assert np.allclose(timeline.scores, [[(0.9 * 0.8 + 0.6 * 2.2) / 3.0], [0.0]])


def test_no_items():
    timeline = RECOGNIZER(WholeWeights(HELLO))([])
    assert timeline.scores.shape == (0, 1)
    assert timeline.extra["text"].shape == (0,)


def test_refuses_what_is_no_sound():
    recognizer = RECOGNIZER(WholeWeights())
    with pytest.raises(InvalidValueError, match="item 0 reaches nan"):
        recognizer.transcribe(np.full(160, np.nan, np.float32))
    with pytest.raises(InvalidValueError, match="item 1"):
        recognizer([SOUND, SOUND[None]])
