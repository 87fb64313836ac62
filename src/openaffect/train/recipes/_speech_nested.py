"""Nested cross-validation by speaker: what a speech card says of its own weights."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from openaffect.recognize._base import softmax

from ..context import Context
from ._speech import Corpus, Folds
from ._speech_mixture import Choice, choices, mixture


def nested(
    corpora: Sequence[Corpus],
    target: int,
    folds: Folds,
    classes: int,
    context: Context,
) -> tuple[NDArray[np.float64], list[Choice]]:
    """Outer folds over the target's speakers, everything chosen inside the training part.

    Returns probabilities (N, K) of the target's rows, and the target's choice of each fold.
    """
    corpus = corpora[target]
    scores = np.zeros((len(corpus), classes))
    everyone = [np.ones(len(c), bool) for c in corpora]
    # What is chosen on the first corpus does not change while another one is judged.
    known = dict(enumerate(choices(corpora[:1], everyone[:1], classes, {}))) if target else {}
    chosen = []
    for index, test in enumerate(folds):
        train = [*everyone]
        train[target] = ~test
        found = choices(corpora, train, classes, known)
        rows = found[0][0].columns(corpus.table[0][test])
        scores[test] = softmax(mixture(corpora, train, found, classes).log_odds(rows))
        chosen.append(found[target])
        context.progress("nested folds", index + 1, len(folds))
    return scores, chosen
