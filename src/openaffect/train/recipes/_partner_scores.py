"""How an exported partner fares on answers that it never saw."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.data._replies import Reply
from openaffect.generate._words import Words
from openaffect.metrics.bootstrap import bootstrap_interval
from openaffect.models.backends.onnx import load as load_onnx
from openaffect.preprocess.text_treebank import treebank_words

from ._partner import feeds

DATA = "EmpatheticDialogues validation, {:,} answers of {:,} conversations"


def partner_rows(
    path: Path, words: Words, judge: Sequence[Reply], prior: NDArray[Any]
) -> list[dict[str, Any]]:
    """Rows of the card: perplexity a word, and accuracy of the emotion from the dialogue so far.

    prior: (K,) how often each emotion is in training; the most frequent is the baseline.
    Conversations are resampled for the intervals.
    """
    session = load_onnx(str(path), threads=1)
    log_chance, counts, right = [], [], []
    for example in judge:
        found = session.run(feeds(session, words, example))
        wanted = words.answer(example.answer)[1:-1]
        log_chance.append(
            float(found["scores"][0, np.arange(len(wanted)), wanted].sum())
            + words.spelling(example.answer)
        )
        counts.append(len(treebank_words(example.answer)))
        right.append(int(found["emotion"][0].argmax()) == words.emotions.index(example.emotion))
    total, words_said, hits = map(np.array, (log_chance, counts, right))
    often = np.array([one.emotion == words.emotions[int(prior.argmax())] for one in judge])
    groups = np.unique([one.conversation for one in judge], return_inverse=True)[1]
    data = DATA.format(len(judge), int(groups.max()) + 1)

    def row(measure: str, found: Any, **more: Any) -> dict[str, Any]:
        interval = bootstrap_interval(found, len(judge), groups=groups)
        return {
            "data": data,
            "measure": measure,
            "value": round(interval.value, 4),
            "interval": [round(interval.low, 4), round(interval.high, 4)],
            **more,
        }

    return [
        row(
            "perplexity a word (treebank words; unknown ones spelt letter by letter)",
            lambda rows: math.exp(-total[rows].sum() / words_said[rows].sum()),
        ),
        row(
            "accuracy of 32 emotions, from the dialogue before the answer",
            lambda rows: float(hits[rows].mean()),
            baseline={"name": "the most frequent emotion", "value": round(float(often.mean()), 4)},
        ),
    ]


def emotion_shares(words: Words, examples: Sequence[Reply]) -> NDArray[np.float64]:
    """(K,) how often each emotion is."""
    places = [words.emotions.index(one.emotion) for one in examples]
    return np.bincount(places, minlength=len(words.emotions)) / len(places)
