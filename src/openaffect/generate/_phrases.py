"""Short phrases that dress a sentence with an emotion, written by hand.

A phrase is a pattern with one hole: ``{low}`` the sentence begun with a small letter, ``{bare}``
the sentence without its end, ``{all}`` the sentence as it is. Each belongs to a third of the
intensity: 1 mild, 2 plain, 3 strong. None names its emotion: it is shown and not told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_BANK = {
    "happiness": {
        1: ("It's nice that {low}", "Luckily, {low}", "Good news: {low}", "{bare}, which is nice.",
            "Thankfully, {low}"),
        2: ("Best of all, {low}", "It's so great that {low}", "Thank goodness, {low}",
            "{bare}, which is just perfect.", "{bare}, thank goodness.", "{all} How lovely!",
            "{bare}, which is wonderful.", "{bare}, and it made my day!"),
        3: ("I love that {low}", "How wonderful that {low}", "Fantastic, {low}",
            "I'm so excited that {low}", "Hooray, {low}", "{bare}, and I love it!",
            "{all} What a great day!", "{all} I can't stop smiling!",
            "{bare}, and I'm so grateful!", "{all} I feel so lucky!"),
    },
    "sadness": {
        1: ("Unfortunately, {low}", "It's a pity that {low}", "{bare}, which is such a shame.",
            "I'm sorry to say that {low}"),
        2: ("What a pity: {low}", "It hurts that {low}", "{bare}, and it hurts.",
            "Tragically, {low}", "{all} I could cry.", "{bare}, and I feel so alone."),
        3: ("It breaks my heart that {low}", "{bare}, and it breaks my heart.",
            "{all} My heart is broken.", "{all} It hurts so much.", "{all} I can't stop crying.",
            "{bare}, and tears came to my eyes.", "It pains me so much that {low}"),
    },
    "anger": {
        1: ("It bothers me that {low}", "{bare}, which is ridiculous.",
            "It's a bit much that {low}"),
        2: ("It's ridiculous that {low}", "Damn it, {low}", "{bare}, damn it!",
            "{all} How dare they!", "I can't stand that {low}", "{bare}, which is an insult."),
        3: ("I hate that {low}", "I absolutely hate that {low}", "What the hell, {low}",
            "{bare}, and I hate it!", "{all} I hate it!", "{all} What the hell!",
            "{all} What idiots!", "It pisses me off that {low}"),
    },
    "fear": {
        1: ("It worries me a little that {low}", "{bare}, which is worrying.",
            "I'm a bit uneasy: {low}"),
        2: ("I'm worried that {low}", "I'm nervous: {low}", "{bare}, and I'm worried.",
            "{bare}, which is creepy.", "{bare}, and it gives me the creeps."),
        3: ("I'm so anxious: {low}", "I'm worried sick that {low}", "{bare}, and I'm so nervous!",
            "{all} I'm so worried!", "{all} Something terrible is going to happen.",
            "{all} My hands are shaking.", "{bare}, and my heart is racing.",
            "{all} I don't feel safe."),
    },
    "disgust": {
        1: ("{bare}, which is a bit gross.", "{bare}, ugh.", "It's not nice that {low}"),
        2: ("It's gross that {low}", "Gross, {low}", "{bare}, which is gross.", "Yuck, {low}",
            "{bare}, yuck!", "{bare}, which is nasty.", "Nasty: {low}"),
        3: ("How vile: {low}", "It's so gross that {low}", "{bare}, which is vile.",
            "{all} That is so gross!", "{all} It makes me sick!", "{bare}, and it stinks.",
            "{all} Eww, gross!", "{all} I want to throw up."),
    },
    "surprise": {
        1: ("Strangely enough, {low}", "Oh, {low}", "Believe it or not, {low}"),
        2: ("Wow, {low}", "I had no idea that {low}", "{all} Who would have thought?",
            "Out of nowhere, {low}", "Wait, what? {all}", "I never thought that {low}"),
        3: ("I can't believe that {low}", "Wow, I can't believe that {low}", "Oh my God, {low}",
            "{all} I can't believe it!", "{bare}, which is unbelievable!", "{all} What on earth?",
            "{bare}, and I couldn't believe my eyes.", "{all} I did not see that coming!"),
    },
    "neutral": {},
}  # fmt: skip
NAMES = (
    "angry", "anger", "furious", "rage", "disgust", "disgusted", "fear", "afraid", "scared",
    "terrified", "terrifying", "scary", "frightening", "happy", "happiness", "joy", "glad",
    "delighted", "sad", "sadness", "grief", "heartbroken", "surprise", "surprised", "surprising",
    "amazed", "shocked", "astonished", "unexpected", "fuck", "fucked", "fucking", "shit",
)  # fmt: skip
"""Words that tell an emotion instead of showing it, and vulgar ones; in no wording of our own."""
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
    def words(self) -> set[str]:
        """The words of the pattern that say something."""
        found = re.findall(r"[a-z']{4,}", re.sub(r"\{\w+\}", "", self.pattern.lower()))
        return set(found) - {"that", "which", "what", "it's"}

    @property
    def ends(self) -> bool:
        """Whether it stands behind the sentence."""
        return not self.pattern.endswith("{low}") and not self.pattern.endswith("{all}")

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
