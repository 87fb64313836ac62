from dataclasses import replace

import numpy as np
import pytest

from openaffect.recognize import speech_affect
from openaffect.recognize._affect import COORDINATES, affect_from_emotion
from openaffect.recognize.face_affect import RECOGNIZER
from openaffect.types import InvalidValueError, Timeline
from openaffect.types.schemes import EKMAN7, EMODB7, PRIMARY8, RAVDESS8, SPEECH9

from .test_face_emotion import FERPLUS, Weights, crop
from .test_speech_emotion import CARD, StubWeights, voice


def emotion(**shares: float) -> Timeline:
    scores = np.zeros((1, 8), np.float32)
    for label, share in shares.items():
        scores[0, PRIMARY8.index(label)] = share
    extra = {"box": np.array([[1.0, 2, 3, 4]])}
    return Timeline(PRIMARY8, scores, [[1.0, 2.0]], "s", extra, [[0.0, 9.0]], "stub")


@pytest.mark.parametrize("scheme", [PRIMARY8, EMODB7, RAVDESS8, SPEECH9])
def test_every_emotion_has_a_place(scheme):
    assert set(COORDINATES) >= set(scheme.labels)
    assert np.abs(list(COORDINATES.values())).max() <= 1


@pytest.mark.parametrize("label", PRIMARY8.labels)
def test_a_pure_emotion_lies_at_its_place(label):
    found = affect_from_emotion(emotion(**{label: 1.0})).scores[0]
    assert found == pytest.approx(COORDINATES[label])


def test_a_mixture_lies_between_by_hand():
    found = affect_from_emotion(emotion(happiness=0.5, sadness=0.25, neutral=0.25)).scores[0]
    assert found == pytest.approx([0.5 * 0.81 - 0.25 * 0.63, 0.5 * 0.51 - 0.25 * 0.27])


def test_everything_else_is_kept_and_the_origin_is_named():
    before = emotion(fear=1.0)
    after = affect_from_emotion(before)
    assert after.span.tolist() == before.span.tolist()
    assert after.coverage.tolist() == before.coverage.tolist()
    assert after.extra["box"].tolist() == before.extra["box"].tolist()
    assert after.unit == before.unit
    assert after.model == "derived from stub"


def test_nobody_is_no_row():
    assert len(affect_from_emotion(Timeline.empty(PRIMARY8))) == 0


def test_another_scheme_is_refused():
    with pytest.raises(InvalidValueError, match="ekman7"):
        affect_from_emotion(Timeline.empty(EKMAN7))


def test_crops_by_way_of_the_emotion_network():
    facts = {"size": 48, "emotions": list(FERPLUS)}
    weights = Weights(scheme="valence-arousal", labels=["valence", "arousal"], preprocessing=facts)
    timeline = RECOGNIZER(weights)([crop(255), crop(0)])  # neutral, happiness
    assert timeline.scheme.name == "valence-arousal"
    assert np.allclose(timeline.scores, [COORDINATES["neutral"], COORDINATES["happiness"]])


def test_voices_by_way_of_the_emotion_network():
    facts = {**CARD.preprocessing, "emotion_scheme": "emodb7"}
    card = replace(
        CARD, scheme="valence-arousal", labels=("valence", "arousal"), preprocessing=facts
    )
    batch = [voice(2, 1), np.zeros(16_000, np.float32)]
    found = speech_affect.RECOGNIZER(StubWeights(card))(batch)
    emotion = speech_affect.SpeechEmotion(StubWeights())(batch)
    wanted = emotion.scores @ np.array([COORDINATES[label] for label in EMODB7.labels])
    assert found.scores == pytest.approx(wanted, abs=1e-6)
    assert found.extra["abstain"].tolist() == [False, True]
    assert found.model == "speech-test"


def test_a_card_of_another_scheme_is_refused():
    with pytest.raises(InvalidValueError, match="emodb7"):
        speech_affect.RECOGNIZER(StubWeights())
