"""A pretrained transformer encoder with a pooled head."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn


class TextNet(nn.Module):
    """Token ids to K logits: mean and maximum over the tokens, dropout, one linear layer.

    The encoder is MiniLM-L6 (Wang et al., 2020, "MiniLM", NeurIPS; six layers, width 384), as
    tuned for sentence similarity (Reimers and Gurevych, 2019, "Sentence-BERT", EMNLP).
    """

    def __init__(self, folder: Path, outputs: int, dropout: float = 0.1) -> None:
        super().__init__()
        from transformers import AutoModel

        self.encoder = AutoModel.from_pretrained(
            str(folder), local_files_only=True, attn_implementation="sdpa", add_pooling_layer=False
        )
        width = self.encoder.config.hidden_size
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(2 * width, outputs)
        nn.init.normal_(self.head.weight, std=0.01)
        nn.init.zeros_(self.head.bias)

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, token_types: Tensor | None = None
    ) -> Tensor:
        """(N, L) ids, mask and types (None: all 0) -> (N, K) logits."""
        return self.head(self.dropout(self.pooled(input_ids, attention_mask, token_types)))

    def pooled(
        self, input_ids: Tensor, attention_mask: Tensor, token_types: Tensor | None = None
    ) -> Tensor:
        """(N, L) ids, mask and types -> (N, 2 F) mean and maximum over the tokens."""
        hidden = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_types
        )
        hidden = hidden.last_hidden_state.float()
        mask = attention_mask.unsqueeze(-1).float()
        mean = (hidden * mask).sum(1) / mask.sum(1).clamp_min(1)
        highest = (hidden + (mask - 1) * 1e4).amax(1)
        return torch.cat([mean, highest], 1)


def parameter_groups(net: TextNet, rate: float, decay: float = 0.85) -> list[dict[str, object]]:
    """Learning rates that fall with depth below the head (Howard and Ruder, 2018, ULMFiT)."""
    layers = net.encoder.config.num_hidden_layers
    groups: list[dict[str, object]] = []
    for name, parameter in net.named_parameters():
        if name.startswith("head"):
            factor = 4.0
        elif ".layer." in name:
            factor = decay ** (layers - 1 - int(name.split(".layer.")[1].split(".")[0]))
        else:
            factor = decay**layers
        weight_decay = 0.01 if parameter.ndim > 1 else 0.0
        groups.append({"params": [parameter], "lr": rate * factor, "weight_decay": weight_decay})
    return groups
