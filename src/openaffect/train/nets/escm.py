"""ESCM: which words carry the feeling, and what they have to do with the others.

Yang et al., "Exploiting Emotion-Semantic Correlations for Empathetic Response Generation", Findings
of EMNLP 2023, made small. A context encoder; a dynamic emotion-semantic vector for each word, from
its likeness to the 32 words for emotions and from the encoder; a graph convolution of these over
dependency trees; two emotion heads, on the context and on the correlations; a decoder that sees
both and may copy words.

What differs: the paper is handed each context's trees, here a biaffine head learns them (Dozat and
Manning, "Deep Biaffine Attention for Neural Dependency Parsing", ICLR 2017) and the graph is what
it believes, so that no parser is needed afterwards. Words' parts of speech are left out. Widths,
layers and word vectors are a fraction of the paper's 300.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from .words import WIDTH, Batch, WordTable, chosen_log_probability, mean_over, sides

HIDDEN = 160
COMPRESSED = 10
TREE = 48
LONGEST = 128
_NEVER = -1e4


@dataclass(frozen=True, slots=True)
class Read:
    """What was made of a context of C words.

    memory: (B, C, HIDDEN + K + COMPRESSED) for the decoder. emotion: (B, K) logits, the sum of the
    heads'. by_correlation, by_context: (B, K). arcs: (B, C, C) logits of head given word.
    relations: (B, C, R) logits.
    """

    memory: Tensor
    emotion: Tensor
    by_correlation: Tensor
    by_context: Tensor
    arcs: Tensor
    relations: Tensor


class Attention(nn.Module):
    """Attention of several heads whose keys may have another width than the questions."""

    def __init__(self, width: int, keys: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.asked, self.given = nn.Linear(width, width), nn.Linear(keys, 2 * width)
        self.leave = nn.Linear(width, width)

    def forward(self, asking: Tensor, given: Tensor, allowed: Tensor) -> tuple[Tensor, Tensor]:
        """(B, T, W), (B, C, D), (B, T or 1, C) -> (B, T, W) and mean weights (B, T, C)."""
        batch, steps, width = asking.shape
        shape = (batch, -1, self.heads, width // self.heads)
        queries = self.asked(asking).view(shape).transpose(1, 2)
        keys, values = (part.reshape(shape).transpose(1, 2) for part in
                        self.given(given).chunk(2, -1))  # fmt: skip
        scores = queries @ keys.transpose(2, 3) / math.sqrt(width // self.heads)
        weights = scores.masked_fill(~allowed.unsqueeze(1), _NEVER).softmax(-1)
        heard = (weights @ values).transpose(1, 2).reshape(batch, steps, width)
        return self.leave(heard), weights.mean(1)


class Layer(nn.Module):
    """A transformer's layer (Vaswani et al., 2017), normalised first; ``memory`` to attend to."""

    def __init__(self, width: int, heads: int, memory: int = 0, dropout: float = 0.1) -> None:
        super().__init__()
        self.own = Attention(width, width, heads)
        self.other = Attention(width, memory, heads) if memory else None
        self.think = nn.Sequential(
            nn.Linear(width, 2 * width), nn.ReLU(), nn.Linear(2 * width, width)
        )
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(3 if memory else 2))
        self.dropout = nn.Dropout(dropout)

    def forward(
        self,
        x: Tensor,
        allowed: Tensor,
        memory: Tensor | None = None,
        known: Tensor | None = None,
    ) -> tuple[Tensor, Tensor | None]:
        """(B, T, W) -> the same, and where in the memory each step looked, (B, T, C)."""
        normal, looked = self.norms[0](x), None
        x = x + self.dropout(self.own(normal, normal, allowed)[0])
        if self.other is not None and memory is not None and known is not None:
            heard, looked = self.other(self.norms[2](x), memory, known)
            x = x + self.dropout(heard)
        return x + self.dropout(self.think(self.norms[1](x))), looked


