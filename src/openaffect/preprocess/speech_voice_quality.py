"""How a voice sounds: steadiness of its periods, noise in it, tilt of its spectrum.

Six measures that tell a breathy voice (noise, a strong first harmonic, little above 1 kHz) from a
tense or pressed one (harmonics that stay strong), and a steady voice from a trembling one. None
depends on the level. Only voiced stretches are looked at, found by :mod:`.speech_pitch`.

- P. Boersma, D. Weenink, "Praat", manual pages "Voice 2. Jitter" and "Voice 3. Shimmer": local
  jitter and shimmer, and which pairs of periods count;
- P. Boersma, Proceedings of the Institute of Phonetic Sciences 17, 1993: the harmonics-to-noise
  ratio from the height of the autocorrelation's peak (eq. 4);
- J. Hillenbrand, R. Cleveland, R. Erickson, "Acoustic correlates of breathy vocal quality", Journal
  of Speech and Hearing Research 37, 1994: cepstral peak prominence and H1-H2;
- F. Eyben et al., "The Geneva Minimalistic Acoustic Parameter Set (GeMAPS)", IEEE Transactions on
  Affective Computing 7(2), 2016: the alpha ratio, 50 to 1000 Hz over 1 to 5 kHz.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openaffect.types import InvalidValueError

from ._checks import Samples, check_samples
from ._step import Step
from .speech_pitch import HOP, RATE, centred_frames, frame_correlation, fundamental_frequency

MEASURES = 6
"""Numbers that :func:`voice_quality` gives."""

_FEWEST_VOICED = 5
"""Frames; fewer say nothing about a voice."""
_SHORTEST_STEP, _LONGEST_STEP = 0.8, 1.25
"""Where the next period is looked for, in periods."""
_LOWEST_MATCH = 0.3
"""Correlation of two neighbouring periods under which the voice has stopped."""
_LARGEST_PERIOD_FACTOR = 1.3
_LARGEST_AMPLITUDE_FACTOR = 1.6
_SURE = 1.0 - 1e-6
"""The highest autocorrelation taken: 60 dB of harmonics over noise."""
_SPECTRUM = 1024
"""Samples of a frame whose spectrum is taken: 64 ms, four periods of the lowest voice."""
_CEPSTRUM_FIRST = RATE // 1000
_PEAK_PITCH = (60.0, 500.0)
_LOW_BAND, _HIGH_BAND = (50.0, 1000.0), (1000.0, 5000.0)
_TINY = 1e-20


def voice_quality(samples: ArrayLike, *, rate: int = RATE) -> NDArray[np.float32]:
    """Return how a voice sounded in a clip, in the order of the scheme ``voice-quality``.

    Parameters
    ----------
    samples: (T,) sound in [-1, 1], mono, at ``rate``.
    rate: must be 16000; resample before.

    Returns
    -------
    (6,) float32, NaN where there is nothing to measure (fewer than 50 ms voiced):

    - ``jitter``, local: mean difference of neighbouring periods over the mean period, 0 or more;
    - ``shimmer``, local: the same of their amplitudes;
    - ``harmonics_to_noise`` in dB, mean over every other voiced frame, at most 60;
    - ``cepstral_peak_prominence`` in dB, mean over the voiced frames;
    - ``h1_h2`` in dB: the first harmonic's level less the second's, as recorded, the formants'
      part not taken off;
    - ``alpha_ratio`` in dB: level from 50 to 1000 Hz less that from 1 to 5 kHz.

    Raises
    ------
    InvalidValueError
        when the rate, the shape or a sample (NaN, infinity) is not as above.
    """
    pitch = fundamental_frequency(samples, rate=rate)
    sound = np.asarray(samples, dtype=np.float32)
    voiced = np.flatnonzero(np.isfinite(pitch))
    if len(voiced) < _FEWEST_VOICED:
        return np.full(MEASURES, np.nan, np.float32)
    marks = period_marks(sound, pitch)
    hertz = pitch[voiced].astype(np.float64)
    power = _power(sound, voiced)
    return np.array(
        [
            *_perturbation(sound, marks),
            _harmonics_to_noise(sound, voiced, hertz),
            _cepstral_peak_prominence(power),
            _first_harmonics(power, hertz),
            _level(power, _LOW_BAND) - _level(power, _HIGH_BAND),
        ],
        np.float32,
    )


def period_marks(
    sound: NDArray[np.float32], pitch: NDArray[np.float32]
) -> list[NDArray[np.float64]]:
    """Return the places of the periods of each voiced stretch, in samples and parts of samples.

    From the highest point near the middle of a stretch each next period is where the sound is most
    like the last one (normalised cross-correlation), 0.8 to 1.25 periods on.

    sound: (T,) at 16 kHz; pitch: (F,) in Hz, NaN where unvoiced, a frame every 10 ms.
    """
    centred = sound.astype(np.float64) - sound.mean()
    voiced = np.isfinite(pitch).astype(np.int8)
    edges = np.flatnonzero(np.diff(voiced, prepend=0, append=0)).reshape(-1, 2)
    found = []
    for first, behind in edges.tolist():
        begin, end = max(0, first * HOP - HOP // 2), min(len(sound), behind * HOP - HOP // 2)
        middle = (first + behind) // 2
        period = RATE / pitch[middle]
        low = int(max(begin, middle * HOP - period / 2))
        near = np.abs(centred[low : int(low + period) + 1])
        if not len(near):
            continue
        start = low + int(near.argmax())
        forward = _follow(centred, pitch, start, begin, end, 1)
        backward = _follow(centred, pitch, start, begin, end, -1)
        found.append(np.array([*backward[::-1], float(start), *forward]))
    return found


def _follow(
    sound: NDArray[np.float64],
    pitch: NDArray[np.float32],
    start: int,
    begin: int,
    end: int,
    way: int,
) -> list[float]:
    """Return the marks after (``way`` 1) or before (-1) ``start``, within ``begin`` to ``end``."""
    marks: list[float] = []
    at = float(start)
    while True:
        frame = min(max(round(at / HOP), 0), len(pitch) - 1)
        if not np.isfinite(pitch[frame]):
            return marks
        step = _next_period(sound, round(at), RATE / float(pitch[frame]), way)
        if step is None or not begin <= at + way * step <= end:
            return marks
        at += way * step
        marks.append(at)


def _next_period(sound: NDArray[np.float64], centre: int, period: float, way: int) -> float | None:
    """Return the distance in samples to the next period, None where there is none like it."""
    half = int(period / 2)
    shortest, longest = int(_SHORTEST_STEP * period), int(np.ceil(_LONGEST_STEP * period))
    if way > 0:
        low, high = centre - half, centre + longest + half + 1
    else:
        low, high = centre - longest - half, centre + half + 1
    if low < 0 or high > len(sound):
        return None
    width = 2 * half + 1
    model = sound[centre - half : centre + half + 1]
    lags = np.arange(shortest, longest + 1)
    views = np.lib.stride_tricks.sliding_window_view(sound[low:high], width)
    rows = views[shortest:] if way > 0 else views[longest - shortest :: -1]
    rows = rows[: len(lags)]
    energy = np.einsum("ij,ij->i", rows, rows) * (model @ model)
    match = (rows @ model) / np.sqrt(np.maximum(energy, _TINY))
    best = int(match.argmax())
    if match[best] < _LOWEST_MATCH or not 0 < best < len(match) - 1:
        return None
    before, there, after = match[best - 1 : best + 2]
    return float(lags[best] + 0.5 * (before - after) / (before - 2 * there + after))


def _perturbation(
    sound: NDArray[np.float32], marks: list[NDArray[np.float64]]
) -> tuple[float, float]:
    """Return local jitter and local shimmer over the marked stretches."""
    periods, amplitudes = [], []
    for places in marks:
        steps = np.diff(places)
        periods.append(_pairs(steps, _LARGEST_PERIOD_FACTOR))
        heights = np.array(
            [_amplitude(sound, at, step) for at, step in zip(places, steps, strict=False)]
        )
        amplitudes.append(_pairs(heights, _LARGEST_AMPLITUDE_FACTOR))
    return _relative_difference(periods), _relative_difference(amplitudes)


def _amplitude(sound: NDArray[np.float32], at: float, period: float) -> float:
    """Return the root mean square of the period about a mark."""
    half = period / 2
    piece = sound[max(0, round(at - half)) : round(at + half)].astype(np.float64)
    return float(np.sqrt(np.mean(piece**2))) if len(piece) else 0.0


def _pairs(values: NDArray[np.float64], factor: float) -> NDArray[np.float64]:
    """Return (P, 2) neighbours that differ by ``factor`` at most."""
    pairs = np.stack([values[:-1], values[1:]], axis=1) if len(values) > 1 else np.zeros((0, 2))
    return pairs[pairs.max(axis=1, initial=0.0) <= factor * pairs.min(axis=1, initial=np.inf)]


def _relative_difference(parts: list[NDArray[np.float64]]) -> float:
    pairs = np.concatenate([np.zeros((0, 2)), *parts])
    if not len(pairs) or not pairs.mean() > 0:
        return np.nan
    return float(np.abs(pairs[:, 0] - pairs[:, 1]).mean() / pairs.mean())


def _harmonics_to_noise(
    sound: NDArray[np.float32], voiced: NDArray[np.int64], hertz: NDArray[np.float64]
) -> float:
    voiced, hertz = voiced[::2], hertz[::2]
    correlation, finer = frame_correlation(centred_frames(sound)[voiced])
    lag = RATE * finer / hertz
    near = np.rint(lag).astype(np.int64)[:, None] + np.arange(-2, 3)
    near = np.clip(near, 1, correlation.shape[1] - 1)
    height = np.take_along_axis(correlation, near, axis=1).max(axis=1)
    height = np.clip(height, 1.0 - _SURE, _SURE)
    return float((10 * np.log10(height / (1.0 - height))).mean())


def _power(sound: NDArray[np.float32], frames: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the (n, 513) power spectra of the 64 ms about each frame's centre."""
    padded = np.pad(sound, (_SPECTRUM // 2, _SPECTRUM // 2 + HOP))
    views = np.lib.stride_tricks.sliding_window_view(padded, _SPECTRUM)[frames * HOP]
    spectrum = np.fft.rfft(views * np.hanning(_SPECTRUM + 1)[:-1])
    power: NDArray[np.float64] = spectrum.real**2 + spectrum.imag**2
    return power


def _cepstral_peak_prominence(power: NDArray[np.float64]) -> float:
    """Return the mean height of the cepstrum's peak over a line through it, from 1 ms on."""
    decibels = 10 * np.log10(np.maximum(power, _TINY))
    cepstrum = np.abs(np.fft.irfft(decibels, axis=1))[:, : _SPECTRUM // 2]
    level = 20 * np.log10(np.maximum(cepstrum, _TINY))
    quefrency = np.arange(_CEPSTRUM_FIRST, level.shape[1])
    slope, offset = np.polyfit(quefrency, level[:, _CEPSTRUM_FIRST:].T, 1)
    first, last = int(RATE / _PEAK_PITCH[1]), int(RATE / _PEAK_PITCH[0])
    peak = first + level[:, first : last + 1].argmax(axis=1)
    height = level[np.arange(len(level)), peak]
    return float((height - slope * peak - offset).mean())


def _first_harmonics(power: NDArray[np.float64], hertz: NDArray[np.float64]) -> float:
    """Return the mean level of the first harmonic less that of the second, in dB."""
    step = RATE / _SPECTRUM
    levels = []
    for harmonic in (1, 2):
        centre = np.rint(harmonic * hertz / step).astype(np.int64)[:, None] + np.arange(-2, 3)
        near = np.take_along_axis(power, np.clip(centre, 0, power.shape[1] - 1), axis=1)
        levels.append(10 * np.log10(np.maximum(near.sum(axis=1), _TINY)))
    return float((levels[0] - levels[1]).mean())


def _level(power: NDArray[np.float64], band: tuple[float, float]) -> float:
    """Return the mean over the frames of the level within a band, in dB."""
    hertz = np.fft.rfftfreq(_SPECTRUM, 1 / RATE)
    inside = (hertz >= band[0]) & (hertz < band[1])
    return float((10 * np.log10(np.maximum(power[:, inside].sum(axis=1), _TINY))).mean())


def voice_quality_features(samples: Samples, *, rate: int = RATE) -> NDArray[np.float32]:
    """Return the six measures of :func:`voice_quality` as features, 0 where unmeasured."""
    check_samples(samples)
    if rate != RATE:
        raise InvalidValueError(f"voice quality is measured at {RATE} Hz; got {rate} Hz")
    return np.nan_to_num(voice_quality(samples, rate=rate))


STEPS = (
    Step(
        name="voice quality",
        modality="speech",
        function=voice_quality_features,
        citation="Boersma 1993; Hillenbrand et al. 1994; Eyben et al. 2016",
        accepts="samples",
        gives="features",
    ),
)
