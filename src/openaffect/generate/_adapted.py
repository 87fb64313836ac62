"""What ways of steering by an adapter share: the model with its gates, one an emotion."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.types import (
    AdaptableModel,
    AdaptedModel,
    InvalidValueError,
    LanguageModel,
    Scores,
    Weights,
)

from ._emotion import EMOTIONS, Target
from ._steering import Steering


class AdapterSteering(Steering):
    """Steers by the adapter of its card, whose gates are :data:`EMOTIONS` in their order."""

    model: AdaptedModel

    def __init__(self, model: LanguageModel, weights: Weights | None = None) -> None:
        super().__init__(with_emotions(model, weights, self.name), weights)


def with_emotions(model: LanguageModel, weights: Weights | None, method: str) -> AdaptedModel:
    """Return the model with an adapter that has a gate for each of :data:`EMOTIONS`.

    Raises :class:`InvalidValueError` as :func:`adapted` does, and for other gates.
    """
    found = adapted(model, weights, method)
    if found.gates != EMOTIONS:
        raise InvalidValueError(
            f"the adapter for {method!r} has gates {', '.join(found.gates)}; expected "
            f"{', '.join(EMOTIONS)}"
        )
    return found


def takes(model: LanguageModel, weights: Weights) -> bool:
    """Tell whether the adapter of a card was trained on this model."""
    return isinstance(model, AdaptableModel) and _base(weights) == model.card.name


def adapted(model: LanguageModel, weights: Weights | None, method: str) -> AdaptedModel:
    """Return the model with the adapter of a card.

    Raises :class:`InvalidValueError` for a model that takes none, or is not the one that the
    adapter was trained on.
    """
    if weights is None or not isinstance(model, AdaptableModel):
        raise InvalidValueError(
            f"method {method!r} needs an adapter and a model that takes one; "
            f"{model.card.name!r} does not"
        )
    if not takes(model, weights):
        raise InvalidValueError(
            f"adapter {weights.card.name!r} was trained on {_base(weights)!r}, not on "
            f"{model.card.name!r}: take that model, or another method"
        )
    return model.adapted(weights.path("adapter"))


def read_opened(
    model: AdaptedModel,
    ids: NDArray[np.int64],
    state: Any,
    target: Target,
    width: float,
    *,
    repeat: int,
) -> Scores:
    """Read with the gates of the target's emotions open by ``width`` in sum, in their shares."""
    gates = (width * target.vector()).astype(np.float32)
    return model.read(ids, state, gates=gates, repeat=repeat)


def _base(weights: Weights) -> Any:
    """Return the name of the model that an adapter was trained on."""
    return weights.card.preprocessing.get("base")
