"""EfficientNet-Lite0, and its ImageNet weights.

M. Tan, Q. Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks", ICML
2019, table 1, in the Lite variant: no squeeze-and-excitation, ReLU6 for swish, so that it quantises
well.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from openaffect.types import InvalidValueError

_STAGES = (
    # repeats, kernel, stride, expansion, channels
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)
_STEM, _TOP = 32, 1280
FIRST = ("stem/", "blocks/blocks.0/")
"""Parts of node names that stay in float32 when exported: what they lose nothing later mends."""


class GreyFilters(nn.Conv2d):
    """Filters of three colours on a grey picture: summed over the colours, a third of the work."""

    def forward(self, x: Tensor) -> Tensor:
        """(N, 1, H, W) -> (N, C, H', W'), what (N, 3, H, W) with three equal planes would give."""
        return functional.conv2d(
            x, self.weight.sum(1, keepdim=True), None, self.stride, self.padding
        )


def _filters(before: int, after: int, kernel: int, stride: int = 1, groups: int = 1) -> nn.Conv2d:
    return nn.Conv2d(before, after, kernel, stride, kernel // 2, groups=groups, bias=False)


def _norm(channels: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, eps=1e-3)


class InvertedResidual(nn.Module):
    """Expand, filter each channel, project; added to its input where the shapes agree."""

    def __init__(
        self, before: int, after: int, kernel: int, stride: int, expansion: int, drop: float
    ) -> None:
        super().__init__()
        middle = before * expansion
        layers: list[nn.Module] = []
        if expansion > 1:
            layers += [_filters(before, middle, 1), _norm(middle), nn.ReLU6(inplace=True)]
        layers += [
            _filters(middle, middle, kernel, stride, middle), _norm(middle),
            nn.ReLU6(inplace=True), _filters(middle, after, 1), _norm(after),
        ]  # fmt: skip
        self.body = nn.Sequential(*layers)
        self.shortcut = stride == 1 and before == after
        self.drop = drop

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, C', H / stride, W / stride)."""
        branch: Tensor = self.body(x)
        if not self.shortcut:
            return branch
        if self.training and self.drop:
            keep = (torch.rand(len(x), 1, 1, 1) >= self.drop).to(branch)
            branch = branch * keep / (1 - self.drop)
        return x + branch


class EfficientNetLite(nn.Module):
    """(N, 1, H, W) standardised grey -> (N, K) logits.

    The picture is first enlarged to ``size`` x ``size``, so that faces of 48 pixels reach the
    resolution at which the stem's filters were learnt.
    """

    def __init__(
        self, classes: int = 8, *, size: int = 96, drop_path: float = 0.1, dropout: float = 0.3
    ) -> None:
        super().__init__()
        self.size = size
        filters = GreyFilters(3, _STEM, 3, 2, 1, bias=False)
        self.stem = nn.Sequential(filters, _norm(_STEM), nn.ReLU6(inplace=True))
        blocks: list[nn.Module] = []
        total, before = sum(repeats for repeats, *_ in _STAGES), _STEM
        for repeats, kernel, stride, expansion, after in _STAGES:
            for index in range(repeats):
                drop = drop_path * len(blocks) / total
                step = 1 if index else stride
                blocks.append(InvertedResidual(before, after, kernel, step, expansion, drop))
                before = after
        self.blocks = nn.Sequential(*blocks)
        self.top = nn.Sequential(_filters(before, _TOP, 1), _norm(_TOP), nn.ReLU6(inplace=True))
        self.head = nn.Sequential(
            nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(dropout), nn.Linear(_TOP, classes)
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return the logits."""
        x = functional.interpolate(x, (self.size, self.size), mode="bilinear", align_corners=False)
        logits: Tensor = self.head(self.top(self.blocks(self.stem(x))))
        return logits


def load_imagenet(net: EfficientNetLite, path: str | Path) -> EfficientNetLite:
    """Fill all but the head from the published state, whose layers stand in the same order.

    Raises :class:`InvalidValueError` when a layer is missing or of another shape.
    """
    published = torch.load(path, weights_only=True, map_location="cpu")
    theirs = [(key, value) for key, value in published.items() if not key.startswith("_fc.")]
    ours = [(key, value) for key, value in net.state_dict().items() if not key.startswith("head.")]
    if [value.shape for _, value in theirs] != [value.shape for _, value in ours]:
        raise InvalidValueError(f"{path} does not hold the layers of EfficientNet-Lite0")
    state = {name: value for (name, _), (_, value) in zip(ours, theirs, strict=True)}
    net.load_state_dict(state, strict=False)
    return net
