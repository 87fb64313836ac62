"""The weights of the research distribution, where it is installed."""

import numpy as np
import pytest

from openaffect.generate._word_net import WordNet
from openaffect.models import cards
from openaffect.models.store import Store
from openaffect.models.weights import CardWeights
from openaffect.types import scheme


@pytest.fixture(scope="module")
def net():
    found = cards().get("reply-escm")
    if found is None:
        pytest.skip("reply-escm is not installed (extra: research)")
    return WordNet(CardWeights(found, Store()))


def test_emotion_and_answer(net):
    said = ["I am so nervous about the exam tomorrow."]
    chances = net.emotions(said, ["speaker"])
    assert chances.sum() == pytest.approx(1, abs=1e-3)
    best = scheme("empathetic32").labels[int(chances.argmax())]
    assert best in ("anxious", "apprehensive", "terrified", "afraid")
    answer = net.write(said, ["speaker"], np.random.default_rng(0), temperature=0)
    assert answer and answer == net.write(
        said, ["speaker"], np.random.default_rng(1), temperature=0
    )


def test_a_likely_answer_is_likelier_than_its_words_shuffled(net):
    said, roles = ["My dog died yesterday."], ["speaker"]
    right, words = net.log_probability(said, roles, "Oh no, I'm sorry to hear that.")
    wrong, same = net.log_probability(said, roles, "to sorry, hear no I'm that. Oh")
    assert words == same and right > wrong + 5
