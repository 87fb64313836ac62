"""Matrices in 4-bit NormalFloat.

Dettmers et al., "QLoRA: Efficient finetuning of quantized LLMs", NeurIPS 2023, section 3: 16 levels
that are quantiles of a normal distribution, one scale a block of 64 weights (the largest of them),
multiplied in 16 bits after unpacking. Their second quantisation, of the scales, is left out: the
scales stay half floats (4.25 bits a weight in all).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

BLOCK = 64
LEVELS = (
    -1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635,
    -0.18477343022823334, -0.09105003625154495, 0.0, 0.07958029955625534, 0.16093020141124725,
    0.24611230194568634, 0.33791524171829224, 0.44070982933044434, 0.5626170039176941,
    0.7229568362236023, 1.0,
)  # fmt: skip
"""As the paper's appendix E lists them."""


class Nf4Matrix(nn.Module):
    """A frozen matrix in 4 bits: two codes a byte, and a scale a block."""

    codes: Tensor
    scales: Tensor
    levels: Tensor

    def __init__(self, weight: Tensor) -> None:
        super().__init__()
        self.shape = weight.shape
        flat = weight.float().flatten()
        flat = nn.functional.pad(flat, (0, -len(flat) % BLOCK)).view(-1, BLOCK)
        scales = flat.abs().amax(1, keepdim=True).clamp_min(1e-8).half().float()
        levels = torch.tensor(LEVELS)
        between = (levels[1:] + levels[:-1]) / 2
        codes = torch.bucketize(flat / scales, between).to(torch.uint8).flatten()
        self.register_buffer("codes", codes[0::2] << 4 | codes[1::2], persistent=False)
        self.register_buffer("scales", scales.half(), persistent=False)
        self.register_buffer("levels", levels, persistent=False)

    def weight(self, kind: torch.dtype) -> Tensor:
        """Return the matrix unpacked."""
        codes = torch.stack((self.codes >> 4, self.codes & 15), dim=1).flatten().int()
        values = self.levels[codes].view(-1, BLOCK) * self.scales.float()
        return values.flatten()[: self.shape.numel()].view(self.shape).to(kind)
