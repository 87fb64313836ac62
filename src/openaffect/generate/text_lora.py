"""Steer by an adapter: low-rank pairs an emotion beside the model's matrices, opened by gates.

Hu et al., "LoRA: Low-rank adaptation of large language models", ICLR 2022. The size of a gate is
the intensity, a blend opens several, an arc opens one after another; each token is read once.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.types import Scores

from ._adapted import AdapterSteering, read_opened
from ._emotion import Target


class Adapter(AdapterSteering):
    """Opens the gates of the adapter as far as the intensity says.

    widest: the gate at an intensity of 1, chosen on prompts that nothing is reported on.
    """

    widest = 1.0

    name = "lora"
    help = "an adapter of the model's weights for each emotion: one reading a token"
    card = "text-lora-distilled"

    def read(
        self,
        ids: NDArray[np.int64],
        state: Any,
        target: Target,
        intensity: float,
        *,
        repeat: int = 1,
    ) -> Scores:
        """Read with the gates of the target's emotions open, in their shares."""
        return read_opened(self.model, ids, state, target, self.widest * intensity, repeat=repeat)


GENERATOR = Adapter
