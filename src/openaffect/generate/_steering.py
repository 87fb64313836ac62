"""What every way of steering shares.

A way of steering is one file of this folder named ``text_*.py`` with a class, exported as
``GENERATOR``, that may change four things: what the model reads before the beginning, how it is
read (what is added to its residual stream, which adapter is on, which models beside it), the
scores of the next token, and which of several goings-on is kept. What it does not change stays as
it is, so that intensity 0 is the model itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from openaffect.types import IntegrityError, LanguageModel, Recognizer, Scores, Weights

from ._emotion import Target
from ._request import TextRequest


def arrays_of(weights: Weights | None, needed: str) -> dict[str, NDArray[Any]]:
    """Return the arrays of a way's own weights.

    Raises :class:`IntegrityError` without weights, saying what is ``needed``.
    """
    if weights is None:
        raise IntegrityError(needed)
    with np.load(weights.path("model"), allow_pickle=False) as held:
        return {name: held[name] for name in held.files}


class Steering:
    """Steers nothing: the base of every way.

    Fields
    ------
    name, help: what it is called, and a line for the list.
    card: the card of its own weights, which ``weights`` then holds; empty for none.
    advice: the task of a recogniser that it asks, which ``adviser`` then is; empty for none.
    beside: the cards of what else it takes on where that fits, which ``taken`` then holds.
    gradients: whether its model has to be a :class:`GradientModel`.
    signed: whether a negative intensity leads away from the emotion.
    tries: goings-on that are written side by side. stride: tokens after which one is kept.
    """

    name: ClassVar[str]
    help: ClassVar[str]
    card: ClassVar[str] = ""
    advice: ClassVar[str] = ""
    beside: ClassVar[tuple[str, ...]] = ()
    gradients: ClassVar[bool] = False
    signed: ClassVar[bool] = False
    tries: ClassVar[int] = 1
    stride: ClassVar[int] = 8
    adviser: Recognizer | None = None
    taken: tuple[Weights, ...] = ()

    def __init__(self, model: LanguageModel, weights: Weights | None = None) -> None:
        self.model = model
        self.weights = weights

    def take(self, weights: Weights) -> None:
        """Take on the weights of one card of ``beside``."""
        self.taken = (*self.taken, weights)

    def lead(self, request: TextRequest) -> str:
        """Return what the model reads before the beginning: by itself, a heading of the topic."""
        return f"About {request.topic}:\n\n" if request.topic else ""

    def read(
        self,
        ids: NDArray[np.int64],
        state: Any,
        target: Target,
        intensity: float,
        *,
        repeat: int = 1,
    ) -> Scores:
        """Read (B, S) ids after ``state``, see :meth:`LanguageModel.read`; intensity is not 0."""
        return self.model.read(ids, state, repeat=repeat)

    def branch(self, state: Any, rows: Sequence[int]) -> Any:
        """Return a state of these rows of a state that :meth:`read` gave."""
        return self.model.branch(state, rows)

    def adjusted(
        self,
        logits: NDArray[np.float32],
        texts: Sequence[Sequence[int]],
        target: Target,
        intensity: float,
    ) -> NDArray[np.float32]:
        """Return the (B, V) scores of the next token of B texts, given the ids so far."""
        return logits

    def worth(
        self, texts: Sequence[str], ids: Sequence[Sequence[int]], target: Target, intensity: float
    ) -> NDArray[np.float64]:
        """Return (B,): how good each of B texts is, for the choice of what goes on."""
        return np.zeros(len(texts))
