"""What every partner in a dialogue shares.

A partner is one file of this folder named ``reply_*.py`` with a class, exported as ``GENERATOR``,
that offers replies to a dialogue in which an emotion was heard. It neither chooses among them nor
looks after safety: ``pipeline.reply`` does both, for all partners alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from openaffect.types import Weights

from ._dialogue import Heard, ReplyRequest
from ._steering import Steering

Encoder = Callable[[Sequence[str]], NDArray[np.float32]]
"""Texts to (N, D) vectors of length 1, alike where texts mean alike."""


@dataclass(frozen=True, slots=True)
class Resources:
    """What a partner may use; each is loaded when it is first asked for.

    Fields
    ------
    steering: gives the language model with its way of steering.
    encoder: gives the sentence encoder.
    weights: of the partner's own ``card``; None without one.
    """

    steering: Callable[[], Steering]
    encoder: Callable[[], Encoder]
    weights: Weights | None = None


class Partner:
    """Offers nothing: the base of every partner.

    Fields
    ------
    name, help: what it is called, and a line for the list.
    card: the card of its own weights, which ``resources.weights`` then holds; empty for none.
    remedy: how to have these weights where they are not installed.
    """

    name: ClassVar[str]
    help: ClassVar[str]
    card: ClassVar[str] = ""
    remedy: ClassVar[str] = ""

    def __init__(self, resources: Resources) -> None:
        self.resources = resources

    def respond(self, request: ReplyRequest, heard: Heard) -> Iterator[Sequence[str]]:
        """Yield the replies so far, at most ``request.candidates``, longer each time.

        One that has them at once yields once. What is yielded last are the replies. The seed fixes
        every draw.
        """
        raise NotImplementedError

    def surprise(self, text: str) -> NDArray[np.float64] | None:
        """Return (T,) log probabilities of a text's tokens, None where there is no such model."""
        return None

    def origin(self) -> dict[str, Any]:
        """Return ``model`` and ``licence``: what made the replies."""
        card = self.resources.weights.card if self.resources.weights else None
        return {"model": card.name if card else "", "licence": card.licence if card else ""}
