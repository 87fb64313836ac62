"""Made sequences of one face: logits that rise from calm to an emotion and fall back.

Nobody was filmed. Each made subject has a calm face and, for each emotion shown, two or three
faces of that emotion (of other people: FER+ knows no identities); the network's log-probabilities
of these pictures are joined by onset, apex and offset, with noise that lasts for some frames,
blinks, turns of the head (everything flatter and noisier, quality down) and gaps in which no face
was found. Times are uneven. What is measured on them is called simulated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

CALM = 7
"""The column of neutral in ``primary8``."""


@dataclass(frozen=True)
class Sequence:
    """times: (N,) seconds. scores: (N, 8) probabilities. quality: (N,). truth: (N,) columns."""

    times: NDArray[np.float64]
    scores: NDArray[np.float64]
    quality: NDArray[np.float64]
    truth: NDArray[np.int64]


def sequences(
    logs: NDArray[Any],
    label: NDArray[np.int64],
    count: int,
    *,
    seed: int,
    pace: float = 1.0,
    noise: float = 1.2,
) -> list[Sequence]:
    """Return made sequences from (M, 8) log-probabilities of pictures and their (M,) labels.

    pace: every rise, apex, fall and calm lasts so many times longer. noise: its deviation in nats.
    """
    generator = np.random.default_rng(seed)
    pools = [logs[label == column] for column in range(8)]
    return [_sequence(pools, generator, pace, noise) for _ in range(count)]


def _sequence(
    pools: list[Any], draw: np.random.Generator, pace: float, strength: float
) -> Sequence:
    seconds = 30.0 * pace
    times = np.cumsum(draw.uniform(0.1, 0.3, int(seconds / 0.2)))
    calm = pools[CALM][draw.integers(len(pools[CALM]), size=2)].mean(axis=0)
    base, truth = np.tile(calm, (len(times), 1)), np.full(len(times), CALM)
    share = np.array([len(pool) for pool in pools[:CALM]]) ** 0.5
    at = pace * draw.uniform(1, 4)
    while at < times[-1]:
        emotion = int(draw.choice(CALM, p=share / share.sum()))
        onset, apex, offset = pace * draw.uniform((0.3, 0.8, 0.5), (1.0, 4.0, 1.5))
        shown = _apex(pools[emotion], times - at, onset + apex + offset, draw)
        edges = (at, at + onset, at + onset + apex, at + onset + apex + offset)
        height = np.interp(times, edges, (0.0, 1.0, 1.0, 0.0))
        base = (1 - height[:, None]) * base + height[:, None] * shown
        truth[height > 0.5] = emotion
        at = edges[-1] + pace * draw.uniform(1, 5)
    quality = np.ones(len(times))
    noise = _lasting(times, draw) * strength
    for _ in range(draw.poisson(seconds / 12)):  # turns of the head
        away = np.abs(times - draw.uniform(0, seconds)) < draw.uniform(0.3, 1.0)
        base[away] *= 0.4
        noise[away] += draw.normal(0, 1.5, 8)
        quality[away] = 0.4
    for _ in range(draw.poisson(seconds / 4)):  # blinks
        shut = np.abs(times - draw.uniform(0, seconds)) < 0.1
        noise[shut] += draw.normal(0, 2.0, 8)
    kept = np.ones(len(times), bool)
    for _ in range(draw.poisson(seconds / 20)):  # nobody found
        kept &= np.abs(times - draw.uniform(0, seconds)) > draw.uniform(0.2, 0.8)
    scores = _softmax(base + noise)
    return Sequence(times[kept], scores[kept], quality[kept], truth[kept])


def _apex(pool: Any, since: Any, length: float, draw: np.random.Generator) -> Any:
    """Return the (N, 8) log-probabilities of an apex that moves through two or three faces."""
    faces = pool[draw.integers(len(pool), size=draw.integers(2, 4))]
    place = np.clip(since / length, 0, 1) * (len(faces) - 1)
    lower = np.minimum(place.astype(int), len(faces) - 2)
    part = (place - lower)[:, None]
    return (1 - part) * faces[lower] + part * faces[lower + 1]


def _lasting(times: Any, draw: np.random.Generator, seconds: float = 0.3) -> Any:
    """Return (N, 8) noise of deviation 1 whose likeness falls by e in ``seconds``."""
    noise = draw.normal(size=(len(times), 8))
    keep = np.exp(-np.diff(times, prepend=-np.inf) / seconds)
    for row in range(1, len(times)):
        noise[row] = keep[row] * noise[row - 1] + np.sqrt(1 - keep[row] ** 2) * noise[row]
    return noise


def _softmax(logs: Any) -> Any:
    powers = np.exp(logs - logs.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
