"""How an exported partner fares on answers that it never saw."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.data._replies import Reply
from openaffect.generate._words import Words
from openaffect.metrics.bootstrap import bootstrap_interval
from openaffect.models.backends.onnx import load as load_onnx
from openaffect.preprocess.text_treebank import treebank_words
from openaffect.types import Session

from ._partner import feeds

DATA = "EmpatheticDialogues validation, {:,} answers of {:,} conversations"


def partner_rows(
    path: Path,
    words: Words,
    judge: Sequence[Reply],
    prior: NDArray[Any],
    fed: Callable[[Session, Words, Reply], dict[str, NDArray[Any]]] = feeds,
) -> list[dict[str, Any]]:
    """Rows of the card: perplexity a word, and accuracy of the emotion from the dialogue so far.

    prior: (K,) how often each emotion is in training; the most frequent is the baseline. fed: what
    the graph is given.
    """
    session = load_onnx(str(path), threads=1)
    log_chance, counts, guess = [], [], []
    for example in judge:
        found = session.run(fed(session, words, example))
        wanted = words.answer(example.answer)[1:-1]
        log_chance.append(
            float(found["scores"][0, np.arange(len(wanted)), wanted].sum())
            + words.spelling(example.answer)
        )
        counts.append(len(treebank_words(example.answer)))
        if "emotion" in found:
            guess.append(int(found["emotion"][0].argmax()))
    total, said = np.array(log_chance), np.array(counts)
    rows = [
        _row(
            judge,
            "perplexity a word (treebank words; unknown ones spelt letter by letter)",
            lambda rows: math.exp(-total[rows].sum() / said[rows].sum()),
        )
    ]
    if guess:
        rows.append(accuracy_row(np.array(guess), words, judge, prior))
    return rows


def accuracy_row(
    guess: NDArray[np.int64], words: Words, judge: Sequence[Reply], prior: NDArray[Any]
) -> dict[str, Any]:
    """The row of the emotion that was heard in what was said before the answer."""
    truth = np.array([words.emotions.index(one.emotion) for one in judge])
    often = float((truth == prior.argmax()).mean())
    return {
        **_row(
            judge,
            "accuracy of 32 emotions, from the dialogue before the answer",
            lambda rows: float((guess == truth)[rows].mean()),
        ),
        "baseline": {"name": "the most frequent emotion", "value": round(often, 4)},
    }


def _row(
    judge: Sequence[Reply], measure: str, found: Callable[[NDArray[np.int64]], float]
) -> dict[str, Any]:
    """A figure with its interval, conversations resampled."""
    groups = np.unique([one.conversation for one in judge], return_inverse=True)[1]
    interval = bootstrap_interval(found, len(judge), groups=groups)
    return {
        "data": DATA.format(len(judge), int(groups.max()) + 1),
        "measure": measure,
        "value": round(interval.value, 4),
        "interval": [round(interval.low, 4), round(interval.high, 4)],
    }


def emotion_shares(words: Words, examples: Sequence[Reply]) -> NDArray[np.float64]:
    """(K,) how often each emotion is."""
    places = [words.emotions.index(one.emotion) for one in examples]
    return np.bincount(places, minlength=len(words.emotions)) / len(places)
