"""Valence, arousal and dominance of a sentence, from EmoBank."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._text_network import TextNetwork


class TextAffect(TextNetwork):
    """Regression to the three dimensions in [-1, 1] (Buechel and Hahn, 2017)."""

    def encode(self, batch: Sequence[NDArray[Any]]) -> NDArray[Any]:
        """Return (N, 3) valence, arousal and dominance, clipped to the scale."""
        return np.asarray(np.clip(super().encode(batch), -1, 1))


RECOGNIZER = TextAffect
