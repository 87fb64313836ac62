"""A classifier of beginnings of texts over a language model's tokens."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class PrefixNet(nn.Module):
    """A gated recurrent network (Cho et al., 2014) over projected token embeddings.

    The projection is shared by all tokens, so that a token which training never met is read as its
    neighbours are. ``embeddings`` (V, D) are a language model's and stay as they are.
    """

    embeddings: Tensor

    def __init__(self, embeddings: Tensor, labels: int, *, read: int = 32, width: int = 96) -> None:
        super().__init__()
        self.register_buffer("embeddings", embeddings, persistent=False)
        self.project = nn.Linear(embeddings.shape[1], read, bias=False)
        self.recurrent = nn.GRU(read, width, batch_first=True)
        self.output = nn.Linear(width, labels)
        self.drop = nn.Dropout(0.25)

    def forward(self, ids: Tensor) -> Tensor:
        """Return (N, L, K) log-odds after each of the (N, L) tokens."""
        read = self.drop(self.project(self.embeddings[ids]))
        states, _ = self.recurrent(read)
        scores: Tensor = self.output(self.drop(states))
        return scores

    @torch.no_grad()
    def read_tokens(self) -> Tensor:
        """Return (V, E): what the recurrent layer reads of each token."""
        return torch.as_tensor(self.project(self.embeddings))
