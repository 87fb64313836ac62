"""Speech emotion with a stand-in network."""

from dataclasses import replace

import numpy as np
import pytest

from openaffect.preprocess.speech_mel import log_mel
from openaffect.recognize.speech_emotion import RECOGNIZER
from openaffect.types import Card, InvalidValueError, Recognizer, Unit
from openaffect.types.schemes import EMODB7

RATE = 16_000
CARD = Card(
    name="speech-test",
    task="speech.emotion",
    modality="speech",
    implementation="speech_emotion",
    scheme="emodb7",
    labels=EMODB7.labels,
    preprocessing={"rate": RATE, "minimum_frames": 100, "maximum_frames": 400},
    licence="Apache-2.0",
)


class Brightness:
    """Scores depend on the mean of the table alone; the frames of each run are kept."""

    inputs = ("mel",)
    outputs = ("scores",)

    def __init__(self):
        self.tables = []

    def run(self, feeds):
        mel = feeds["mel"]
        assert mel.dtype == np.float32
        assert mel.shape[1] == 80
        self.tables.extend(mel)
        strength = np.exp(mel.mean(axis=(1, 2))[:, None] * np.arange(7))
        return {"scores": (strength / strength.sum(axis=1, keepdims=True)).astype(np.float32)}


class StubWeights:
    def __init__(self, card=CARD):
        self.card = card
        self.network = Brightness()

    def path(self, role):
        raise AssertionError("no path is needed")

    def session(self, role):
        assert role == "model"
        return self.network


def voice(seconds, seed=0, level=0.1):
    samples = np.random.default_rng(seed).normal(0, level, int(seconds * RATE))
    return samples.astype(np.float32)


def expected(samples):
    return Brightness().run({"mel": log_mel(samples)[None]})["scores"][0]


def test_is_a_recognizer_with_a_row_an_item():
    recognizer = RECOGNIZER(StubWeights())
    assert isinstance(recognizer, Recognizer)
    batch = [voice(2, 1), voice(1.5, 2, 0.01), voice(3, 3)]
    timeline = recognizer(batch)
    assert (len(timeline), timeline.unit, timeline.model) == (3, Unit.WHOLE, "speech-test")
    assert timeline.scheme == EMODB7
    for samples, row in zip(batch, timeline.scores, strict=True):
        assert np.allclose(row, expected(samples), atol=1e-6)
    assert not timeline.extra["abstain"].any()


def test_a_row_does_not_depend_on_its_neighbours():
    recognizer = RECOGNIZER(StubWeights())
    batch = [voice(1 + 0.3 * seed, seed) for seed in range(9)]
    together = recognizer(batch).scores
    alone = np.concatenate([recognizer([item]).scores for item in batch])
    assert np.array_equal(together, alone)


def test_no_items():
    timeline = RECOGNIZER(StubWeights())([])
    assert timeline.scores.shape == (0, 7)
    assert timeline.extra["abstain"].shape == (0,)


@pytest.mark.parametrize("seconds", [1 / RATE, 0.01, 0.5])
def test_short_items_are_filled_up_with_silence(seconds):
    weights = StubWeights()
    samples = voice(max(seconds, 1 / RATE)) + np.float32(0.1)
    timeline = RECOGNIZER(weights)([samples])
    assert weights.network.tables[0].shape == (80, 100)
    assert np.allclose(timeline.scores[0], expected(np.pad(samples, (0, RATE - len(samples)))))
    assert timeline.extra["abstain"].tolist() == [seconds < 0.25]


def test_long_items_are_split_evenly_and_averaged():
    weights = StubWeights()
    samples = np.concatenate([voice(3, 4), voice(3, 5, 0.01), voice(3.3, 6)])
    row = RECOGNIZER(weights)([samples]).scores[0]
    parts = np.array_split(samples, 3)
    assert [table.shape[1] for table in weights.network.tables] == [310, 310, 310]
    assert np.allclose(row, np.mean([expected(part) for part in parts], axis=0), atol=1e-4)


def test_ten_minutes():
    weights = StubWeights()
    timeline = RECOGNIZER(weights)([np.tile(voice(10), 60)])
    assert len(timeline) == 1
    assert len(weights.network.tables) == 150
    assert max(table.shape[1] for table in weights.network.tables) <= 400


def test_silent_parts_have_no_vote():
    weights = StubWeights()
    samples = np.concatenate([voice(4, 7), np.zeros(4 * RATE, np.float32)])
    row = RECOGNIZER(weights)([samples]).scores[0]
    assert np.allclose(row, expected(samples[: 4 * RATE]), atol=1e-6)


def test_silence_abstains_and_favours_nothing():
    weights = StubWeights()
    timeline = RECOGNIZER(weights)([voice(1), np.zeros(RATE, np.float32)])
    assert timeline.extra["abstain"].tolist() == [False, True]
    assert np.allclose(timeline.scores[1], 1 / 7)
    assert len(weights.network.tables) == 1


def test_abstains_below_the_card_s_floor():
    card = replace(CARD, calibration={"abstain_below": 0.99})
    assert RECOGNIZER(StubWeights(card))([voice(1)]).extra["abstain"].tolist() == [True]


def test_columns_follow_the_card_s_labels():
    card = replace(CARD, labels=EMODB7.labels[::-1])
    row = RECOGNIZER(StubWeights(card))([voice(1)]).scores[0]
    assert np.allclose(row, expected(voice(1))[::-1], atol=1e-6)


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"maximum_frames": 400}, "'minimum_frames' is None"),
        ({"minimum_frames": 100, "maximum_frames": 2.5}, "'maximum_frames' is 2.5"),
        ({"minimum_frames": 100, "maximum_frames": 50}, "100 is more than maximum_frames 50"),
        ({"minimum_frames": 1, "maximum_frames": 50, "rate": 8000}, "rate is 8000"),
    ],
)
def test_cards_that_cannot_be_run(facts, message):
    with pytest.raises(InvalidValueError, match=message):
        RECOGNIZER(StubWeights(replace(CARD, preprocessing=facts)))


@pytest.mark.parametrize("item", [np.zeros(0, np.float32), np.zeros((2, 9)), np.full(9, np.nan)])
def test_items_that_are_no_sound(item):
    with pytest.raises(InvalidValueError, match="speech item 1"):
        RECOGNIZER(StubWeights())([voice(1), item])
