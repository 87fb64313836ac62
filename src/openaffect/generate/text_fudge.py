"""Steer by a classifier of beginnings: prefer next tokens that promise the emotion.

Yang and Klein, "FUDGE: Controlled text generation with future discriminators", NAACL 2021, equation
2: the model's score of each likely next token is raised by the log-probability that the text which
it begins will show the emotion. Here only up to what the intensity asks for: tokens that promise
the emotion with that probability or more are not told apart, or the same few telling words would
begin every text, and a small intensity would already ask for nearly all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from openaffect.types import IntegrityError, LanguageModel, Weights

from ._emotion import Target
from ._prefix import PrefixClassifier
from ._sampling import likeliest
from ._steering import Steering, arrays_of

LEAST = 1e-6
BEGINNING = 8
"""Tokens over which the classifier gains its full say: nothing is decided by the first ones, and
each text begins in its own way."""
CANDIDATES = 100
"""Likely next tokens that are weighed; the others are ruled out."""


def aimed(intensity: float) -> float:
    """Return the probability of the emotion that an intensity asks for.

    A seventh is what each emotion has beforehand: a quarter of the intensity asks for little more,
    and the other steps for about a quarter each.
    """
    return float(intensity**1.5)


class Fudge(Steering):
    """Weighs likely next tokens by what they promise.

    strength: the factor on the log-probability that a beginning falls short by.
    """

    name = "fudge"
    help = "weigh next tokens by a classifier of beginnings (FUDGE)"
    card = "text-fudge"
    strength: ClassVar[float] = 8.0

    def __init__(self, model: LanguageModel, weights: Weights | None = None) -> None:
        super().__init__(model, weights)
        needed = "fudge needs the weights of its classifier of beginnings"
        self._classifier = PrefixClassifier(arrays_of(weights, needed))
        self._states: dict[tuple[int, ...], NDArray[np.float32]] = {}
        self.fits = self._classifier.vocabulary == model.vocabulary
        if not self.fits:
            self._misfit()

    def _misfit(self) -> None:
        """Say that the classifier reads another model's tokens."""
        raise IntegrityError(
            f"the classifier of beginnings knows {self._classifier.vocabulary} tokens and "
            f"{self.model.card.name} {self.model.vocabulary}; it belongs to another model: take "
            "another method"
        )

    def adjusted(
        self,
        logits: NDArray[np.float32],
        texts: Sequence[Sequence[int]],
        target: Target,
        intensity: float,
    ) -> NDArray[np.float32]:
        """Return the scores with the classifier's say, unlikely tokens ruled out."""
        shares = target.vector()
        changed = np.full_like(logits, -np.inf)
        kept = {}
        count = min(CANDIDATES, logits.shape[1] - 1)
        for row, text in enumerate(texts):
            state = self._state(tuple(text))
            kept[tuple(text)] = state
            begun = min((len(text) + 1) / BEGINNING, 1.0)
            likely = likeliest(logits[row], count)
            promised = self._classifier.log_probabilities(self._classifier.states(state, likely))
            short = np.minimum(np.log(np.exp(promised) @ shares / aimed(intensity) + LEAST), 0)
            changed[row, likely] = logits[row, likely] + self.strength * begun * short
        self._states = kept
        return changed

    def _state(self, text: tuple[int, ...]) -> NDArray[np.float32]:
        """Return the state after a text, from that of the text without its last token if kept."""
        if not text:
            return self._classifier.start()
        state = self._states.get(text)
        if state is None:
            before = self._state(text[:-1])
            state = self._classifier.states(before, np.array(text[-1:]))[0]
        return state


GENERATOR = Fudge
