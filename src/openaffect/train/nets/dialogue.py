"""What one says depends on what was said: a recurrent net over the turns of a dialogue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from numpy.typing import NDArray
from torch import Tensor, nn

WIDTH = 128


class DialogueNet(nn.Module):
    """Vectors of utterances in their order to K logits each.

    A gated recurrent unit (Cho et al., 2014) runs over the turns with a mark where the speaker goes
    on, after DialogueRNN (Majumder et al., AAAI 2019) made small. ``both`` lets it run backwards
    too: for a dialogue that is over. Without context the same net reads dialogues of one turn.
    """

    def __init__(self, inputs: int, outputs: int, *, both: bool = False, dropout: float = 0.5):
        super().__init__()
        self.enter = nn.Linear(inputs, WIDTH)
        self.turns = nn.GRU(WIDTH + 1, WIDTH, batch_first=True, bidirectional=both)
        self.head = nn.Linear(WIDTH * (3 if both else 2), outputs)
        self.dropout = nn.Dropout(dropout)

    def forward(self, vectors: Tensor, same: Tensor) -> Tensor:
        """(D, T, F) vectors and (D, T) marks -> (D, T, K) logits."""
        one = torch.relu(self.enter(self.dropout(vectors)))
        all_turns, _ = self.turns(torch.cat([self.dropout(one), same.unsqueeze(-1)], -1))
        return self.head(self.dropout(torch.cat([one, all_turns], -1)))


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

    def forward(self, vectors: Tensor, same: Tensor) -> Tensor:
        """(D, T, F) vectors and (D, T) marks -> (D, T, K) probabilities."""
        even = (vectors - self.mean) / self.deviation
        answers = [torch.softmax(net(even, same), -1) for net in self.nets]
        return torch.stack(answers).mean(0)
