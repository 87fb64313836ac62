"""An index of what people answered in EmpatheticDialogues, for the partner that looks answers up.

Nothing is fitted: vectors of what was said, by the sentence encoder, beside the answers. The
answers are the corpus's text (CC BY-NC 4.0), so the index stays in the folder of whoever made it.
The emotion is that of the nearest contexts.

Baseline in the same run: for the emotion the most frequent one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from openaffect.data._replies import Reply
from openaffect.generate.reply_retrieval import SCALE, context_text, likenesses
from openaffect.models import card as card_of
from openaffect.models.store import Store
from openaffect.models.weights import CardWeights

from ..context import Context
from ._partner import material, partner_card
from ._partner_scores import accuracy_row, emotion_shares

NAME = "reply-retrieval"
HELP = "an index of people's answers, to look replies up in; non-commercial, stays with you"
NEIGHBOURS = 20


def run(context: Context) -> Path:
    """Make the index, measure the emotion of the nearest once on validation, write the card."""
    given = material(context)
    rows = [*given.fit, *given.choose]
    vectors = np.rint(SCALE * encoded(context, rows)).astype(np.int8)
    places = context.out / f"{NAME}.npy", context.out / f"{NAME}.answers.json"
    np.save(places[0], vectors, allow_pickle=False)
    answers = [one.answer for one in rows]
    places[1].write_text(json.dumps(answers, ensure_ascii=False), encoding="utf-8")
    labels = np.array([given.words.emotions.index(one.emotion) for one in rows])
    found = nearest_emotions(vectors, labels, encoded(context, given.judge))
    return partner_card(
        context,
        NAME,
        [("vectors", places[0]), ("answers", places[1])],
        given.words,
        [accuracy_row(found, given.words, given.judge, emotion_shares(given.words, rows))],
        paper="Rashkin et al., Towards Empathetic Open-domain Conversation Models, ACL 2019 "
        "(retrieval); vectors: Reimers and Gurevych, EMNLP 2019",
        limits=("Answers are people's own words, about their own lives, and may not fit",),
    )


def encoded(context: Context, examples: Sequence[Reply]) -> NDArray[np.float32]:
    """(N, D) vectors of what was said."""
    encoder = CardWeights(card_of("minilm-l6"), Store(), progress=context.progress).open(
        "sentences"
    )
    parts = []
    for start in range(0, len(examples), 512):
        part = examples[start : start + 512]
        parts.append(encoder([context_text(one.said) for one in part]))
        context.progress("reading", start, len(examples))
    return np.concatenate(parts)


def nearest_emotions(
    vectors: NDArray[np.int8], labels: NDArray[np.int64], asked: NDArray[np.float32]
) -> NDArray[np.int64]:
    """(M,) emotion with the largest sum of likeness among the nearest contexts."""
    answers = []
    for start in range(0, len(asked), 256):
        likeness = likenesses(vectors, asked[start : start + 256])
        nearest = np.argpartition(-likeness, NEIGHBOURS - 1, axis=1)[:, :NEIGHBOURS]
        for row, places in zip(likeness, nearest, strict=True):
            answers.append(np.bincount(labels[places], row[places].clip(0)).argmax())
    return np.array(answers)
