"""What the text recognisers share: WordPiece ids in, one row of scores a text out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from openaffect.types import Weights

from ._base import BatchRecognizer


class TextNetwork(BatchRecognizer):
    """A transformer encoder over WordPiece ids.

    The card's files: ``model`` (inputs ``input_ids`` and ``attention_mask`` (N, L) int64, output
    ``scores`` (N, K)) and ``tokenizer``; its ``preprocessing`` holds ``maximum_tokens``, at which
    a longer text is cut.
    """

    modality: ClassVar[str] = "text"
    batch_size: ClassVar[int] = 16

    def __init__(self, weights: Weights) -> None:
        super().__init__(weights)
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(weights.path("tokenizer"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(int(self.card.preprocessing["maximum_tokens"]))

    def prepare(self, item: str) -> NDArray[Any]:
        """Return the (L,) ids of one text, special tokens included.

        Half a surrogate pair, which is no character, is read as a question mark.
        """
        whole = item.encode("utf-8", "replace").decode("utf-8")
        return np.array(self._tokenizer.encode(whole).ids, dtype=np.int64)

    def encode(self, batch: Sequence[NDArray[Any]]) -> NDArray[Any]:
        """Return (N, K) scores."""
        longest = max(len(ids) for ids in batch)
        ids = np.zeros((len(batch), longest), np.int64)
        mask = np.zeros((len(batch), longest), np.int64)
        for row, item in enumerate(batch):
            ids[row, : len(item)] = item
            mask[row, : len(item)] = 1
        feeds = {"input_ids": ids, "attention_mask": mask}
        return self.weights.session("model").run(feeds)["scores"]
