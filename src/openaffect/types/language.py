"""What a generator asks of a language model, whichever runtime holds it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from .card import Card


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation with the model."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """What a model says of the next token of B texts that it reads side by side.

    logits: (B, V) float32, natural log-odds up to a constant a row.
    hidden: (B, D) float32, the last layer's state behind them.
    state: what the model has read, to be handed to the next call; never changed in place, so that
        one state can be gone on from in several ways.
    """

    logits: NDArray[np.float32]
    hidden: NDArray[np.float32]
    state: Any


@runtime_checkable
class LanguageModel(Protocol):
    """Next-token scores given token ids and a state.

    Fields
    ------
    card: the model's card. vocabulary: V. width: D. layers: L.
    ends: the ids that end a text. longest: the most tokens that a state can hold.
    """

    card: Card
    vocabulary: int
    width: int
    layers: int
    ends: frozenset[int]
    longest: int

    def encode(self, text: str, *, special: bool = False) -> list[int]:
        """Return the token ids of a text; control tokens in it only count where ``special``."""
        ...

    def decode(self, ids: Sequence[int]) -> str:
        """Return the text of token ids, control tokens left out."""
        ...

    def chat(self, messages: Sequence[Message]) -> list[int]:
        """Return the token ids of a conversation, ready for the model's next turn."""
        ...

    def read(
        self,
        ids: NDArray[np.int64],
        state: Any = None,
        *,
        push: NDArray[np.float32] | None = None,
        repeat: int = 1,
    ) -> Scores:
        """Read (B, S) ids after ``state`` and score what comes next.

        push: (L, D) or (L, B, D), added to the residual stream behind each layer.
        repeat: rows of the answer's state a row read, for going on in several ways side by side.

        Raises :class:`InvalidValueError` when the texts grow beyond ``longest`` tokens.
        """
        ...

    def branch(self, state: Any, rows: Sequence[int]) -> Any:
        """Return a state of these rows of a state, in this order, each as often as it is named."""
        ...

    def log_probabilities(self, text: str, /) -> NDArray[np.float64]:
        """Return (T,): the natural log of each token's probability given those before it."""
        ...


@runtime_checkable
class AdaptedModel(LanguageModel, Protocol):
    """A language model with an adapter, whose ``gates`` are closed unless a read opens them."""

    gates: tuple[str, ...]

    def read(
        self,
        ids: NDArray[np.int64],
        state: Any = None,
        *,
        push: NDArray[np.float32] | None = None,
        repeat: int = 1,
        gates: NDArray[np.float32] | None = None,
    ) -> Scores:
        """Read as :meth:`LanguageModel.read`, with (G,) or (B, G) gates of any sign and size.

        At no gate the model is the one without the adapter.
        """
        ...


@runtime_checkable
class AdaptableModel(LanguageModel, Protocol):
    """A language model that takes adapters."""

    def adapted(self, path: str) -> AdaptedModel:
        """Return the model with the adapter in that file.

        Raises :class:`IntegrityError` when the file holds no adapter, or another model's.
        """
        ...
