"""Steer by an expert and an anti-expert beside the model.

Liu et al., "DExperts: Decoding-time controlled text generation with experts and anti-experts",
ACL 2021, equation 2: the scores of the next token are z + a (z+ - z-). The experts are the model
with an adapter, open for the target and for the other emotions, so that one reading of three rows
gives all three. As there, tokens that the model itself finds out of place stay out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.types import Scores

from ._adapted import AdapterSteering
from ._emotion import EMOTIONS, Target

_WEIGHT = 1.5
"""a at an intensity of 1."""
_PLAUSIBLE = 0.01
"""Probability that a token needs, as a share of the likeliest one's."""


@dataclass(frozen=True, slots=True, eq=False)
class _Three:
    """The state of N texts as three readers have read them, one reader's N after another's."""

    state: Any
    rows: int


class Experts(AdapterSteering):
    """Adds what the target's expert says and takes away what the others' says."""

    name = "dexperts"
    help = "what an adapter for the emotion says, less what one for the others says"
    card = "text-lora-preferences"

    def read(
        self,
        ids: NDArray[np.int64],
        state: Any,
        target: Target,
        intensity: float,
        *,
        repeat: int = 1,
    ) -> Scores:
        """Read three times side by side: as the model, as the expert, as the anti-expert."""
        wanted = target.vector()
        others = (wanted == 0) / max((wanted == 0).sum(), 1)
        gates = np.stack([np.zeros(len(EMOTIONS)), wanted, others]).astype(np.float32)
        before = state.state if isinstance(state, _Three) else None
        found = self.model.read(
            np.tile(ids, (3, 1)), before, gates=np.repeat(gates, len(ids), axis=0), repeat=repeat
        )
        plain, expert, against = found.logits.reshape(3, -1, found.logits.shape[1])
        logits = plain + _WEIGHT * intensity * (expert - against)
        logits[plain < plain.max(axis=1, keepdims=True) + np.log(_PLAUSIBLE)] = -np.inf
        return Scores(logits, found.hidden[: len(logits)], _Three(found.state, len(logits)))

    def branch(self, state: Any, rows: Sequence[int]) -> Any:
        """Return a state of these rows, each with those of its experts."""
        if not isinstance(state, _Three):
            return self.model.branch(state, rows)
        kinds = [kind * state.rows + row for kind in range(3) for row in rows]
        return _Three(self.model.branch(state.state, kinds), len(rows))


GENERATOR = Experts
