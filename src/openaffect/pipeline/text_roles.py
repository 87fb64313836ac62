"""The timeline ``text.roles``: who feels what about whom, a row a part of a feeling."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from openaffect.preprocess.text_roles import roles
from openaffect.preprocess.text_sentences import sentences as cut
from openaffect.types.schemes import EMOTION_ROLES
from openaffect.types.timeline import Timeline, Unit

from .rows import texts

if TYPE_CHECKING:
    from .words import Sentences

CARD = "text-roles"


def read_roles(sentences: Sentences) -> Timeline:
    """Return the roles found in the sentences, the parts of one feeling together, its cue first.

    In a document spans are those of the words; in a transcript or a table a part has the span of
    its sentence. Extras: ``role``, ``text`` (the words), ``emotion``, ``begin`` and ``end`` in
    characters from where the sentence (in a table the row) starts, and the sentence's own extras.
    """
    spans = np.asarray(sentences.span, dtype=np.float64).reshape(-1, 2)
    rows = [
        (number, role, frame.emotion, first + start, first + end)
        for number, text in enumerate(sentences.text)
        for first, last in cut(text)
        for frame in roles(text[first:last])
        for role, (start, end) in frame.parts()
    ]
    number = np.array([row[0] for row in rows], np.int64)
    inside = np.array([row[3:] for row in rows], np.int64).reshape(-1, 2)
    words = [sentences.text[row[0]][row[3] : row[4]] for row in rows]
    scores = np.zeros((len(rows), len(EMOTION_ROLES)), np.float32)
    for line, row in enumerate(rows):
        scores[line, EMOTION_ROLES.index(row[1])] = 1.0
    in_text = sentences.unit is Unit.CHARACTERS
    return Timeline(
        EMOTION_ROLES,
        scores,
        spans[number, :1] + inside if in_text else spans[number],
        sentences.unit,
        extra={
            **{name: np.asarray(values)[number] for name, values in sentences.extra.items()},
            "role": texts([row[1] for row in rows]),
            "text": texts(words),
            "emotion": texts([row[2] for row in rows]),
            "begin": inside[:, 0],
            "end": inside[:, 1],
        },
        coverage=np.asarray(sentences.coverage, dtype=np.float64).reshape(-1, 2),
        model=CARD,
    )
