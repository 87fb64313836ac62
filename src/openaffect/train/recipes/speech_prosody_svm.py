"""Prosody and support vector machines on EMO-DB.

Protocol: leave one speaker out (ten folds of the 535 two-second clips); penalty, kernel width and
temperature are chosen in each fold on the other nine speakers, in three inner folds of whole
speakers. The shipped model is fitted on all speakers, its choices made the same way.

Baseline in the same run: the commonest class.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.data import emodb
from openaffect.metrics.classification import unweighted_average_recall
from openaffect.metrics.recalibration import temperature_scaling
from openaffect.recognize._base import softmax
from openaffect.recognize.speech_prosody_svm import margins, prosodic_measures

from ..cards import weight_file
from ..classical import kernel_arrays, save_arrays
from ..context import Context
from ..scores import compared
from . import _classical, _speech, _speech_scores

NAME = "speech-prosody-svm"
HELP = "speech.emotion from prosody by support vector machines, EMO-DB (CC0)"
CLASSES = len(emodb.SCHEME)
CHOICES = tuple(product((0.5, 1.0, 2.0, 4.0, 8.0), (0.01, 0.03, 0.1)))
"""Penalty C and kernel width."""
DATA = "EMO-DB, 535 two-second clips, leave one speaker out, nested selection"

Rows = NDArray[Any]


def fit(rows: Rows, label: Rows, choice: tuple[float, float]) -> dict[str, Rows]:
    """Fit one machine a label on (N, D) measures."""
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC

    scaler = StandardScaler().fit(rows)  # passes over what was not measured
    ready = np.nan_to_num(scaler.transform(rows))
    machines = [
        SVC(C=choice[0], gamma=choice[1], class_weight="balanced").fit(ready, label == column)
        for column in range(CLASSES)
    ]
    return kernel_arrays(scaler, machines)


def choose(rows: Rows, label: Rows, speaker: Rows) -> tuple[tuple[float, float], float]:
    """Return the choice of the highest recall on inner folds, and the slope of its margins."""
    best: tuple[float, tuple[float, float], Rows] | None = None
    for choice in CHOICES:
        found = np.zeros((len(rows), CLASSES))
        for test in _speech.speaker_folds(speaker, _speech.INNER_FOLDS):
            found[test] = margins(rows[test], fit(rows[~test], label[~test], choice))
        recall = unweighted_average_recall(label, found.argmax(axis=1), classes=CLASSES)
        if best is None or recall > best[0]:
            best = (recall, choice, found)
    assert best is not None
    return best[1], float(temperature_scaling(softmax(best[2]), label).slope[0])


def run(context: Context) -> Path:
    """Measure, choose, judge by speaker, fit on all, write the card."""
    clips = emodb.load(root=context.root)
    rows = np.stack([prosodic_measures(clips.samples(row)) for row in range(len(clips))])
    scores = np.zeros((len(clips), CLASSES))
    names = np.unique(clips.speaker)
    for number, name in enumerate(names):
        test = clips.speaker == name
        choice, slope = choose(rows[~test], clips.label[~test], clips.speaker[~test])
        model = fit(rows[~test], clips.label[~test], choice)
        scores[test] = softmax(margins(rows[test], model) * slope)
        context.progress("nested folds", number + 1, len(names))
    corpus = _speech.Corpus(rows[None], clips.label, clips.speaker, tuple(range(CLASSES)))
    _speech_scores.keep_nested(context, NAME, emodb.NAME, corpus, scores)
    choice, slope = choose(rows, clips.label, clips.speaker)
    context.log("final", penalty=choice[0], width=choice[1], slope=slope)
    arrays = {**fit(rows, clips.label, choice), "slope": np.asarray(slope)}
    path = context.out / f"{NAME}.npz"
    save_arrays(path, arrays)
    commonest = np.full(len(clips), np.bincount(clips.label).argmax())
    row = compared(
        _speech.recall_of, clips.label, scores.argmax(axis=1), commonest, data=DATA,
        name="unweighted average recall", baseline=_classical.COMMONEST,
    )  # fmt: skip
    return _classical.save(
        context,
        NAME,
        implementation="speech_prosody_svm",
        scheme=emodb.SCHEME.name,
        labels=emodb.SCHEME.labels,
        files=(weight_file("model", path),),
        preprocessing={"rate": 16000, "window": 3.0, "hop": 1.5},
        paper="Dellaert, Polzin and Waibel, 1996, Recognizing emotion in speech, ICSLP",
        scores=[row, _classical.calibration_row(scores, clips.label, DATA)],
    )
