"""What somebody feels in a situation that they tell of, in one text or over the lines of a talk.

H. Rashkin et al., "Towards Empathetic Open-domain Conversation Models", ACL 2019: one of 32
emotions of a situation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.types import Line, Timeline, Weights

from ._talk import joined, window
from ._text_network import TextNetwork


class TextSituation(TextNetwork):
    """A distribution over emotions; a text stands for a situation told by one person.

    The card's file ``model`` has the input ``token_types`` (N, L) beside those of the other text
    networks: 0 for what the one who is judged said, 1 for others. Its ``preprocessing`` holds
    ``context_lines``, how many lines before a line are read at most.
    """

    def __init__(self, weights: Weights) -> None:
        super().__init__(weights)
        self.context = int(self.card.preprocessing["context_lines"])
        self._most = int(self.card.preprocessing["maximum_tokens"])

    def lines(self, lines: Sequence[Line], start: int = 0) -> Timeline:
        """Recognise the lines of a dialogue from ``start`` on, one row a line.

        A row is what the line's speaker feels as far as the dialogue up to that line tells: none
        of the lines to come is read, and of those before as many whole ones as fit into the
        card's ``maximum_tokens``, ``context_lines`` at most. Raises :class:`InvalidValueError`
        for what is no pair of strings.
        """
        said, begin = window(lines, start, self.context)
        ids = [super(TextSituation, self).prepare(text).tolist() for _, text in said]
        speakers = [speaker for speaker, _ in said]
        talks = []
        for end in range(begin + 1, len(said) + 1):
            read = slice(max(0, end - 1 - self.context), end)
            talks.append(joined(ids[read], speakers[read], self._most))
        return self.answers(talks, np.asarray, [talk.shape[1] for talk in talks])

    def prepare(self, item: str) -> NDArray[np.int64]:
        """Return the (2, L) ids and token types of one text, told by one person."""
        return joined([super().prepare(item).tolist()], [""], self._most)

    def encode(self, batch: Sequence[NDArray[Any]]) -> NDArray[Any]:
        """Return (N, K) probabilities."""
        longest = max(talk.shape[1] for talk in batch)
        fed = np.zeros((3, len(batch), longest), np.int64)
        for row, (ids, kinds) in enumerate(batch):
            fed[0, row, : len(ids)] = ids
            fed[1, row, : len(ids)] = 1
            fed[2, row, : len(ids)] = kinds
        names = ("input_ids", "attention_mask", "token_types")
        return self.weights.session("model").run(dict(zip(names, fed, strict=True)))["scores"]


RECOGNIZER = TextSituation
