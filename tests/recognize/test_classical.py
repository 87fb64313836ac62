"""The classical recognisers that ship: what they are, and what silence and blank faces give."""

import numpy as np
import pytest

import openaffect
from openaffect import models
from openaffect.recognize.speech_prosody_svm import MEASURES, prosodic_measures

NAMES = (
    "face-hog-svm", "face-hog-knn", "face-geometry-tree", "speech-prosody-svm", "text-tfidf-lr",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_none_is_ever_the_default_and_all_are_small(name):
    card = models.cards()[name]
    assert card.rank == -1
    better = [other for other in models.cards().values() if other.task == card.task]
    assert max(better, key=lambda other: other.rank).name != name
    assert card.file("model").size <= 1_500_000
    assert card.file("model").source == f"file:{name}.npz"
    assert card.scores


def test_a_voice_is_measured_by_hand():
    """A steady tone of 200 Hz: 12 log2(200) semitones, no movement, a level of -13.5 dBFS."""
    time = np.arange(16_000) / 16_000
    measured = dict(
        zip(MEASURES, prosodic_measures((0.3 * np.sin(2 * np.pi * 200 * time)).astype(np.float32)),
            strict=True)
    )  # fmt: skip
    assert measured["pitch median"] == pytest.approx(12 * np.log2(200), abs=0.1)
    assert measured["pitch movement"] == pytest.approx(0, abs=0.05)
    assert measured["level median"] == pytest.approx(20 * np.log10(0.3) - 3.01, abs=0.1)
    assert measured["pitch slope"] == pytest.approx(0, abs=0.2)


def test_a_rising_tone_has_a_slope():
    """An octave in one second is 12 semitones a second."""
    time = np.arange(16_000) / 16_000
    phase = 2 * np.pi * 150 * (2**time - 1) / np.log(2)
    measured = dict(zip(MEASURES, prosodic_measures(np.sin(phase).astype(np.float32) * 0.5),
                        strict=True))  # fmt: skip
    assert measured["pitch slope"] == pytest.approx(12, rel=0.05)
    assert measured["pitch movement"] == pytest.approx(0.12, rel=0.1)


def test_silence_abstains_with_equal_scores():
    found = openaffect.load("speech-prosody-svm")([np.zeros(16_000, np.float32)])
    assert found.extra["abstain"].tolist() == [True]
    np.testing.assert_allclose(found.scores, 1 / 7, atol=1e-6)


def test_words_tell_joy_from_grief():
    recognizer = openaffect.load("text-tfidf-lr")
    joy, sadness = recognizer(["I am so happy today!", "I feel sad and lonely."]).best()
    assert joy == "joy"
    assert sadness == "sadness"
