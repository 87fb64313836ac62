"""How something was said: pitch, loudness, speaking rate and pauses, from the sound alone.

Levels are in dB relative to full scale (dBFS): 0 is a mean square of 1, a sine of full amplitude
-3.01. Frames come every 10 ms. A frame is *sounding* when its level is within 25 dB of the clip's
99 % quantile and above -70 dBFS; a stretch of at least 0.3 s that is not sounding is a *pause*.

Syllables are counted as in de Jong and Wempe, "Praat script to detect syllable nuclei and measure
speech rate automatically", Behavior Research Methods 41, 2009: voiced peaks of the level, parted
from each other by dips of at least 2 dB, above a threshold that is relative to the 99 % quantile
as in their later script.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openaffect.types import InvalidValueError

from .speech_pitch import HOP, RATE, fundamental_frequency

FRAMES_A_SECOND = RATE // HOP
"""Frames a second of every contour here."""

_BELOW_LOUDEST = 25.0
_SILENCE = -70.0
_FLOOR_POWER = 1e-12
_SHORTEST_PAUSE = 30
_SMALLEST_DIP = 2.0
_SMOOTHING = 5
"""Frames of the Hann window that the level is smoothed with."""
_NEAR = 2
"""Frames about a peak within which the voice must sound for it to be a syllable's nucleus."""
_FEWEST_VOICED = 5
"""Frames; fewer say nothing about a voice's pitch."""
_SPREAD = (10.0, 90.0)
"""Percentiles between which a range is measured."""


def prosody(samples: ArrayLike, *, rate: int = RATE) -> NDArray[np.float32]:
    """Return what the voice did in a clip, in the order of the scheme ``prosody``.

    Parameters
    ----------
    samples: (T,) sound in [-1, 1], mono, at ``rate``.
    rate: must be 16000; resample before.

    Returns
    -------
    (7,) float32, NaN where there is nothing to measure:

    - ``f0_mean`` in Hz over the voiced frames (at least 50 ms of them);
    - ``f0_range`` in semitones from their 10 % to their 90 % quantile;
    - ``loudness_mean`` in dBFS, of the mean power of the sounding frames;
    - ``loudness_range`` in dB from the 10 % to the 90 % quantile of their levels;
    - ``voiced_share``, of the frames outside pauses, in [0, 1];
    - ``syllable_rate``, syllables a second of the time outside pauses (articulation rate);
    - ``pause_share``, of all frames, in [0, 1]: 1 for silence.

    Raises
    ------
    InvalidValueError
        when the rate, the shape or a sample (NaN, infinity) is not as above.
    """
    pitch = fundamental_frequency(samples, rate=rate)
    power = frame_power(samples)
    level = smooth_level(power)
    if not len(level):
        return np.full(7, np.nan, np.float32)
    sounding = is_sounding(level)
    speaking = ~is_pause(sounding)
    seconds = speaking.sum() / FRAMES_A_SECOND
    voiced = np.isfinite(pitch) & speaking
    nuclei = syllable_nuclei(level, voiced) if seconds else ()
    return np.array(
        [
            *_pitch(pitch[voiced]),
            *_loudness(power[sounding], level[sounding]),
            voiced.sum() / speaking.sum() if seconds else np.nan,
            len(nuclei) / seconds if seconds else np.nan,
            1.0 - speaking.mean(),
        ],
        np.float32,
    )


def frame_power(samples: ArrayLike) -> NDArray[np.float64]:
    """Return the (F,) mean square of each 10 ms of (T,) samples, F = ceil(T / 160)."""
    sound = np.asarray(samples, dtype=np.float32)
    if sound.ndim != 1:
        raise InvalidValueError(f"samples have shape {sound.shape}; expected (T,), mono")
    frames = -(-len(sound) // HOP)
    squares = np.zeros(frames * HOP)
    np.square(sound, out=squares[: len(sound)])
    power: NDArray[np.float64] = squares.reshape(frames, HOP).mean(axis=1)
    if frames:
        power[-1] *= HOP / (len(sound) - (frames - 1) * HOP)
    return power


def smooth_level(power: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the (F,) level in dBFS, at least -120, of a power smoothed over 50 ms."""
    if not len(power):
        return np.zeros(0)
    weights = np.hanning(_SMOOTHING + 2)[1:-1]
    margin = _SMOOTHING // 2
    summed = np.convolve(power, weights)[margin : margin + len(power)]
    present = np.convolve(np.ones(len(power)), weights)[margin : margin + len(power)]
    return 10 * np.log10(np.maximum(summed / present, _FLOOR_POWER))


def is_sounding(level: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell for each frame of a (F,) level in dBFS whether it sounds; see the module's top."""
    if not len(level):
        return np.zeros(0, np.bool_)
    return level >= max(float(np.quantile(level, 0.99)) - _BELOW_LOUDEST, _SILENCE)


def is_silent(samples: ArrayLike) -> bool:
    """Tell whether (T,) samples stay below -70 dBFS all along; no samples are silent."""
    return not is_sounding(smooth_level(frame_power(samples))).any()


def is_pause(sounding: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell for each frame whether it lies in at least 0.3 s without a sounding frame.

    A clip shorter than that with no sounding frame at all is one pause.
    """
    edges = np.flatnonzero(np.diff(sounding.astype(np.int8), prepend=1, append=1))
    pause = np.zeros(len(sounding), np.bool_)
    for begin, end in edges.reshape(-1, 2):
        pause[begin:end] = end - begin >= min(_SHORTEST_PAUSE, len(sounding))
    return pause


def syllable_nuclei(level: NDArray[np.float64], voiced: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the frames of the syllables' nuclei, given the (F,) level in dBFS and voicing."""
    threshold = np.quantile(level, 0.99) - _BELOW_LOUDEST
    bounded = np.concatenate([[-np.inf], level, [-np.inf]])
    is_peak = (bounded[1:-1] > bounded[:-2]) & (bounded[1:-1] >= bounded[2:])
    nuclei: list[int] = []
    for peak in np.flatnonzero(is_peak & (level >= threshold)).tolist():
        if nuclei:
            before = nuclei[-1]
            dip = float(level[before : peak + 1].min())
            if min(level[before], level[peak]) - dip < _SMALLEST_DIP:
                nuclei[-1] = peak if level[peak] > level[before] else before
                continue
        nuclei.append(peak)
    near = [voiced[max(0, peak - _NEAR) : peak + _NEAR + 1].any() for peak in nuclei]
    return np.array([peak for peak, voice in zip(nuclei, near, strict=True) if voice], np.int64)


def _pitch(voiced: NDArray[np.float32]) -> tuple[float, float]:
    if len(voiced) < _FEWEST_VOICED:
        return np.nan, np.nan
    low, high = np.percentile(voiced, _SPREAD)
    return float(voiced.mean()), float(12 * np.log2(high / low))


def _loudness(power: NDArray[np.float64], level: NDArray[np.float64]) -> tuple[float, float]:
    if not len(power):
        return np.nan, np.nan
    low, high = np.percentile(level, _SPREAD)
    return float(10 * np.log10(max(power.mean(), _FLOOR_POWER))), float(high - low)
