"""Steer by gradients: what was read is moved until what comes next shows the emotion.

Dathathri et al., "Plug and Play Language Models", ICLR 2020, with a linear head over the model's
mean hidden state, and a loss of strength beside that of the emotion, after Singh et al., "Adapting
a language model for controlled affective text generation", COLING 2020. Needs a model with
gradients, and reads each token about fifteen times: slow, though several texts side by side take
hardly longer than one, since what costs is to fetch the weights.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.types import (
    Attribute,
    GradientModel,
    IntegrityError,
    LanguageModel,
    Nudge,
    Scores,
    Weights,
)

from ._emotion import Target
from ._steering import Steering, arrays_of

_SIZE = 0.04
"""The size of a gradient step at intensity 1."""
_STEPS = 3
_FUSION = 0.95
"""The share of the moved model in the fused scores, the model itself having the rest (section 3.3
of the paper: a geometric mean keeps out what the model itself finds unlikely)."""


class PlugAndPlay(Steering):
    """Moves what the model has read along gradients."""

    name = "pplm"
    help = "move what was read along gradients (PPLM); slow, needs PyTorch"
    card = "text-pplm"
    gradients = True

    def __init__(self, model: LanguageModel, weights: Weights | None = None) -> None:
        super().__init__(model, weights)
        if not isinstance(model, GradientModel):
            raise IntegrityError(
                f"pplm needs a model with gradients and {model.card.name} is run without: load it "
                "by PyTorch (extra train), or take another method"
            )
        self._model = model
        arrays = arrays_of(weights, "pplm needs the weights of its head")
        self._weight, self._bias = arrays["weight"], arrays["bias"]
        if self._weight.shape[1] != model.width:
            raise IntegrityError(
                f"the head of pplm reads states of {self._weight.shape[1]} values and "
                f"{model.card.name} has {model.width}; it belongs to another model: take another "
                "method"
            )

    def read(
        self,
        ids: NDArray[np.int64],
        state: Any,
        target: Target,
        intensity: float,
        *,
        repeat: int = 1,
    ) -> Scores:
        """Read with the past moved towards the emotion, and fuse with the model's own scores."""
        shares = target.vector().astype(np.float32)
        attribute = Attribute(self._weight, self._bias, shares, strength=intensity)
        nudge = Nudge(steps=_STEPS, size=_SIZE * intensity)
        found = self._model.perturbed(ids, state, attribute, nudge, repeat=repeat)
        fused = _FUSION * found.logits + (1 - _FUSION) * found.own
        return Scores(fused, found.hidden, found.state)


GENERATOR = PlugAndPlay
