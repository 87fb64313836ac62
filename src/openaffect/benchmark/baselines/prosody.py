"""Pitch, loudness and timing of a recording, with support vector machines learnt in the run.

The measures of :mod:`openaffect.recognize.speech_prosody_svm`, as in the first systems (Dellaert,
Polzin and Waibel, "Recognizing emotion in speech", ICSLP 1996), and scikit-learn's machine with the
Gaussian kernel as it comes, classes balanced: nothing is chosen on any row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.recognize.speech_prosody_svm import prosodic_measures
from openaffect.types import Kind, need

from .._entrant import Answer, Entrant, Predict
from .._material import Task


class _Prosody:
    learns = True
    weights = ""
    note = ""

    def __init__(self, task: Task) -> None:
        self._task = task

    def prepare(self, items: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
        """Return (N, 19) measures, NaN where there was nothing to measure."""
        return np.stack([prosodic_measures(item) for item in items])

    def fit(self, prepared: NDArray[np.float32], truth: NDArray[Any]) -> Predict:
        """Fit the machine; what was not measured counts as the training rows' mean."""
        scaler = need("sklearn.preprocessing", extra="metrics").StandardScaler()
        machine = need("sklearn.svm", extra="metrics").SVC(class_weight="balanced")
        machine.fit(np.nan_to_num(scaler.fit_transform(prepared)), truth)
        return lambda other: Answer(machine.predict(np.nan_to_num(scaler.transform(other))))


ENTRANT = Entrant(
    name="prosody-svm",
    title="Prosody + SVM",
    sort="baseline",
    modalities=("speech",),
    kinds=(Kind.CATEGORIES,),
    source="scikit-learn (BSD-3-Clause)",
    start=_Prosody,
)
