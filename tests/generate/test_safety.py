"""Signs of danger, over lines written for it; and what is not a person."""

import pytest
from tests.generate.safety_lines import HARMLESS, SIGNS

from openaffect.generate._safety import (
    KINDS,
    PROGRAM,
    Sign,
    asks_for_a_person,
    claims_a_person,
    sign_in,
)


@pytest.mark.parametrize(("kind", "line"), [(k, line) for k in SIGNS for line in SIGNS[k]])
def test_a_sign_is_found(kind, line):
    found = sign_in(line)
    assert found is not None
    assert found.kind == kind


@pytest.mark.parametrize("line", HARMLESS)
def test_manners_of_speaking_are_none(line):
    assert sign_in(line) is None


@pytest.mark.parametrize(
    "line", ["I WANT TO DIE", "i   want\nto die", "I don’t want to live", "i *want* to die"]
)
def test_spelling_hides_nothing(line):
    assert sign_in(line).kind == "self-harm"


def test_the_gravest_sign_decides():
    assert sign_in("My husband hits me and I want to die.").kind == "self-harm"


def test_a_denial_ends_with_its_clause():
    assert sign_in("I would never hurt myself") is None
    assert sign_in("I am not okay, I want to hurt myself") is not None
    assert sign_in("I can't stop thinking about killing myself") is not None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("other", [False, True])
def test_the_replies_point_to_people_and_name_no_number(kind, other):
    reply = Sign(kind, other, "").reply
    assert "emergency number" in reply
    assert "computer program" in reply
    assert not any(letter.isdigit() for letter in reply)
    assert sign_in(reply) is None
    assert not claims_a_person(reply)


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("Are you a real person?", True),
        ("Am I talking to a bot?", True),
        ("What are you?", True),
        ("do you have feelings", True),
        ("What are you doing today?", False),
        ("Are you okay?", False),
        ("Who are you meeting?", False),
    ],
)
def test_the_question_who_replies(line, asked):
    assert asks_for_a_person(line) == asked


@pytest.mark.parametrize(
    ("line", "claimed"),
    [
        ("I'm a mother of two.", True),
        ("As a human, I understand.", True),
        ("My dog died too.", True),
        ("When I was a child I was shy.", True),
        ("I'm not a robot.", True),
        ("I'm so sorry to hear that.", False),
        ("I'm here to listen.", False),
        (PROGRAM, False),
    ],
)
def test_claims_of_being_a_person(line, claimed):
    assert claims_a_person(line) == claimed


@pytest.mark.parametrize(
    "text", ["my " * 30_000, "he and then " * 8_000, "i" * 100_000, "\x00", ""]
)
def test_long_and_strange_texts_end(text):
    assert sign_in(text) is None
