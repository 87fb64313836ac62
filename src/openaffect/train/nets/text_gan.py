"""A generator of texts against a judge that tells them from people's.

RelGAN (Nie, Narodytska and Patel, ICLR 2019) made small: draws of words are Gumbel-softmax (Jang,
Gu and Poole, ICLR 2017), so that the judge's gradient reaches the generator, and the loss is that
of the relativistic standard GAN. The generator here is the LSTM of :class:`~.words.EmotionWords`
in place of a relational memory; the judge reads pairs and triples of words at once and compares
what it found with the emotion (Miyato and Koyama, "cGANs with Projection Discriminator", ICLR
2018).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from .words import WIDTH, EmotionWords

FILTERS = 64


class TextJudge(nn.Module):
    """How much a text looks like a person's, given the emotion."""

    def __init__(self, emotions: int) -> None:
        super().__init__()
        self.parts = nn.ModuleList(nn.Conv1d(WIDTH, FILTERS, width) for width in (2, 3))
        self.score = nn.Linear(2 * FILTERS, 1)
        self.emotion = nn.Embedding(emotions, 2 * FILTERS)
        self.dropout = nn.Dropout(0.25)

    def forward(self, vectors: Tensor, emotion: Tensor) -> Tensor:
        """(B, T, WIDTH) vectors of words, T of at least 3, and (B,) -> (B,) scores."""
        across = vectors.transpose(1, 2)
        found = torch.cat([torch.relu(part(across)).amax(-1) for part in self.parts], -1)
        found = self.dropout(found)
        told = (self.emotion(emotion) * found).sum(-1) / (2 * FILTERS) ** 0.5
        return self.score(found).squeeze(-1) + told


def sample(
    generator: EmotionWords, emotion: Tensor, start: int, end: int, steps: int, temperature: float
) -> Tensor:
    """(B,) emotions -> (B, steps, WIDTH) vectors of drawn words, zero behind the end.

    Each is a mixture of words that grows harder as ``temperature`` falls. The generator is the
    LSTM, read step by step.
    """
    table = generator.words.vectors.weight
    told = generator.emotion(emotion).unsqueeze(1)
    vector = generator.words(torch.full_like(emotion, start)).unsqueeze(1)
    state: tuple[Tensor, Tensor] | None = None
    alive = torch.ones(len(emotion), 1)
    drawn = []
    for _ in range(steps):
        hidden, state = generator.cell(torch.cat([vector, told], -1), state)
        logits = generator.words.scores(generator.leave(hidden))
        chances = functional.gumbel_softmax(logits.squeeze(1), tau=temperature)
        vector = (chances @ table).unsqueeze(1)
        drawn.append(vector * alive.unsqueeze(-1))
        alive = alive * (1 - chances[:, end : end + 1]).detach()
    return torch.cat(drawn, 1)


def relativistic(first: Tensor, second: Tensor) -> Tensor:
    """Mean cost when ``first`` does not look more like a person's than ``second``.

    Jolicoeur-Martineau, "The relativistic discriminator", ICLR 2019, equation 4.
    """
    return functional.softplus(second - first).mean()
