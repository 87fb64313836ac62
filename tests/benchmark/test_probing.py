"""The probe sentences, and how answers are judged."""

from collections import Counter

import numpy as np
import pytest

from openaffect.benchmark.probing import KINDS, Probe, probe, probes, shares
from openaffect.types import Timeline, Unit, UnknownNameError
from openaffect.types.schemes import EKMAN7, GOEMOTIONS28, SENTIMENT3


def says(label):
    def recognizer(batch):
        scores = np.full((len(batch), 28), 0.01, np.float32)
        scores[:, GOEMOTIONS28.index(label)] = 0.9
        return Timeline(GOEMOTIONS28, scores, np.zeros((len(batch), 2)), Unit.WHOLE)

    return recognizer


def test_every_kind_has_at_least_twenty_five_different_sentences():
    counts = Counter(item.kind for item in probes())
    assert set(counts) == set(KINDS)
    assert min(counts.values()) >= 25
    assert len({item.text for item in probes()}) == len(probes())


def test_expectations_are_labels_of_the_two_groupings():
    labels = {*EKMAN7.labels, *SENTIMENT3.labels}
    assert {item.expected.removeprefix("not ") for item in probes()} <= labels


@pytest.mark.parametrize(
    ("expected", "said", "passed"),
    [
        ("positive", "joy", True),
        ("negative", "joy", False),
        ("not negative", "joy", True),
        ("not anger", "annoyance", False),
        ("fear", "nervousness", True),
        ("negative", "neutral", False),
    ],
)
def test_a_probe_is_passed_by_the_best_label_of_its_scheme(expected, said, passed):
    (answer,) = probe(says(said), [Probe("slang", "ok", expected)])
    assert answer.passed is passed


def test_shares_count_by_kind():
    asked = [Probe("emoji", "a", "positive"), Probe("emoji", "b", "negative")]
    assert shares(probe(says("joy"), asked)) == [("emoji", 1, 2)]


def test_an_unknown_kind_is_named():
    with pytest.raises(UnknownNameError, match="'sarcasms'; did you mean 'sarcasm'"):
        probes(["sarcasms"])
