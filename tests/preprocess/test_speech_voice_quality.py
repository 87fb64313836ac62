"""Voice quality of made voices whose measures follow from how they are made."""

import numpy as np
import pytest

from openaffect.preprocess.speech_pitch import fundamental_frequency
from openaffect.preprocess.speech_voice_quality import (
    MEASURES,
    period_marks,
    voice_quality,
    voice_quality_features,
)
from openaffect.types import InvalidValueError
from openaffect.types.schemes import VOICE_QUALITY

RATE = 16_000


def pulses(periods, heights):
    """Bell-shaped pulses a millisecond wide, ``periods`` samples apart, of these heights."""
    places = np.cumsum(periods)
    time = np.arange(int(places[-1]) + 50)
    sound = np.zeros(len(time))
    for place, height in zip(places, heights, strict=True):
        near = slice(max(0, int(place) - 60), int(place) + 60)
        sound[near] += height * np.exp(-(((time[near] - place) / 8) ** 2))
    return (0.3 * sound).astype(np.float32)


def steady(hertz, seconds=2.0):
    count = int(hertz * seconds)
    return pulses(np.full(count, RATE / hertz), np.ones(count))


def alternating(hertz, share, seconds=2.0):
    """1 + share, 1 - share, 1 + share ...: neighbours differ by 2 * share of their mean."""
    return 1 + share * np.where(np.arange(int(hertz * seconds)) % 2, 1, -1)


def measured(samples):
    return dict(zip(VOICE_QUALITY.labels, voice_quality(samples).tolist(), strict=True))


@pytest.mark.parametrize("hertz", [90.0, 140.0, 220.0, 400.0])
@pytest.mark.parametrize("share", [0.0, 0.005, 0.01])
def test_jitter_is_what_was_put_in(hertz, share):
    factors = alternating(hertz, share)
    found = measured(pulses(RATE / hertz * factors, np.ones(len(factors))))
    assert found["jitter"] == pytest.approx(2 * share, abs=3e-4)


@pytest.mark.parametrize("hertz", [90.0, 140.0, 220.0])
@pytest.mark.parametrize("share", [0.0, 0.01, 0.03])
def test_shimmer_is_what_was_put_in(hertz, share):
    factors = alternating(hertz, share)
    found = measured(pulses(np.full(len(factors), RATE / hertz), factors))
    assert found["shimmer"] == pytest.approx(2 * share, abs=5e-3)
    assert found["jitter"] == pytest.approx(0, abs=1e-3)


def test_random_jitter_is_that_of_the_periods():
    """The second derivation is the formula over the periods that were put in."""
    periods = 100 * (1 + 0.01 * np.random.default_rng(3).standard_normal(400))
    expected = np.abs(np.diff(periods)).mean() / periods.mean()
    found = measured(pulses(periods, np.ones(400)))
    assert found["jitter"] == pytest.approx(expected, rel=0.05)


@pytest.mark.parametrize("decibels", [5.0, 10.0, 20.0])
def test_harmonics_to_noise_is_the_ratio_of_what_was_mixed(decibels):
    voice = steady(159.5)
    noise = np.random.default_rng(0).normal(0, 1, len(voice))
    noise *= voice.std() * 10 ** (-decibels / 20) / noise.std()
    found = measured((voice + noise).astype(np.float32))
    assert found["harmonics_to_noise"] == pytest.approx(decibels, abs=0.7)


def test_more_noise_lowers_the_cepstral_peak_and_raises_perturbation():
    voice = steady(159.5)
    noise = np.random.default_rng(1).normal(0, voice.std(), len(voice))
    noisy = [measured((voice + share * noise).astype(np.float32)) for share in (0.03, 0.1, 0.3, 1)]
    peaks = [row["cepstral_peak_prominence"] for row in noisy]
    assert peaks == sorted(peaks, reverse=True)
    assert peaks[0] - peaks[-1] > 5
    for name in ("jitter", "shimmer"):
        assert [row[name] for row in noisy] == sorted(row[name] for row in noisy)


