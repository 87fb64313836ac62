"""What the speech recipes share: corpora, folds by speaker, and choice inside training folds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.metrics.calibration import expected_calibration_error
from openaffect.metrics.classification import unweighted_average_recall
from openaffect.models import card
from openaffect.models.store import Store
from openaffect.recognize._base import softmax

from ..context import Context
from ..nets.whisper_encoder import WhisperEncoder, load_encoder
from ._speech_head import (
    LAYERS,
    MINIMUM_FRAMES,
    Candidate,
    Linear,
    features,
    fit_ridges,
)

FAMILIES = (((0, 1), 2), ((0, 1, 2), 4))
"""Layers by their place in ``LAYERS`` with how many statistics of each."""
RIDGES = (4.0, 8.0, 16.0)
INNER_FOLDS = 3
MAXIMUM_FRAMES = 1000
PREPROCESSING = {
    "rate": 16000,
    "minimum_frames": MINIMUM_FRAMES,
    "maximum_frames": MAXIMUM_FRAMES,
    "window": 3.0,
    "hop": 1.5,
}
"""What the card tells the recogniser: hertz, frames of 10 ms, seconds."""
Folds = list[NDArray[np.bool_]]


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    """Features (V, N, layers, 4, 512), labels (N,) as columns of the model, speakers (N,)."""

    table: NDArray[np.float32]
    label: NDArray[np.int64]
    speaker: NDArray[Any]
    classes: tuple[int, ...]
    """The columns that the corpus knows, rising; a decision on it is taken among these."""

    def __len__(self) -> int:
        return len(self.label)


def encoder(context: Context) -> WhisperEncoder:
    """Return the frozen first layers of Whisper-base."""
    store, whisper = Store(), card("whisper-base")
    path = store.fetch(whisper, "model", progress=context.progress)
    return load_encoder(Path(path), max(LAYERS))


def corpus_features(net: WhisperEncoder, name: str, clips: Any, context: Context) -> NDArray[Any]:
    """Return the features of a corpus, kept in the run's folder for a resumed run."""
    path = context.out / f"{name}.features.npy"
    if context.resume and path.is_file():
        return np.asarray(np.load(path, allow_pickle=False))
    table = features(net, clips, context.progress)
    temporary = context.out / f"{name}.part.npy"
    np.save(temporary, table)
    temporary.replace(path)
    return table


def speaker_folds(speaker: NDArray[Any], count: int) -> Folds:
    """Masks of ``count`` folds of whole speakers, in the order of their names."""
    names = np.unique(speaker)
    return [np.isin(speaker, part) for part in np.array_split(names, count)]


def fit(
    corpora: Sequence[Corpus],
    train: Sequence[NDArray[np.bool_]],
    candidate: Candidate,
    classes: int,
) -> Linear:
    """Fit the classifier on the masked rows of the corpora."""
    return _fitted(corpora, train, candidate, classes, (candidate.ridge,))[0]


def _fitted(
    corpora: Sequence[Corpus],
    train: Sequence[NDArray[np.bool_]],
    family: Candidate,
    classes: int,
    ridges: Sequence[float],
) -> list[Linear]:
    labels = np.concatenate([c.label[rows] for c, rows in zip(corpora, train, strict=True)])
    return fit_ridges(versions(corpora, train, family), labels, classes, ridges)


def versions(
    corpora: Sequence[Corpus], train: Sequence[NDArray[np.bool_]], family: Candidate
) -> list[NDArray[np.float32]]:
    """Return the (N, D) statistics of the masked rows of all corpora, at each speed."""
    tables = [family.columns(c.table[:, rows]) for c, rows in zip(corpora, train, strict=True)]
    return list(np.concatenate(tables, axis=1))


def decide(scores: NDArray[Any], corpus: Corpus) -> NDArray[np.int64]:
    """Return the best column among those that the corpus knows."""
    known = np.array(corpus.classes)
    return known[scores[:, known].argmax(axis=1)]


def choose(
    corpus: Corpus,
    train: NDArray[np.bool_],
    classes: int,
    families: Sequence[tuple[tuple[int, ...], int]] = FAMILIES,
) -> tuple[Candidate, float]:
    """Return the candidate, and the temperature, that do best on inner speaker folds.

    Only rows under ``train`` are used, a third of the speakers left out at a time.
    """
    rows = np.flatnonzero(train)
    best: tuple[float, Candidate, NDArray[Any]] | None = None
    for layers, count in families:
        family = Candidate(layers, count, RIDGES[0])
        found = np.zeros((len(RIDGES), len(rows), classes))
        for fold in speaker_folds(corpus.speaker[rows], INNER_FOLDS):
            inner = train.copy()
            inner[rows[fold]] = False
            held = family.columns(corpus.table[0][rows[fold]])
            for place, model in enumerate(_fitted([corpus], [inner], family, classes, RIDGES)):
                found[place, fold] = model.margins(held)
        for ridge, given in zip(RIDGES, found, strict=True):
            recall = recall_of(corpus.label[rows], decide(given, corpus))
            if best is None or recall > best[0]:
                best = (recall, Candidate(layers, count, ridge), given)
    assert best is not None
    return best[1], temperature_of(best[2], corpus, rows)


def temperature_of(found: NDArray[Any], corpus: Corpus, rows: NDArray[Any]) -> float:
    """Return the scale of the margins that gives the lowest calibration error."""
    known = np.array(corpus.classes)
    truth = np.searchsorted(known, corpus.label[rows])

    def error(scale: float) -> float:
        return expected_calibration_error(softmax(found[:, known] * scale), truth)

    return float(min(np.arange(2.0, 20.1, 0.5), key=error))


def recall_of(truth: NDArray[Any], guess: NDArray[Any]) -> float:
    """Unweighted average recall over the classes that occur."""
    return unweighted_average_recall(truth, guess, classes=int(max(truth.max(), guess.max())) + 1)
