"""A residual network that was first taught to tell people apart, and its published weights.

The network is that of D. King's dlib, "dnn_face_recognition_ex" (2017): 29 convolutions after He et
al., 2016 (CVPR), trained on about three million faces at 150 x 150; the residual blocks that halve
the picture average their input for the shortcut and fill missing channels and edges with zeros. The
affine layers of the file, batch norms with their statistics folded in, become batch norms again.
Where a side is even, the picture is padded with a line of zeros before it is halved, so that no
line of it is lost; dlib leaves the last line of the branch empty instead.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from openaffect.types import InvalidValueError

_LEVELS = ((32, 3, False), (64, 4, True), (128, 3, True), (256, 3, True), (256, 1, True))
"""Channels, blocks, and whether the first block halves the picture."""
_DEVIATION = 0.25
"""Of what dlib's network reads, (pixel - mean) / 256: faces standardised are four times that."""


class Residual(nn.Module):
    """Two 3 x 3 convolutions beside a shortcut; the branch is dropped at random in training."""

    def __init__(self, before: int, after: int, stride: int, drop: float) -> None:
        super().__init__()
        padding = 0 if stride == 2 else 1
        self.branch = nn.Sequential(
            nn.Conv2d(before, after, 3, stride, padding, bias=False),
            nn.BatchNorm2d(after),
            nn.ReLU(inplace=True),
            nn.Conv2d(after, after, 3, 1, 1, bias=False),
            nn.BatchNorm2d(after),
        )
        self.stride, self.more = stride, after - before
        self.drop = drop

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, C', H / stride, W / stride)."""
        even = self.stride == 2 and x.shape[-1] % 2 == 0
        branch = self.branch(functional.pad(x, (0, 1, 0, 1)) if even else x)
        if self.training and self.drop:
            keep = (torch.rand(len(x), 1, 1, 1) >= self.drop).to(branch)
            branch = branch * keep / (1 - self.drop)
        if self.stride == 2:
            x = functional.avg_pool2d(x, 2)
        if self.more:
            x = functional.pad(x, (0, 0, 0, 0, 0, self.more))
        return functional.relu(branch + x)


class IdentityResNet(nn.Module):
    """(N, 1, H, W) standardised grey -> (N, K) logits.

    The picture is first enlarged to ``size`` x ``size`` (71 at least), towards the size at which
    the filters were learnt.
    """

    def __init__(
        self, classes: int = 8, *, size: int = 96, drop_path: float = 0.1, dropout: float = 0.3
    ) -> None:
        super().__init__()
        self.size = size
        self.stem = nn.Sequential(
            nn.Conv2d(1, 32, 7, 2, bias=False),
            nn.BatchNorm2d(32),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(3, 2),
        )
        blocks: list[nn.Module] = []
        total, before = sum(count for _, count, _ in _LEVELS), 32
        for width, count, halve in _LEVELS:
            for index in range(count):
                stride = 2 if halve and not index else 1
                drop = drop_path * len(blocks) / total
                blocks.append(Residual(before, width, stride, drop))
                before = width
        self.blocks = nn.Sequential(*blocks)
        self.head = nn.Sequential(
            nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(dropout), nn.Linear(before, classes)
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return the logits."""
        x = functional.interpolate(x, (self.size, self.size), mode="bilinear", align_corners=False)
        logits: Tensor = self.head(self.blocks(self.stem(x)))
        return logits


def load_identity(net: IdentityResNet, path: str | Path) -> IdentityResNet:
    """Fill all but the head from dlib's file of the face recognition network.

    The filters of the three colours are added up, for grey pictures. The norms take over what the
    affine layers do, with the statistics that ``net`` has: call :func:`measure_statistics` before
    training. Raises :class:`InvalidValueError` when a layer is missing or of another size.
    """
    found = read_layers(Path(path).read_bytes())
    layers = [module for module in net.modules() if isinstance(module, nn.Conv2d)]
    norms = [module for module in net.modules() if isinstance(module, nn.BatchNorm2d)]
    sizes = [
        [layer.out_channels * ((layer.weight[0].numel() * (1 if index else 3)) + 1),
         2 * layer.out_channels]
        for index, layer in enumerate(layers)
    ]  # fmt: skip
    if [[len(values), len(affine)] for values, affine in found] != sizes:
        raise InvalidValueError(f"{path} does not hold the layers of dlib's face recognition net")
    with torch.no_grad():
        for layer, norm, (values, affine) in zip(layers, norms, found, strict=True):
            width = layer.out_channels
            filters = torch.from_numpy(values[:-width].copy())
            filters = filters.view(width, -1, *layer.weight.shape[2:])
            if filters.shape[1] != layer.in_channels:
                filters = filters.sum(1, keepdim=True) * _DEVIATION
            layer.weight.copy_(filters)
            norm.weight.copy_(torch.from_numpy(affine[:width].copy()))
            norm.bias.copy_(torch.from_numpy(affine[width:] + affine[:width] * values[-width:]))
    return net


@torch.no_grad()
def measure_statistics(net: IdentityResNet, images: Tensor) -> IdentityResNet:
    """Give the batch norms the statistics of ``images``, leaving what the network answers to them.

    A norm that multiplied by g and added b multiplies by g * deviation and adds b + g * mean
    afterwards, so that training starts from the loaded function.
    """
    handles = []

    def measure(norm: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        assert isinstance(norm, nn.BatchNorm2d)
        assert norm.running_mean is not None and norm.running_var is not None
        values = inputs[0]
        mean = values.mean((0, 2, 3))
        variance = values.var((0, 2, 3), unbiased=False)
        deviation = (variance + norm.eps).sqrt()
        gain = norm.weight.clone()
        norm.weight.copy_(gain * deviation)
        norm.bias.add_(gain * mean)
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)

    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            handles.append(module.register_forward_pre_hook(measure))
    net.eval()
    net(images)
    for handle in handles:
        handle.remove()
    return net


def read_layers(data: bytes) -> list[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """Return the values of each convolution and of the affine layer after it, first to last.

    A convolution's values are its filters and then its biases, an affine layer's its factors and
    then its offsets. dlib writes the name of a layer (its length as a packed number, its letters)
    and then its values as a tensor: packed numbers for the version (2) and the four sides,
    little-endian float32 after.
    """
    found: dict[bytes, list[NDArray[np.float32]]] = {b"con_4": [], b"affine_": []}
    for name, values in found.items():
        mark = bytes([1, len(name)]) + name
        at = data.find(mark)
        while at >= 0:
            values.append(_tensor(data, at + len(mark)))
            at = data.find(mark, at + len(mark))
    convolutions, affines = found.values()
    if len(convolutions) != len(affines):
        raise InvalidValueError(
            f"{len(convolutions)} convolutions but {len(affines)} affine layers in the file"
        )
    return list(zip(convolutions, affines, strict=True))


def _tensor(data: bytes, at: int) -> NDArray[np.float32]:
    sides: list[int] = []
    for _ in range(5):
        length = data[at] & 0x0F
        sides.append(int.from_bytes(data[at + 1 : at + 1 + length], "little"))
        at += 1 + length
    if sides[0] != 2:
        raise InvalidValueError(f"a tensor of version {sides[0]}; expected 2")
    count = int(np.prod(sides[1:]))
    if at + 4 * count > len(data):
        raise InvalidValueError(f"a tensor of {count} values ends beyond the file")
    return np.frombuffer(data, "<f4", count, at)
