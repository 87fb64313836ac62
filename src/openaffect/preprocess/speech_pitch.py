"""Fundamental frequency by the autocorrelation method.

Boersma, "Accurate short-term analysis of the fundamental frequency and the harmonics-to-noise ratio
of a sampled sound", Proceedings of the Institute of Phonetic Sciences 17, 1993: the autocorrelation
of each windowed frame is divided by that of the window (eq. 9), its peaks are candidates with a
strength (eqs. 23 and 24), and the cheapest path through the candidates (eq. 27) settles voicing and
octave at once.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openaffect.types import InvalidValueError

RATE = 16_000
"""Samples a second."""
HOP = 160
"""Samples from one frame to the next: 10 ms, frame i centred on sample ``160 i``."""
LOWEST, HIGHEST = 65.0, 800.0
"""The range in Hz that is looked at: a low man's voice to a shouting woman's."""

_WINDOW = 739
"""Three periods of the lowest F0."""
_MIDDLE = slice(_WINDOW // 3, 2 * _WINDOW // 3)
"""The period about the frame's centre, whose loudness tells silence from sound."""
_TRANSFORM = 2048
_FINER = 2
"""The autocorrelation is interpolated to so many points a sample, by zeros after its spectrum."""
_BLOCK = 256
_CANDIDATES = 7
_SILENCE_THRESHOLD = 0.03
_VOICING_THRESHOLD = 0.45
_OCTAVE_COST = 0.01
_OCTAVE_JUMP_COST = 0.35
_VOICING_COST = 0.14
_QUIETEST_PEAK = 1e-4
"""A clip whose largest sample is below this (-80 dBFS) is taken for silence."""


