import numpy as np
import pytest

from openaffect.preprocess.speech_reliability import contrast, reliability
from openaffect.types import InvalidValueError

RATE = 16_000


def syllables(seconds, level=0.3, noise=1e-4):
    """Return bursts of a tone, four a second, with gaps between them, in white noise."""
    random = np.random.default_rng(0)
    time = np.arange(int(seconds * RATE)) / RATE
    loud = np.sin(2 * np.pi * 4 * time) > 0
    sound = level * loud * np.sin(2 * np.pi * 200 * time)
    return (sound + noise * random.standard_normal(len(time))).astype(np.float32)


def test_contrast_is_the_distance_of_tone_and_noise():
    """A tone of amplitude 0.3 has 0.045 of power; noise of deviation 0.01 has 0.0001: 26.5 dB."""
    assert contrast(syllables(3, noise=0.01)) == pytest.approx(26.5, abs=1.0)


def test_clear_speech_is_trusted_fully():
    assert reliability(syllables(3)) == 1.0


def test_noise_takes_trust_away_little_by_little():
    noisy = [reliability(syllables(3, noise=noise)) for noise in (0.01, 0.05, 0.1, 0.3)]
    assert noisy == sorted(noisy, reverse=True)
    assert noisy[0] == 1.0
    assert 0.1 <= noisy[-1] < 0.3


@pytest.mark.parametrize(("seconds", "expected"), [(0.25, 0.0), (0.875, 0.5), (1.5, 1.0)])
def test_short_speech_is_trusted_less(seconds, expected):
    assert reliability(syllables(seconds)) == pytest.approx(expected, abs=0.01)


def test_what_is_hardly_to_be_heard_is_not_trusted():
    quiet = syllables(3, level=0.3 * 10 ** (-45 / 20), noise=1e-6)
    assert reliability(quiet) == pytest.approx(0.325, abs=0.03)


def test_nothing_and_silence_are_not_trusted():
    assert reliability(np.zeros(0, np.float32)) == 0.0
    assert reliability(np.zeros(3 * RATE, np.float32)) == 0.0


def test_two_channels_are_refused():
    with pytest.raises(InvalidValueError, match="shape"):
        reliability(np.zeros((2, RATE), np.float32))
