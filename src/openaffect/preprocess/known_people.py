"""The people of a recording whose looks are remembered, to know them again when they return."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

LEAST_LIKENESS = 0.88
"""Cosine from which a newcomer is somebody seen before; chosen on drawn people of even number."""
_STEADY = 100


@dataclass(slots=True)
class _Known:
    look: NDArray[np.float64]
    seen: int
    time: float


class KnownPeople:
    """The mean look of each of at most ``most`` people; who was away longest is forgotten first.

    A mean counts a hundred looks at most, so that it follows a light that changes slowly.
    """

    def __init__(self, most: int = 64) -> None:
        self._most = most
        self._people: dict[int, _Known] = {}

    def __len__(self) -> int:
        return len(self._people)

    def see(self, subject: int, look: NDArray[np.float64], time: float) -> None:
        """Take one more look, (D,) of length 1, at a person."""
        known = self._people.get(subject)
        if known is None:
            if len(self._people) >= self._most:
                longest = min(self._people, key=lambda who: (self._people[who].time, who))
                del self._people[longest]
            self._people[subject] = _Known(look.copy(), 1, time)
            return
        known.seen = min(known.seen + 1, _STEADY)
        known.look += (look - known.look) / known.seen
        known.time = time

    def likeness(
        self, looks: NDArray[np.float64], but: Collection[int]
    ) -> tuple[list[int], NDArray[np.float64]]:
        """Return the P people known, less ``but``, and the (P, N) cosines to (N, D) looks."""
        others = [who for who in self._people if who not in but]
        means = np.array([self._people[who].look for who in others]).reshape(-1, looks.shape[1])
        lengths = np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12)
        return others, means / lengths @ looks.T

    def state(self) -> list[Any]:
        """Return JSON values that :meth:`restore` takes back exactly."""
        return [
            [who, known.look.tolist(), known.seen, known.time]
            for who, known in self._people.items()
        ]

    def restore(self, state: list[Any]) -> None:
        """Know the people of a :meth:`state`, and nobody else."""
        self._people = {
            int(who): _Known(np.array(look, np.float64), int(seen), float(time))
            for who, look, seen, time in state
        }
