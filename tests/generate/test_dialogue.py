"""A dialogue and what is asked of a reply."""

import json

import pytest
from tests.generate.test_write import Alphabet

from openaffect.generate._dialogue import Heard, ReplyRequest, Turn, read_dialogue
from openaffect.generate._partner import Resources
from openaffect.generate.reply_language import GENERATOR as LANGUAGE
from openaffect.generate.text_plain import GENERATOR as PLAIN
from openaffect.types import InvalidValueError

HEARD = Heard("sadness", 0.9, "goemotions28", {"sadness": 0.9}, "made")


def turns(*pairs):
    return tuple(Turn(*pair) for pair in pairs)


@pytest.mark.parametrize(
    ("dialogue", "ours"),
    [
        (turns(("user", "a")), "assistant"),
        (turns(("Ann", "a"), ("Bob", "b"), ("Ann", "c")), "Bob"),
        (turns(("Ann", "a"), ("Listener", "b"), ("Cem", "c")), "Listener"),
        (turns(("Ann", "a"), ("Bob", "b"), ("Cem", "c")), "assistant"),
    ],
)
def test_who_replies(dialogue, ours):
    assert ReplyRequest(dialogue=dialogue).speaker == ours


@pytest.mark.parametrize(
    ("choices", "told"),
    [
        ({"dialogue": ()}, "last turn is empty"),
        ({"dialogue": turns(("a", " \x00"))}, "last turn is empty"),
        ({"dialogue": turns(("a", "b" * 300_000))}, "300000 characters"),
        ({"dialogue": turns(("a", "b")), "ours": "a"}, "is by 'a'"),
        ({"dialogue": turns(("a", "b")), "candidates": 0}, "candidates is 0"),
    ],
)
def test_requests_that_make_no_sense_are_named(choices, told):
    with pytest.raises(InvalidValueError, match=told):
        ReplyRequest(**choices)


def test_a_dialogue_is_read_line_by_line():
    lines = "\n".join(
        json.dumps({"speaker": name, "text": text}) for name, text in [("a", "hi"), ("b", "ho")]
    )
    assert read_dialogue(lines + "\n\n") == turns(("a", "hi"), ("b", "ho"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no turn"),
        ("hello", "line 1 is no JSON"),
        ('{"speaker": "a", "text": "b"}\n[1]', "line 2: expected"),
        ('{"speaker": "a"}', "line 1: expected"),
        ("[" * 100_000, "line 1 is no JSON"),
    ],
)
def test_lines_that_are_no_turns_are_named(text, told):
    with pytest.raises(InvalidValueError, match=told):
        read_dialogue(text)


class Listening(Alphabet):
    """Keeps the conversations that it is asked about; a letter is a token."""

    longest = 1400

    def __init__(self):
        super().__init__()
        self.heard = []

    def chat(self, messages):
        self.heard.append(messages)
        return [1] * sum(len(message.content) for message in messages)


def replies(model, request):
    partner = LANGUAGE(Resources(lambda: PLAIN(model), lambda: None))
    *_, last = partner.respond(request, HEARD)
    return last


def test_the_model_is_told_what_was_heard_and_shown_the_turns():
    model = Listening()
    dialogue = turns(("Ann", "hi"), ("Bob", "ho"), ("Ann", "bad day"), ("Ann", "very"))
    assert replies(model, ReplyRequest(dialogue=dialogue, candidates=2)) == ["abcde"] * 2
    system, *_, first, second, third = model.heard[-1]
    assert "sadness" in system.content
    assert [(turn.role, turn.content) for turn in (first, second, third)] == [
        ("user", "hi"), ("assistant", "ho"), ("user", "bad day\nvery"),
    ]  # fmt: skip


def test_a_history_longer_than_the_model_reads_loses_its_beginning():
    model = Listening()
    pairs = [(("Ann", "Bob")[number % 2], f"{number:03d} ".ljust(50, "x")) for number in range(101)]
    replies(model, ReplyRequest(dialogue=turns(*pairs), length=20))
    told = model.heard[-1]
    assert sum(len(message.content) for message in told) <= model.longest - 20
    assert told[-1].content.startswith("100")
    assert [message.role for message in told[-2:]] == ["assistant", "user"]
    shown = [message.role for message in told[1:]]
    assert all(shown[i] != shown[i + 1] for i in range(len(shown) - 1))
