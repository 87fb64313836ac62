"""TF-IDF and logistic regression on GoEmotions.

Protocol: the text recipe's rows; the thresholds of best F1 are fitted on the choose rows,
validation is looked at once. The commonest words and pairs make up the file's size.

Baseline in the same run: the commonest label.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from openaffect.data import goemotions
from openaffect.metrics.classification import macro_f1
from openaffect.metrics.thresholds import best_f1_thresholds
from openaffect.models import CardWeights
from openaffect.models.catalogue import Catalogue, read_card
from openaffect.models.store import Store
from openaffect.recognize.text_tfidf import TextTfidf

from ..cards import by_label, weight_file
from ..classical import save_arrays, words_arrays
from ..context import Context
from ..scores import compared
from . import _classical, text_emotion

NAME = "text-tfidf-lr"
HELP = "text.emotion from words and pairs by logistic regression, GoEmotions"
TERMS, STRENGTH = 15_000, 2.0
DATA = "GoEmotions validation, 5,426 rows"


def run(context: Context) -> Path:
    """Fit, fit the thresholds, measure once on validation, write the card."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier

    fit_rows, choose_rows, validation = text_emotion.split(context)
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, max_features=TERMS, sublinear_tf=True)
    model = OneVsRestClassifier(LogisticRegression(C=STRENGTH, max_iter=300))
    model.fit(words.fit_transform(fit_rows.texts), fit_rows.labels)
    path = context.out / f"{NAME}.npz"
    save_arrays(path, words_arrays(words, model), byte=("weight",))

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

    card = read_card(save({}, []))
    catalogue = Catalogue({NAME: card}, {NAME: context.out})
    store = Store(context.out / "cache", offline=True, catalogue=catalogue)
    recognizer = TextTfidf(CardWeights(card, store))
    chosen = recognizer(choose_rows.texts).scores
    limits = best_f1_thresholds(chosen, choose_rows.labels)
    decided = recognizer(validation.texts).scores >= limits
    commonest = np.zeros(validation.labels.shape, bool)
    commonest[:, validation.labels.sum(axis=0).argmax()] = True
    row = compared(
        macro_f1, validation.labels, decided, commonest, data=DATA, name="macro-F1, goemotions28",
        baseline="commonest label", resamples=1000,
    )  # fmt: skip
    return save(by_label(goemotions.SCHEME.labels, limits), [row])
