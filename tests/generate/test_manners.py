"""What a listener does not say."""

import pytest

from openaffect.generate._manners import well_mannered


@pytest.mark.parametrize(
    "sentence",
    [
        "You're welcome, no worries.",
        "That's unfortunate, but not to worry.",
        "Can you please come to my office?",
        "I'm just trying to manage my workload better.",
        "I'm sorry, but I'm not able to help.",
        "What's your problem with them?",
        "How can you expect that when your parents are disappointed?",
        "That’s just how it is, they don’t have time.",
        "How about you?",
        "How can I help you today?",
    ],
)
def test_the_help_desk_and_the_judge_are_silent(sentence):
    assert well_mannered([sentence], False) == []
    assert well_mannered([f"I'm so sorry. {sentence}"], False) == ["I'm so sorry."]


def test_one_question_is_asked_and_it_comes_last():
    reply = "I'm so sorry. What happened to your dog? Was it old? Tell me."
    assert well_mannered([reply], False) == ["I'm so sorry. What happened to your dog?"]


def test_two_sentences_are_enough():
    assert well_mannered(["One is. Two is. Three is. Is four?"], None) == [
        "One is. Two is. Is four?"
    ]


def test_what_belongs_to_the_other_mood_is_out():
    replies = ["I'm glad to hear it. What now?", "I'm so sorry. What now?"]
    assert well_mannered(replies, False) == ["What now?", "I'm so sorry. What now?"]
    assert well_mannered(replies, True) == ["I'm glad to hear it. What now?", "What now?"]
    assert well_mannered(replies, None) == replies


def test_halves_are_joined_where_no_reply_is_whole():
    found = well_mannered(["I'm so sorry.", "What's your plan?", "No worries."], False)
    assert found == ["I'm so sorry.", "What's your plan?", "I'm so sorry. What's your plan?"]
