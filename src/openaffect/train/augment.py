"""Augmentation of batches of grey faces, on tensors."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as functional
from torch import Tensor

_EYES = ((0.3175, 0.3969), (0.6825, 0.3969))
"""Where the eyes of a framed face are, as shares of the side (``preprocess.face_align``)."""


def augment_faces(images: Tensor, generator: torch.Generator, strength: float = 1.0) -> Tensor:
    """Return (N, 1, H, W) faces in [0, 1] as a camera might also have seen them.

    Glasses; mirroring, rotation to 20 degrees (a third as far as 35), scale, shift and shear;
    gamma, contrast and light from one side; blur by resampling; noise; an occluding rectangle.
    ``strength`` in [0, 1] scales how far and how often; mirroring stays.
    """
    count = len(images)

    def uniform(low: float, high: float) -> Tensor:
        return low + (high - low) * torch.rand(count, generator=generator)

    def chance(probability: float) -> Tensor:
        return torch.rand(count, generator=generator) < probability * strength

    images = _glasses(images, uniform, chance)
    images = _warp(images, uniform, chance, strength)
    images = _light(images, uniform, chance)
    images = _blur(images, chance, uniform)
    noise = torch.randn(images.shape, generator=generator) * uniform(0, 0.05)[:, None, None, None]
    images = torch.where(chance(0.3)[:, None, None, None], images + noise, images)
    return _occlude(images, uniform, chance).clamp(0, 1)


def _glasses(images: Tensor, uniform, chance) -> Tensor:  # type: ignore[no-untyped-def]
    """Rims around the eyes, or lenses that let little light through, and the bridge between."""
    shape = (-1, 1, 1)
    rows = (torch.arange(images.shape[-2]) + 0.5).view(1, -1, 1) / images.shape[-2]
    columns = (torch.arange(images.shape[-1]) + 0.5).view(1, 1, -1) / images.shape[-1]
    wide, tall = uniform(0.11, 0.16).view(shape), uniform(0.07, 0.12).view(shape)
    across, down = uniform(-0.03, 0.03).view(shape), uniform(-0.03, 0.04).view(shape)
    far = torch.stack(
        [
            ((columns - x - across) / wide).abs() ** 3 + ((rows - y - down) / tall).abs() ** 3
            for x, y in _EYES
        ]
    ).amin(0)
    bridge = ((rows - _EYES[0][1] - down).abs() < 0.02) & ((columns - 0.5 - across).abs() < 0.06)
    rim = ((far < 1) & (far > 0.5)) | bridge
    tint = uniform(0, 0.35).view(-1, 1, 1, 1)
    opaque = torch.where(chance(0.04).view(-1, 1, 1, 1), uniform(0.4, 1).view(-1, 1, 1, 1), 0.0)
    images = torch.where((far < 1)[:, None], images * (1 - opaque) + tint * opaque, images)
    return torch.where((rim & chance(0.12).view(shape))[:, None], tint, images)


def _warp(images: Tensor, uniform, chance, strength: float) -> Tensor:  # type: ignore[no-untyped-def]
    degrees = torch.where(chance(0.25), uniform(-35, 35), uniform(-18, 18))
    angle = degrees * (strength * math.pi / 180)
    scale_x, scale_y = (1 + strength * uniform(-0.2, 0.15) for _ in range(2))
    flip = torch.where(uniform(-1, 1) < 0, -1.0, 1.0)
    shear, across, down = (strength * uniform(-far, far) for far in (0.12, 0.16, 0.16))
    rows = torch.stack(
        [
            torch.stack([flip * scale_x * angle.cos(), shear - angle.sin(), across], 1),
            torch.stack([flip * angle.sin(), scale_y * angle.cos(), down], 1),
        ],
        1,
    )
    grid = functional.affine_grid(rows, list(images.shape), align_corners=False)
    return functional.grid_sample(images, grid, padding_mode="border", align_corners=False)


def _light(images: Tensor, uniform, chance) -> Tensor:  # type: ignore[no-untyped-def]
    shape = (-1, 1, 1, 1)
    images = images.clamp(1e-3, 1) ** torch.exp(uniform(-0.5, 0.5)).view(shape)
    mean = images.mean((1, 2, 3), keepdim=True)
    images = (
        (images - mean) * uniform(0.6, 1.3).view(shape) + mean + uniform(-0.12, 0.12).view(shape)
    )
    across = torch.linspace(-1, 1, images.shape[-1]).view(1, 1, 1, -1)
    down = torch.linspace(-1, 1, images.shape[-2]).view(1, 1, -1, 1)
    # Light falls from the side more often than from above: the angle keeps within 45 degrees.
    angle = uniform(-math.pi / 4, math.pi / 4).view(shape)
    ramp = across * angle.cos() + down * angle.sin()
    shade = torch.sigmoid((ramp - uniform(-0.5, 0.5).view(shape)) * uniform(-10, 10).view(shape))
    shaded = images * (1 - uniform(0.2, 0.85).view(shape) * shade)
    return torch.where(chance(0.3).view(shape), shaded, images)


def _blur(images: Tensor, chance, uniform) -> Tensor:  # type: ignore[no-untyped-def]
    size = int(uniform(16, 36)[0])
    small = functional.interpolate(images, (size, size), mode="bilinear", antialias=True)
    large = functional.interpolate(small, images.shape[-2:], mode="bilinear")
    return torch.where(chance(0.15).view(-1, 1, 1, 1), large, images)


def _occlude(images: Tensor, uniform, chance) -> Tensor:  # type: ignore[no-untyped-def]
    height, width = images.shape[-2:]
    ys = torch.arange(height).view(1, -1, 1)
    xs = torch.arange(width).view(1, 1, -1)
    top, left = uniform(0, 0.8) * height, uniform(0, 0.8) * width
    tall, wide = uniform(0.1, 0.4) * height, uniform(0.1, 0.4) * width
    inside = (
        (ys >= top.view(-1, 1, 1))
        & (ys < (top + tall).view(-1, 1, 1))
        & (xs >= left.view(-1, 1, 1))
        & (xs < (left + wide).view(-1, 1, 1))
        & chance(0.35).view(-1, 1, 1)
    )
    return torch.where(inside[:, None], uniform(0, 1).view(-1, 1, 1, 1), images)
