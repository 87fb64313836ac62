"""A reply, over parts whose answers are known."""

import logging

import numpy as np
import pytest
from tests.pipeline.test_rewrite import letters

from openaffect.generate._dialogue import Heard, ReplyRequest, Turn
from openaffect.generate._partner import Partner
from openaffect.generate._safety import AGAIN, Sign
from openaffect.pipeline.empathy import EmpathyScale
from openaffect.pipeline.hearing import Ear
from openaffect.pipeline.reply import Replier, partners, tidied
from openaffect.types import Card, Timeline, Unit, scheme

SCHEME = scheme("goemotions28")
WORDS = {"sadness": "sad", "caring": "sorry", "joy": "great", "curiosity": "odd"}


class Labels:
    """Finds an emotion by one word."""

    card = Card(
        "words", "text.emotion", "text", scheme="goemotions28", licence="made",
        labels=SCHEME.labels,
        thresholds=dict.fromkeys(SCHEME.labels, 0.5),
    )  # fmt: skip

    def __call__(self, batch):
        scores = np.full((len(batch), len(SCHEME)), 0.01, np.float32)
        for name, word in WORDS.items():
            scores[:, SCHEME.index(name)] = [0.9 if word in text else 0.02 for text in batch]
        return Timeline(SCHEME, scores, np.zeros((len(batch), 2)), Unit.WHOLE)


class Made(Partner):
    name = "made"
    help = "made"

    def __init__(self, *offers):
        self.offers, self.heard = offers, []

    def respond(self, request, heard):
        self.heard.append(heard)
        for offer in self.offers:
            if isinstance(offer, BaseException):
                raise offer
        yield [offer[:3] for offer in self.offers]
        yield self.offers

    def origin(self):
        return {"model": "made", "licence": "made"}


def replied(said, *offers, before=()):
    partner = Made(*offers)
    replier = Replier(partner, Ear(Labels()), Labels(), letters)
    turns = (*before, Turn("user", said))
    chunks = list(replier(ReplyRequest(dialogue=turns)))
    result = chunks[-1].result
    assert "".join(chunk.text for chunk in chunks) == result.text
    return result, partner


def test_the_emotion_is_heard_and_named():
    result, partner = replied("I am so sad.", "I am sorry. Why?")
    assert result.scores["heard"]["emotion"] == "sadness"
    assert partner.heard[0].emotion == "sadness"
    assert result.made_by["method"] == "made"


def test_below_its_threshold_nothing_is_heard():
    assert replied("The table is brown.", "Is it?")[0].scores["heard"]["emotion"] == "neutral"


def test_what_was_said_in_several_turns_is_heard_together():
    before = (Turn("user", "I am sad."), Turn("user", "Really."))
    assert replied("Yes.", "Hm. Why?", before=before)[1].heard[0].emotion == "sadness"


@pytest.mark.parametrize(
    ("share", "last", "heard"),
    [(0.6, "Well.", "proud"), (0.2, "So sad.", "sadness"), (0.6, "So sad.", "sadness")],
)
def test_a_recogniser_of_dialogues_hears_all_lines(share, last, heard):
    """Unless it is not sure, or the last line plainly says the opposite."""

    class Situations:
        card = Card("s", "text.situation", "text", scheme="empathetic32", licence="made")
        context = 8

        def __call__(self, batch):
            raise AssertionError("a dialogue is read by its lines")

        def lines(self, lines, start=0):
            assert lines == [("user", "I won."), ("assistant", "Oh?"), ("user", last)]
            assert start == 2
            names = scheme("empathetic32")
            row = np.full((1, 32), (1 - share) / 31, np.float32)
            row[0, names.index("proud")] = share
            return Timeline(names, row, np.zeros((1, 2)), Unit.WHOLE)

    turns = (Turn("user", "I won."), Turn("assistant", "Oh?"), Turn("user", last))
    found = Ear(Situations(), Labels())(ReplyRequest(dialogue=turns))
    assert found.emotion == heard


def test_the_warm_reply_that_asks_on_is_taken():
    result, _ = replied(
        "My train was late, so sad.",
        "Trains are blue.",
        "I'm sorry the train was late. Was it cold?",
        "I'm sorry.",
    )  # fmt: skip
    assert result.text == "I'm sorry the train was late. Was it cold?"
    assert result.scores["asks"] == 1
    assert result.scores["warm"] == pytest.approx(0.9 * (1 - 0.02))


def test_it_does_not_say_the_same_again():
    before = (Turn("user", "So sad."), Turn("assistant", "I'm sorry. What happened?"))
    result, _ = replied("The train.", "I'm sorry. What happened?", "A train? Tell.", before=before)
    assert result.text == "A train?"


