"""Reply with what a person once answered to something like it.

The answers are a corpus's text and do not ship: ``openaffect train reply-retrieval`` makes the
index from the user's own copy of EmpatheticDialogues.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from openaffect.types import IntegrityError, InvalidValueError

from ._dialogue import Heard, ReplyRequest
from ._partner import Partner, Resources

SCALE = 127.0
"""Vectors of length 1 are kept as whole numbers of this."""


class AnswerIndex:
    """N answers, each with the vector of what was said before it.

    vectors: (N, D) int8, a vector of length 1 times :data:`SCALE`. answers: N texts.
    """

    def __init__(self, vectors: NDArray[np.int8], answers: Sequence[str]) -> None:
        if vectors.ndim != 2 or vectors.dtype != np.int8 or len(vectors) != len(answers):
            raise InvalidValueError(
                f"{len(answers)} answers, vectors {vectors.dtype} of shape {vectors.shape}; "
                "expected one int8 row an answer"
            )
        self.vectors, self.answers = vectors, tuple(answers)

    @classmethod
    def load(cls, vectors: Path, answers: Path) -> AnswerIndex:
        """Read the two files that the recipe leaves; an error names the file."""
        try:
            texts = json.loads(answers.read_text(encoding="utf-8"))
            table = np.load(vectors, mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError) as error:
            raise IntegrityError(f"{vectors} or {answers} cannot be read: {error}") from error
        return cls(table, [str(text) for text in texts])

    def nearest(self, vector: NDArray[np.float32], count: int) -> NDArray[np.int64]:
        """Return the places of the ``count`` nearest rows to a (D,) vector, the nearest first."""
        likeness = likenesses(self.vectors, vector[None])[0]
        count = min(count, len(likeness))
        found = np.argpartition(-likeness, count - 1)[:count]
        return found[np.argsort(-likeness[found], kind="stable")]


def likenesses(vectors: NDArray[np.int8], asked: NDArray[np.float32]) -> NDArray[np.float32]:
    """(N, D) int8 rows and (M, D) vectors of length 1 -> (M, N) cosines, a part at a time."""
    parts = [
        asked @ (vectors[start : start + 4096].astype(np.float32) / SCALE).T
        for start in range(0, len(vectors), 4096)
    ]
    return np.concatenate(parts, axis=1)


def context_text(said: Sequence[str]) -> str:
    """Return what is compared: the last three turns, the last one first, lest it be cut off."""
    return "\n".join(said[:-4:-1])


class RetrievalPartner(Partner):
    """Answers that people gave after what is nearest in meaning."""

    name = "retrieval"
    help = "what a person answered to something like it, from an index of your own"
    card = "reply-retrieval"
    remedy = (
        "`openaffect train reply-retrieval --data DATA --out FOLDER` makes the index from your "
        "copy of EmpatheticDialogues; then set OPENAFFECT_WEIGHTS to FOLDER"
    )

    def __init__(self, resources: Resources) -> None:
        super().__init__(resources)
        if resources.weights is None:
            raise InvalidValueError(f"partner {self.name!r} needs an index: {self.remedy}")
        weights = resources.weights
        self._index = AnswerIndex.load(Path(weights.path("vectors")), Path(weights.path("answers")))
        self._encoder = resources.encoder()

    def respond(self, request: ReplyRequest, heard: Heard) -> Iterator[Sequence[str]]:
        """Yield the answers of the nearest, each text once."""
        vector = self._encoder([context_text([turn.text for turn in request.dialogue])])[0]
        places = self._index.nearest(vector, 4 * request.candidates)
        texts = dict.fromkeys(self._index.answers[place] for place in places)
        yield list(texts)[: request.candidates]


GENERATOR = RetrievalPartner
