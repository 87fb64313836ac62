"""TF-IDF and logistic regression on GoEmotions.

Protocol: the text recipe's rows; the calibration and the thresholds of best F1 are fitted on the
choose rows, validation is looked at once. What the calibration looks at was chosen within the
choose rows, each half fitted on the other. The commonest words and pairs make up the file's size.

Baseline in the same run: the commonest label.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.data import goemotions
from openaffect.data._labelled_text import LabelledText
from openaffect.metrics.classification import macro_f1
from openaffect.metrics.thresholds import best_f1_thresholds
from openaffect.models import CardWeights
from openaffect.models.catalogue import Catalogue, read_card
from openaffect.models.store import Store
from openaffect.recognize._classical import Arrays
from openaffect.recognize.text_tfidf import PLAIN, TextTfidf, surroundings

from ..cards import by_label, weight_file
from ..classical import save_arrays, words_arrays
from ..context import Context
from ..label_calibration import calibration_rows
from ..scores import compared
from . import _classical, text_emotion

NAME = "text-tfidf-lr"
HELP = "text.emotion from words and pairs by logistic regression, GoEmotions"
TERMS, STRENGTH = 15_000, 2.0
DATA = "GoEmotions validation, 5,426 rows"
Table = NDArray[Any]


def run(context: Context) -> Path:
    """Fit, calibrate, fit the thresholds, measure once on validation, write the card."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier

    fit_rows, choose_rows, validation = text_emotion.split(context)
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, max_features=TERMS, sublinear_tf=True)
    model = OneVsRestClassifier(LogisticRegression(C=STRENGTH, max_iter=300))
    model.fit(words.fit_transform(fit_rows.texts), fit_rows.labels)
    return finish(context, words_arrays(words, model), choose_rows, validation)


def finish(
    context: Context, arrays: Arrays, choose_rows: LabelledText, validation: LabelledText
) -> Path:
    """Calibrate, fit the thresholds, measure once on validation, write the card."""
    path = context.out / f"{NAME}.npz"

    def save(thresholds: dict[str, float], scores: list[dict[str, object]]) -> Path:
        return _classical.save(
            context,
            NAME,
            implementation="text_tfidf",
            scheme=goemotions.SCHEME.name,
            labels=goemotions.SCHEME.labels,
            files=(weight_file("model", path),),
            paper="Salton and Buckley, 1988, Term-weighting approaches in automatic text "
            "retrieval, Information Processing & Management 24",
            thresholds=thresholds,
            scores=scores,
        )

    def recognizer(calibration: Table) -> TextTfidf:
        save_arrays(path, {**arrays, "calibration": calibration}, byte=("weight",))
        card = read_card(save({}, []))
        catalogue = Catalogue({NAME: card}, {NAME: context.out})
        store = Store(context.out / "cache", offline=True, catalogue=catalogue)
        return TextTfidf(CardWeights(card, store))

    plain = recognizer(np.tile(PLAIN, (len(goemotions.SCHEME), 1)))
    logits = np.stack([plain.prepare(text) for text in choose_rows.texts])
    made = recognizer(calibration_of(logits, choose_rows.labels))
    limits = best_f1_thresholds(made(choose_rows.texts).scores, choose_rows.labels)
    scores = made(validation.texts).scores
    commonest = np.zeros(validation.labels.shape, bool)
    commonest[:, validation.labels.sum(axis=0).argmax()] = True
    row = compared(
        macro_f1, validation.labels, scores >= limits, commonest, data=DATA,
        name="macro-F1, goemotions28", baseline="commonest label", resamples=1000,
    )  # fmt: skip
    labels = goemotions.SCHEME.labels
    sure = calibration_rows("goemotions28", scores, validation.labels, labels, DATA)
    return save(by_label(labels, limits), [row, *sure])


def calibration_of(logits: Table, labels: Table) -> NDArray[np.float64]:
    """Return the (K, 5) offset and slopes of each label's surroundings, by maximum likelihood.

    A label without an example of either kind is left as it is.
    """
    from sklearn.linear_model import LogisticRegression

    table = np.tile(PLAIN, (labels.shape[1], 1))
    for column, seen in enumerate(surroundings(logits).transpose(1, 0, 2)):
        if np.ptp(labels[:, column]):
            mean, deviation = seen.mean(axis=0), seen.std(axis=0) + 1e-9
            model = LogisticRegression(C=0.1, max_iter=1000)
            model.fit((seen - mean) / deviation, labels[:, column])
            table[column, 1:] = model.coef_[0] / deviation
            table[column, 0] = model.intercept_[0] - table[column, 1:] @ mean
    return table
