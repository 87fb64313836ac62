"""What a language model does for a rewriting: it writes clauses and tells how fluent a text is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ._facts import small
from ._phrases import NAMES
from ._request import TextRequest
from ._steering import Steering
from ._write import write

JOINTS = {", and it makes me": 6, ", and I feel": 5, ", which is so": 3}
"""What leads from a sentence to a clause about how its writer feels, and the words that may follow:
what is longer soon tells of something that the sentence does not.
"""
_CLAUSE_TOKENS = 10
_CONTEXT = 300
_END = re.compile(r"[.!?](?=\s|$)")
_UNFIT = re.compile(
    r"[,;:\"]|\b(?:I|it|you|your|he|him|his|she|her|they|them|their|we|us|our|there|sorry|again|every|"
    r"another|too|also|even|more|less|when|why|if|who|feel (?:so |very |really )?stupid)\b|"
    r"\bmy (?!heart|hands|skin|stomach|blood|eyes|day\b)"
)
"""What tells more than a feeling: somebody or something new, a comparison, a cause."""
_ONES_OWN = re.compile(
    r"\b(?:nervous|excited|worried|uneasy|anxious|upset|lonely|grateful|thankful|proud|annoyed|"
    r"tired|sick|pleased|ashamed|bad for)\b"
)
"""What a person feels, and nothing *is*."""
_THING = re.compile(r" (?:an|the|to|my|a(?! (?:bit|little|lot)))\b")
"""What somebody is made, which is no feeling."""


@dataclass(frozen=True, slots=True)
class Wish:
    """The emotion, its intensity in [0, 1], and the seed of the draws."""

    emotion: str
    intensity: float
    seed: int


class Author(Protocol):
    """A language model as a rewriting sees it."""

    name: str
    """The model's name."""
    licence: str
    method: str

    def clauses(self, before: str, sentence: str, wish: Wish, count: int) -> Sequence[str]:
        """Return clauses with their joint in front that may follow a sentence after ``before``."""
        ...

    def wordings(self, sentence: str, wish: Wish) -> Sequence[str]:
        """Return the sentence in other words."""
        ...

    def surprise(self, text: str) -> tuple[float, int]:
        """Return the nats by which a text surprises, and its tokens; (0, 0) where unknown."""
        ...

    def low(self, sentence: str) -> str:
        """Return a sentence begun with a small letter, unless its first word is a name."""
        ...


class SteeredAuthor:
    """A model with a way of steering it; implements :class:`Author`."""

    def __init__(self, steering: Steering) -> None:
        self.steering = steering
        card = steering.model.card
        self.name, self.licence, self.method = card.name, card.licence, steering.name

    def clauses(self, before: str, sentence: str, wish: Wish, count: int) -> list[str]:
        """Let the steered model go on from the sentence, and keep what ends in time."""
        found: list[str] = []
        for number, (joint, most) in enumerate(JOINTS.items()):
            candidates = (count + 2 - number) // len(JOINTS)
            if not candidates:
                continue
            bare = sentence.rstrip(".!?… ")
            request = TextRequest(
                prompt=f"{before[-_CONTEXT:]} {bare}{joint}".strip(),
                emotion=wish.emotion,
                intensity=wish.intensity,
                length=_CLAUSE_TOKENS,
                candidates=candidates,
                seed=wish.seed + number,
                banned=NAMES,
            )
            *_, drafts = write(self.steering, request)
            found += [
                joint + clause for draft in drafts if (clause := _clause(draft.text, most, joint))
            ]
        return list(dict.fromkeys(found))

    def wordings(self, sentence: str, wish: Wish) -> list[str]:
        """Return nothing: a model that goes on from texts does not say them anew."""
        return []

    def surprise(self, text: str) -> tuple[float, int]:
        """Return the nats by which a text surprises, and its tokens."""
        scores = self.steering.model.log_probabilities(text)
        return -float(scores.sum()), len(scores)

    def low(self, sentence: str) -> str:
        """Begin with a small letter where the model finds that likelier after a comma."""
        first = re.split(r"[^\w'’]", sentence, maxsplit=1)[0]
        if not first[:1].isupper() or first in ("I", "I'm", "I've", "I'd", "I'll"):
            return sentence
        lowered = sentence[:1].lower() + sentence[1:]
        if small(first):
            return lowered
        as_name, _ = self.surprise(f"Yes, {sentence}")
        as_word, _ = self.surprise(f"Yes, {lowered}")
        return lowered if as_word < as_name else sentence


def _clause(text: str, most: int, joint: str) -> str:
    """Return the first clause of a continuation, ended by a mark.

    Empty where it does not end, tells more than a feeling, or does not go with the joint.
    """
    text = text.split("\n")[0]
    end = _END.search(text)
    if end is None or text[: end.start()].count('"') % 2:
        return ""
    clause = text[: end.end()].replace("?", ".")
    unfit = (
        _UNFIT.search(clause)
        or (joint.endswith("is so") and _ONES_OWN.search(clause))
        or (joint.endswith("makes me") and _THING.match(clause))
    )
    return clause if 1 <= len(clause.split()) <= most and not unfit else ""
