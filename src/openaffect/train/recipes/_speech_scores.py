"""The score rows of a speech card: recall beside a baseline, calibration, abstention.

Every figure is of models that never saw the speaker who is judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.metrics.calibration import expected_calibration_error, risk_coverage_area

from ..cards import ABSTAIN_BELOW
from ..context import Context
from ..scores import compared
from ._speech import Corpus, Folds, decide, recall_of
from ._speech_head import LAYERS, Candidate
from ._speech_known import nested_known

KNOWN_CLIPS = 10
"""Other clips of a speaker that are known in one of the rows of :func:`report_known`."""


def baseline(corpus: Corpus, folds: Folds) -> NDArray[np.int64]:
    """Predictions of the mean of layer 3 with logistic regression (C = 0.01), on the same folds."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    rows = corpus.table[0][:, LAYERS.index(3), 0]
    guess = np.zeros(len(corpus), np.int64)
    for test in folds:
        model = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=500))
        model.fit(rows[~test], corpus.label[~test])
        guess[test] = model.predict(rows[test])
    return guess


def report(
    data: str, corpus: Corpus, scores: NDArray[Any], other: NDArray[Any]
) -> list[dict[str, Any]]:
    """The card's score rows: unweighted average recall with interval, baseline, difference."""
    known, truth = np.array(corpus.classes), corpus.label
    restricted = scores[:, known] / scores[:, known].sum(axis=1, keepdims=True)
    error = expected_calibration_error(restricted, np.searchsorted(known, truth))
    return [
        compared(
            recall_of,
            truth,
            decide(scores, corpus),
            other,
            data=data,
            name="unweighted average recall",
            baseline="frozen layer 3, mean + logistic regression",
        ),
        {
            "data": data,
            "measure": "expected calibration error, 15 equal-mass bins",
            "value": round(error, 4),
        },
    ]


def report_known(
    data: str,
    corpora: Sequence[Corpus],
    target: int,
    folds: Folds,
    classes: int,
    plain: tuple[NDArray[np.float64], Sequence[tuple[Candidate, float]]],
) -> list[dict[str, Any]]:
    """The score rows with the speaker's other clips known, unlabelled, beside those without.

    plain: what :func:`nested` gave for the same folds; its choices are taken over.
    """
    corpus, (scores, chosen) = corpora[target], plain
    asked = (None, KNOWN_CLIPS)
    candidates = [candidate for candidate, _ in chosen]
    found = nested_known(corpora, target, folds, candidates, classes, clips=asked)
    return [
        compared(
            recall_of,
            corpus.label,
            decide(margins, corpus),
            decide(scores, corpus),
            data=f"{data}; {'all' if count is None else count} other clips of the speaker known, "
            "without their labels",
            name="unweighted average recall, speaker known",
            baseline="the same without known clips",
        )
        for count, margins in zip(asked, found, strict=True)
    ]


def report_abstaining(data: str, corpus: Corpus, scores: NDArray[Any]) -> list[dict[str, Any]]:
    """The score rows of abstention at the shipped threshold: share answered, recall among it."""
    known = np.array(corpus.classes)
    restricted = scores[:, known] / scores[:, known].sum(axis=1, keepdims=True)
    truth = np.searchsorted(known, corpus.label)
    answered = restricted.max(axis=1) >= ABSTAIN_BELOW
    right = restricted.argmax(axis=1) == truth
    return [
        {
            "data": data,
            "measure": f"coverage where the best label has {ABSTAIN_BELOW} or more",
            "value": round(float(answered.mean()), 4),
        },
        {
            "data": data,
            "measure": f"risk (share wrong) where the best label has {ABSTAIN_BELOW} or more",
            "value": round(float(1 - right[answered].mean()) if answered.any() else 0.0, 4),
            "without abstaining": round(float(1 - right.mean()), 4),
        },
        {
            "data": data,
            "measure": "risk-coverage area",
            "value": round(risk_coverage_area(restricted, truth), 4),
        },
    ]


def keep_nested(
    context: Context, name: str, protocol: str, corpus: Corpus, scores: NDArray[Any]
) -> None:
    """Leave the nested answers for ``openaffect benchmark calibration --nested``.

    The weights that ship learn every row, so nothing else can tell whether they are calibrated.
    """
    known = np.array(corpus.classes)
    restricted = scores[:, known] / scores[:, known].sum(axis=1, keepdims=True)
    np.savez(
        context.out / f"{name}.{protocol}.nested.npz",
        scores=restricted,
        truth=np.searchsorted(known, corpus.label),
        groups=corpus.speaker.astype(str),
    )
