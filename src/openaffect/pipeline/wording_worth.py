"""What wordings of a sentence are worth: emotion, likeness in meaning, the strength asked for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from openaffect.generate._rewriting import RewriteRequest, Wording

_ENOUGH = 0.5
"""The probability of an emotion beyond which more of it is no clearer."""
_SECOND = 1.2
"""What a second phrase adds, or a sentence that a model says anew: one sign is easily missed."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """Wordings by their text, with their worth, emotion and similarity."""

    wordings: dict[str, Wording] = field(default_factory=dict)
    worth: dict[str, float] = field(default_factory=dict)
    target: dict[str, float] = field(default_factory=dict)
    reached: dict[str, float] = field(default_factory=dict)
    similarity: dict[str, float] = field(default_factory=dict)

    def __add__(self, other: Weighed) -> Weighed:
        return Weighed(
            self.wordings | other.wordings,
            self.worth | other.worth,
            self.target | other.target,
            self.reached | other.reached,
            self.similarity | other.similarity,
        )

    def best(self, count: int) -> list[Wording]:
        """Return the wordings of most worth, the best first."""
        ranked = sorted(self.wordings.values(), key=lambda item: -self.worth[item.text])
        return ranked[:count]


def clear(found: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (N, 7): how clearly each emotion stands out, its share times its own strength.

    The share is of all emotions without neutral; neutral keeps its own probability.
    """
    emotions = found[:, :-1]
    share = emotions / (emotions.sum(axis=1, keepdims=True) + 0.02)
    return np.column_stack([share * np.minimum(emotions / _ENOUGH, 1) ** 0.5, found[:, -1]])


def worth_of(
    wordings: Sequence[Wording],
    target: NDArray[np.float64],
    similarity: NDArray[np.float32],
    request: RewriteRequest,
) -> NDArray[np.float64]:
    """Return (N,) worths: emotion, the more the stronger it is asked for, times similarity.

    What lies below the asked similarity is worth nothing; a phrase counts less when its strength is
    not the one asked for.
    """
    strength = 3 * request.intensity
    worth = (
        np.maximum(target, 0.02) ** (2 * request.intensity) * np.maximum(similarity, 0.01) ** 0.5
    )
    for row, wording in enumerate(wordings):
        if wording.kind == "model":
            worth[row] *= _SECOND
        if wording.phrases:
            away = [abs(phrase.strength - 0.5 - strength) for phrase in wording.phrases]
            worth[row] *= math.exp(-sum(away) / len(away) / 2)
            worth[row] *= _SECOND ** (len(away) - 1)
        if similarity[row] < request.similarity:
            worth[row] = 0
    return worth
