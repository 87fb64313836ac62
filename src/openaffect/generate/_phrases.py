"""Short phrases that dress a sentence with an emotion, written by hand.

A phrase is a pattern with one hole: ``{low}`` the sentence begun with a small letter, ``{bare}``
the sentence without its end, ``{all}`` the sentence as it is. Each belongs to a third of the
intensity: 1 mild, 2 plain, 3 strong.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_BANK = {
    "happiness": {
        1: ("Happily, {low}", "Luckily, {low}", "It's nice that {low}", "{bare}, which is nice."),
        2: ("I'm glad that {low}", "What a pleasure: {low}", "{bare}, and I'm happy about it.",
            "Good news: {low}", "{all} How lovely!", "{bare}, which is wonderful.",
            "I'm happy to say that {low}"),
        3: ("I'm so happy that {low}", "Wonderful, {low}", "{bare}, and I love it!",
            "What a joy: {low}", "{all} I'm overjoyed!", "{bare}, which is absolutely wonderful!",
            "How wonderful that {low}"),
    },
    "sadness": {
        1: ("Sadly, {low}", "Unfortunately, {low}", "It's a pity that {low}", "{bare}, sadly."),
        2: ("I'm sad that {low}", "It's so sad that {low}", "{bare}, and it makes me sad.",
            "{all} How sad.", "With a heavy heart: {low}", "{bare}, which is really sad.",
            "I'm sorry to say that {low}"),
        3: ("I'm so sad that {low}", "It breaks my heart that {low}", "Heartbreakingly, {low}",
            "{bare}, and it breaks my heart.", "{all} I could cry.",
            "{bare}, which is terribly sad.", "{all} I'm so sad."),
    },
    "anger": {
        1: ("Annoyingly, {low}", "It's annoying that {low}", "{bare}, which is annoying.",
            "Honestly, it bothers me that {low}"),
        2: ("It makes me angry that {low}", "I hate that {low}", "{bare}, and I'm angry about it.",
            "{all} How dare they!", "{bare}, damn it!", "{all} That makes me angry."),
        3: ("I'm furious that {low}", "Damn it, {low}", "I absolutely hate that {low}",
            "{bare}, and it makes me so angry!", "{all} I'm furious!", "{all} What an outrage!",
            "{bare}, and I'm absolutely furious!"),
    },
    "fear": {
        1: ("Worryingly, {low}", "It worries me a little that {low}", "{bare}, which is worrying.",
            "I'm a bit uneasy: {low}"),
        2: ("I'm afraid that {low}", "I'm worried that {low}", "{bare}, and that scares me.",
            "Frighteningly, {low}", "{all} I'm scared.", "I'm nervous: {low}",
            "{bare}, which is frightening."),
        3: ("I'm terrified that {low}", "I'm so scared: {low}", "{bare}, and I'm terrified.",
            "{all} I'm so afraid!", "Terrifyingly, {low}", "{bare}, which is terrifying!",
            "It terrifies me that {low}"),
    },
    "disgust": {
        1: ("Unpleasantly enough, {low}", "{bare}, which is a little gross.",
            "It's distasteful that {low}"),
        2: ("Disgustingly, {low}", "It's gross that {low}", "{bare}, which is disgusting.",
            "{all} How disgusting.", "Yuck, {low}", "It disgusts me that {low}"),
        3: ("It's revolting that {low}", "How disgusting: {low}", "It sickens me that {low}",
            "Ugh, disgusting: {low}", "{bare}, which is absolutely disgusting!",
            "{all} It makes me sick!"),
    },
    "surprise": {
        1: ("Surprisingly, {low}", "Funnily enough, {low}", "{bare}, which is a surprise.",
            "Oh, {low}"),
        2: ("To my surprise, {low}", "I'm surprised that {low}", "{bare}, which surprised me.",
            "Wow, {low}", "{all} What a surprise!", "Unexpectedly, {low}"),
        3: ("I can't believe that {low}", "Wow, I can't believe that {low}",
            "To my complete astonishment, {low}", "{all} I can't believe it!",
            "Out of nowhere, {low}", "{bare}, which is absolutely unbelievable!"),
    },
    "neutral": {},
}  # fmt: skip
_FIRST_PERSON = re.compile(r"\b(?:I|my|me)\b")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A pattern and the strength, 1 to 3, that it belongs to."""

    pattern: str
    strength: int

    @property
    def personal(self) -> bool:
        """Whether the writer speaks of themself."""
        return bool(_FIRST_PERSON.search(self.pattern))

    @property
    def states(self) -> bool:
        """Whether it only fits a statement, not a question or a call."""
        return "that {low}" in self.pattern or "{bare}," in self.pattern

    def around(self, sentence: str, low: str) -> str:
        """Return the sentence in this phrase; ``low`` is it begun with a small letter."""
        bare = sentence.rstrip(".!?… ")
        return self.pattern.format(low=low, bare=bare, all=sentence)


def phrases(emotion: str) -> list[Phrase]:
    """Return the phrases of an emotion, the mild ones first."""
    return [
        Phrase(pattern, strength)
        for strength, patterns in _BANK[emotion].items()
        for pattern in patterns
    ]