@pytest.mark.parametrize("said", ["I want to die.", "Well. I am going to kill myself tonight"])
def test_signs_of_danger_get_the_fixed_reply_and_the_log_says_so(said, caplog):
    with caplog.at_level(logging.WARNING):
        result, partner = replied(said, "Great! Do it.")
    assert "emergency number" in result.text
    assert result.scores["safety"]["sign"] == "self-harm"
    assert result.made_by["method"] == "fixed: safety"
    assert not partner.heard
    assert "self-harm" in caplog.text
    assert said not in caplog.text


def test_a_sign_still_decides_a_little_later():
    before = (Turn("user", "I want to die."), Turn("assistant", "Who could be with you?"))
    result, partner = replied("nobody", "Ok.", before=before)
    assert result.text == AGAIN
    assert result.scores["safety"]["sign"] == "self-harm"
    assert not partner.heard


def test_another_sign_is_answered_as_what_it_is():
    before = (Turn("user", "My husband hits me."), Turn("assistant", "I'm so sorry."))
    result, _ = replied("I want to die.", "Ok.", before=before)
    assert result.text == Sign("self-harm", False, "").reply


def test_it_says_that_it_is_a_program():
    result, partner = replied("Are you a real person?", "Yes, I am human.")
    assert "computer program" in result.text
    assert not partner.heard


def test_claims_of_being_a_person_are_left_out():
    result, _ = replied("So sad.", "I'm a mother of two. I'm sorry to hear it.")
    assert result.text == "I'm sorry to hear it."


@pytest.mark.parametrize(
    "offer", ["", "I'm a nurse.", "You should just kill yourself. I want to die."]
)
def test_when_nothing_may_be_said_something_plain_is(offer):
    result, _ = replied("So sad.", offer)
    assert result.text == "That sounds hard. Do you want to tell me more about it?"
    assert result.made_by["method"] == "fixed: fallback"


def test_interrupted_it_is_marked():
    result, _ = replied("So sad.", KeyboardInterrupt())
    assert (result.text, result.complete, result.reason) == ("", False, "interrupted")


def test_a_reply_is_whole_sentences_each_once():
    assert tidied('"Oh dear. Oh dear. That is bad! And then I') == "Oh dear. That is bad!"
    assert tidied("One is. Two is. Three is. Four is.") == "One is. Two is. Three is."


def test_every_partner_says_what_it_is():
    found = partners()
    assert "language" in found
    assert all(item.help and item.name == name for name, item in found.items())


def test_what_was_heard_is_told_by_its_strongest():
    heard = Heard("joy", 0.5, "goemotions28", dict.fromkeys("abcdefg", 0.1), "made")
    assert len(heard.to_dict()["emotions"]) == 5


@pytest.mark.parametrize(
    ("emotions", "glad"),
    [
        ({"joy": 0.4, "sadness": 0.2, "neutral": 0.9}, True),
        ({"joy": 0.2, "sadness": 0.1, "anger": 0.2}, False),
        ({"neutral": 0.9}, False),
        ({"excited": 0.5, "afraid": 0.1}, True),
    ],
)
def test_gladness_is_what_outweighs(emotions, glad):
    assert Heard(next(iter(emotions)), 0.5, "made", emotions, "made").glad == glad


def test_a_reply_fits_what_makes_it_likelier():
    """By itself a word costs 3 nats, after a line 2.25: (-7.5 + 3 + 6) / 2 = .75, half of 1.5."""

    class Fitting(Made):
        def surprise(self, text):
            before, _, after = text.partition("\n")
            return np.array([-3.0] * len(before.split()) + [-2.25] * len(after.split()))

    asked = ReplyRequest(dialogue=(Turn("user", "Oh."),))
    for partner in (Fitting(), Made()):
        scale = EmpathyScale(Labels(), letters, partner)
        alone, heard = [partner.surprise("So what?")], Ear(Labels())(asked)
        parts = scale.parts(["So what?"], alone, asked, heard)
        assert parts["fits"] == pytest.approx([0.5])


def test_each_reply_is_read_by_itself_once_and_the_best_one_tells_its_perplexity():
    class Reading(Made):
        read = ()

        def surprise(self, text):
            self.read += (text,)
            return np.full(len(text.split()), -2.0)

    partner = Reading("I am sorry. Why?", "Fine.")
    replier = Replier(partner, Ear(Labels()), Labels(), letters)
    *_, last = replier(ReplyRequest(dialogue=(Turn("user", "So sad."),)))
    assert last.result.text == "I am sorry. Why?"
    assert last.result.scores["perplexity"] == pytest.approx(np.exp(2.0), abs=0.01)
    assert sorted(text for text in partner.read if "sad" not in text) == [
        "Fine.", "I am sorry. Why?",
    ]  # fmt: skip
