"""What the recipes of texts that know nothing but an emotion share.

They learn the listeners' answers of EmpatheticDialogues, given the conversation's emotion and not
what was said: the beginnings of the field's story, trained in small to stand beside the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from openaffect.data._replies import Reply
from openaffect.generate._words import Words
from openaffect.types import Session

from ..context import Context
from ..export import export
from ..nets.words import EmotionWords
from ..words import Encoded, encode
from ._partner import Material, first_vectors, fitted, material, partner_card
from ._partner_scores import partner_rows

PASSES = 1.5
PAPERS = {
    "rnn": "Elman, Finding Structure in Time, 1990; Mikolov et al., Interspeech 2010",
    "lstm": "Hochreiter and Schmidhuber, Long Short-Term Memory, 1997",
}


class Told(nn.Module):
    """What is exported: an emotion and words so far to log-probabilities of the next."""

    def __init__(self, net: EmotionWords) -> None:
        super().__init__()
        self.net = net

    def forward(self, emotion: Tensor, answer: Tensor) -> Tensor:
        """(1,) and (1, T) -> (1, T, V)."""
        return self.net(emotion, answer).log_softmax(-1)


def prepared(context: Context) -> tuple[Material, list[Encoded], list[Encoded]]:
    """Return the corpus, and its examples to fit and to choose by."""
    given = material(context)
    return (
        given,
        [encode(given.words, one) for one in given.fit],
        [encode(given.words, one) for one in given.choose],
    )


def language_model(
    context: Context,
    given: Material,
    fit: Sequence[Encoded],
    choose: Sequence[Encoded],
    cell: Literal["rnn", "lstm"],
    name: str,
    passes: float = PASSES,
) -> EmotionWords:
    """Return a recurrent net that was fitted by likelihood."""
    vectors = first_vectors(context, given.words)
    net = EmotionWords(vectors, len(given.words.emotions), cell)
    fitted(context, net, fit, choose, name=name, passes=passes)
    return net


def finish(context: Context, given: Material, net: EmotionWords, name: str, paper: str) -> Path:
    """Export, measure once on validation, write the card."""
    path = export(
        Told(net),
        [torch.ones(1, dtype=torch.int64), torch.ones(1, 4, dtype=torch.int64)],
        context.out / f"{name}.onnx",
        inputs=["emotion", "answer"],
        outputs=["scores"],
        dynamic={"answer": {1: "written"}, "scores": {1: "written"}},
    )
    rows = partner_rows(path, given.words, given.judge, np.zeros(1), fed=told)
    return partner_card(
        context,
        name,
        [("model", path)],
        given.words,
        rows,
        paper=paper,
        limits=("Knows the emotion and nothing of what was said",),
        device=context.device,
    )


def told(session: Session, words: Words, example: Reply) -> dict[str, NDArray[Any]]:
    """What an exported graph is given to score an answer: the true emotion among it."""
    return {
        "emotion": np.array([words.emotions.index(example.emotion)]),
        "answer": words.answer(example.answer)[None, :-1],
    }


def recurrent(context: Context, cell: Literal["rnn", "lstm"], name: str) -> Path:
    """Train, export, measure."""
    given, fit, choose = prepared(context)
    net = language_model(context, given, fit, choose, cell, name)
    return finish(context, given, net, name, PAPERS[cell])
