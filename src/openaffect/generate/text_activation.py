"""Steer by adding directions of emotion to the residual stream, behind one layer.

Turner et al., "Activation addition: steering language models without optimization", 2023, and
Rimsky et al., "Steering Llama 2 via contrastive activation addition", ACL 2024: the direction of an
emotion is the mean of the stream over texts that show it, less the mean over neutral ones. A
negative strength leads away from the emotion.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.types import IntegrityError, LanguageModel, Scores, Weights

from ._emotion import EMOTIONS, Target
from ._steering import Steering, arrays_of


class Activation(Steering):
    """Adds a direction of emotion behind one layer."""

    name = "activation"
    help = "add a direction of emotion to the model's inner state, with a sign"
    card = "text-activation"
    signed = True

    def __init__(self, model: LanguageModel, weights: Weights | None = None) -> None:
        super().__init__(model, weights)
        arrays = arrays_of(weights, "activation needs the weights of its directions")
        self.directions = np.asarray(arrays["directions"], np.float32)
        self.layer = int(arrays["layer"])
        wanted = len(EMOTIONS), model.width
        if self.directions.shape != wanted or not 0 <= self.layer < model.layers:
            raise IntegrityError(
                f"the directions have shape {self.directions.shape} behind layer {self.layer}; "
                f"{model.card.name} wants {wanted} behind one of {model.layers}: take another "
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
        """Read with the target's direction added, as long as the intensity says."""
        push = np.zeros((self.model.layers, self.model.width), np.float32)
        push[self.layer] = intensity * (target.vector() @ self.directions)
        return self.model.read(ids, state, push=push, repeat=repeat)


GENERATOR = Activation
