"""Statistics of frozen Whisper layers, with logistic regression learnt in the run.

The ``statistics`` that the network of ``speech-free`` answers with: mean and deviation over time of
the outputs of some layers of Whisper-base's encoder. Nothing of it was trained on emotion.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.models.loading import Loader
from openaffect.models.registry import Registry
from openaffect.models.store import Store
from openaffect.recognize.speech_emotion import SpeechEmotion
from openaffect.types import Kind

from .._entrant import Entrant, Predict
from .._heads import linear_head
from .._material import Task

_CARD = "speech-free"
_STRENGTH = 1e-3


class _Statistics:
    learns = True
    note = "the layers are OpenAI's, as they are"

    def __init__(self, task: Task) -> None:
        self._task = task
        loader = Loader(Registry({"recognize": "openaffect.recognize"}), Store())
        self._network = SpeechEmotion(loader.weights(_CARD))
        self.weights = self._network.card.file("model").sha256

    def prepare(self, items: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
        """Return (N, D) statistics."""
        return np.stack([self._network.listen(item, "statistics") for item in items])

    def fit(self, prepared: NDArray[np.float32], truth: NDArray[Any]) -> Predict:
        """Fit the head."""
        return linear_head(
            prepared, truth, self._task, strength=_STRENGTH, scaled=True, balanced=True
        )


ENTRANT = Entrant(
    name="whisper-lr",
    title="Frozen Whisper-base layers + LR",
    sort="baseline",
    modalities=("speech",),
    kinds=(Kind.CATEGORIES,),
    source="OpenAI Whisper (MIT), scikit-learn (BSD-3-Clause)",
    start=_Statistics,
)
