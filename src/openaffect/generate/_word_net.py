"""Nets that answer word by word, as exported graphs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from openaffect.preprocess.text_treebank import treebank_words
from openaffect.types import InvalidValueError, Weights

from ._dialogue import Heard, ReplyRequest
from ._partner import Partner, Resources
from ._sampling import draw
from ._words import LISTENER, Words

_SPEAKER = "speaker"


class WordNet:
    """A graph with its words.

    The graph takes ``answer`` (1, T) and, as far as it knows them, ``context``, ``roles`` and
    ``turns`` (1, C), or an ``emotion`` (1,); it gives ``scores`` (1, T, V), natural logarithms of
    the chance of each word to come, and perhaps ``emotion`` (1, K).
    """

    def __init__(self, weights: Weights) -> None:
        self.words = Words.load(Path(weights.path("words")))
        self._session = weights.session("model")

    def read(
        self,
        said: Sequence[str],
        roles: Sequence[str],
        answer: NDArray[np.int64],
        emotion: str = "",
    ) -> dict[str, NDArray[np.float32]]:
        """Return what the graph says of (T,) words of an answer, the mark of the beginning first.

        Raises :class:`InvalidValueError` when it has to be told an emotion and is not.
        """
        context, listener, turns = self.words.context(said, roles)
        given = {"context": context, "roles": listener, "turns": turns, "answer": answer}
        feeds = {key: given[key][None] for key in self._session.inputs if key in given}
        if "emotion" in self._session.inputs:
            if emotion not in self.words.emotions:
                raise InvalidValueError(
                    f"emotion {emotion!r} is none of this net's: {', '.join(self.words.emotions)}"
                )
            feeds["emotion"] = np.array([self.words.emotions.index(emotion)], np.int64)
        return {key: value[0] for key, value in self._session.run(feeds).items()}

    def emotions(self, said: Sequence[str], roles: Sequence[str]) -> NDArray[np.float32]:
        """Return (K,) chances of the emotions that was spoken of."""
        return self.read(said, roles, np.array([self.words.start]))["emotion"]

    def log_probability(
        self, said: Sequence[str], roles: Sequence[str], answer: str, emotion: str = ""
    ) -> tuple[float, int]:
        """Return the logarithm of the chance of an answer's words, and how many they are.

        The mark of the end is not among them; a word that is not known costs its letters too.
        """
        numbers = self.words.answer(answer)
        scores = self.read(said, roles, numbers[:-2], emotion)["scores"]
        chosen = scores[np.arange(len(scores)), numbers[1:-1]].astype(np.float64)
        return float(chosen.sum()) + self.words.spelling(answer), len(treebank_words(answer))

    def write(
        self,
        said: Sequence[str],
        roles: Sequence[str],
        generator: np.random.Generator,
        *,
        emotion: str = "",
        longest: int = 30,
        temperature: float = 0.7,
        top: float = 0.9,
    ) -> str:
        """Return an answer of ``longest`` words at most, at least one of them."""
        numbers = [self.words.start]
        seed = int(generator.integers(2**32))
        while len(numbers) <= min(longest, self.words.longest_answer):
            scores = self.read(said, roles, np.array(numbers), emotion)["scores"][-1].copy()
            scores[: self.words.end] = -np.inf
            if len(numbers) == 1:
                scores[self.words.end] = -np.inf
            place = (seed, len(numbers))
            word = draw(scores, numbers[1:], place, temperature=temperature, top=top)
            if word == self.words.end:
                break
            numbers.append(word)
        return self.words.text(numbers[1:])


class WordPartner(Partner):
    """A partner whose own net writes its answers."""

    def __init__(self, resources: Resources) -> None:
        super().__init__(resources)
        if resources.weights is None:
            raise InvalidValueError(f"partner {self.name!r} needs the weights of {self.card!r}")
        self.net = WordNet(resources.weights)

    def respond(self, request: ReplyRequest, heard: Heard) -> Iterator[Sequence[str]]:
        """Yield the replies, each whole as soon as it is written."""
        said = [turn.text for turn in request.dialogue]
        roles = [LISTENER if request.is_ours(turn) else _SPEAKER for turn in request.dialogue]
        drafts = [""] * request.candidates
        for number in range(request.candidates):
            drafts[number] = self.net.write(
                said,
                roles,
                np.random.default_rng([request.seed, number]),
                longest=request.length,
                temperature=request.temperature,
                top=request.top,
            )
            yield list(drafts)
