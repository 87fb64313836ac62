"""Who feels what about whom, on sentences with answers set by hand."""

import re
from pathlib import Path

import pytest

from openaffect.preprocess.text_roles import roles

SENTENCES = Path(__file__).parent / "samples" / "roles.tsv"


def found(sentence):
    return [
        (frame.emotion, {role: sentence[slice(*place)] for role, place in frame.parts()})
        for frame in roles(sentence)
    ]


@pytest.mark.parametrize(
    ("sentence", "emotion", "parts"),
    [
        (
            "John is angry at the landlord because he was late.",
            "anger",
            {
                "experiencer": "John",
                "cue": "angry",
                "target": "the landlord",
                "cause": "he was late",
            },
        ),
        (
            "I love my dog so much!",
            "happiness",
            {"experiencer": "I", "cue": "love", "target": "my dog"},
        ),
        (
            "That song made me sad.",
            "sadness",
            {"experiencer": "me", "cue": "sad", "cause": "That song"},
        ),
        (
            "Her fear of heights is known.",
            "fear",
            {"experiencer": "Her", "cue": "fear", "target": "heights"},
        ),
        (
            "The storm frightened the horses.",
            "fear",
            {"experiencer": "the horses", "cue": "frightened", "cause": "The storm"},
        ),
    ],
)
def test_parts_of_a_feeling(sentence, emotion, parts):
    assert found(sentence) == [(emotion, parts)]


@pytest.mark.parametrize(
    "sentence",
    ["", "?!", "I am not angry.", "He never loved her.", "I don't hate you.", "The bus is late."],
)
def test_no_feeling_or_one_denied_is_none(sentence):
    assert roles(sentence) == []


def test_two_feelings_of_a_sentence_are_two_frames():
    assert found("I love the sea, but she hates the wind.") == [
        ("happiness", {"experiencer": "I", "cue": "love", "target": "the sea"}),
        ("anger", {"experiencer": "she", "cue": "hates", "target": "the wind"}),
    ]


def test_the_sentences_seen_while_making_the_rules_are_read_as_marked():
    names = {"e": "experiencer", "c": "cue", "t": "target", "b": "cause"}
    for line in SENTENCES.read_text(encoding="utf-8").splitlines():
        part, emotion, text = line.split("\t")
        if part == "develop":
            marks = re.findall(r"\{([ectb]) ([^}]+)\}", text)
            told = [(emotion, {names[mark]: words for mark, words in marks})] if marks else []
            assert found(re.sub(r"\{[ectb] ([^}]+)\}", r"\1", text)) == told