@pytest.mark.parametrize("second", [1.0, 0.5, 0.1])
def test_h1_h2_is_the_ratio_of_the_first_two_harmonics(second):
    time = np.arange(2 * RATE) / RATE
    tone = 0.3 * np.sin(2 * np.pi * 200 * time) + 0.3 * second * np.sin(2 * np.pi * 400 * time + 1)
    assert measured(tone)["h1_h2"] == pytest.approx(-20 * np.log10(second), abs=0.1)


def test_alpha_ratio_is_low_band_over_high_band():
    time = np.arange(2 * RATE) / RATE
    low = np.sin(2 * np.pi * 200 * time) + 0.5 * np.sin(2 * np.pi * 400 * time)
    high = 0.1 * np.sin(2 * np.pi * 2000 * time)
    expected = 10 * np.log10((1 + 0.25) / 0.01)
    assert measured(0.3 * (low + high))["alpha_ratio"] == pytest.approx(expected, abs=0.1)


def test_level_changes_nothing():
    voice = steady(120.3)
    assert voice_quality(voice / 30) == pytest.approx(voice_quality(voice), rel=1e-2, abs=1e-4)


def test_marks_are_where_the_pulses_are():
    factors = alternating(125.0, 0.01, 1.0)
    periods = 128 * factors
    voice = pulses(periods, np.ones(len(periods)))
    (marks,) = period_marks(voice, fundamental_frequency(voice))
    places = np.cumsum(periods)
    off = np.abs(marks[:, None] - places).min(axis=1)
    assert len(marks) > 0.9 * len(places)
    assert off.max() < 0.6  # the first mark is a whole sample; the others keep its distance


@pytest.mark.parametrize("seconds", [0.0, 0.02, 1.0])
def test_nothing_voiced_is_not_measured(seconds):
    noise = np.random.default_rng(0).normal(0, 0.1, int(seconds * RATE)).astype(np.float32)
    assert np.isnan(voice_quality(noise)).all()
    assert np.isnan(voice_quality(np.zeros_like(noise))).all()
    assert voice_quality(noise).shape == (MEASURES,) == (len(VOICE_QUALITY),)


def test_another_rate_is_refused():
    with pytest.raises(InvalidValueError, match="8000"):
        voice_quality(steady(100), rate=8000)
    with pytest.raises(InvalidValueError, match="8000"):
        voice_quality_features(steady(100), rate=8000)


def test_as_features_what_was_not_measured_is_nought():
    assert voice_quality_features(np.zeros(RATE, np.float32)).tolist() == [0] * MEASURES


def test_praat_finds_nearly_the_same():
    """Praat's own period marks, another algorithm, on vowels that tremble."""
    parselmouth = pytest.importorskip(
        "parselmouth", reason="praat-parselmouth is not installed (GPL: never a dependency)"
    )
    call = parselmouth.praat.call
    random = np.random.default_rng(5)
    for hertz, share in ((110.0, 0.01), (210.0, 0.02)):
        count = int(2 * hertz)
        periods = RATE / hertz * (1 + share * random.standard_normal(count))
        heights = 1 + 3 * share * random.standard_normal(count)
        voice = pulses(periods, heights)
        sound = parselmouth.Sound(voice.astype(np.float64), RATE)
        settings = (0, 65, 15, True, 0.03, 0.45, 0.01, 0.35, 0.14, 800)
        pitch = call(sound, "To Pitch (ac)", *settings)
        points = call([sound, pitch], "To PointProcess (cc)")
        jitter = call(points, "Get jitter (local)", 0, 0, 0.0001, 0.02, 1.3)
        shimmer = call([sound, points], "Get shimmer (local)", 0, 0, 0.0001, 0.02, 1.3, 1.6)
        found = measured(voice)
        assert found["jitter"] == pytest.approx(jitter, rel=0.1)
        assert found["shimmer"] == pytest.approx(shimmer, rel=0.25)
