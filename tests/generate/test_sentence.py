"""What is read off a sentence before it is dressed."""

import pytest

from openaffect.generate._phrases import phrases
from openaffect.generate._rewriting import by_hand
from openaffect.generate._sentence import Kind, kind_of, stays


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("The bus was late.", Kind.STATES),
        ("Got up at seven.", Kind.NOTES),
        ("Never going back there.", Kind.NOTES),
        ("However, the lift did not work.", Kind.LINKED),
        ("Dear Mr Okafor, your dog was barking.", Kind.LINKED),
        ("he asked.", Kind.LINKED),
        ('"We have no choice," said the mayor.', Kind.LINKED),
        ("Could you keep it inside?", Kind.ASKS),
        ('He asked: "Really?"', Kind.ASKS),
        ("If anything is unclear, just call me.", Kind.CALLS),
        ("Two figures need your approval, so please have a look.", Kind.CALLS),
        ("Thank you for the jumper, it fits perfectly!", Kind.GREETS),
        ("Don't forget the tickets!", Kind.CALLS),
    ],
)
def test_kinds_of_sentences(sentence, kind):
    assert kind_of(sentence) is kind


@pytest.mark.parametrize(
    ("before", "sentence"),
    [
        ("To do:\n", "- Call the vet."),
        ("To do:\n1. ", "Call the vet."),
        ("", "> You wrote that it rained."),
        ("", '"We came late.'),
        ('"We came late. ', 'It was fun," she said.'),
        ("He said: “It is over. ", "I am leaving.”"),
    ],
)
def test_what_is_not_the_writers_stays(before, sentence):
    assert stays(before, sentence)


def test_a_whole_quotation_does_not_hold_the_next_sentence():
    assert not stays('"Go," he said. ', "We went.")
    assert not stays('"An open quotation\n\n', "Another paragraph.")


def _low(sentence):
    return sentence[0].lower() + sentence[1:]


@pytest.mark.parametrize(
    ("sentence", "wrong"),
    [
        ("Went for a run.", "that went"),
        ("However, the lift did not work.", "however"),
        ("Could you keep it inside?", "Fantastic, could"),
        ("If it rains, call me.", ", which is"),
        ("Thanks for the jumper.", "because thanks"),
        ("Dear Ann, your dog barked.", "that dear"),
    ],
)
def test_no_phrase_breaks_the_grammar(sentence, wrong):
    for emotion in ("happiness", "sadness", "anger", "fear", "disgust", "surprise"):
        texts = [wording.text for wording in by_hand(sentence, emotion, _low)]
        mocking = sentence.startswith("Thanks") and emotion in ("anger", "disgust")
        assert (len(texts) > 1) is not mocking
        assert not any(wrong in text for text in texts)


def test_a_cry_may_lead_into_a_question():
    (cry,) = [item for item in phrases("anger") if item.pattern == "What the hell, {low}"]
    assert cry.fits(Kind.ASKS)
    assert not cry.fits(Kind.LINKED)
