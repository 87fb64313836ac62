"""The log-mel spectrogram that Whisper listens to, in NumPy.

Radford et al., "Robust Speech Recognition via Large-Scale Weak Supervision", 2023, section 2.2:
a 25 ms periodic Hann window, a step of 10 ms, the power spectrum through 80 mel bands from 0 to
8000 Hz (Slaney's scale and area normalisation, as in the Auditory Toolbox, 1998), the decimal
logarithm, everything more than 8 decades below the loudest cell raised to that level, and
``(x + 4) / 4``.

The loudest cell is that of the samples given: each call is normalised by itself. Silence appended
to a clip therefore changes only the frames whose window reaches over the clip's end (there the
clip is mirrored, or the appended silence is seen); what is appended sits at the floor.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openaffect.types import InvalidValueError

RATE = 16_000
"""Samples a second."""
BANDS = 80
"""Mel bands."""
HOP = 160
"""Samples from one frame to the next: 10 ms."""
WINDOW = 400
"""Samples in a frame: 25 ms."""

_BLOCK = 3000
_SMALLEST_POWER = 1e-10
_DECADES = 8.0


def log_mel(samples: ArrayLike, *, rate: int = RATE) -> NDArray[np.float32]:
    """Return Whisper's log-mel spectrogram of a clip.

    Parameters
    ----------
    samples: (T,) sound in [-1, 1], mono, at ``rate``.
    rate: must be 16000; resample before.

    Returns
    -------
    (80, F) float32 with F = ceil(T / 160): one column every 10 ms, column i centred on sample
    ``160 i``. A last part shorter than 10 ms is filled up with silence; no samples give F = 0.
    The values span at most 2: digital silence is -1.5, full-scale speech reaches about 1.5.

    Raises
    ------
    InvalidValueError
        when the rate, the shape or a sample (NaN, infinity) is not as above.
    """
    sound = _checked(samples, rate)
    if len(sound) == 0:
        return np.zeros((BANDS, 0), np.float32)
    frames = frame_count(len(sound))
    sound = np.pad(sound, (0, frames * HOP - len(sound)))
    sound = np.pad(sound, WINDOW // 2, mode="reflect")
    views = np.lib.stride_tricks.sliding_window_view(sound, WINDOW)[::HOP][:frames]
    window, bands = _hann(), mel_bands()
    power = np.empty((BANDS, frames), np.float32)
    for begin in range(0, frames, _BLOCK):
        spectrum = np.fft.rfft(views[begin : begin + _BLOCK] * window)
        energy = spectrum.real**2 + spectrum.imag**2
        power[:, begin : begin + _BLOCK] = bands @ energy.astype(np.float32, copy=False).T
    decades = np.log10(np.maximum(power, _SMALLEST_POWER))
    loudest: np.float32 = decades.max()
    np.maximum(decades, loudest - np.float32(_DECADES), out=decades)
    scaled: NDArray[np.float32] = (decades + np.float32(4)) / np.float32(4)
    return scaled


def frame_count(samples: int) -> int:
    """Return the number of columns that :func:`log_mel` gives for so many samples."""
    return math.ceil(samples / HOP)


@lru_cache(maxsize=1)
def mel_bands() -> NDArray[np.float32]:
    """Return the (80, 201) weights from the power spectrum's bins to the mel bands.

    Slaney's scale: linear up to 1000 Hz (200/3 Hz a mel), then 27 mels to a factor of 6.4; each
    triangle has unit area in hertz.
    """
    edges = _hertz(np.linspace(0.0, _mel(RATE / 2), BANDS + 2))
    bins = np.fft.rfftfreq(WINDOW, 1 / RATE)
    low, centre, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    triangles = np.minimum((bins - low) / (centre - low), (high - bins) / (high - centre))
    weights = (np.maximum(triangles, 0.0) * (2.0 / (high - low))).astype(np.float32)
    weights.flags.writeable = False
    return weights


_MELS_AT_1000 = 15.0
_LOG_STEP = math.log(6.4) / 27.0


def _mel(hertz: float) -> float:
    return _MELS_AT_1000 + math.log(hertz / 1000.0) / _LOG_STEP


def _hertz(mels: NDArray[np.float64]) -> NDArray[np.float64]:
    linear = mels * (1000.0 / _MELS_AT_1000)
    curved = 1000.0 * np.exp(_LOG_STEP * (mels - _MELS_AT_1000))
    return np.where(mels < _MELS_AT_1000, linear, curved)


@lru_cache(maxsize=1)
def _hann() -> NDArray[np.float32]:
    return np.hanning(WINDOW + 1)[:-1].astype(np.float32)


def _checked(samples: ArrayLike, rate: int) -> NDArray[np.float32]:
    if rate != RATE:
        raise InvalidValueError(f"log_mel needs sound at {RATE} Hz; got {rate} Hz, resample first")
    sound = np.asarray(samples, dtype=np.float32)
    if sound.ndim != 1:
        raise InvalidValueError(
            f"samples have shape {sound.shape}; expected (T,): mix the channels down to one"
        )
    if not np.isfinite(sound).all():
        where = int(np.argmin(np.isfinite(sound)))
        raise InvalidValueError(
            f"sample {where} is {sound[where]}; replace NaN and infinity by finite numbers"
        )
    return sound
