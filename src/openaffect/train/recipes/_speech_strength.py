"""How strongly an emotion is voiced: RAVDESS' two intensities, told apart by speaker.

Neutral has normal intensity only and is left out. Baseline in the same run, on the same folds:
logistic regression on how loud the clip is and how far its loudness ranges.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.data._clips import Clips
from openaffect.data._tables import data_root, read_table
from openaffect.preprocess.speech_prosody import prosody
from openaffect.types import Card, scheme
from openaffect.types.schemes import PROSODY

from ..context import Context
from ..scores import compared
from . import _speech, _speech_nested
from ._speech import Corpus, Folds
from ._speech_head import LAYERS
from ._speech_network import Beside

NAME = "speech-strength"
OUTPUT = "strength"
DATA = "RAVDESS actors 1-18, all emotions but neutral, six folds of three"
_LOUDNESS = ("loudness_mean", "loudness_range")


def corpus_of(clips: Clips, corpus: Corpus, context: Context) -> Corpus:
    """Return the clips that are not neutral, labelled 1 for strong; as recorded, at one speed."""
    table = read_table(data_root(context.root) / "speech" / "ravdess.csv", ("intensity",))
    strong = (table["intensity"] == "strong").to_numpy()
    kept = clips.label != clips.scheme.index("neutral")
    return Corpus(
        corpus.table[:1, kept],
        strong[kept].astype(np.int64),
        corpus.speaker[kept],
        (0, 1),
    )


def measure(clips: Clips, corpus: Corpus, folds: Folds, context: Context) -> list[dict[str, Any]]:
    """Return the score rows: recall, area under the curve, calibration."""
    from sklearn.metrics import roc_auc_score

    from openaffect.metrics.calibration import expected_calibration_error

    scores, _ = _speech_nested.nested([corpus], 0, folds, 2, context)
    kept = np.flatnonzero(clips.label != clips.scheme.index("neutral"))
    columns = [PROSODY.index(name) for name in _LOUDNESS]
    loudness = np.stack([prosody(clips.samples(int(row)))[columns] for row in kept])
    other = _loudness_alone(loudness, corpus, folds)
    row = compared(
        _speech.recall_of,
        corpus.label,
        scores.argmax(axis=1),
        (other > 0.5).astype(np.int64),
        data=DATA,
        name="unweighted average recall",
        baseline="loudness alone, logistic regression",
    )
    area = compared(
        lambda truth, given: float(roc_auc_score(truth, given)),
        corpus.label,
        scores[:, 1],
        other,
        data=DATA,
        name="area under the receiver operating characteristic",
        baseline="loudness alone, logistic regression",
    )
    error = expected_calibration_error(scores, corpus.label)
    name = "expected calibration error, 15 equal-mass bins"
    return [row, area, {"data": DATA, "measure": name, "value": round(error, 4)}]


def _loudness_alone(loudness: NDArray[Any], corpus: Corpus, folds: Folds) -> NDArray[np.float64]:
    """Return the (N,) probability of strong from loudness."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    found = np.zeros(len(corpus))
    for test in folds:
        model = make_pipeline(StandardScaler(), LogisticRegression(class_weight="balanced"))
        model.fit(loudness[~test], corpus.label[~test])
        found[test] = model.predict_proba(loudness[test])[:, 1]
    return found


def beside(corpus: Corpus, context: Context) -> Beside:
    """Choose as in the folds, fit on all speakers; return the network's output."""
    everyone = [np.ones(len(corpus), bool)]
    candidate, scale = _speech.choose(corpus, everyone[0], 2)
    context.log("final strength", candidate=str(candidate), scale=scale)
    head = _speech.fit([corpus], everyone, candidate, 2)
    # Of two margins only their difference counts.
    weight, offset = (part * scale for part in head.folded())
    return Beside(
        name=OUTPUT,
        layers=tuple(LAYERS[index] - 1 for index in candidate.layers),
        statistics=candidate.statistics,
        weight=weight[:, 1:] - weight[:, :1],
        offset=offset[1:] - offset[:1],
        squashed=True,
    )


def card_of(emotion: Card, rows: list[dict[str, Any]]) -> Card:
    """Return the card of strength, an output of the same network as the emotion's."""
    return replace(
        emotion,
        name=NAME,
        task="speech.strength",
        implementation="speech_strength",
        scheme=scheme("strength").name,
        labels=scheme("strength").labels,
        files=tuple(file for file in emotion.files if file.role == "model"),
        calibration={},
        training_data=tuple(line for line in emotion.training_data if "EMO-DB" not in line),
        scores=tuple(rows),
        limits=(
            "Probability that an actor was told to be strong rather than normal; for other people "
            "it tells more from less within one voice, not how strong a feeling is",
            *emotion.limits[:1],
        ),
    )
