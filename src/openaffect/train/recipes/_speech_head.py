"""Features of a voice from a frozen encoder, and a linear classifier over them.

Features: mean and deviation over time of the outputs of some layers of Whisper's encoder, over the
whole clip and over its loud frames alone. The classifier is regularised least squares on +-1
targets with balanced classes (R. Rifkin, A. Klautau, "In Defense of One-Vs-All Classification",
JMLR 5, 2004), solved in the dual; every training clip is also heard played slower and faster.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from openaffect.data._clips import Clips
from openaffect.preprocess.speech_mel import log_mel
from openaffect.types import Progress

from ..nets.whisper_encoder import WhisperEncoder

LAYERS = (2, 3, 4)
WIDTH = 512
MINIMUM_FRAMES = 50
SPEEDS = ((1, 1), (10, 9), (10, 11))
"""Resampling ratios of the training copies: as recorded, a ninth slower, an eleventh faster."""


STATISTICS = 4
"""Of each layer: mean and deviation over all frames, then over the loud ones."""
_LOUD_RANK, _LOUD_RANGE = 0.95, 0.75
"""Loud is within 0.75 (of log-mel, 30 dB) of the level that 95 % of the frames stay under."""
_FEWEST_LOUD = 8


def loud_frames(mel: Tensor) -> Tensor:
    """(N, 80, F) log-mel -> (N, F / 2, 1) 0 or 1: which of the encoder's frames are loud.

    All of them where fewer than eight would be. Written so that it can be exported.
    """
    level = mel.mean(1)
    level = torch.cat([level, level[:, -1:]], 1)
    count = (mel.shape[2] + 1) // 2
    level = (level[:, 0 : 2 * count : 2] + level[:, 1 : 2 * count : 2]) / 2
    rising = torch.sort(level, 1).values
    place = _LOUD_RANK * (torch.ones_like(rising).sum(1, keepdim=True) - 1)
    below = place.floor()
    low = torch.gather(rising, 1, below.long())
    high = torch.gather(rising, 1, place.ceil().long())
    limit = low + (high - low) * (place - below) - _LOUD_RANGE
    loud = (level > limit).to(mel.dtype)
    enough = (loud.sum(1, keepdim=True) >= _FEWEST_LOUD).to(mel.dtype)
    return (loud * enough + (1 - enough)).unsqueeze(2)


def statistics(output: Tensor, loud: Tensor) -> Tensor:
    """(N, F, D) of one layer and (N, F, 1) -> (N, 4, D), see :data:`STATISTICS`."""
    found = []
    for weight in (torch.ones_like(loud), loud):
        total = weight.sum(1)
        mean = (output * weight).sum(1) / total
        spread = ((output - mean.unsqueeze(1)).pow(2) * weight).sum(1) / total
        found += [mean, spread.clamp_min(1e-12).sqrt()]
    return torch.stack(found, 1)


@torch.no_grad()
def pooled(net: WhisperEncoder, samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """(layers, 4, 512) statistics over time of each layer of ``LAYERS``."""
    padded = np.pad(samples, (0, max(0, MINIMUM_FRAMES * 160 - len(samples))))
    mel = torch.from_numpy(log_mel(padded))[None]
    outputs, loud = net(mel), loud_frames(mel)
    chosen = [statistics(outputs[layer - 1], loud)[0] for layer in LAYERS]
    return torch.stack(chosen).numpy()


def features(net: WhisperEncoder, clips: Clips, progress: Progress) -> NDArray[np.float32]:
    """(speeds, N, layers, 4, 512) features of every clip at every speed."""
    from scipy.signal import resample_poly

    table = np.zeros((len(SPEEDS), len(clips), len(LAYERS), STATISTICS, WIDTH), np.float32)
    for row in range(len(clips)):
        samples = clips.samples(row)
        for version, (up, down) in enumerate(SPEEDS):
            heard = samples if up == down else resample_poly(samples, up, down)
            table[version, row] = pooled(net, heard.astype(np.float32))
        progress("hearing clips", row + 1, len(clips))
    return table


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is chosen on training folds: layers by place in ``LAYERS``, statistics, ridge.

    statistics: how many of the four, from the first on.
    """

    layers: tuple[int, ...]
    statistics: int
    ridge: float

    def columns(self, table: NDArray[np.float32]) -> NDArray[np.float32]:
        """(..., layers, 4, 512) -> (..., D) of the picked layers and statistics."""
        picked = table[..., list(self.layers), : self.statistics, :]
        return picked.reshape(*table.shape[:-3], -1)


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """Standardise, then (D, K) weights and (K,) offsets to margins."""

    mean: NDArray[np.float64]
    deviation: NDArray[np.float64]
    weight: NDArray[np.float64]
    offset: NDArray[np.float64]

    def margins(self, rows: NDArray[Any]) -> NDArray[np.float64]:
        """(N, D) -> (N, K)."""
        return (rows - self.mean) / self.deviation @ self.weight + self.offset

    def folded(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return weights (D, K) and offsets (K,) that give the same without standardising."""
        weight = self.weight / self.deviation[:, None]
        return weight, self.offset - self.mean @ weight


def fit_linear(
    versions: Sequence[NDArray[Any]], label: NDArray[np.int64], classes: int, ridge: float
) -> Linear:
    """Fit on the rows of every version; the statistics come from the first, unchanged one."""
    return fit_ridges(versions, label, classes, (ridge,))[0]


def fit_ridges(
    versions: Sequence[NDArray[Any]],
    label: NDArray[np.int64],
    classes: int,
    ridges: Sequence[float],
) -> list[Linear]:
    """Fit as :func:`fit_linear` for each ridge, the costly part once; in the rows' precision."""
    from scipy.linalg import cho_factor, cho_solve

    mean = versions[0].mean(axis=0, dtype=np.float64)
    deviation = versions[0].std(axis=0, dtype=np.float64) + 1e-6
    kind = np.asarray(versions[0]).dtype
    rows = np.concatenate([((version - mean) / deviation).astype(kind) for version in versions])
    labels = np.tile(label, len(versions))
    targets = np.where(labels[:, None] == np.arange(classes), 1.0, 0.0) - 1 / classes
    count = np.maximum(np.bincount(labels, minlength=classes), 1)
    weight = np.sqrt(len(labels) / count[labels])[:, None].astype(kind)
    design = np.column_stack([rows, np.ones(len(rows), kind)]) * weight
    width = rows.shape[1]
    gram = design @ design.T / width
    found = []
    for ridge in ridges:
        raised = gram.copy()
        raised.flat[:: len(gram) + 1] += ridge
        dual = cho_solve(cho_factor(raised, overwrite_a=True), (targets * weight).astype(kind))
        solution = (design.T @ dual / width).astype(np.float64)
        found.append(Linear(mean, deviation, solution[:-1], solution[-1]))
    return found
