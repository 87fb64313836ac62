"""Which of GoEmotions' labels a text is steered to for each of Ekman's emotions."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from openaffect.types import Timeline

from ._emotion import EMOTIONS

FELT: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "anger": ("anger", "annoyance"),
    "disgust": ("disgust",),
    "fear": ("fear", "nervousness"),
    "happiness": (
        "joy", "amusement", "excitement", "gratitude", "love", "optimism", "relief", "pride",
        "admiration", "caring",
    ),
    "sadness": ("sadness", "disappointment", "grief", "remorse", "embarrassment"),
    "surprise": ("surprise",),
    "neutral": (
        "neutral", "approval", "disapproval", "curiosity", "confusion", "realization", "desire",
    ),
})  # fmt: skip
"""The official grouping (Demszky et al., 2020), less what is said without the emotion: who agrees,
objects, asks or realises counts as neutral here, or a model that is steered towards surprise would
ask questions."""
_LEAST = 1e-3


def shares(found: Timeline) -> NDArray[np.float64]:
    """Return (N, 7): the shares of the emotions in what a recogniser of ``goemotions28`` found."""
    columns = [[found.scheme.index(label) for label in FELT[name]] for name in EMOTIONS]
    groups = np.stack([found.scores[:, some].sum(axis=1) for some in columns], axis=1)
    return np.asarray((groups + _LEAST) / (groups + _LEAST).sum(axis=1, keepdims=True), np.float64)