def fundamental_frequency(samples: ArrayLike, *, rate: int = RATE) -> NDArray[np.float32]:
    """Return the F0 of a clip every 10 ms.

    Parameters
    ----------
    samples: (T,) sound in [-1, 1], mono, at ``rate``.
    rate: must be 16000; resample before.

    Returns
    -------
    (F,) float32 in Hz, NaN where the frame is unvoiced; F = ceil(T / 160), the same frames as
    those of the log-mel spectrogram.

    Raises
    ------
    InvalidValueError
        when the rate, the shape or a sample (NaN, infinity) is not as above.
    """
    if rate != RATE:
        raise InvalidValueError(f"F0 is sought at {RATE} Hz; got {rate} Hz, resample first")
    sound = np.asarray(samples, dtype=np.float32)
    if sound.ndim != 1:
        raise InvalidValueError(f"samples have shape {sound.shape}; expected (T,), mono")
    frames = -(-len(sound) // HOP)
    loudest = float(np.abs(sound - sound.mean()).max()) if frames else 0.0
    if not np.isfinite(loudest):
        raise InvalidValueError("samples hold NaN or infinity; give finite numbers in [-1, 1]")
    if loudest < _QUIETEST_PEAK:
        return np.full(frames, np.nan, np.float32)
    frequency = np.empty((frames, _CANDIDATES + 1))
    strength = np.empty((frames, _CANDIDATES + 1))
    views = centred_frames(sound)
    for begin in range(0, frames, _BLOCK):
        block = slice(begin, begin + _BLOCK)
        frequency[block], strength[block] = _candidates(views[block], loudest)
    return _cheapest_path(frequency, strength)


def centred_frames(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the (F, 739) samples about each frame's centre, three periods of the lowest F0."""
    padded = np.pad(sound, (_WINDOW // 2, _WINDOW // 2 + HOP))
    views = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::HOP]
    return views[: -(-len(sound) // HOP)]


def frame_correlation(frames: NDArray[np.float32]) -> tuple[NDArray[np.float64], int]:
    """Return the frames' autocorrelation over that of their window (eq. 9), and points a sample.

    frames: (n, 739) as :func:`centred_frames` gives them. The answer is (n, L), 1 at lag 0, up to
    the longest period, with so many points for each sample of lag.
    """
    window, window_correlation = _window()
    centred = frames - frames.mean(axis=1, keepdims=True)
    spectrum = np.fft.rfft(centred * window, _TRANSFORM)
    power = spectrum.real**2 + spectrum.imag**2
    correlation = np.fft.irfft(power, _TRANSFORM * _FINER)
    correlation = correlation[:, : len(window_correlation)]
    energy = np.maximum(correlation[:, :1], np.finfo(np.float32).tiny)
    return correlation / energy / window_correlation, _FINER


def _candidates(
    frames: NDArray[np.float32], loudest: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return (n, candidates + 1) frequencies in Hz and strengths; column 0 is "unvoiced", 0 Hz."""
    centred = frames - frames.mean(axis=1, keepdims=True)
    peaks = np.abs(centred[:, _MIDDLE]).max(axis=1)
    correlation, _ = frame_correlation(frames)
    lag, height = _peaks(correlation)

    frequency = np.zeros((len(frames), _CANDIDATES + 1))
    strength = np.full((len(frames), _CANDIDATES + 1), -np.inf)
    loudness = peaks / loudest * (1 + _VOICING_THRESHOLD) / _SILENCE_THRESHOLD
    strength[:, 0] = _VOICING_THRESHOLD + np.maximum(0.0, 2.0 - loudness)
    with np.errstate(divide="ignore", invalid="ignore"):
        hertz = RATE * _FINER / lag
        worth = height + _OCTAVE_COST * np.log2(hertz / LOWEST)
    frequency[:, 1:] = np.where(np.isfinite(worth), hertz, 0.0)
    strength[:, 1:] = np.where(np.isfinite(worth), worth, -np.inf)
    return frequency, strength


def _peaks(
    correlation: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return lag (fine samples) and height of each frame's best peaks, height -inf if fewer."""
    first = int(RATE * _FINER / HIGHEST)
    last = correlation.shape[1] - 2
    left = correlation[:, first - 1 : last - 1]
    middle = correlation[:, first:last]
    right = correlation[:, first + 1 : last + 1]
    is_peak = (middle > left) & (middle >= right) & (middle > _VOICING_THRESHOLD / 2)
    lags = np.arange(first, last)
    worth = np.where(is_peak, middle - _OCTAVE_COST * np.log2(lags), -np.inf)
    best = np.argpartition(-worth, _CANDIDATES, axis=1)[:, :_CANDIDATES]
    low = np.take_along_axis(left, best, axis=1)
    mid = np.take_along_axis(middle, best, axis=1)
    high = np.take_along_axis(right, best, axis=1)
    valid = np.take_along_axis(is_peak, best, axis=1)
    curve = np.where(valid, 2 * mid - low - high, 1.0)
    shift = 0.5 * (high - low) / curve
    height = np.where(valid, mid + 0.25 * (high - low) * shift, -np.inf)
    return lags[best] + shift, _folded(height)


def _folded(height: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return heights with those above 1 mirrored below it: short lags overshoot."""
    return np.where(height > 1.0, 1.0 / np.maximum(height, 1.0), height)


def _cheapest_path(
    frequency: NDArray[np.float64], strength: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Return one candidate's frequency a frame, NaN for unvoiced, by Viterbi's algorithm."""
    frames, width = frequency.shape
    came_from = np.zeros((frames, width), np.intp)
    columns = np.arange(width)
    total = strength[0]
    for begin in range(1, frames, _BLOCK):
        costs = _transition_costs(frequency[begin - 1 : begin + _BLOCK])
        for offset, cost in enumerate(costs):
            ways = total[:, None] - cost
            best = ways.argmax(axis=0)
            came_from[begin + offset] = best
            total = ways[best, columns] + strength[begin + offset]
    path = np.empty(frames, np.intp)
    path[-1] = int(total.argmax())
    for frame in range(frames - 1, 0, -1):
        path[frame - 1] = came_from[frame, path[frame]]
    chosen = frequency[np.arange(frames), path]
    return np.where(chosen > 0, chosen, np.nan).astype(np.float32)


def _transition_costs(frequency: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (n - 1, candidates, candidates) costs from each frame's candidate to the next's."""
    voiced = frequency > 0
    octave = np.log2(np.where(voiced, frequency, 1.0))
    jump = _OCTAVE_JUMP_COST * np.abs(octave[:-1, :, None] - octave[1:, None, :])
    before, after = voiced[:-1, :, None], voiced[1:, None, :]
    return np.where(before & after, jump, np.where(before ^ after, _VOICING_COST, 0.0))


@lru_cache(maxsize=1)
def _window() -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """Return the Hann window and its normalised autocorrelation up to the longest lag."""
    window = np.hanning(_WINDOW + 2)[1:-1].astype(np.float32)
    power = np.abs(np.fft.rfft(window, _TRANSFORM)) ** 2
    correlation = np.fft.irfft(power, _TRANSFORM * _FINER)
    longest = int(RATE * _FINER / LOWEST) + 3
    return window, correlation[:longest] / correlation[0]
