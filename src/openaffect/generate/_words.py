"""What nets that answer word by word read and write: dialogues as numbers, numbers as a text."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openaffect.preprocess.text_encoding import Vocabulary
from openaffect.preprocess.text_treebank import treebank_text, treebank_words
from openaffect.types import InvalidValueError

START, END = "[START]", "[END]"
LISTENER = "listener"
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Words:
    """A vocabulary with what surrounds it.

    Fields
    ------
    vocabulary: its third and fourth entries mark the beginning and the end of an answer.
    letters: natural logarithms of the chance of each letter of a word that it lacks; ``" "`` ends
        such a word, and ``""`` stands for every letter that is not listed.
    emotions: names of the emotions, in the order of their numbers.
    longest_context, longest_answer: words that are read and written at most.
    """

    vocabulary: Vocabulary
    letters: Mapping[str, float]
    emotions: tuple[str, ...]
    longest_context: int = 80
    longest_answer: int = 30

    def __post_init__(self) -> None:
        if self.vocabulary.tokens[2:4] != (START, END):
            raise InvalidValueError(
                f"the vocabulary goes on with {self.vocabulary.tokens[2:4]}; expected {START}, "
                f"{END} behind its first two"
            )
        if "" not in self.letters:
            raise InvalidValueError("letters lack '', the chance of a letter that is not listed")

    @property
    def start(self) -> int:
        """The number of the mark that an answer begins with."""
        return 2

    @property
    def end(self) -> int:
        """The number of the mark that an answer ends with."""
        return 3

    def context(
        self, said: Sequence[str], roles: Sequence[str]
    ) -> tuple[Numbers, Numbers, Numbers]:
        """Return (C,) words, 1 where the listener spoke, and turns from 1: the last C words."""
        rows = [
            (self.vocabulary.place(word), int(role == LISTENER), turn)
            for turn, (text, role) in enumerate(zip(said, roles, strict=True), 1)
            for word in treebank_words(text)
        ][-self.longest_context :]
        words, listener, turns = np.array(rows or [(1, 0, 1)], np.int64).T
        return words, listener, turns

    def answer(self, text: str, longest: int | None = None) -> Numbers:
        """Return (T,) words of an answer between the marks of its beginning and its end."""
        words = [self.vocabulary.place(word) for word in treebank_words(text)]
        return np.array([self.start, *words[:longest], self.end], np.int64)

    def text(self, numbers: ArrayLike) -> str:
        """Return the text of (T,) words, without marks."""
        tokens = self.vocabulary.decode(np.asarray(numbers, np.int64))
        return treebank_text(token for token in tokens if token not in (START, END))

    def spelling(self, text: str) -> float:
        """Return the logarithm of the chance of how the words that are not known are spelt."""
        lacked = (word for word in treebank_words(text) if word not in self.vocabulary)
        other = self.letters[""]
        return math.fsum(
            self.letters.get(letter, other) for word in lacked for letter in word + " "
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "words": list(self.vocabulary.tokens),
            "letters": {letter: round(value, 4) for letter, value in self.letters.items()},
            "emotions": list(self.emotions),
            "longest_context": self.longest_context,
            "longest_answer": self.longest_answer,
        }

    @classmethod
    def load(cls, path: Path) -> Words:
        """Read the JSON form; an error names the file."""
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            return cls(
                Vocabulary(tuple(map(str, data["words"]))),
                {str(letter): float(value) for letter, value in data["letters"].items()},
                tuple(map(str, data["emotions"])),
                int(data["longest_context"]),
                int(data["longest_answer"]),
            )
        except (OSError, KeyError, TypeError, ValueError, AttributeError) as error:
            raise InvalidValueError(f"{path}: no words of a partner: {error}") from error
