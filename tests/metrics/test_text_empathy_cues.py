"""Replies of our own, with the levels that the definitions of EPITOME give them by hand."""

import pytest

from openaffect.metrics.text_empathy import empathy_levels
from openaffect.metrics.text_empathy_cues import (
    emotional_reactions,
    explorations,
    interpretations,
)
from openaffect.types import InvalidValueError

REPLIES = {
    "I'm so sorry to hear that.": (1, 0, 0),
    "I am really happy for you!": (2, 0, 0),
    "That's awesome! Which school will you go to?": (1, 0, 2),
    "Oh no. What happened?": (1, 0, 1),
    "You must feel awful.": (0, 2, 0),
    "That sounds really frustrating. Why?": (0, 2, 1),
    "I can’t imagine losing a dog.": (0, 2, 0),
    "Same here, I know how that is.": (0, 1, 0),
    "The train leaves at nine.": (0, 0, 0),
    "": (0, 0, 0),
}


def test_levels_by_hand():
    levels = empathy_levels(
        ["Something happened."] * len(REPLIES),
        list(REPLIES),
        emotional_reactions=emotional_reactions,
        interpretations=interpretations,
        explorations=explorations,
    )
    found = zip(
        levels.emotional_reactions, levels.interpretations, levels.explorations, strict=True
    )
    assert dict(zip(REPLIES, (tuple(map(int, row)) for row in found), strict=True)) == REPLIES


def test_posts_and_replies_must_pair():
    with pytest.raises(InvalidValueError):
        explorations(["one"], ["two", "three"])


@pytest.mark.parametrize("text", ["?" * 5000, "what " * 3000, "i " * 5000 + "?"])
def test_long_and_odd_replies_are_read(text):
    for judge in (emotional_reactions, interpretations, explorations):
        assert judge([""], [text])[0] in (0, 1, 2)
