"""Steer by words, an adapter, a classifier of beginnings, few stock phrases and a choice.

The choice is that of a particle filter that goes on from one particle (Lew et al., "Sequential
Monte Carlo steering of large language models using probabilistic programs", 2023): every few tokens
the text goes on from one of several beginnings, drawn by what a recogniser of emotion in text makes
of them. What a recogniser of whole texts knows needs a few words to show, and costs less fluency
than weighing each token harder.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.types import AdaptedModel, Scores, Weights

from ._adapted import read_opened, takes, with_emotions
from ._emotion import Target
from ._felt import shares
from ._request import TextRequest
from ._steering import arrays_of
from ._stock import StockPhrases
from .text_fudge import Fudge, aimed
from .text_prompt import Prompting

_CHOICE = 10.0
"""The factor on the log-probability that a going-on falls short by."""
_FRESH = 0.5
"""What a worn token loses, in times what it is worn by, at any intensity: scaled by it, most of the
emotion would come with the first quarter, in stock phrases."""
_WARMTH = 0.2
"""How much warmer tokens are drawn at an intensity of 1: with the adapter, texts would otherwise
surprise less than unsteered ones, and be more alike."""
ADAPTER, _PHRASES = "text-lora-distilled", "text-phrases"
"""The cards of what it takes on."""


class Guided(Fudge):
    """Words, the adapter, the classifier of beginnings, and a choice among goings-on.

    A model that the adapter and the classifier do not know is steered by the other two.
    """

    name = "guided"
    help = "words, an adapter, a classifier of beginnings, few stock phrases, and a choice"
    advice = "text.emotion"
    beside = (ADAPTER, _PHRASES)
    tries = 4
    adapted: AdaptedModel | None = None
    stock: StockPhrases | None = None

    def _misfit(self) -> None:
        """Go on without the classifier."""

    def take(self, weights: Weights) -> None:
        """Read with an adapter, or keep from stock phrases, where they were made for the model."""
        if weights.card.task == "text.adapter":
            if not takes(self.model, weights):
                return
            self.model = self.adapted = with_emotions(self.model, weights, self.name)
        else:
            if weights.card.preprocessing.get("language_model") != self.model.card.name:
                return
            arrays = arrays_of(weights, "guided needs its stock phrases")
            self.stock = StockPhrases(arrays, self.model.vocabulary)
        super().take(weights)

    def read(
        self,
        ids: NDArray[np.int64],
        state: Any,
        target: Target,
        intensity: float,
        *,
        repeat: int = 1,
    ) -> Scores:
        """Read with the gates of the target's emotions open, where there is an adapter."""
        if self.adapted is None:
            return super().read(ids, state, target, intensity, repeat=repeat)
        return read_opened(self.adapted, ids, state, target, intensity, repeat=repeat)

    def adjusted(
        self,
        logits: NDArray[np.float32],
        texts: Sequence[Sequence[int]],
        target: Target,
        intensity: float,
    ) -> NDArray[np.float32]:
        """Return the scores with the classifier's say, where it has one, less what is worn.

        With the adapter the scores are flatter, as at a higher temperature: a fifth at an intensity
        of 1, on top of the request's own. What ends a text or a sentence weighs more by as much.
        """
        if self.fits:
            logits = super().adjusted(logits, texts, target, intensity)
        if self.stock is not None:
            logits = logits.copy()
            for row, text in enumerate(texts):
                tokens, worn = self.stock.worn(text, target)
                logits[row, tokens] -= _FRESH * worn
        if self.adapted is None:
            return logits
        return logits / np.float32(1 + _WARMTH * intensity)

    def lead(self, request: TextRequest) -> str:
        """Return the heading that tells how the writer feels."""
        return Prompting(self.model).lead(request)

    def worth(
        self, texts: Sequence[str], ids: Sequence[Sequence[int]], target: Target, intensity: float
    ) -> NDArray[np.float64]:
        """Return (B,): what the recogniser's share of the emotion falls short by, weighed."""
        if self.adviser is None:
            return np.zeros(len(texts))
        found = shares(self.adviser(list(texts))) @ target.vector()
        return np.asarray(_CHOICE * np.minimum(np.log(found / aimed(intensity)), 0))


GENERATOR = Guided
