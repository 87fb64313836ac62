"""Word by word: the table of words that reads and writes, and nets of one recurrent layer."""

from __future__ import annotations

from typing import Literal, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

WIDTH = 128
"""Of a word: what a published vector gives, and the rest learned."""
EMOTION_WIDTH = 32


class Batch(NamedTuple):
    """B examples: what was said (C words), the answer (T words), the emotion.

    context, roles, turns: (B, C) word, 0 speaker or 1 listener, turn from 1; all 0 past the end.
    heads, relations: (B, C) place of each word's head in the context and kind of the arc, heads -1
    where no arc is known. answer: (B, T) words from the start mark on. wanted: (B, T) the words to
    come, to the end mark, 0 past it. emotion: (B,).
    """

    context: Tensor
    roles: Tensor
    turns: Tensor
    heads: Tensor
    relations: Tensor
    answer: Tensor
    wanted: Tensor
    emotion: Tensor


class WordTable(nn.Module):
    """Vectors of V words, and the scores of words given such a vector: one table for both.

    Press and Wolf, "Using the Output Embedding to Improve Language Models", EACL 2017.
    """

    def __init__(self, vectors: Tensor) -> None:
        """Begin with (V, WIDTH) vectors."""
        super().__init__()
        self.vectors = nn.Embedding.from_pretrained(vectors, freeze=False)
        self.offset = nn.Parameter(torch.zeros(len(vectors)))

    def forward(self, words: Tensor) -> Tensor:
        """(..) words -> (.., WIDTH)."""
        return self.vectors(words)

    def scores(self, states: Tensor) -> Tensor:
        """(.., WIDTH) -> (.., V) logits."""
        return functional.linear(states, self.vectors.weight, self.offset)


def sides() -> nn.Embedding:
    """Return vectors of who speaks, (2, WIDTH), which are added to those of words.

    They begin as nothing: of the default size they would drown the words, which are far shorter.
    """
    return nn.Embedding.from_pretrained(torch.zeros(2, WIDTH), freeze=False)


def chosen_log_probability(logits: Tensor, wanted: Tensor) -> Tensor:
    """(B, T, V) logits and (B, T) words -> (B, T) log-probabilities of those."""
    picked = functional.cross_entropy(logits.flatten(0, 1), wanted.flatten(), reduction="none")
    return -picked.view_as(wanted)


def mean_over(values: Tensor, wanted: Tensor) -> Tensor:
    """Mean of (B, T) values where ``wanted`` is a word."""
    known = wanted != 0
    return (values * known).sum() / known.sum()


class EmotionWords(nn.Module):
    """A recurrent language model that is told the emotion and nothing else.

    ``rnn``: Elman, "Finding Structure in Time", Cognitive Science 14, 1990, as a language model of
    Mikolov et al., Interspeech 2010. ``lstm``: Hochreiter and Schmidhuber, 1997. The emotion is
    part of the input at each step.
    """

    def __init__(
        self, vectors: Tensor, emotions: int, cell: Literal["rnn", "lstm"], width: int = 256
    ) -> None:
        super().__init__()
        self.words = WordTable(vectors)
        self.emotion = nn.Embedding(emotions, EMOTION_WIDTH)
        kind = {"rnn": nn.RNN, "lstm": nn.LSTM}[cell]
        self.cell = kind(WIDTH + EMOTION_WIDTH, width, batch_first=True)
        self.leave = nn.Linear(width, WIDTH)
        self.dropout = nn.Dropout(0.2)

    def forward(self, emotion: Tensor, answer: Tensor) -> Tensor:
        """(B,) emotions and (B, T) words -> (B, T, V) logits of the words to come."""
        return self.read(self.words(answer), emotion)

    def read(self, vectors: Tensor, emotion: Tensor) -> Tensor:
        """The same from (B, T, WIDTH) vectors, which may be mixtures of words."""
        told = self.emotion(emotion).unsqueeze(1).expand(-1, vectors.shape[1], -1)
        states, _ = self.cell(torch.cat([self.dropout(vectors), told], -1))
        return self.words.scores(self.dropout(self.leave(states)))

    def loss(self, batch: Batch) -> Tensor:
        """Mean negative log-probability of a word of the answers."""
        logits = self(batch.emotion, batch.answer)
        return -mean_over(chosen_log_probability(logits, batch.wanted), batch.wanted)


class SequenceToSequence(nn.Module):
    """A gated recurrent net reads what was said both ways, another answers with attention to it.

    Sutskever, Vinyals and Le, NeurIPS 2014, with the gated unit of Cho et al., EMNLP 2014, and the
    global attention of Luong, Pham and Manning, EMNLP 2015 (``general`` score, equation 8; without
    input feeding, so that all steps of an answer are learned at once).
    """

    def __init__(self, vectors: Tensor, emotions: int, width: int = 192) -> None:
        super().__init__()
        self.words = WordTable(vectors)
        self.role = sides()
        self.reader = nn.GRU(WIDTH, width // 2, batch_first=True, bidirectional=True)
        self.begin = nn.Linear(width, width)
        self.writer = nn.GRU(WIDTH, width, batch_first=True)
        self.score = nn.Linear(width, width, bias=False)
        self.leave = nn.Linear(2 * width, WIDTH)
        self.head = nn.Linear(width, emotions)
        self.dropout = nn.Dropout(0.2)

    def forward(
        self, context: Tensor, roles: Tensor, turns: Tensor, answer: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Words as in :class:`Batch` -> (B, T, V) logits and (B, K) logits of the emotion."""
        known = context != 0
        read, _ = self.reader(self.dropout(self.words(context) + self.role(roles)))
        count = known.sum(1, keepdim=True).clamp(min=1)
        whole = (read * known.unsqueeze(-1)).sum(1) / count
        start = torch.tanh(self.begin(whole)).unsqueeze(0)
        states, _ = self.writer(self.dropout(self.words(answer)), start)
        heard = attend(self.score(states), read, known)
        leaving = torch.tanh(self.leave(torch.cat([states, heard], -1)))
        return self.words.scores(self.dropout(leaving)), self.head(self.dropout(whole))

    def loss(self, batch: Batch) -> Tensor:
        """Mean negative log-probability of a word, and of the emotion."""
        logits, emotion = self(batch.context, batch.roles, batch.turns, batch.answer)
        word = -mean_over(chosen_log_probability(logits, batch.wanted), batch.wanted)
        return word + functional.cross_entropy(emotion, batch.emotion)


def attend(asked: Tensor, read: Tensor, known: Tensor) -> Tensor:
    """(B, T, D) questions and (B, C, D) -> (B, T, D): what each looked at, where ``known``."""
    scores = asked @ read.transpose(1, 2) / asked.shape[-1] ** 0.5
    return scores.masked_fill(~known.unsqueeze(1), -1e4).softmax(-1) @ read
