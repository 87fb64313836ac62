"""What every way of steering shares.

A way of steering is one file of this folder named ``text_*.py`` with a class, exported as
``GENERATOR``, that may change three things: the messages the model is given, what is added to its
residual stream, and the scores of the next token. What it does not change stays as it is, so that
intensity 0 is the model itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from openaffect.types import LanguageModel, Message, Weights

from ._emotion import Target
from ._request import TextRequest


class Steering:
    """Steers nothing: the base of every way.

    ``needs`` names the task of the card whose weights it is handed, empty for none.
    """

    name: ClassVar[str]
    help: ClassVar[str]
    needs: ClassVar[str] = ""

    def __init__(self, model: LanguageModel, weights: Weights | None = None) -> None:
        self.model, self.weights = model, weights

    def messages(self, request: TextRequest) -> tuple[Message, ...]:
        """Return what the model reads before the beginning."""
        return ()

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

    def facts(self) -> Mapping[str, Any]:
        """Return what the statement of origin says of this way beside its name."""
        return {} if self.weights is None else {"steering_model": self.weights.card.name}
