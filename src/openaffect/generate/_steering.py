"""What every way of steering shares.

A way of steering is one file of this folder named ``text_*.py`` with a class, exported as
``GENERATOR``, that may change three things: what the model reads before the beginning, what is
added to its residual stream, and the scores of the next token. What it does not change stays as it
is, so that intensity 0 is the model itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from openaffect.types import LanguageModel

from ._emotion import Target
from ._request import TextRequest


class Steering:
    """Steers nothing: the base of every way."""

    name: ClassVar[str]
    help: ClassVar[str]

    def __init__(self, model: LanguageModel) -> None:
        self.model = model

    def lead(self, request: TextRequest) -> str:
        """Return what the model reads before the beginning; empty for nothing."""
        return ""

    def push(self, target: Target, intensity: float) -> NDArray[np.float32] | None:
        """Return what is added to the residual stream, (L, D), or None."""
        return None

    def adjusted(
        self,
        logits: NDArray[np.float32],
        texts: Sequence[Sequence[int]],
        target: Target,
        intensity: float,
    ) -> NDArray[np.float32]:
        """Return the (B, V) scores of the next token of B texts, given the ids so far."""
        return logits