class Pooled(nn.Module):
    """Logits of an attentive mean over the words."""

    def __init__(self, width: int, outputs: int) -> None:
        super().__init__()
        self.score = nn.Sequential(nn.Linear(width, width), nn.Tanh(), nn.Linear(width, 1))
        self.leave = nn.Sequential(
            nn.Dropout(0.2), nn.Linear(width, width), nn.Tanh(), nn.Linear(width, outputs)
        )

    def forward(self, x: Tensor, known: Tensor) -> Tensor:
        """(B, C, W) and (B, C) -> (B, K)."""
        weights = self.score(x).squeeze(-1).masked_fill(~known, _NEVER).softmax(-1)
        return self.leave((weights.unsqueeze(1) @ x).squeeze(1))


class TreeReader(nn.Module):
    """Which word each word depends on within its turn, and how."""

    def __init__(self, width: int, relations: int) -> None:
        super().__init__()
        self.child, self.head = nn.Linear(width, TREE), nn.Linear(width, TREE)
        self.kind = nn.Linear(2 * TREE, relations)

    def forward(self, x: Tensor, turns: Tensor) -> tuple[Tensor, Tensor]:
        """(B, C, W) -> logits of heads (B, C, C), a root's is itself, and of kinds (B, C, R)."""
        child, head = torch.relu(self.child(x)), torch.relu(self.head(x))
        arcs = child @ head.transpose(1, 2) / math.sqrt(TREE)
        arcs = arcs.masked_fill(turns.unsqueeze(2) != turns.unsqueeze(1), _NEVER)
        return arcs, self.kind(torch.cat([child, arcs.softmax(-1) @ head], -1))


class CorrelationGraph(nn.Module):
    """Graph convolution with attention over arcs, their kinds part of the questions and keys."""

    def __init__(self, width: int, relations: int) -> None:
        super().__init__()
        self.asked, self.key = nn.Linear(width, width), nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.kind = nn.Linear(relations, width, bias=False)
        self.norm = nn.LayerNorm(width)

    def forward(self, x: Tensor, arcs: Tensor, kinds: Tensor) -> Tensor:
        """(B, C, W), chances of heads (B, C, C) and of kinds (B, C, R) -> (B, C, W)."""
        asked, key, kind = self.asked(x), self.key(x), self.kind(kinds)
        up, down = arcs, arcs.transpose(1, 2)
        # The kind of an arc belongs to the word below: seen from it, and from the word above.
        with_kind = (asked + key) @ kind.transpose(1, 2)
        own_kind = ((asked + key) * kind).sum(-1, keepdim=True)
        scores = (asked @ key.transpose(1, 2) + up * own_kind + down * with_kind) / math.sqrt(
            x.shape[-1]
        )
        near = up + down + torch.eye(x.shape[1], device=x.device, dtype=x.dtype)
        weights = (scores + torch.log(near + 1e-6)).softmax(-1)
        return self.norm(x + torch.relu(weights @ self.value(x)))


