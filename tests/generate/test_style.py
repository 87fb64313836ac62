"""Manner: formality by rule, and what a model is told of the voice."""

import pytest
from tests.generate.test_dialogue import HEARD, Listening, turns
from tests.generate.test_write import Alphabet

from openaffect.generate._dialogue import ReplyRequest
from openaffect.generate._formality import in_formality
from openaffect.generate._partner import Resources
from openaffect.generate._request import TextRequest
from openaffect.generate._rewriting import RewriteRequest
from openaffect.generate._style import Style
from openaffect.generate._write import opening
from openaffect.generate.reply_language import GENERATOR as LANGUAGE
from openaffect.generate.text_plain import GENERATOR as PLAIN
from openaffect.types import InvalidValueError


@pytest.mark.parametrize(
    ("text", "formal"),
    [
        ("I can't stay, it's late!", "I cannot stay, it is late."),
        ("They won't say what's wrong.", "They will not say what is wrong."),
        ("Yeah, we're gonna see the kids.", "Yes, we are going to see the children."),
        ("Anna's dog doesn’t bark.", "Anna's dog does not bark."),
        ("He's here.", "He's here."),
    ],
)
def test_formal(text, formal):
    """He's may be he is or he has: it stays, and so does a name's 's."""
    assert in_formality(text, "formal") == formal


@pytest.mark.parametrize(
    ("text", "informal"),
    [
        ("I am sorry that we cannot come.", "I'm sorry that we can't come."),
        ("It is very cold and they are late.", "It's really cold and they're late."),
        ("Thank you, Mr. Smith.", "Thanks, Mr. Smith."),
    ],
)
def test_informal(text, informal):
    assert in_formality(text, "informal") == informal


def test_no_formality_changes_nothing():
    assert in_formality("I can't!", "") == "I can't!"


def test_the_model_is_told_the_manner():
    class Model(Alphabet):
        def encode(self, text, *, special=False):
            self.read_first = text
            return [1]

    model = Model()
    style = Style(persona="an old sailor", tone="warm", formality="formal")
    opening(PLAIN(model), TextRequest(prompt="ab", style=style))
    assert model.read_first == "The words of an old sailor, warm and formal. ab"
    opening(PLAIN(model), TextRequest(prompt="ab"))
    assert model.read_first == "ab"


def test_a_partner_speaks_in_a_manner_and_stays_a_program():
    model = Listening()
    partner = LANGUAGE(Resources(lambda: PLAIN(model), lambda: None))
    style = Style(persona="a wizard", tone="brief")
    list(partner.respond(ReplyRequest(dialogue=turns(("a", "b")), style=style), HEARD))
    told = model.heard[-1][0].content
    assert "manner of a wizard" in told
    assert "tone is brief" in told
    assert "computer program" in told


def test_what_was_asked_is_written_down():
    style = Style(tone="warm", slips=0.1)
    assert TextRequest(prompt="a", style=style).to_dict()["tone"] == "warm"
    assert style.to_dict() == {"tone": "warm", "slips": 0.1}


@pytest.mark.parametrize(
    ("choices", "told"),
    [
        ({"persona": "x" * 300}, "300 characters"),
        ({"formality": "odd"}, "'odd'"),
        ({"slips": 1}, "slips is 1"),
    ],
)
def test_manners_that_make_no_sense_are_named(choices, told):
    with pytest.raises(InvalidValueError, match=told):
        Style(**choices)


def test_a_rewriting_keeps_its_voice():
    with pytest.raises(InvalidValueError, match="own voice"):
        RewriteRequest(text="a", emotion="joy", style=Style(persona="a wizard"))
