"""What the face recipe measures beside its network, and the card of what is derived from it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.data import ferplus
from openaffect.metrics.classification import (
    accuracy,
    recall_per_class,
    unweighted_average_recall,
)
from openaffect.preprocess.face_histograms import histogram_features

from ..scores import compared
from ._faces import CLASSES


def baseline(fit_rows: ferplus.FerPlus, validation: ferplus.FerPlus) -> NDArray[np.int64]:
    """Predictions of HOG + logistic regression on the validation rows."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=300))
    model.fit(histogram_features(fit_rows.images), fit_rows.label)
    return np.asarray(model.predict(histogram_features(validation.images)))


def report(guess: NDArray[Any], other: NDArray[Any], truth: NDArray[Any]) -> list[dict[str, Any]]:
    """Return the card's score rows: accuracy, average recall, recall of each class."""
    data = "FER+ validation (PublicTest), 3,553 named rows"

    def recall_of(right: NDArray[Any], found: NDArray[Any]) -> float:
        return unweighted_average_recall(right, found, classes=CLASSES)

    rows = [
        compared(
            measure, truth, guess, other, data=data, name=name, baseline="HOG + logistic regression"
        )
        for name, measure in (("accuracy", accuracy), ("unweighted average recall", recall_of))
    ]
    recall = recall_per_class(truth, guess, classes=CLASSES)
    rows.append(
        {
            "data": data,
            "measure": "recall per class",
            "value": {
                n: round(float(v), 3) for n, v in zip(ferplus.SCHEME.labels, recall, strict=True)
            },
        }
    )
    return rows
