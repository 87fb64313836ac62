"""The log-mel spectrogram against its definition, by hand, and against Whisper's own."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openaffect.preprocess.speech_mel import BANDS, frame_count, log_mel, mel_bands
from openaffect.types import InvalidValueError

SECOND = 16_000


def sound(seed: int, samples: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 0.1, samples).astype(np.float32)


def by_definition(samples: np.ndarray) -> np.ndarray:
    """The same in float64, one frame and one frequency at a time, from the formulas."""
    samples = samples.astype(np.float64)
    mirrored = np.concatenate([samples[200:0:-1], samples, samples[-2:-202:-1]])
    index = np.arange(400)
    window = 0.5 - 0.5 * np.cos(2 * np.pi * index / 400)
    edges = []
    for mel in np.linspace(0, 15 + np.log(8) / (np.log(6.4) / 27), 82):
        edges.append(mel * 200 / 3 if mel < 15 else 1000 * 6.4 ** ((mel - 15) / 27))
    table = np.zeros((80, len(samples) // 160))
    for frame in range(table.shape[1]):
        piece = mirrored[160 * frame : 160 * frame + 400] * window
        power = [
            abs(np.sum(piece * np.exp(-2j * np.pi * k * index / 400))) ** 2 for k in range(201)
        ]
        for band in range(80):
            low, middle, high = edges[band : band + 3]
            for k, value in enumerate(power):
                hertz = 40.0 * k
                height = min((hertz - low) / (middle - low), (high - hertz) / (high - middle))
                table[band, frame] += max(0.0, height) * 2 / (high - low) * value
    decades = np.log10(np.maximum(table, 1e-10))
    return (np.maximum(decades, decades.max() - 8) + 4) / 4


def test_follows_the_definition():
    samples = sound(0, 960)
    assert np.abs(log_mel(samples) - by_definition(samples)).max() < 1e-4


def test_agrees_with_faster_whisper():
    extractor = pytest.importorskip("faster_whisper.feature_extractor").FeatureExtractor()
    samples = sound(1, 5 * SECOND)
    assert np.abs(log_mel(samples) - extractor(samples, padding=0)).max() < 1e-4
    assert np.abs(mel_bands() - extractor.mel_filters).max() < 1e-7


def test_blocks_leave_no_seam():
    samples = sound(2, 40 * SECOND)
    whole = log_mel(samples)
    part = log_mel(samples[29 * SECOND : 31 * SECOND])
    assert np.abs(whole[:, 2902:3098] - part[:, 2:198]).max() < 1e-4


@given(st.integers(0, 2000))
def test_a_column_every_ten_milliseconds(samples):
    table = log_mel(sound(3, samples))
    assert table.shape == (BANDS, -(-samples // 160)) == (BANDS, frame_count(samples))
    assert table.dtype == np.float32
    assert np.isfinite(table).all()


@settings(max_examples=20)
@given(st.floats(0.01, 10))
def test_gain_shifts_and_changes_nothing_else(gain):
    samples = sound(4, 3200)
    assert np.allclose(log_mel(gain * samples), log_mel(samples) + np.log10(gain**2) / 4, atol=1e-4)


@pytest.mark.parametrize("hertz", [300, 1000, 2500, 6000])
def test_a_tone_is_loudest_in_its_band(hertz):
    tone = 0.5 * np.sin(2 * np.pi * hertz * np.arange(SECOND) / SECOND)
    loudest = log_mel(tone)[:, 10:-10].argmax(axis=0)
    weights = mel_bands()[:, round(hertz / 40)]
    assert set(loudest) <= set(np.flatnonzero(weights > 0))


def test_silence_is_the_floor_and_spread_is_bounded():
    assert np.allclose(log_mel(np.zeros(1600)), -1.5)
    table = log_mel(sound(5, SECOND) * (np.arange(SECOND) > 8000))
    assert table.max() - table.min() <= 2 + 1e-6


def test_appended_silence_reaches_only_the_last_two_columns():
    samples = sound(6, SECOND)
    longer = log_mel(np.pad(samples, (0, SECOND)))
    assert np.abs(longer[:, :98] - log_mel(samples)[:, :98]).max() < 1e-5
    assert np.allclose(longer[:, 102:], longer.min())


@pytest.mark.parametrize(
    ("samples", "rate", "message"),
    [
        (np.zeros((2, 100)), 16_000, r"\(2, 100\)"),
        (np.zeros(100), 8_000, "8000 Hz"),
        (np.array([0.0, np.nan]), 16_000, "sample 1 is nan"),
        (np.array([np.inf]), 16_000, "sample 0 is inf"),
    ],
)
def test_refuses_what_it_cannot_take(samples, rate, message):
    with pytest.raises(InvalidValueError, match=message):
        log_mel(samples, rate=rate)
