"""Short phrases that dress a sentence with an emotion, written by hand.

A phrase is a pattern with one hole: ``{low}`` the sentence begun with a small letter, ``{bare}``
the sentence without its end, ``{all}`` the sentence as it is. Each belongs to a third of the
intensity: 1 mild, 2 plain, 3 strong. None names its emotion: it is shown and not told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ._sentence import Kind

_BANK = {
    "happiness": {
        1: ("It's nice that {low}", "Luckily, {low}", "Good news: {low}", "{bare}, which is nice.",
            "Thankfully, {low}"),
        2: ("Best of all, {low}", "It's so great that {low}", "Thank goodness, {low}",
            "{bare}, which is just perfect.", "{bare}, thank goodness.", "{all} How lovely!",
            "{bare}, which is wonderful.", "{bare}, and it made my day!"),
        3: ("I love that {low}", "How wonderful that {low}", "Fantastic, {low}",
            "I'm so excited that {low}", "Hooray, {low}", "{bare}, and I love it!",
            "{bare}, and I'm so grateful!"),
    },
    "sadness": {
        1: ("Unfortunately, {low}", "It's a pity that {low}", "{bare}, which is such a shame.",
            "I'm sorry to say that {low}"),
        2: ("It hurts that {low}", "{bare}, and it hurts.", "{bare}, and I feel so down."),
        3: ("It breaks my heart that {low}", "{bare}, and it breaks my heart.",
            "I'm in tears because {low}", "{bare}, and tears came to my eyes.",
            "{bare}, and it makes me want to cry.", "{bare}, and I feel so alone."),
    },
    "anger": {
        1: ("It bothers me that {low}", "{bare}, which is ridiculous.",
            "It's a bit much that {low}"),
        2: ("It's ridiculous that {low}", "I can't stand it that {low}", "{bare}, damn it!",
            "{bare}, which is an insult.", "{bare}, and it drives me crazy!"),
        3: ("It's so unfair that {low}", "It pisses me off that {low}", "What the hell, {low}",
            "{bare}, and it's so unfair!", "{bare}, and it pisses me off!"),
    },
    "fear": {
        1: ("It worries me a little that {low}", "{bare}, which is worrying.",
            "{all} It makes me a little uneasy."),
        2: ("I'm worried because {low}", "{bare}, and I'm worried.", "{bare}, which is creepy.",
            "{all} It makes me really uneasy."),
        3: ("I'm so nervous because {low}", "I'm worried sick because {low}",
            "{bare}, and I'm so nervous!", "{bare}, and I don't feel safe at all.",
            "{bare}, and my hands are shaking with worry.", "{bare}, and I'm shaking with worry.",
            "{bare}, and I'm so worried that I can't sleep."),
    },
    "disgust": {
        1: ("{bare}, ugh.", "{bare}, which is a bit gross."),
        2: ("It's gross that {low}", "Ugh, {low}", "{bare}, which is gross.",
            "{bare}, which is nasty."),
        3: ("It makes me sick that {low}", "It's so gross that {low}",
            "It's just nasty that {low}", "{bare}, and it makes me sick.",
            "{bare}, which is so gross and nasty."),
    },
    "surprise": {
        1: ("Strangely enough, {low}", "Oh, {low}", "Believe it or not, {low}"),
        2: ("Wow, {low}", "I had no idea that {low}", "Wait, what? {all}",
            "You won't believe this: {low}"),
        3: ("I can't believe that {low}", "Wow, I can't believe that {low}", "Oh my god, {low}",
            "Wow, I had no idea that {low}", "{bare}, which is unbelievable!",
            "{bare}, and I couldn't believe my eyes."),
    },
    "neutral": {},
}  # fmt: skip
_AFTER: dict[str, dict[int, tuple[str, ...]]] = {
    "happiness": {
        2: ("How nice!", "What a treat!", "It's just lovely."),
        3: ("What a great day!", "I can't stop smiling!", "I feel so lucky!"),
    },
    "sadness": {
        2: ("What a shame.", "Such a pity.", "It makes my heart heavy."),
        3: ("My heart is broken.", "I could cry.", "I'm in tears.", "I feel so lonely.",
            "I can't stop crying."),
    },
    "anger": {
        2: ("That's just not right.", "It gets on my nerves.", "It's just too much."),
        3: ("That is so unfair!", "It's so stupid and unfair!", "This is so stupid!",
            "I've had enough of this!", "I'm so sick of this!", "What the hell!",
            "How stupid is that?"),
    },
    "fear": {
        2: ("It worries me.", "I don't like the look of it.", "I hope nothing happens."),
        3: ("I'm nervous and shaking.", "My hands are shaking.", "I can't stop shaking.",
            "I don't feel safe.", "I'm worried and I don't feel safe.", "My heart is pounding.",
            "What if something goes wrong?"),
    },
    "disgust": {
        2: ("Yuck.", "How nasty.", "It turns my stomach."),
        3: ("Ew, that's so nasty!", "Ugh, how nasty!", "Eww, gross!", "Ugh, that's so gross!"),
    },
    "surprise": {
        2: ("Who would have thought?", "Well, well!", "Imagine that!"),
        3: ("What? Really?", "Can you believe it?", "Oh my god!", "How is that possible?",
            "Wow, I did not expect that!", "Wow, I can't believe it!"),
    },
    "neutral": {},
}  # fmt: skip
"""Sentences of their own behind it."""
_ADDRESSED = (Kind.ASKS, Kind.CALLS, Kind.GREETS)
_CRIES = ("Oh, {low}", "Wow, {low}", "Ugh, {low}", "What the hell, {low}", "Oh my god, {low}")
"""What may stand before anything, a question or a request among them."""
NAMES = (
    "angry", "anger", "furious", "rage", "disgust", "disgusted", "fear", "afraid", "scared",
    "terrified", "terrifying", "scary", "frightening", "happy", "happiness", "joy", "glad",
    "delighted", "sad", "sadness", "grief", "heartbroken", "surprise", "surprised", "surprising",
    "amazed", "shocked", "astonished", "unexpected", "fuck", "fucked", "fucking", "shit",
)  # fmt: skip
"""Words that tell an emotion instead of showing it, and vulgar ones; in no wording of our own."""
_EVERYWHERE = frozenset({"that", "which", "what", "it's", "i'm", "and", "the", "how", "because"})


@dataclass(frozen=True, slots=True)
class Phrase:
    """A pattern and the strength, 1 to 3, that it belongs to."""

    pattern: str
    strength: int

    @property
    def words(self) -> set[str]:
        """The words of the pattern that say something."""
        return telling(re.sub(r"\{\w+\}", "", self.pattern))

    @property
    def ends(self) -> bool:
        """Whether it stands behind the sentence."""
        return not self.pattern.endswith("{low}") and not self.pattern.endswith("{all}")

    def fits(self, kind: Kind) -> bool:
        """Tell whether it can stand around a sentence of a kind.

        What subordinates a sentence (*that*, *because*) wants its subject; what leads into it wants
        that nothing else does; what follows a comma wants something that is said. What is said to
        somebody takes what is strong enough to need no reason.
        """
        if any(part in self.pattern for part in ("that {low}", "because {low}")):
            return kind is Kind.STATES
        if self.pattern in _CRIES:
            return kind in (Kind.STATES, Kind.ASKS, Kind.CALLS)
        if self.pattern.endswith("{low}"):
            return kind in (Kind.STATES, Kind.NOTES)
        if "{bare}" in self.pattern:
            return kind not in _ADDRESSED
        return kind not in _ADDRESSED or self.strength == 3

    def around(self, sentence: str, low: str) -> str:
        """Return the sentence in this phrase; ``low`` is it begun with a small letter."""
        bare = sentence.rstrip(".!?… ")
        return self.pattern.format(low=low, bare=bare, all=sentence)


def telling(text: str) -> set[str]:
    """Return the words of a text that say something, in small letters."""
    return set(re.findall(r"[a-z']{3,}", text.lower())) - _EVERYWHERE


def phrases(emotion: str) -> list[Phrase]:
    """Return the phrases of an emotion, the mild ones first."""
    around = [
        Phrase(pattern, strength)
        for strength, patterns in _BANK[emotion].items()
        for pattern in patterns
    ]
    return around + second_phrases(emotion)


def second_phrases(emotion: str) -> list[Phrase]:
    """Return those that also stand behind a sentence that another phrase begins."""
    return [
        Phrase(f"{{all}} {sentence}", strength)
        for strength, sentences in _AFTER[emotion].items()
        for sentence in sentences
    ]
