"""What is asked of a language model whose past can be moved by gradients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from .errors import InvalidValueError
from .language import LanguageModel


@dataclass(frozen=True, slots=True, eq=False)
class Attribute:
    """What a text is to show, as a linear head over its mean hidden state tells it.

    weight: (K, D) float32, bias: (K,) float32: the softmax of their outputs is what is shown.
    shares: (K,) float32, wanted, in sum 1. strength: the probability that all wanted together are
        to have, in [0, 1].
    """

    weight: NDArray[np.float32]
    bias: NDArray[np.float32]
    shares: NDArray[np.float32]
    strength: float = 1.0

    def __post_init__(self) -> None:
        sizes = self.weight.shape[:1], self.bias.shape, self.shares.shape
        if self.weight.ndim != 2 or len(set(sizes)) != 1:
            raise InvalidValueError(
                f"weight {self.weight.shape}, bias {self.bias.shape} and shares "
                f"{self.shares.shape}; expected (K, D), (K,) and (K,)"
            )
        if not 0 <= self.strength <= 1:
            raise InvalidValueError(f"strength is {self.strength}; give 0 to 1")


@dataclass(frozen=True, slots=True)
class Nudge:
    """How the past is moved.

    steps: gradient steps a token. size: of one, for each text, layer and array.
    window: how many of the last tokens are moved, 0 for all.
    divergence: the weight of the divergence (Kullback-Leibler, nats) from the model's own next
        token.
    strength: the weight of the loss of strength; spread: its standard deviation, a probability.
    """

    steps: int = 3
    size: float = 0.03
    window: int = 0
    divergence: float = 0.01
    strength: float = 1.0
    spread: float = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Perturbed:
    """What a model says of the next token of B texts behind a past that was moved.

    logits: (B, V) float32 natural log-probabilities; hidden: (B, D) float32, behind them.
    state: as :class:`Scores` has it. own: (B, V), what the model itself says, its past unmoved.
    losses: (steps, B), of attribute and strength before each step; no steps where nothing was read
        before the last token.
    """

    logits: NDArray[np.float32]
    hidden: NDArray[np.float32]
    state: Any
    own: NDArray[np.float32]
    losses: NDArray[np.float64]


@runtime_checkable
class GradientModel(LanguageModel, Protocol):
    """A language model with gradients."""

    def perturbed(
        self,
        ids: NDArray[np.int64],
        state: Any,
        attribute: Attribute,
        nudge: Nudge,
        *,
        repeat: int = 1,
    ) -> Perturbed:
        """Read (B, S) ids after ``state``, then the last of them again with its past moved.

        state: of an earlier call of this method, or None. repeat: as of :meth:`LanguageModel.read`.

        Raises :class:`InvalidValueError` when the attribute's head reads another width.
        """
        ...

    def mean_hidden(self, texts: list[list[int]]) -> NDArray[np.float32]:
        """Return (N, D): the mean of the last layer's states over each text's tokens."""
        ...