class ESCM(nn.Module):
    """What was said to an emotion and the words of an answer."""

    names: Tensor

    def __init__(self, vectors: Tensor, names: Tensor, relations: int) -> None:
        """vectors: (V, WIDTH) to begin with. names: (K,) the words that name the emotions."""
        super().__init__()
        count = len(names)
        width = count + COMPRESSED
        self.words, self.role = WordTable(vectors), sides()
        self.enter, self.start = nn.Linear(WIDTH, HIDDEN), nn.Linear(WIDTH, HIDDEN)
        self.place = nn.Parameter(0.02 * torch.randn(LONGEST, HIDDEN))
        self.encoder = nn.ModuleList(Layer(HIDDEN, 4) for _ in range(2))
        self.encoded = nn.LayerNorm(HIDDEN)
        self.trees = TreeReader(HIDDEN, relations)
        self.register_buffer("names", names)
        self.word_side, self.emotion_side = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.likeness, self.compress = nn.Linear(count, count), nn.Linear(HIDDEN, COMPRESSED)
        self.dynamic, self.dynamic_norm = Layer(width, 2), nn.LayerNorm(width)
        self.graph = CorrelationGraph(width, relations)
        self.by_correlation, self.by_context = Pooled(width, count), Pooled(HIDDEN, count)
        self.decoder = nn.ModuleList(Layer(HIDDEN, 4, HIDDEN + width) for _ in range(2))
        self.decoded, self.leave = nn.LayerNorm(HIDDEN), nn.Linear(HIDDEN, WIDTH)
        self.writes = nn.Linear(HIDDEN, 1)
        self.dropout = nn.Dropout(0.1)

    def read(self, context: Tensor, roles: Tensor, turns: Tensor) -> Read:
        """Read (B, C) words, see :class:`~.words.Batch`."""
        known = context != 0
        allowed = known.unsqueeze(1)
        vectors = self.words(context)
        x = self.enter(self.dropout(vectors + self.role(roles))) + self.place[: context.shape[1]]
        for layer in self.encoder:
            x, _ = layer(x, allowed)
        x = self.encoded(x)
        arcs, kinds = self.trees(x, turns)
        likeness = self.word_side(vectors) @ self.emotion_side(self.words(self.names)).T
        dynamic = torch.cat([self.compress(x), self.likeness(likeness / math.sqrt(WIDTH))], -1)
        dynamic = self.dynamic_norm(self.dynamic(dynamic, allowed)[0])
        correlated = self.graph(dynamic, arcs.softmax(-1), kinds.softmax(-1))
        first, second = self.by_correlation(correlated, known), self.by_context(x, known)
        return Read(torch.cat([x, correlated], -1), first + second, first, second, arcs, kinds)

    def write(self, read: Read, known: Tensor, answer: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """(B, T) words so far -> (B, T, V) logits, chance (B, T, 1) not to copy, (B, T, C) where.

        See, Liu and Manning, "Get To The Point", ACL 2017, equations 8 and 9.
        """
        steps = answer.shape[1]
        past = torch.ones(steps, steps, dtype=torch.bool, device=answer.device).tril()
        x = self.start(self.dropout(self.words(answer))) + self.place[:steps]
        looked: Tensor | None = None
        for layer in self.decoder:
            x, looked = layer(x, past.unsqueeze(0), read.memory, known.unsqueeze(1))
        assert looked is not None
        x = self.decoded(x)
        return self.words.scores(self.dropout(self.leave(x))), self.writes(x), looked

    def forward(
        self, context: Tensor, roles: Tensor, turns: Tensor, answer: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Words as in :class:`~.words.Batch` -> (B, T, V) log-probabilities and (B, K) logits."""
        read = self.read(context, roles, turns)
        logits, writes, looked = self.write(read, context != 0, answer)
        copied = torch.zeros_like(logits).scatter_add(
            2, context.unsqueeze(1).expand(-1, answer.shape[1], -1), looked
        )
        chance = torch.sigmoid(writes)
        mixed = chance * logits.softmax(-1) + (1 - chance) * copied
        return torch.log(mixed + 1e-12), read.emotion

    def loss(self, batch: Batch) -> Tensor:
        """Sum of what the words, both emotion heads and the trees cost.

        The paper's three terms, each by 1, and the two of the trees.
        """
        read = self.read(batch.context, batch.roles, batch.turns)
        logits, writes, looked = self.write(read, batch.context != 0, batch.answer)
        writes, looked = writes.float().squeeze(-1), looked.float()
        copied = (looked * (batch.context.unsqueeze(1) == batch.wanted.unsqueeze(2))).sum(-1)
        word = torch.logaddexp(
            functional.logsigmoid(writes) + chosen_log_probability(logits.float(), batch.wanted),
            functional.logsigmoid(-writes) + torch.log(copied + 1e-12),
        )
        known = batch.heads >= 0
        return (
            -mean_over(word, batch.wanted)
            + functional.cross_entropy(read.by_correlation.float(), batch.emotion)
            + functional.cross_entropy(read.by_context.float(), batch.emotion)
            + functional.cross_entropy(read.arcs.float()[known], batch.heads[known])
            + functional.cross_entropy(read.relations.float()[known], batch.relations[known])
        )
