"""Emotion of the lines of a dialogue: what was said before, and by whom, counts.

A gated recurrent unit over the vectors of the lines, after N. Majumder et al., "DialogueRNN: An
Attentive RNN for Emotion Detection in Conversations", AAAI 2019, made small.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.types import Line, Session, Timeline, Weights

from ._talk import window
from ._text_network import TextNetwork


class TextDialogue(TextNetwork):
    """A distribution over emotions; a text by itself is a dialogue of one line.

    The card's files: ``model`` and ``tokenizer`` as of the other text networks, with the output
    ``pooled`` (N, P) beside ``scores`` (N, C); and ``turns``, from ``vectors`` (D, T, P + C) of D
    dialogues' lines and ``speaker`` (D, T), a number for each speaker, to ``scores`` (D, T, K). Its
    ``preprocessing`` holds ``context_lines``, how many lines before a line are read at most.
    """

    def __init__(self, weights: Weights) -> None:
        super().__init__(weights)
        self.context = int(self.card.preprocessing["context_lines"])

    def lines(self, lines: Sequence[Line], start: int = 0) -> Timeline:
        """Recognise the lines of a dialogue from ``start`` on, one row a line.

        None of the lines to come is read, and of those before at most ``context_lines``. Raises
        :class:`InvalidValueError` for what is no pair of strings.
        """
        said, begin = window(lines, start, self.context)
        ids = [super(TextDialogue, self).prepare(text) for _, text in said]
        speakers = [speaker for speaker, _ in said]
        rows = marked(line_vectors(self.weights.session("model"), ids), speakers)
        ends = range(begin + 1, len(said) + 1)
        talks = [rows[max(0, end - 1 - self.context) : end] for end in ends]
        return self.answers(talks, np.asarray, [len(talk) for talk in talks])

    def prepare(self, item: str) -> NDArray[np.float32]:
        """Return the (1, P + C + 1) vector of one text and its speaker."""
        vectors = line_vectors(self.weights.session("model"), [super().prepare(item)])
        return marked(vectors, [""])

    def encode(self, batch: Sequence[NDArray[Any]]) -> NDArray[Any]:
        """Return (N, K) probabilities of each talk's last line."""
        ends = np.array([len(talk) for talk in batch])
        fed = np.zeros((len(batch), ends.max(), batch[0].shape[1]), np.float32)
        for row, talk in enumerate(batch):
            fed[row, : len(talk)] = talk
        feeds = {"vectors": fed[..., :-1], "speaker": fed[..., -1]}
        scores = self.weights.session("turns").run(feeds)["scores"]
        return np.asarray(scores[np.arange(len(batch)), ends - 1])


def marked(vectors: NDArray[np.float32], speakers: Sequence[str]) -> NDArray[np.float32]:
    """Return (N, F + 1): the vectors of lines, and a number for who speaks."""
    number = np.unique(list(speakers), return_inverse=True)[1].astype(np.float32)
    return np.concatenate([vectors, number[:, None]], axis=1)


def line_vectors(session: Session, ids: Sequence[NDArray[np.int64]]) -> NDArray[np.float32]:
    """Return (N, P + C): what a text network pools of each text, and a third of its log-odds."""
    rows: list[NDArray[np.float32]] = [np.zeros(0, np.float32)] * len(ids)
    order = np.argsort([len(item) for item in ids], kind="stable")
    for start in range(0, len(order), TextNetwork.batch_size):
        group = order[start : start + TextNetwork.batch_size]
        longest = max(len(ids[row]) for row in group)
        fed = np.zeros((2, len(group), longest), np.int64)
        for place, row in enumerate(group):
            fed[0, place, : len(ids[row])] = ids[row]
            fed[1, place, : len(ids[row])] = 1
        found = session.run({"input_ids": fed[0], "attention_mask": fed[1]})
        chance = found["scores"].clip(1e-4, 1 - 1e-4)
        joined = np.concatenate([found["pooled"], np.log(chance / (1 - chance)) / 3], axis=1)
        for row, vector in zip(group, joined, strict=True):
            rows[row] = vector.astype(np.float32)
    return np.stack(rows) if rows else np.zeros((0, 0), np.float32)


RECOGNIZER = TextDialogue
