"""Emotional comments for training a writer: which rows of GoEmotions, as token ids with gates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from openaffect.data._labelled_text import LabelledText
from openaffect.generate._emotion import EMOTIONS
from openaffect.types import LanguageModel

from ._kept_rows import apart, joined
from ._openings import openings

COMMON, EACH = 8, 8
"""Pairs a matrix that are open for every comment, and pairs of each emotion."""
CORE = {
    "anger": ("anger", "annoyance"),
    "disgust": ("disgust",),
    "fear": ("fear", "nervousness"),
    "happiness": ("joy", "excitement", "love", "relief", "pride"),
    "sadness": ("sadness", "grief", "disappointment"),
    "surprise": ("surprise",),
    "neutral": ("neutral",),
}
"""The labels at the heart of each group of the official grouping: without thanks, apologies,
questions and the like, which are most of it."""
_NAMED = re.compile(
    r"\b(ang(er|ry)|annoy\w*|furious|mad|disgust\w*|gross|fear\w*|scar(ed|y)|afraid|terrif\w*|"
    r"happ(y|iness|ier)|joy\w*|glad|sad\w*|unhappy|depress\w*|surpris\w*|shock\w*|astonish\w*|"
    r"neutral)\b",
    re.IGNORECASE,
)
_UNWANTED = re.compile(
    r"[\[\]>*~_#^|]|https?:|\b[ru]/\w|/s\b|[^\x20-\x7e’“”–—…]|"
    r"fuck|shit|\bass(hole\w*|es)?\b|bitch|cunt|\bdicks?\b|prick|bastard|whore|slut|nigg|fag|"
    r"retard|\bporn|\bsex|\brape|reddit|upvot|downvot|\bsub\b|\bop\b|\blol\b|\blmao\b|\bomg\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, eq=False)
class Comments:
    """N texts as token ids: from ``begin`` on they are to be written, with one emotion each."""

    ids: tuple[list[int], ...]
    begin: tuple[int, ...]
    emotion: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.ids)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return arrays of the same content, for a file."""
        values, lengths = joined(self.ids)
        begin = np.array(self.begin, np.int32)
        return {"ids": values, "lengths": lengths, "begin": begin, "emotion": self.emotion}

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]], name: str) -> Comments:
        """Return the comments of :meth:`arrays`, there under ``NAME.`` and the key."""
        ids = apart(arrays[f"{name}.ids"], arrays[f"{name}.lengths"])
        return cls(tuple(ids), tuple(arrays[f"{name}.begin"].tolist()), arrays[f"{name}.emotion"])


def ranks(each: int = EACH) -> int:
    """Return R, the pairs a matrix in all, for so many of each emotion."""
    return COMMON + each * len(EMOTIONS)


def mixing(each: int = EACH) -> NDArray[np.float32]:
    """Return (7, R): each emotion opens the pairs of its own, and none those in common."""
    gates = np.zeros((len(EMOTIONS), ranks(each)), np.float32)
    for row in range(len(EMOTIONS)):
        gates[row, COMMON + row * each : COMMON + (row + 1) * each] = 1
    return gates


def feeling(rows: LabelledText) -> NDArray[np.int64]:
    """Return (N,): the number of the one emotion at whose core a comment is, -1 for the others.

    Comments of 4 to 40 words, without what only that site writes, abuse, and words that name an
    emotion: what is learnt is how else it shows.
    """
    found = np.full(len(rows), -1)
    for number, labels in enumerate(CORE.values()):
        mine = rows.labels[:, [rows.scheme.index(label) for label in labels]].sum(axis=1)
        found[(mine > 0) & (mine == rows.labels.sum(axis=1))] = number
    found[[not usable(text) for text in rows.texts]] = -1
    return found


def clear_rows(
    rows: LabelledText, emotion: NDArray[np.int64], judged: NDArray[np.floating], most: int
) -> tuple[list[str], NDArray[np.int64]]:
    """Return at most ``most`` comments an emotion, the clearest by ``judged`` (N, 28)."""
    texts: list[str] = []
    emotions: list[int] = []
    for number, labels in enumerate(CORE.values()):
        mine = np.flatnonzero(emotion == number)
        clear = judged[mine][:, [rows.scheme.index(label) for label in labels]].sum(axis=1)
        best = mine[np.argsort(-clear, kind="stable")][:most]
        texts += [" ".join(rows.texts[row].split()) for row in best]
        emotions += [number] * len(best)
    return texts, np.array(emotions)


def usable(text: str) -> bool:
    """Tell whether a comment reads as a plain sentence that names no emotion and abuses nobody."""
    count = len(text.split())
    return 4 <= count <= 40 and not _UNWANTED.search(text) and not named(text)


def named(text: str) -> bool:
    """Tell whether a text names an emotion."""
    return _NAMED.search(text) is not None


def comments(
    model: LanguageModel, texts: Sequence[str], emotion: NDArray[np.int64], seed: int
) -> Comments:
    """Return the texts as ids, three of four behind an opening that is not to be learnt."""
    random = np.random.default_rng(seed)
    known = openings()
    ids, begin = [], []
    for text in texts:
        lead: list[int] = []
        if random.random() < 0.75:
            lead = model.encode(known[random.integers(len(known))])
            text = f" {text}"
        found = model.encode(text)
        ids.append([*lead, *found])
        begin.append(max(len(lead), 1))
    return Comments(tuple(ids), tuple(begin), emotion)


def batches(
    given: Comments,
    states: Sequence[NDArray[Any]] | None,
    size: int,
    seed: int,
    epoch: int,
    each: int = EACH,
) -> Iterator[tuple[Tensor, ...]]:
    """Yield half a pass of (given, ids, wanted, gates): (B, S[, D]), (B, S), (B, S), (B, R).

    ``given`` is what the network begins with: the stream behind the lower layers, or the ids where
    ``states`` is None. ``wanted`` marks the tokens to be written. Emotions are drawn alike.
    """
    random = np.random.default_rng([seed, epoch])
    counts = np.bincount(given.emotion, minlength=len(EMOTIONS))
    share = 1 / counts[given.emotion]
    drawn = random.choice(len(given), -(-len(given) // 2), p=share / share.sum())
    lengths = np.array([len(given.ids[row]) for row in drawn])
    order = drawn[np.argsort(lengths + random.uniform(-2, 2, len(drawn)), kind="stable")]
    groups = [order[start : start + size] for start in range(0, len(order), size)]
    for number in random.permutation(len(groups)):
        yield batch(given, states, groups[number], each)


def batch(
    given: Comments,
    states: Sequence[NDArray[Any]] | None,
    rows: NDArray[np.int64],
    each: int = EACH,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return (given, ids, wanted, gates) of the rows, padded on the right; see :func:`batches`."""
    longest = max(len(given.ids[row]) for row in rows)
    ids = np.zeros((len(rows), longest), np.int64)
    wanted = np.zeros((len(rows), longest), bool)
    for place, row in enumerate(rows):
        ids[place, : len(given.ids[row])] = given.ids[row]
        wanted[place, given.begin[row] : len(given.ids[row])] = True
    gates = mixing(each)[given.emotion[rows]]
    gates[:, :COMMON] = 1
    tokens = torch.from_numpy(ids)
    if states is None:
        stream = tokens
    else:
        filled = np.zeros((len(rows), longest, states[0].shape[1]), np.float16)
        for place, row in enumerate(rows):
            filled[place, : len(given.ids[row])] = states[row]
        stream = torch.from_numpy(filled)
    return stream, tokens, torch.from_numpy(wanted), torch.from_numpy(gates)
