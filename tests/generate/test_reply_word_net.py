import json
import math

import numpy as np
import pytest

from openaffect.generate._dialogue import Heard, ReplyRequest, Turn
from openaffect.generate._partner import Resources
from openaffect.generate._word_net import WordNet
from openaffect.generate._words import END, START, Words
from openaffect.generate.reply_escm import CorrelationPartner
from openaffect.preprocess.text_encoding import Vocabulary
from openaffect.types import InvalidValueError

TOKENS = ("[PAD]", "[UNK]", START, END, "i", "am", "glad", "sad", ".")
WORDS = Words(Vocabulary(TOKENS), {"": math.log(0.5), " ": math.log(0.5)}, ("sad", "glad"))
HEARD = Heard("sad", 0.9, "empathetic32", {"sad": 0.9}, "made")


class Chain:
    """After each word the next of the vocabulary, with .9; told an emotion, that of the two."""

    def __init__(self, inputs):
        self.inputs = inputs
        self.asked = []

    def run(self, feeds):
        self.asked.append(feeds)
        written = feeds["answer"][0]
        chances = np.full((len(written), len(TOKENS)), 0.1 / (len(TOKENS) - 1))
        for step, word in enumerate(written):
            following = {2: 4, 4: 5, 5: 7, 6: 8, 7: 8, 8: 3}.get(int(word), 4)
            if following == 7 and "emotion" in feeds:
                following = 7 - int(feeds["emotion"][0])
            chances[step, following] = 0.9
        return {
            "scores": np.log(chances)[None].astype(np.float32),
            "emotion": np.array([[0.8, 0.2]], np.float32),
        }


class Made:
    card = type("Card", (), {"name": "made", "licence": "none"})()

    def __init__(self, folder, inputs=("context", "roles", "turns", "answer")):
        (folder / "words.json").write_text(json.dumps(WORDS.to_dict()))
        self.folder, self.chain = folder, Chain(inputs)

    def path(self, role):
        return str(self.folder / f"{role}.json")

    def session(self, role):
        return self.chain


def draws():
    return np.random.default_rng(0)


def test_what_was_said_is_read_and_the_likeliest_written(tmp_path):
    made = Made(tmp_path)
    net = WordNet(made)
    text = net.write(["I am sad.", "Oh"], ["speaker", "listener"], draws(), temperature=0)
    assert text == "I am sad."
    first = made.chain.asked[0]
    assert first["context"].tolist() == [[4, 5, 7, 8, 1]]
    assert first["roles"].tolist() == [[0, 0, 0, 0, 1]]
    assert first["answer"].tolist() == [[2]]
    assert net.write([], [], draws(), temperature=0, longest=2) == "I am"


def test_the_chance_of_an_answer_by_hand(tmp_path):
    found, words = WordNet(Made(tmp_path)).log_probability(["x"], ["speaker"], "i am sad")
    assert (found, words) == (pytest.approx(3 * math.log(0.9), abs=1e-5), 3)
    # "it" is none of the words: the mark for it, then two letters and an end of .5 each
    found, words = WordNet(Made(tmp_path)).log_probability(["x"], ["speaker"], "it")
    assert (found, words) == (pytest.approx(math.log(0.1 / 8 * 0.5**3), abs=1e-3), 1)


def test_a_net_that_is_told_the_emotion(tmp_path):
    net = WordNet(Made(tmp_path, inputs=("emotion", "answer")))
    assert net.write([], [], draws(), emotion="glad", temperature=0) == "I am glad."
    with pytest.raises(InvalidValueError, match="'cross'"):
        net.write([], [], draws(), emotion="cross")


def test_partner_offers_as_many_as_asked(tmp_path):
    partner = CorrelationPartner(Resources(lambda: None, lambda: None, Made(tmp_path)))
    request = ReplyRequest(
        dialogue=(Turn("Ann", "I am sad."), Turn("bot", "Oh"), Turn("Ann", "So sad.")),
        candidates=3,
        temperature=0,
    )
    steps = [list(drafts) for drafts in partner.respond(request, HEARD)]
    assert steps[-1] == ["I am sad."] * 3 and len(steps) == 3
    assert partner.net._session.asked[0]["roles"].tolist() == [[0] * 4 + [1] + [0] * 3]
    with pytest.raises(InvalidValueError, match="reply-escm"):
        CorrelationPartner(Resources(lambda: None, lambda: None))
