"""What is asked of a rewriting, and the candidates for one sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from openaffect.preprocess.text_language import language_of
from openaffect.types import InvalidValueError

from ._cleaning import cleaned
from ._colouring import calmed, replaced
from ._emotion import Target, parse
from ._phrases import Phrase, phrases, second_phrases, telling
from ._sentence import Kind, kind_of
from ._style import PLAIN, Style

LONGEST = 50_000
"""Characters that are rewritten as one text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RewriteRequest:
    """One text to be said with another emotion.

    Fields
    ------
    text: in English; it is data, whatever it says.
    emotion: see :func:`~openaffect.generate._emotion.parse`; an arc runs over the sentences.
    intensity: how far to go, from 0 (the text as it is) to 1.
    similarity: in [0, 1], the least cosine to the source, sentence by sentence.
    candidates: clauses that the language model writes for each sentence; 0 for none.
    seed: of every random draw.
    style: formality, slips and hesitations; a rewriting keeps the writer's own voice, so that a
        persona or a tone is refused.
    """

    text: str
    emotion: str
    intensity: float = 0.8
    similarity: float = 0.75
    candidates: int = 3
    seed: int = 0
    style: Style = PLAIN
    targets: tuple[Target, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", cleaned(self.text))
        if not self.text.strip():
            raise InvalidValueError("the text is empty; give something to rewrite")
        if len(self.text) > LONGEST:
            raise InvalidValueError(
                f"the text has {len(self.text)} characters; at most {LONGEST} are rewritten at "
                "once: split it"
            )
        for name, low, high in (
            ("intensity", 0, 1), ("similarity", 0, 1), ("candidates", 0, 64),
        ):  # fmt: skip
            value = getattr(self, name)
            if not low <= value <= high:
                raise InvalidValueError(f"{name} is {value}; give {low} to {high}")
        if self.style.persona or self.style.tone:
            raise InvalidValueError(
                "a rewriting keeps the writer's own voice: leave persona and tone out"
            )
        if (language := language_of(self.text)) != "eng":
            raise InvalidValueError(
                f"the text looks like another language ({language}); only English is rewritten"
            )
        object.__setattr__(self, "targets", parse(self.emotion))

    def target(self, share: float) -> Target:
        """Return the target when ``share`` of the text, in [0, 1], is done."""
        return self.targets[min(int(share * len(self.targets)), len(self.targets) - 1)]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form of what was asked for, the text's length in its place."""
        return {
            "task": "rewrite",
            "characters": len(self.text),
            "emotion": "->".join(str(target) for target in self.targets),
            "intensity": self.intensity,
            "similarity": self.similarity,
            "candidates": self.candidates,
            "seed": self.seed,
            **self.style.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class Wording:
    """One way to say a sentence.

    text: the sentence. kind: the source of the wording. phrases: the ones that it uses.
    """

    text: str
    kind: str
    phrases: tuple[Phrase, ...] = ()

    @property
    def ends(self) -> bool:
        """Whether something stands behind the sentence already."""
        return self.kind == "clause" or any(phrase.ends for phrase in self.phrases)

    def signs(self, sentence: str) -> frozenset[str]:
        """Return what it adds to the sentence: phrases, and words that say something."""
        added = telling(self.text) - telling(sentence)
        return frozenset(added.union(phrase.pattern for phrase in self.phrases))


def by_hand(sentence: str, emotion: str, low: Callable[[str], str]) -> Iterator[Wording]:
    """Yield the wordings that need no model: other words, and phrases around them.

    ``low`` begins a sentence with a small letter where its first word is no name; empty where it
    does not know.
    """
    yield Wording(sentence, "source")
    if emotion == "neutral":
        for text in calmed(sentence):
            yield Wording(text, "words")
        return
    kind = kind_of(sentence)
    if kind is Kind.GREETS and emotion in ("anger", "disgust"):
        return  # it would mock
    changed = list(replaced(sentence, emotion))
    for text in changed:
        yield Wording(text, "words")
    for phrase in phrases(emotion):
        if not phrase.fits(kind) or ("{bare}" in phrase.pattern and not _ends_plainly(sentence)):
            continue
        for text in (sentence, *changed[:2]):
            if "{low}" in phrase.pattern and not low(text):
                continue
            yield Wording(phrase.around(text, low(text)), "phrase", (phrase,))


def joined(wordings: Sequence[Wording], emotion: str) -> Iterator[Wording]:
    """Yield those wordings that only begin with a phrase, with another one behind them."""
    for wording in wordings:
        if wording.ends or not wording.phrases or not _ends_plainly(wording.text):
            continue
        before = set().union(*(phrase.words for phrase in wording.phrases))
        for phrase in second_phrases(emotion):
            if not before & phrase.words:
                text = phrase.around(wording.text, wording.text)
                yield Wording(text, "phrases", (*wording.phrases, phrase))


def with_clause(sentence: str, clause: str) -> Wording:
    """Return the sentence with a clause after it that a language model wrote."""
    return Wording(f"{sentence.rstrip('.!?… ')}{clause}", "clause")


def _ends_plainly(sentence: str) -> bool:
    return sentence.endswith((".", "!")) and not sentence.endswith("...")
