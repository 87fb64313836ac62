"""A classifier and a temperature for each corpus, mixed by what a recording sounds like.

Languages, actors and microphones differ: a classifier learnt from one corpus alone tells its
speakers better than one learnt from several at once, and the same margin is right more often in one
than in another, so that each needs a temperature of its own (C. Guo et al., "On Calibration of
Modern Neural Networks", ICML 2017). A recording is given the mean of the classifiers' log-odds,
weighted by how much it sounds like each corpus (R. Jacobs et al., "Adaptive Mixtures of Local
Experts", Neural Computation 3(1), 1991): regularised least squares over the statistics that tell
the emotion. Nobody has to say where a recording is from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._speech import FAMILIES, Corpus, choose, fit, versions
from ._speech_head import Candidate, Linear, fit_ridges

Masks = Sequence[NDArray[np.bool_]]
Choice = tuple[Candidate, float]
STEEPNESS = 2.0
"""Regularised least squares stay half-way; what is three quarters like a corpus counts as of it."""


@dataclass(frozen=True, slots=True, eq=False)
class Mixture:
    """heads: a classifier a corpus, on the same statistics. scales (C,): factors of their margins.

    likeness: tells the corpora apart; None where there is one.
    """

    heads: tuple[Linear, ...]
    scales: NDArray[np.float64]
    likeness: Linear | None = None

    def shares(self, rows: NDArray[Any]) -> NDArray[np.float64]:
        """Return how much each of (N, D) rows is like each corpus: (N, C), summing to 1."""
        if self.likeness is None:
            return np.ones((len(rows), 1))
        found = self.likeness.margins(rows) * STEEPNESS + 1 / len(self.heads)
        shares = np.clip(found, 0, 1)
        return np.asarray(shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-6))

    def log_odds(self, rows: NDArray[Any]) -> NDArray[np.float64]:
        """Return (N, K) of (N, D) rows; their softmax are the probabilities."""
        each = [
            head.margins(rows) * scale for head, scale in zip(self.heads, self.scales, strict=True)
        ]
        return np.einsum("nc,cnk->nk", self.shares(rows), np.stack(each))


def choices(
    corpora: Sequence[Corpus], train: Masks, classes: int, known: Mapping[int, Choice]
) -> list[Choice]:
    """Choose for each corpus on its own masked rows; ``known`` is taken over.

    The first corpus chooses the statistics, which the others share.
    """
    found: list[Choice] = []
    for place, (corpus, rows) in enumerate(zip(corpora, train, strict=True)):
        first = [(found[0][0].layers, found[0][0].statistics)] if found else FAMILIES
        found.append(known.get(place) or choose(corpus, rows, classes, first))
    return found


def mixture(
    corpora: Sequence[Corpus], train: Masks, chosen: Sequence[Choice], classes: int
) -> Mixture:
    """Fit on the masked rows."""
    heads = tuple(
        fit([corpus], [rows], candidate, classes)
        for corpus, rows, (candidate, _) in zip(corpora, train, chosen, strict=True)
    )
    scales = np.array([scale for _, scale in chosen])
    if len(corpora) == 1:
        return Mixture(heads, scales)
    label = np.repeat(np.arange(len(corpora)), [int(rows.sum()) for rows in train])
    first = chosen[0][0]
    heard = versions(corpora, train, first)
    return Mixture(heads, scales, fit_ridges(heard, label, len(corpora), (first.ridge,))[0])
