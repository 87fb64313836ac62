"""Strength, embeddings and known speakers with a stand-in network whose answers are known."""

from dataclasses import replace

import numpy as np
import pytest

from openaffect.recognize._voice import heard_once
from openaffect.recognize.speech_embedding import SpeechEmbedding
from openaffect.recognize.speech_emotion import SpeechEmotion
from openaffect.recognize.speech_strength import SpeechStrength
from openaffect.types import InvalidValueError, WeightFile
from openaffect.types.schemes import SPEAKER_EMBEDDING, STRENGTH

from .test_speech_emotion import CARD, voice

RATE = 16_000
MODEL = WeightFile("model", "file:model.onnx", "1" * 64, 1)
KNOWN = WeightFile("known", "file:known.npz", "0" * 64, 1)


class Network:
    """Every answer follows from the mean of the table."""

    inputs = ("mel",)
    outputs = ("scores", "statistics", "strength", "embedding")

    def __init__(self):
        self.runs = 0

    def run(self, feeds):
        self.runs += 1
        level = feeds["mel"].mean(axis=(1, 2))[:, None]
        return {
            "scores": np.full((len(level), 7), 1 / 7, np.float32),
            "statistics": np.concatenate([level, level * 0 + 1], axis=1),
            "strength": 1 / (1 + np.exp(-level)),
            "embedding": level * np.arange(1, 49),
        }


class StubWeights:
    def __init__(self, card, path=None, network=None):
        self.card, self._path = card, path
        self.network = network or Network()

    def path(self, role):
        assert role == "known"
        return str(self._path)

    def session(self, role):
        assert role == "model"
        return self.network


def card(scheme, **changes):
    return replace(CARD, scheme=scheme.name, labels=scheme.labels, **changes)


def level(samples):
    from openaffect.preprocess.speech_mel import log_mel

    return float(log_mel(samples).mean())


def test_strength_is_the_network_s_and_silence_has_none():
    made = SpeechStrength(StubWeights(card(STRENGTH)))
    found = made([voice(2, 1), np.zeros(RATE, np.float32)])
    assert found.column("strength")[0] == pytest.approx(1 / (1 + np.exp(-level(voice(2, 1)))))
    assert found.column("strength")[1] == 0
    assert found.extra["abstain"].tolist() == [False, True]


def test_embeddings_have_length_one_and_silence_none():
    made = SpeechEmbedding(StubWeights(card(SPEAKER_EMBEDDING)))
    found = made([voice(2, 1), voice(9, 2), np.zeros(RATE, np.float32)]).scores
    wanted = np.arange(1, 49) / np.linalg.norm(np.arange(1, 49))
    assert np.abs(found[0]) == pytest.approx(wanted, abs=1e-6)
    assert np.linalg.norm(found, axis=1) == pytest.approx([1, 1, 0], abs=1e-6)


@pytest.fixture
def known(tmp_path):
    """A head that tells happiness where the level is above the speaker's mean, sadness below."""
    weight = np.zeros((2, 7), np.float32)
    weight[0, 4], weight[0, 5] = 20, -20
    path = tmp_path / "known.npz"
    facts = {"mean": np.array([0.25, 1.0], np.float32), "pull": np.float32(2)}
    np.savez(path, weight=weight, offset=np.zeros(7, np.float32), **facts)
    return SpeechEmotion(StubWeights(replace(CARD, files=(KNOWN,)), path))


def test_a_known_speaker_s_mean_is_taken_off(known):
    clips = [voice(2, seed, loud) for seed, loud in ((1, 0.2), (2, 0.02), (3, 0.05))]
    mean = (sum(map(level, clips)) + 2 * 0.25) / (3 + 2)
    loud, quiet = voice(2, 4, 0.3), voice(2, 5, 0.01)
    found = known.for_speaker(clips)([loud, quiet, np.zeros(RATE, np.float32)])
    margin = 20 * (level(loud) - mean)
    powers = np.exp([0, 0, 0, 0, margin, -margin, 0])
    assert found.scores[0] == pytest.approx(powers / powers.sum(), abs=1e-5)
    assert found.best()[:2] == [
        "happiness" if level(sound) > mean else "sadness" for sound in (loud, quiet)
    ]
    assert found.scores[2] == pytest.approx(np.full(7, 1 / 7))
    assert found.extra["abstain"].tolist()[2]


def test_the_recogniser_itself_stays_as_it_was(known):
    before = known([voice(2)]).scores
    known.for_speaker([voice(1, 7)])
    assert np.array_equal(known([voice(2)]).scores, before)


def test_silent_clips_say_nothing_of_a_speaker(known):
    sounding = [voice(2, 1), voice(1, 2)]
    silent = [*sounding, np.zeros(RATE, np.float32)]
    one, other = known.for_speaker(sounding), known.for_speaker(silent)
    assert np.array_equal(one([voice(1, 9)]).scores, other([voice(1, 9)]).scores)
    with pytest.raises(InvalidValueError, match="none of which sounds"):
        known.for_speaker([np.zeros(RATE, np.float32)])
    with pytest.raises(InvalidValueError, match="0 clips"):
        known.for_speaker([])


def test_a_card_without_the_head_says_so():
    with pytest.raises(InvalidValueError, match="no head for known speakers"):
        SpeechEmotion(StubWeights(CARD)).for_speaker([voice(1)])


def test_recognisers_of_one_network_hear_an_item_once():
    network = Network()
    emotion = SpeechEmotion(StubWeights(replace(CARD, files=(MODEL,)), network=network))
    strength = SpeechStrength(StubWeights(card(STRENGTH, files=(MODEL,)), network=network))
    items = [voice(2, 1), voice(9, 2), np.zeros(RATE, np.float32), voice(0.2, 3)]
    apart = emotion(items), strength(items)
    alone = network.runs
    together = heard_once((emotion, strength), items)
    assert network.runs - alone == alone / 2 == 5  # nine seconds are three parts
    assert all(one.equals(other) for one, other in zip(together, apart, strict=True))
    assert [len(timeline) for timeline in heard_once((emotion, strength), [])] == [0, 0]


def test_recognisers_of_two_networks_are_told_apart():
    other = replace(MODEL, sha256="2" * 64)
    emotion = SpeechEmotion(StubWeights(replace(CARD, files=(MODEL,))))
    strength = SpeechStrength(StubWeights(card(STRENGTH, files=(other,))))
    assert not emotion.shares_network(strength)
    assert not SpeechEmotion(StubWeights(CARD)).shares_network(SpeechEmotion(StubWeights(CARD)))
    with pytest.raises(InvalidValueError, match="different networks"):
        heard_once((emotion, strength), [voice(1)])
