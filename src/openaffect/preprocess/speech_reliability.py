"""How far a stretch of speech can be trusted to tell anything: its length, level and noise.

The noise is judged without a clean copy: within a stretch of speech the loudest moments (vowels)
lie far above the quietest (closures, pauses) unless noise fills these, so the distance between the
95th and the 10th percentile of the level over short frames falls as noise rises. In dB, over
frames of 32 ms.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from openaffect.types import InvalidValueError

RATE = 16_000
_FRAME = 512
_LENGTH = (0.25, 1.5)
_LEVEL = (-65.0, -45.0)
_CONTRAST = (4.0, 20.0)
_NOISY = 0.1
_FLOOR = 1e-10


def contrast(samples: NDArray[np.float32]) -> float:
    """Return the dB between the loud and the quiet frames of (T,) speech at 16 kHz; 0 if short."""
    levels = _levels(samples)
    if len(levels) < 4:
        return 0.0
    low, high = np.percentile(levels, [10, 95])
    return float(high - low)


def reliability(samples: NDArray[np.float32]) -> float:
    """Return the lowest of three ramps in [0, 1] for (T,) speech at 16 kHz in [-1, 1].

    length: nil at 0.25 s (one syllable), full from 1.5 s. level of the loud frames: nil at -65
    dBFS, full from -45. contrast: a tenth at 4 dB (noise alone, or a steady tone), full from 20;
    ``docs/decisions/fusion.md`` has what was measured.

    Raises :class:`InvalidValueError` for another shape.
    """
    if samples.ndim != 1:
        raise InvalidValueError(f"samples have shape {samples.shape}; expected (T,) at 16 kHz")
    if not len(samples):
        return 0.0
    loud = float(np.percentile(_levels(samples), 95))
    return min(
        _ramp(len(samples) / RATE, _LENGTH),
        _ramp(loud, _LEVEL),
        _NOISY + (1 - _NOISY) * _ramp(contrast(samples), _CONTRAST),
    )


def _levels(samples: NDArray[np.float32]) -> NDArray[np.float64]:
    count = max(1, len(samples) // _FRAME)
    frames = np.resize(samples.astype(np.float64), (count, min(_FRAME, len(samples))))
    return 10 * np.log10(np.maximum((frames**2).mean(axis=1), _FLOOR))


def _ramp(value: float, ends: tuple[float, float]) -> float:
    return float(np.clip((value - ends[0]) / (ends[1] - ends[0]), 0, 1))
