"""Phrases that dress a sentence, and what may be joined."""

import re

import pytest

from openaffect.benchmark.text_generation_set import BANNED, EMOTIONS
from openaffect.generate._facts import lost
from openaffect.generate._phrases import NAMES, phrases, second_phrases
from openaffect.generate._rewriting import by_hand, joined

SENTENCE = "My uncle did not sell 3 boats to Anna."


def low(sentence):
    return sentence[0].lower() + sentence[1:]


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_no_phrase_names_an_emotion_or_adds_a_fact(emotion):
    """The banned words are the benchmark's, WordNet's synonyms among them."""
    named = re.compile(rf"\b(?:{'|'.join((*BANNED, *NAMES))})\b", re.IGNORECASE)
    for phrase in phrases(emotion):
        assert not named.search(phrase.pattern), phrase.pattern
        assert lost(SENTENCE, phrase.around(SENTENCE, low(SENTENCE))) == ""
    assert {phrase.strength for phrase in phrases(emotion)} == {1, 2, 3}


def test_a_phrase_stands_around_the_sentence():
    texts = [wording.text for wording in by_hand("The bus was late.", "fear", low)]
    assert "I'm so nervous because the bus was late." in texts
    assert "The bus was late, and I'm so nervous!" in texts
    assert "The bus was late. I don't feel safe." in texts
    asked = [wording.text for wording in by_hand("Was the bus late?", "fear", low)]
    assert "Was the bus late? I don't feel safe." in asked
    assert not any("because" in text for text in asked)


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_what_stands_behind_says_something_new(emotion):
    wordings = list(by_hand("The bus was late.", emotion, low))
    both = list(joined(wordings, emotion))
    assert both
    for wording in both:
        first, second = wording.phrases
        assert second in second_phrases(emotion)
        assert not first.words & second.words
        assert wording.text.endswith(second.pattern.removeprefix("{all}"))


def test_one_word_is_not_said_twice():
    wordings = list(by_hand("The bus was late.", "surprise", low))
    texts = [wording.text for wording in joined(wordings, "surprise")]
    assert "I can't believe that the bus was late. Wow, I did not expect that!" in texts
    assert not any(text.lower().count("wow") > 1 for text in texts)
    assert not any(text.count("believe") > 1 for text in texts)
