"""FER+ for training: rows, targets, augmented batches, answers, calibration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from openaffect.data import ferplus
from openaffect.metrics.calibration import expected_calibration_error
from openaffect.metrics.classification import accuracy, unweighted_average_recall

from ..augment import augment_faces
from ..context import Context

CLASSES = len(ferplus.SCHEME)
BATCH = 128
RARE_POWER = 0.35
"""Rows are drawn with probability proportional to (class frequency) ** -RARE_POWER."""


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of a training: its length, how strongly faces are changed, whether they are mixed.

    size: pixels that the network enlarges the faces to; small ones first save time (Tan and Le,
    2021, EfficientNetV2, ICML).
    """

    epochs: int
    size: int
    strength: float
    mixed: bool


def phase_of(phases: tuple[Phase, ...], epoch: int) -> Phase:
    """Return the phase in which ``epoch`` (from 0) lies; the last goes on for ever."""
    for phase in phases:
        if epoch < phase.epochs:
            return phase
        epoch -= phase.epochs
    return phases[-1]


def split(context: Context) -> tuple[ferplus.FerPlus, ferplus.FerPlus, ferplus.FerPlus]:
    """Return (fit, choose, validation) rows."""
    train = ferplus.load("train", root=context.root)
    validation = ferplus.load("validation", root=context.root)
    train = train.select(train.named & ~np.isin(train.digest, validation.digest))
    validation = validation.select(validation.named)
    bucket = np.array([int(digest[:8], 16) % 12 for digest in train.digest])
    return train.select(bucket != 0), train.select(bucket == 0), validation


def prepare(images: NDArray[np.uint8]) -> Tensor:
    """(N, 48, 48) uint8 -> (N, 1, 48, 48) in [0, 1]."""
    return torch.from_numpy(images).unsqueeze(1).float() / 255


def standardise(images: Tensor) -> Tensor:
    """Give each face zero mean and unit deviation (floored at 1/20 of the full range)."""
    mean = images.mean((1, 2, 3), keepdim=True)
    deviation = images.std((1, 2, 3), keepdim=True, unbiased=False).clamp_min(0.05)
    return (images - mean) / deviation


def mirrored(net: nn.Module, images: Tensor) -> Tensor:
    """Mean of the logits of each face and of its mirror image."""
    both: Tensor = net(torch.cat([images, images.flip(3)]))
    return both.reshape(2, -1, both.shape[1]).mean(0)


def vote_targets(faces: ferplus.FerPlus) -> NDArray[np.float32]:
    """Vote shares without single outlying votes, as Barsoum et al. treat them."""
    counts = np.round(faces.distribution * faces.votes[:, :8].sum(1, keepdims=True))
    kept = np.where((counts > 1) | (counts.max(1, keepdims=True) <= 1), counts, 0)
    return (kept / kept.sum(axis=1, keepdims=True)).astype(np.float32)


def batches(
    faces: ferplus.FerPlus, phase: Phase, *, seed: int, epoch: int
) -> Iterator[tuple[Tensor, ...]]:
    """Draw one epoch: rare classes more often, augmented, half of the batches mixed."""
    generator = torch.Generator().manual_seed(seed * 1000 + epoch)
    frequency = np.bincount(faces.label, minlength=CLASSES) / len(faces)
    weight = torch.tensor(frequency[faces.label] ** -RARE_POWER)
    rows = torch.multinomial(weight, len(faces), replacement=True, generator=generator)
    images, targets = prepare(faces.images), torch.from_numpy(vote_targets(faces))
    for start in range(0, len(rows) - BATCH + 1, BATCH):
        picked = rows[start : start + BATCH]
        seen = augment_faces(images[picked], generator, phase.strength)
        wanted = targets[picked]
        if phase.mixed and torch.rand(1, generator=generator) < 0.5:
            other = torch.randperm(BATCH, generator=generator)
            share = 0.7 + 0.3 * float(torch.rand(1, generator=generator))
            seen = share * seen + (1 - share) * seen[other]
            wanted = share * wanted + (1 - share) * wanted[other]
        yield standardise(seen).contiguous(memory_format=torch.channels_last), wanted


def soft_cross_entropy(net: nn.Module, batch: tuple[Tensor, ...]) -> Tensor:
    """Cross-entropy against the vote shares."""
    images, targets = batch
    return -(targets * net(images).float().log_softmax(1)).sum(1).mean()


@torch.no_grad()
def logits(net: nn.Module, faces: ferplus.FerPlus, device: str = "cpu") -> NDArray[np.float32]:
    """(N, 8) mirrored logits."""
    net.eval()
    parts = [
        mirrored(net, standardise(prepare(faces.images[start : start + 256])).to(device)).cpu()
        for start in range(0, len(faces), 256)
    ]
    return torch.cat(parts).numpy()


def calibrate(scores: NDArray[np.float32], faces: ferplus.FerPlus) -> tuple[float, float]:
    """Return (temperature, prior power) chosen on ``faces``.

    The power moves the decision towards rare classes, logits - power * log(prior). Of the powers
    whose accuracy is within one standard error of the highest (the rule of Breiman et al., 1984),
    it is the one with the highest unweighted average recall; the temperature then gives the lowest
    top-label calibration error.
    """
    log_prior = class_log_prior(faces)
    powers = [float(power) for power in np.arange(-5, 6) / 10]
    guesses = {power: (scores - power * log_prior).argmax(axis=1) for power in powers}
    right = {power: accuracy(faces.label, guess) for power, guess in guesses.items()}
    highest = max(right.values())
    slack = np.sqrt(highest * (1 - highest) / len(faces))
    power = max(
        (power for power in powers if right[power] >= highest - slack),
        key=lambda power: unweighted_average_recall(faces.label, guesses[power], classes=CLASSES),
    )

    def error(temperature: float) -> float:
        return expected_calibration_error(
            probabilities(scores, temperature, power, log_prior), faces.label
        )

    return float(min(np.arange(0.4, 2.01, 0.05), key=error)), power


def class_log_prior(faces: ferplus.FerPlus) -> NDArray[np.float64]:
    """Log share of each class, mean removed."""
    counts = np.bincount(faces.label, minlength=CLASSES) + 1.0
    log_prior = np.log(counts / counts.sum())
    return log_prior - log_prior.mean()


def probabilities(
    scores: NDArray[Any], temperature: float, power: float, log_prior: NDArray[Any]
) -> NDArray[np.float64]:
    """Softmax of the corrected logits."""
    z = (scores - power * log_prior) / temperature
    z = np.exp(z - z.max(axis=1, keepdims=True))
    return z / z.sum(axis=1, keepdims=True)


def feeds(images: NDArray[np.uint8]) -> list[dict[str, NDArray[np.float32]]]:
    """(N, 48, 48) uint8 in batches of 64 as the exported file reads them."""
    scaled = (images[:, None] / 255).astype(np.float32)
    return [{"image": scaled[start : start + 64]} for start in range(0, len(scaled), 64)]
