"""The prosody recogniser: the measures of each item, in the scheme's order."""

from dataclasses import replace

import numpy as np
import pytest

from openaffect.preprocess.speech_prosody import prosody
from openaffect.recognize.speech_prosody import RECOGNIZER
from openaffect.types import Card, InvalidValueError, Unit
from openaffect.types.schemes import PROSODY

CARD = Card(
    name="prosody-test",
    task="speech.prosody",
    modality="speech",
    implementation="speech_prosody",
    scheme="prosody",
    licence="Apache-2.0",
)


class NoWeights:
    def __init__(self, card=CARD):
        self.card = card

    def path(self, role):
        raise AssertionError("prosody needs no weights")

    session = path


def tone(hertz, seconds):
    time = np.arange(int(16_000 * seconds)) / 16_000
    return (0.3 * np.sin(2 * np.pi * hertz * time)).astype(np.float32)


def test_a_row_an_item_in_order():
    batch = [tone(200, 2), np.zeros(8000, np.float32), tone(120, 0.5), tone(300, 0.01)]
    timeline = RECOGNIZER(NoWeights())(batch)
    assert (timeline.scheme, timeline.unit) == (PROSODY, Unit.WHOLE)
    for samples, row in zip(batch, timeline.scores, strict=True):
        assert np.array_equal(row, prosody(samples), equal_nan=True)
    assert timeline.extra["abstain"].tolist() == [False, True, False, False]
    assert timeline.column("pause_share")[1] == 1


def test_no_items():
    assert RECOGNIZER(NoWeights())([]).scores.shape == (0, 7)


def test_columns_come_in_the_scheme_s_order_whatever_the_card_s():
    turned = replace(CARD, labels=PROSODY.labels[::-1])
    batch = [tone(200, 1)]
    left = RECOGNIZER(NoWeights())(batch).scores
    right = RECOGNIZER(NoWeights(turned))(batch).scores
    assert np.array_equal(left, right, equal_nan=True)


def test_refuses_another_scheme():
    with pytest.raises(InvalidValueError, match="emodb7"):
        RECOGNIZER(NoWeights(replace(CARD, scheme="emodb7")))
