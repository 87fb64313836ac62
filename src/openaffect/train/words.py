"""Dialogues as batches for the nets that read and write word by word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from openaffect.data._replies import Reply
from openaffect.generate._words import END, START, Words
from openaffect.models import card
from openaffect.models.store import Store
from openaffect.preprocess.text_encoding import Vocabulary, build_vocabulary
from openaffect.preprocess.text_treebank import treebank_words
from openaffect.types import Progress, need, no_progress, scheme

from .nets.words import WIDTH, Batch

LEAST_COUNT = 4
GLOVE_CARD = "glove-6b-50d"
EMOTIONS = scheme("empathetic32").labels
Arcs = tuple[NDArray[Any], NDArray[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """One example as numbers; see :class:`~.nets.words.Batch` for the fields."""

    context: NDArray[np.int64]
    roles: NDArray[np.int64]
    turns: NDArray[np.int64]
    heads: NDArray[np.int64]
    relations: NDArray[np.int64]
    answer: NDArray[np.int64]
    wanted: NDArray[np.int64]
    emotion: int


def words_of(examples: Sequence[Reply]) -> Words:
    """Return the words of the conversations, each turn counted once, with those for the emotions.

    The letters are those of the words that are too rare, one added to each count: so an unknown
    word costs what the mark for it and then its letters cost, and models of other vocabularies can
    be compared.
    """
    heard = {(one.conversation, turn) for one in examples for turn in (*one.said, one.answer)}
    turns = [treebank_words(text) for _, text in sorted(heard)]
    found = build_vocabulary(turns, least_count=LEAST_COUNT).tokens
    named = [name for name in EMOTIONS if name not in found]
    vocabulary = Vocabulary((*found[:2], START, END, *found[2:], *named))
    counts = Counter({"": 0, " ": 0})
    for turn in turns:
        counts.update("".join(word + " " for word in turn if word not in vocabulary))
    total = sum(counts.values()) + len(counts)
    letters = {letter: float(np.log((count + 1) / total)) for letter, count in counts.items()}
    return Words(vocabulary, letters, EMOTIONS)


def word_vectors(words: Vocabulary, seed: int, progress: Progress = no_progress) -> Tensor:
    """(V, WIDTH) to begin with: GloVe's 50 values, where it knows the word, and noise."""
    store, glove = Store(), card(GLOVE_CARD)
    table = np.load(store.fetch(glove, "vectors", progress), mmap_mode="r", allow_pickle=False)
    parquet = need("pyarrow.parquet", extra="train")
    listed = parquet.read_table(store.fetch(glove, "words", progress)).column(0).to_pylist()
    places = {word: place for place, word in enumerate(listed)}
    made = np.random.default_rng(seed).normal(0, 0.1, (len(words), WIDTH)).astype(np.float32)
    for row, word in enumerate(words.tokens):
        if word in places:
            # GloVe's values spread by .64; the scores of words are products of them.
            made[row, : table.shape[1]] = 0.3 * table[places[word]]
    made[0] = 0
    return torch.from_numpy(made)


def encode(words: Words, example: Reply, arcs: Sequence[Arcs] | None = None) -> Encoded:
    """Return an example as numbers, cut to the words that are read and written at most.

    arcs: heads within the turn and kinds, for each turn of ``example.said``.
    """
    context, roles, turns = words.context(example.said, example.roles)
    heads, relations = np.full(len(context), -1), np.zeros(len(context), np.int64)
    if arcs is not None:
        heads, relations = joined(arcs, len(context))
    answer = words.answer(example.answer, words.longest_answer)
    return Encoded(
        context, roles, turns, heads, relations, answer[:-1], answer[1:],
        words.emotions.index(example.emotion),
    )  # fmt: skip


def joined(arcs: Sequence[Arcs], length: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Join the turns' trees, in places of the last ``length`` words; -1 for a head before them."""
    heads: list[int] = []
    for part, _ in arcs:
        heads.extend(np.asarray(part, np.int64) + len(heads))
    cut = len(heads) - length
    moved = np.array(heads, np.int64)[cut:] - cut
    kinds = np.concatenate([part for _, part in arcs])[cut:].astype(np.int64)
    return np.where(moved < 0, -1, moved), kinds


def batches(
    examples: Sequence[Encoded], size: int, seed: int, epoch: int, parts: int = 1
) -> Iterator[Batch]:
    """One of ``parts`` of a pass: batches of like length, in random order.

    Part ``epoch % parts`` of the order that belongs to pass ``epoch // parts``.
    """
    random = np.random.default_rng([seed, epoch // parts])
    lengths = np.array([len(one.context) + len(one.answer) for one in examples])
    order = np.argsort(lengths + random.uniform(-4, 4, len(lengths)), kind="stable")
    groups = [order[start : start + size] for start in range(0, len(order), size)]
    for number in random.permutation(len(groups))[epoch % parts :: parts]:
        yield pad([examples[row] for row in groups[number]])


def pad(examples: Sequence[Encoded]) -> Batch:
    """Return the examples as one batch."""
    columns = []
    for name in Batch._fields[:-1]:
        rows = [getattr(one, name) for one in examples]
        empty = -1 if name == "heads" else 0
        table = np.full((len(rows), max(map(len, rows))), empty, np.int64)
        for row, values in zip(table, rows, strict=True):
            row[: len(values)] = values
        columns.append(torch.from_numpy(table))
    columns.append(torch.tensor([one.emotion for one in examples]))
    return Batch(*columns)
