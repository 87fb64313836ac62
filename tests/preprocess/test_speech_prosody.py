"""Prosody of made sounds whose measures follow from how they are made."""

import numpy as np
import pytest

from openaffect.preprocess.speech_prosody import (
    frame_power,
    is_pause,
    is_silent,
    is_sounding,
    prosody,
    smooth_level,
    syllable_nuclei,
)
from openaffect.types import InvalidValueError
from openaffect.types.schemes import PROSODY

RATE = 16_000


def buzz(hertz, seconds):
    time = np.arange(int(seconds * RATE)) / RATE
    return 0.1 * sum(np.sin(2 * np.pi * hertz * k * time) / k for k in range(1, 20))


def syllables(rate, seconds, hertz=150.0, depth=0.9):
    """A buzz that swells ``rate`` times a second."""
    time = np.arange(int(seconds * RATE)) / RATE
    return buzz(hertz, seconds) * (1 - depth * (0.5 + 0.5 * np.cos(2 * np.pi * rate * time)))


def measured(samples):
    return dict(zip(PROSODY.labels, prosody(samples).tolist(), strict=True))


def test_full_scale_sine_is_3_decibels_below_full_scale():
    sine = np.sin(2 * np.pi * 200 * np.arange(RATE) / RATE)
    found = measured(sine)
    assert found["loudness_mean"] == pytest.approx(-3.01, abs=0.01)
    assert found["loudness_range"] == pytest.approx(0, abs=0.05)
    assert found["f0_mean"] == pytest.approx(200, rel=1e-3)
    assert found["f0_range"] == pytest.approx(0, abs=0.02)
    assert found["voiced_share"] == pytest.approx(1, abs=0.05)
    assert found["pause_share"] == 0


def test_half_as_loud_is_6_decibels_less_and_nothing_else():
    voice = syllables(4, 3)
    loud, quiet = prosody(voice), prosody(voice / 2)
    assert loud[2] - quiet[2] == pytest.approx(6.02, abs=0.01)
    assert np.allclose(np.delete(loud, 2), np.delete(quiet, 2), rtol=1e-3)


@pytest.mark.parametrize("rate", [2, 3, 4, 5, 6])
@pytest.mark.parametrize("hertz", [90.0, 220.0])
def test_syllables_are_counted(rate, hertz):
    assert measured(syllables(rate, 4, hertz))["syllable_rate"] == pytest.approx(rate, abs=0.26)


def test_dips_under_two_decibels_part_nothing():
    assert measured(syllables(4, 4, depth=0.15))["syllable_rate"] <= 0.5


def test_unvoiced_swells_are_no_syllables():
    noise = np.random.default_rng(0).normal(0, 0.1, 4 * RATE)
    swell = 1 - 0.9 * (0.5 + 0.5 * np.cos(2 * np.pi * 4 * np.arange(4 * RATE) / RATE))
    found = measured(noise * swell)
    assert found["syllable_rate"] == 0
    assert found["voiced_share"] < 0.01
    assert np.isnan(found["f0_mean"])
    assert np.isnan(found["f0_range"])
    assert np.isfinite(found["loudness_mean"])


def test_pauses_are_left_out_of_rates_and_levels():
    spoken, gap = syllables(4, 2), np.zeros(RATE)
    dense, sparse = measured(spoken), measured(np.concatenate([spoken, gap, spoken]))
    assert dense["pause_share"] == 0
    assert sparse["pause_share"] == pytest.approx(0.2, abs=0.02)
    for name in ("syllable_rate", "loudness_mean", "voiced_share", "f0_mean"):
        assert sparse[name] == pytest.approx(dense[name], rel=0.05)


def test_a_stop_of_a_tenth_of_a_second_is_no_pause():
    found = measured(np.concatenate([buzz(150, 1), np.zeros(RATE // 10), buzz(150, 1)]))
    assert found["pause_share"] == 0


def test_f0_range_of_a_glide():
    octaves = np.linspace(0, 1, 3 * RATE)
    phase = 2 * np.pi * np.cumsum(120 * 2**octaves) / RATE
    found = measured(0.1 * sum(np.sin(k * phase) / k for k in range(1, 20)))
    assert found["f0_range"] == pytest.approx(0.8 * 12, abs=0.15)  # 10 % to 90 % of an octave
    assert found["f0_mean"] == pytest.approx(120 / np.log(2), rel=0.01)


@pytest.mark.parametrize("samples", [np.zeros(2 * RATE), np.zeros(160), np.full(RATE, 1e-5)])
def test_silence_is_all_pause_and_nothing_measured(samples):
    found = prosody(samples)
    assert np.isnan(found[:6]).all()
    assert found[6] == 1
    assert is_silent(samples)


def test_no_samples_measure_nothing():
    assert np.isnan(prosody(np.zeros(0))).all()
    assert is_silent(np.zeros(0))


@pytest.mark.parametrize("samples", [1, 100, 160, 480, 800])
def test_clips_of_a_few_milliseconds(samples):
    found = prosody(buzz(200, 1)[20 : 20 + samples])
    assert found.shape == (7,)
    assert found.dtype == np.float32
    assert np.isfinite(found[2])


def test_ten_minutes():
    found = measured(np.tile(syllables(4, 10), 60).astype(np.float32))
    assert found["syllable_rate"] == pytest.approx(4, abs=0.1)
    assert found["f0_mean"] == pytest.approx(150, rel=0.01)


def test_frame_power_averages_what_is_there():
    power = frame_power(np.full(200, 0.5))
    assert np.allclose(power, [0.25, 0.25])
    assert np.allclose(smooth_level(power), 10 * np.log10(0.25))


def test_pause_needs_three_tenths_of_a_second():
    sounding = np.array([True] * 5 + [False] * 29 + [True] * 5 + [False] * 30)
    pause = is_pause(sounding)
    assert not pause[:39].any()
    assert pause[39:].all()


def test_sounding_is_relative_to_the_loudest():
    level = np.array([-20.0] * 50 + [-44.0] * 25 + [-46.0] * 25)
    assert is_sounding(level).tolist() == [True] * 75 + [False] * 25


def test_of_two_peaks_with_a_shallow_dip_the_higher_stays():
    level = np.array([-40.0, -21.0, -22.0, -20.0, -30.0, -20.5, -40.0])
    assert syllable_nuclei(level, np.ones(7, bool)).tolist() == [3, 5]
    assert syllable_nuclei(level, np.arange(7) < 3).tolist() == [3]


def test_refuses_stereo():
    with pytest.raises(InvalidValueError, match=r"\(100, 2\)"):
        prosody(np.zeros((100, 2)))
