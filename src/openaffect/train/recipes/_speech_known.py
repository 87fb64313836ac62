"""A head for speakers of whom other clips are known: each clip less the speaker's mean.

What a speaker's clips have in common, whatever the mood, is taken off the statistics before the
emotion is told (centring by speaker; B. Schuller et al., "Cross-Corpus Acoustic Emotion
Recognition: Variances and Strategies", IEEE Transactions on Affective Computing 1(2), 2010, find
normalisation by speaker to help most). No labels of the speaker are used.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._speech import Corpus
from ._speech_head import Candidate, Linear, fit_ridges

PULL = 4.0
"""Clips that the mean of all training speakers counts for; set by hand, not tuned."""

Masks = Sequence[NDArray[np.bool_]]


def centred(rows: NDArray[Any], speaker: NDArray[Any]) -> NDArray[Any]:
    """Return (..., N, D) rows less the mean of their speaker's rows."""
    answer = rows.copy()
    for name in np.unique(speaker):
        own = speaker == name
        answer[..., own, :] -= rows[..., own, :].mean(axis=-2, keepdims=True)
    return answer


def centred_by_others(
    rows: NDArray[Any],
    speaker: NDArray[Any],
    everyone: NDArray[Any],
    *,
    clips: int | None = None,
    seed: int = 0,
) -> NDArray[np.float64]:
    """Return (N, D) rows less the mean of their speaker's other rows, drawn towards ``everyone``.

    clips: how many others are known, drawn at random; None for all.
    """
    generator = np.random.default_rng(seed)
    answer = np.zeros(rows.shape)
    for row, name in enumerate(speaker):
        others = np.flatnonzero(speaker == name)
        others = others[others != row]
        if clips is not None:
            others = generator.permutation(others)[:clips]
        total = rows[others].sum(axis=0, dtype=np.float64) + PULL * everyone
        answer[row] = rows[row] - total / (len(others) + PULL)
    return answer


def fit_known(corpora: Sequence[Corpus], train: Masks, chosen: Candidate, classes: int) -> Linear:
    """Fit the head on the masked rows, each corpus' speakers centred by themselves."""
    tables = [
        centred(chosen.columns(corpus.table[:, rows]), corpus.speaker[rows])
        for corpus, rows in zip(corpora, train, strict=True)
    ]
    labels = np.concatenate([c.label[rows] for c, rows in zip(corpora, train, strict=True)])
    versions = list(np.concatenate(tables, axis=1))
    return fit_ridges(versions, labels, classes, (chosen.ridge,))[0]


def mean_of(corpora: Sequence[Corpus], train: Masks, chosen: Candidate) -> NDArray[np.float64]:
    """Return the (D,) mean of the masked rows as recorded."""
    rows = [chosen.columns(c.table[0][mask]) for c, mask in zip(corpora, train, strict=True)]
    return np.asarray(np.concatenate(rows).mean(axis=0, dtype=np.float64))


def nested_known(
    corpora: Sequence[Corpus],
    target: int,
    folds: Masks,
    chosen: Sequence[Candidate],
    classes: int,
    *,
    clips: Sequence[int | None],
) -> list[NDArray[np.float64]]:
    """Return margins (N, K) of the target's rows for each number of known clips.

    ``chosen`` are the choices of each fold, made without known speakers.
    """
    corpus = corpora[target]
    found = [np.zeros((len(corpus), classes)) for _ in clips]
    for test, candidate in zip(folds, chosen, strict=True):
        train = [np.ones(len(c), bool) for c in corpora]
        train[target] = ~test
        model = fit_known(corpora, train, candidate, classes)
        everyone = mean_of(corpora, train, candidate)
        rows = candidate.columns(corpus.table[0][test])
        for count, margins in zip(clips, found, strict=True):
            own = centred_by_others(rows, corpus.speaker[test], everyone, clips=count)
            margins[test] = model.margins(own)
    return found


def write(
    path: Path, corpora: Sequence[Corpus], chosen: Candidate, classes: int, scale: float
) -> Path:
    """Fit on everyone and write what ``SpeechEmotion.for_speaker`` reads; return ``path``."""
    everyone = [np.ones(len(corpus), bool) for corpus in corpora]
    model = fit_known(corpora, everyone, chosen, classes)
    weight, offset = (part * scale for part in model.folded())
    np.savez(
        path,
        weight=weight.astype(np.float32),
        offset=offset.astype(np.float32),
        mean=mean_of(corpora, everyone, chosen).astype(np.float32),
        pull=np.float32(PULL),
    )
    return path
