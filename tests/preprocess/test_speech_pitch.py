"""F0 of sounds whose F0 is known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openaffect.preprocess.speech_pitch import fundamental_frequency
from openaffect.types import InvalidValueError

RATE = 16_000


def buzz(hertz, seconds=1.0, harmonics=range(1, 20), level=0.1):
    """A voice-like sound: harmonics falling by 6 dB an octave; ``hertz`` may glide."""
    samples = int(seconds * RATE)
    hertz = np.broadcast_to(hertz, samples)
    phase = 2 * np.pi * np.cumsum(hertz) / RATE
    parts = [np.sin(k * phase) / k for k in harmonics if k * hertz.max() < RATE / 2]
    return level * np.sum(parts, axis=0)


def semitones(found, true):
    return 12 * np.abs(np.log2(found / true))


@settings(max_examples=25, deadline=None)
@given(st.floats(75, 600), st.booleans(), st.floats(0.001, 1))
def test_steady_tones(hertz, pure, level):
    harmonics = [1] if pure else range(1, 20)
    found = fundamental_frequency(buzz(hertz, 0.5, harmonics, level))[4:-4]
    assert np.isfinite(found).all()
    assert semitones(found, hertz).max() < 0.02


def test_a_missing_fundamental_is_heard():
    found = fundamental_frequency(buzz(180.0, harmonics=range(3, 12)))[4:-4]
    assert semitones(found, 180.0).max() < 0.02


def test_glides_are_followed():
    true = 90 * 4 ** np.linspace(0, 1, 2 * RATE)  # two octaves in two seconds
    found = fundamental_frequency(buzz(true, 2.0))
    assert semitones(found, true[::160])[4:-4].max() < 0.02


@pytest.mark.parametrize(("decibels", "most"), [(20, 0.05), (10, 0.2), (0, 1.0)])
def test_noise_over_a_voice(decibels, most):
    clean = buzz(150.0, 2.0)
    noise = np.random.default_rng(0).normal(size=len(clean))
    noise *= np.sqrt(np.mean(clean**2) / np.mean(noise**2) / 10 ** (decibels / 10))
    found = fundamental_frequency(clean + noise)[4:-4]
    assert np.isfinite(found).mean() > 0.98
    assert np.nanmax(semitones(found, 150.0)) < most


def test_noise_has_no_pitch():
    noise = np.random.default_rng(1).normal(0, 0.1, 5 * RATE)
    assert np.isfinite(fundamental_frequency(noise)).mean() < 0.01


@pytest.mark.parametrize("samples", [np.zeros(RATE), np.full(RATE, 0.5), 1e-6 * buzz(200.0)])
def test_silence_has_no_pitch(samples):
    assert np.isnan(fundamental_frequency(samples)).all()


def test_voice_pause_voice():
    gap = np.zeros(RATE // 2)
    found = fundamental_frequency(np.concatenate([buzz(120.0), gap, buzz(240.0)]))
    voiced = np.isfinite(found)
    assert voiced[4:97].all()
    assert not voiced[104:146].any()
    assert voiced[154:246].all()
    assert semitones(found[4:97], 120).max() < 0.05
    assert semitones(found[154:246], 240).max() < 0.05


@pytest.mark.parametrize("samples", [0, 1, 160, 161, 800])
def test_a_value_every_ten_milliseconds(samples):
    found = fundamental_frequency(buzz(200.0)[:samples])
    assert found.shape == (-(-samples // 160),)
    assert found.dtype == np.float32


def test_blocks_leave_no_seam():
    found = fundamental_frequency(buzz(130.0, 12.0))
    assert semitones(found[4:-4], 130.0).max() < 0.02


def test_refuses_what_it_cannot_take():
    with pytest.raises(InvalidValueError, match="44100 Hz"):
        fundamental_frequency(np.zeros(100), rate=44_100)
    with pytest.raises(InvalidValueError, match=r"\(2, 100\)"):
        fundamental_frequency(np.zeros((2, 100)))
    with pytest.raises(InvalidValueError, match="NaN"):
        fundamental_frequency(np.array([0.1, np.nan, 0.2]))
