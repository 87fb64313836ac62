"""What one says depends on what was said: a recurrent net over the turns of a dialogue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from numpy.typing import NDArray
from torch import Tensor, nn

WIDTH = 128
NEAR = 48
"""Width in which one earlier turn is read by itself."""


class DialogueNet(nn.Module):
    """Vectors of utterances in their order to K logits each; none of those to come is heard.

    A gated recurrent unit (Cho et al., 2014) runs over the turns with a mark where the speaker goes
    on, after DialogueRNN (Majumder et al., AAAI 2019) made small. Three earlier turns are also read
    by themselves: the one before, the last of the same speaker and the last of anybody else.
    Without context the same net reads dialogues of one turn.
    """

    def __init__(self, inputs: int, outputs: int, *, dropout: float = 0.5):
        super().__init__()
        self.enter = nn.Linear(inputs, WIDTH)
        self.turns = nn.GRU(WIDTH + 1, WIDTH, batch_first=True)
        self.near = nn.ModuleList(nn.Linear(WIDTH, NEAR, bias=False) for _ in range(3))
        self.head = nn.Linear(2 * WIDTH + 3 * NEAR, outputs)
        self.dropout = nn.Dropout(dropout)

    def forward(self, vectors: Tensor, speaker: Tensor) -> Tensor:
        """(D, T, F) vectors and (D, T) numbers of their speakers -> (D, T, K) logits."""
        one = torch.relu(self.enter(self.dropout(vectors)))
        same, places = earlier_turns(speaker)
        all_turns, _ = self.turns(torch.cat([self.dropout(one), same.unsqueeze(-1)], -1))
        behind = torch.cat([torch.zeros_like(one[:, :1]), one], 1)
        parts = [one, all_turns]
        for reader, place in zip(self.near, places, strict=True):
            turn = torch.gather(behind, 1, place.unsqueeze(-1).expand_as(one))
            parts.append(reader(self.dropout(turn)))
        return self.head(self.dropout(torch.cat(parts, -1)))


def earlier_turns(speaker: Tensor) -> tuple[Tensor, tuple[Tensor, Tensor, Tensor]]:
    """Return where a speaker goes on, and the places of three earlier turns, all (D, T).

    The places count from 1, 0 where there is none: the turn before, the last of the same speaker,
    the last of anybody else. Written so that it can be exported.
    """
    place = torch.ones_like(speaker).cumsum(1)
    before = (place.unsqueeze(2) > place.unsqueeze(1)).to(place.dtype)
    alike = (speaker.unsqueeze(2) == speaker.unsqueeze(1)).to(place.dtype)
    numbered = before * place.unsqueeze(1)
    own, other = (numbered * alike).amax(2), (numbered * (1 - alike)).amax(2)
    same = ((own == place - 1) & (place > 1)).to(torch.float32)
    return same, ((place - 1).long(), own.long(), other.long())


class Committee(nn.Module):
    """Several nets, their probabilities averaged, over vectors as they come: what is exported."""

    mean: Tensor
    deviation: Tensor

    def __init__(
        self, nets: Sequence[DialogueNet], mean: NDArray[Any], deviation: NDArray[Any]
    ) -> None:
        super().__init__()
        self.nets = nn.ModuleList(nets)
        self.register_buffer("mean", torch.tensor(mean, dtype=torch.float32))
        self.register_buffer("deviation", torch.tensor(deviation, dtype=torch.float32))

    def forward(self, vectors: Tensor, speaker: Tensor) -> Tensor:
        """(D, T, F) vectors and (D, T) numbers of speakers -> (D, T, K) probabilities."""
        even = (vectors - self.mean) / self.deviation
        answers = [torch.softmax(net(even, speaker), -1) for net in self.nets]
        return torch.stack(answers).mean(0)
