"""A compact residual network for 48 x 48 grey faces.

Residual blocks after He et al., 2016 (CVPR, "Deep Residual Learning for Image Recognition"), with
squeeze-and-excitation (Hu et al., 2018, CVPR) and stochastic depth (Huang et al., 2016, ECCV).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


class SqueezeExcite(nn.Module):
    """Weigh channels by their global mean."""

    def __init__(self, channels: int, reduction: int = 8) -> None:
        super().__init__()
        self.weigh = nn.Sequential(
            nn.AdaptiveAvgPool2d(1),
            nn.Conv2d(channels, channels // reduction, 1),
            nn.ReLU(inplace=True),
            nn.Conv2d(channels // reduction, channels, 1),
            nn.Sigmoid(),
        )

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, C, H, W)."""
        return x * self.weigh(x)


class Block(nn.Module):
    """Two 3 x 3 convolutions beside a shortcut; the branch is dropped at random in training."""

    def __init__(self, before: int, after: int, stride: int, drop: float) -> None:
        super().__init__()
        self.branch = nn.Sequential(
            nn.Conv2d(before, after, 3, stride, 1, bias=False),
            nn.BatchNorm2d(after),
            nn.ReLU(inplace=True),
            nn.Conv2d(after, after, 3, 1, 1, bias=False),
            nn.BatchNorm2d(after),
            SqueezeExcite(after),
        )
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or before != after:
            self.shortcut = nn.Sequential(
                nn.Conv2d(before, after, 1, stride, bias=False), nn.BatchNorm2d(after)
            )
        self.drop = drop

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, C', H / stride, W / stride)."""
        branch = self.branch(x)
        if self.training and self.drop:
            keep = (torch.rand(len(x), 1, 1, 1) >= self.drop).to(branch)
            branch = branch * keep / (1 - self.drop)
        return torch.relu(self.shortcut(x) + branch)


class FaceResNet(nn.Module):
    """(N, 1, 48, 48) standardised grey -> (N, K) logits."""

    def __init__(
        self,
        classes: int = 8,
        widths: tuple[int, ...] = (48, 96, 192, 320),
        depths: tuple[int, ...] = (1, 2, 2, 2),
        drop_path: float = 0.1,
        dropout: float = 0.3,
    ) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(1, widths[0], 5, 2, 2, bias=False),
            nn.BatchNorm2d(widths[0]),
            nn.ReLU(inplace=True),
        )
        blocks: list[nn.Module] = []
        total, before = sum(depths), widths[0]
        for stage, (width, depth) in enumerate(zip(widths, depths, strict=True)):
            for index in range(depth):
                stride = 2 if stage and not index else 1
                drop = drop_path * len(blocks) / max(total - 1, 1)
                blocks.append(Block(before, width, stride, drop))
                before = width
        self.blocks = nn.Sequential(*blocks)
        self.head = nn.Sequential(
            nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(dropout), nn.Linear(before, classes)
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return the logits."""
        return self.head(self.blocks(self.stem(x)))
