"""Emotion of a voice from its pitch, loudness and timing, by support vector machines.

The seven measures of :mod:`openaffect.preprocess.speech_prosody` and statistics of the contours of
pitch and level behind them, as in the first systems (Dellaert, Polzin and Waibel, "Recognizing
emotion in speech", ICSLP 1996); one machine a label against the rest with the Gaussian kernel
(Cortes and Vapnik, Machine Learning 20, 1995). Margins become probabilities by one temperature.

The card's file ``model`` holds ``mean`` and ``deviation`` (D,), ``support`` (S, D), ``weight``
(S, K), ``offset`` (K,), ``width`` () of the kernel and ``slope`` () of the margins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.preprocess.speech_pitch import fundamental_frequency
from openaffect.preprocess.speech_prosody import (
    frame_power,
    is_silent,
    is_sounding,
    prosody,
    smooth_level,
)
from openaffect.types import Timeline, Weights
from openaffect.types.schemes import PROSODY

from ._base import BatchRecognizer, checked, softmax
from ._classical import Arrays, arrays

_CONTOUR = ("median", "deviation", "lowest", "highest", "movement", "slope")
MEASURES = (
    *PROSODY.labels,
    *(f"pitch {name}" for name in _CONTOUR),
    *(f"level {name}" for name in _CONTOUR),
)
"""What :func:`prosodic_measures` gives, in order; pitch in semitones above 1 Hz, level in dB."""
_FEWEST = 5


class SpeechProsodySvm(BatchRecognizer):
    """Recordings, (T,) float32 at 16 kHz, to emotions; silence abstains with equal scores."""

    modality = "speech"

    def __init__(self, weights: Weights) -> None:
        super().__init__(weights)
        names = ("mean", "deviation", "support", "weight", "offset", "width", "slope")
        self._held = arrays(weights, names)

    def __call__(self, batch: Sequence[Any], /) -> Timeline:
        """Recognise every item; an empty batch gives a timeline of no rows."""
        items = checked(batch, self.modality)
        timeline = super().__call__(items)
        silent = np.array([is_silent(item) for item in items], bool)
        abstain = timeline.extra.get("abstain", np.zeros(len(items), bool)) | silent
        return replace(timeline, extra={**timeline.extra, "abstain": abstain})

    def prepare(self, item: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the (19,) measures of one recording, all NaN for silence."""
        if is_silent(item):
            return np.full(len(MEASURES), np.nan, np.float32)
        return prosodic_measures(item)

    def encode(self, batch: Sequence[NDArray[Any]]) -> NDArray[Any]:
        """Return (N, K) probabilities."""
        rows = np.stack(batch)
        scores = softmax(margins(rows, self._held) * self._held["slope"])
        scores[np.isnan(rows).all(axis=1)] = 1 / len(self.scheme)
        return scores


def prosodic_measures(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the (19,) measures of (T,) float32 at 16 kHz, NaN where nothing can be measured."""
    pitch = fundamental_frequency(samples).astype(np.float64)
    level = smooth_level(frame_power(samples))
    heard = np.where(is_sounding(level), level, np.nan)
    contours = _contour(12 * np.log2(pitch)), _contour(heard)
    return np.asarray(np.concatenate([prosody(samples), *contours]), np.float32)


def _contour(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return median, deviation, 5 % and 95 %, mean movement a frame and slope a second."""
    there = np.flatnonzero(np.isfinite(values))
    if len(there) < _FEWEST:
        return np.full(len(_CONTOUR), np.nan)
    held = values[there]
    steps = np.abs(np.diff(held))[np.diff(there) == 1]
    seconds = (there - there.mean()) / 100
    slope = (seconds * (held - held.mean())).sum() / max(float((seconds**2).sum()), 1e-9)
    low, high = np.percentile(held, (5, 95))
    movement = steps.mean() if len(steps) else 0.0
    return np.array([np.median(held), held.std(), low, high, movement, slope])


def margins(rows: NDArray[Any], held: Arrays) -> NDArray[np.float64]:
    """Return the (N, K) margins of (N, D) measures; what was not measured counts as usual."""
    ready = np.nan_to_num((rows - held["mean"]) / held["deviation"])
    support = held["support"]
    distance = (
        (ready**2).sum(axis=1)[:, None] - 2 * ready @ support.T + (support**2).sum(axis=1)[None]
    )
    return np.asarray(np.exp(-held["width"] * distance) @ held["weight"] + held["offset"])


RECOGNIZER = SpeechProsodySvm
