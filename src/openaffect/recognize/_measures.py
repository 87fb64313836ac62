"""Recognisers that measure by rule: no weights, a function of one recording, its scheme's row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from openaffect.types import InvalidValueError, Scheme, Timeline, Weights

from ._base import BatchRecognizer


class Measures(BatchRecognizer):
    """The measures of one scheme for each item, (T,) float32 at 16 kHz.

    A subclass names ``measured``, its scheme, ``witness``, the label that is NaN only where there
    was nothing to measure at all (``extra["abstain"]`` is set there), and gives :meth:`prepare`.
    """

    modality = "speech"
    measured: ClassVar[Scheme]
    witness: ClassVar[str]

    def __init__(self, weights: Weights) -> None:
        super().__init__(weights)
        if self.scheme != self.measured:
            raise InvalidValueError(
                f"card {self.card.name!r} has scheme {self.scheme.name!r}; it is measured in "
                f"{self.measured.name!r}"
            )

    def __call__(self, batch: Sequence[Any], /) -> Timeline:
        """Measure every item; an empty batch gives a timeline of no rows."""
        timeline = super().__call__(batch)
        nothing = np.isnan(timeline.column(self.witness))
        return replace(timeline, extra={**timeline.extra, "abstain": nothing})

    def encode(self, batch: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
        """Return the (N, K) measures, in the order of the card's labels."""
        labels = self.card.labels or self.measured.labels
        return np.stack(batch)[:, [self.measured.index(label) for label in labels]]
