"""The text models themselves, where they are on this machine; nothing is fetched."""

import numpy as np
import pytest

from openaffect.models import Store, card
from openaffect.models.weights import CardWeights
from openaffect.recognize.text_affect import TextAffect
from openaffect.recognize.text_emotion import TextEmotion
from openaffect.recognize.text_situation import TextSituation
from openaffect.types import UnknownNameError
from openaffect.types.mappings import GOEMOTIONS_TO_EKMAN, GOEMOTIONS_TO_SENTIMENT


def weights(name):
    store = Store(offline=True)
    try:
        found = card(name)
    except UnknownNameError:
        pytest.skip(f"the card {name} is not installed")
    if any(store.locate(found, file.role) is None for file in found.files):
        pytest.skip(f"the weights of {name} are not on this machine")
    return CardWeights(found, store)


@pytest.fixture(scope="module")
def emotion():
    return TextEmotion(weights("text-emotion"))


SAYINGS = {
    "I am so happy for you, congratulations!": {"joy", "excitement", "admiration", "caring"},
    "Thank you so much for your help.": {"gratitude"},
    "I am furious, this is an outrage!": {"anger", "annoyance"},
    "I am terrified of what will happen next.": {"fear", "nervousness"},
    "I'm so sorry, I should never have done that.": {"remorse", "sadness"},
    "Why would anybody do that? How does it work?": {"curiosity", "confusion"},
    "I miss her every day. I cried all night.": {"sadness", "grief", "disappointment"},
    "The train leaves at nine.": {"neutral"},
}


@pytest.mark.parametrize("text", SAYINGS)
def test_plain_sayings_are_understood(emotion, text):
    assert emotion([text]).best()[0] in SAYINGS[text]


def test_labels_are_decided_by_the_cards_thresholds(emotion):
    timeline = emotion(list(SAYINGS))
    decided = emotion.decide(timeline)
    for row, labels in zip(timeline.scores, decided, strict=True):
        scores = dict(zip(timeline.scheme.labels, row, strict=True))
        assert set(labels) == {k for k, v in scores.items() if v >= emotion.card.thresholds[k]}
    assert "gratitude" in decided[1]
    for grouping in (GOEMOTIONS_TO_EKMAN, GOEMOTIONS_TO_SENTIMENT):
        assert len(emotion.decide(grouping.apply(timeline).timeline)) == len(SAYINGS)


def test_groups_are_understood(emotion):
    timeline = emotion(list(SAYINGS))
    ekman = GOEMOTIONS_TO_EKMAN.apply(timeline).timeline
    sentiment = GOEMOTIONS_TO_SENTIMENT.apply(timeline).timeline
    assert ekman.best()[:4] == ["happiness", "happiness", "anger", "fear"]
    assert sentiment.best()[:4] == ["positive", "positive", "negative", "negative"]


def test_a_batch_says_what_its_texts_say_alone(emotion):
    texts = [*SAYINGS, "ok", "", "never again " * 40]
    together = emotion(texts).scores
    alone = np.concatenate([emotion([text]).scores for text in texts])
    # Activations are quantised row by row: neighbours do not matter at all.
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_the_word_that_carries_the_thanks_is_found(emotion):
    found = emotion.attribute("Honestly, thanks for the book about trains.", "gratitude")
    assert found.extra["text"][int(found.scores[:, 0].argmax())] == "thanks"


def test_valence_rises_with_praise():
    affect = TextAffect(weights("text-affect"))
    timeline = affect(["What a wonderful, happy day!", "He was murdered and tortured."])
    good, bad = timeline.column("valence")
    assert good > bad
    assert (np.abs(timeline.scores) <= 1).all()


@pytest.fixture(scope="module")
def situation():
    return TextSituation(weights("text-situation"))


@pytest.mark.parametrize(
    ("text", "felt"),
    [
        ("I found out that my wife has been cheating on me.", {"angry", "furious", "devastated"}),
        ("My dog died last night.", {"sad", "devastated"}),
        ("I have an exam tomorrow and I cannot sleep.", {"anxious", "apprehensive"}),
        ("A stranger paid for my groceries when I lost my purse.", {"grateful", "surprised"}),
        ("I ate my sister's birthday cake and blamed the dog.", {"guilty", "ashamed"}),
    ],
)
def test_plain_situations_are_understood(situation, text, felt):
    assert situation([text]).best()[0] in felt


def test_what_was_said_before_tells_what_a_line_is_about(situation):
    talk = [("a", "My dog died last night."), ("b", "Oh."), ("a", "It was not expected at all.")]
    scores = situation.lines(talk)
    grief = scores.column("sad") + scores.column("devastated")
    alone = situation(["It was not expected at all."])
    assert grief[2] > 0.5 > alone.column("sad")[0] + alone.column("devastated")[0]
