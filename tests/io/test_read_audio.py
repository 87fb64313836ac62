"""Sound comes as mono at one rate, band-limited, on the container's clock."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_media import float_wav, grey_frames, tone, write_audio, write_video

from openaffect.io import audio
from openaffect.io.audio import load_audio, read_audio, write_wav
from openaffect.io.media import probe
from openaffect.io.resample import Resampler
from openaffect.types import InvalidValueError, MediaError, OutputError, SourceNotFoundError

RATE = 16_000


def amplitude(samples: np.ndarray, frequency: float, rate: int = RATE) -> float:
    """The amplitude of one sine, by projection on it, the ends left out."""
    inner = samples[len(samples) // 8 : -len(samples) // 8].astype(np.float64)
    time = np.arange(len(inner)) / rate
    window = np.hanning(len(inner))
    wave = np.exp(-2j * np.pi * frequency * time) * window
    return float(2 * abs(inner @ wave) / window.sum())


def loudness(samples: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))


@pytest.mark.parametrize("source_rate", [8_000, 11_025, 22_050, 44_100, 48_000, 96_000, 192_000])
def test_tone_keeps_its_pitch_and_level(tmp_path, source_rate):
    path = write_wav(tmp_path / "tone.wav", tone(1000, 1.0, source_rate), source_rate)
    sound = load_audio(path)
    assert sound.rate == RATE and sound.start == 0.0 and sound.samples.dtype == np.float32
    assert len(sound.samples) == RATE
    assert amplitude(sound.samples, 1000) == pytest.approx(0.5, rel=0.01)
    expected = tone(1000, 1.0, RATE)
    inner = slice(RATE // 8, -RATE // 8)
    assert np.abs(sound.samples[inner] - expected[inner]).max() < 2e-3


@pytest.mark.parametrize("frequency", [8_800, 10_000, 15_000, 20_000])
def test_what_the_new_rate_cannot_hold_is_removed(tmp_path, frequency):
    path = write_wav(tmp_path / "high.wav", tone(frequency, 1.0, 48_000), 48_000)
    sound = load_audio(path).samples
    assert loudness(sound[800:-800]) < 0.35 * 10 ** (-60 / 20)
    assert amplitude(sound, 16_000 - frequency) < 0.5 * 10 ** (-60 / 20)


def test_speech_band_passes(tmp_path):
    path = write_wav(tmp_path / "band.wav", tone(7_000, 1.0, 48_000), 48_000)
    assert amplitude(load_audio(path).samples, 7_000) == pytest.approx(0.5, rel=0.02)


def test_channels_are_averaged_left_and_right(tmp_path):
    left, right = tone(300, 1.0, RATE), tone(2_000, 1.0, RATE)
    path = write_audio(tmp_path / "stereo.wav", np.stack([left, right]), RATE, layout="stereo")
    mono = load_audio(path).samples
    assert amplitude(mono, 300) == pytest.approx(0.25, rel=0.01)
    assert amplitude(mono, 2_000) == pytest.approx(0.25, rel=0.01)
    assert probe(path).channels == 2


def test_eight_channels_at_192_kilohertz(tmp_path):
    rate = 192_000
    channels = np.stack([tone(200 * (k + 1), 0.5, rate) for k in range(8)])
    path = write_audio(
        tmp_path / "eight.wav", channels, rate, codec="pcm_s32le", layout="7.1", sample_format="s32"
    )
    mono = load_audio(path)
    assert (probe(path).channels, probe(path).sample_rate) == (8, rate)
    assert len(mono.samples) == RATE // 2
    for k in range(8):
        assert amplitude(mono.samples, 200 * (k + 1)) == pytest.approx(0.5 / 8, rel=0.05)


@pytest.mark.parametrize(
    ("suffix", "codec", "sample_format"),
    [
        ("wav", "pcm_u8", "u8"),
        ("wav", "pcm_s16le", "s16"),
        ("wav", "pcm_s32le", "s32"),
        ("wav", "pcm_f32le", "flt"),
        ("wav", "pcm_f64le", "dbl"),
        ("aiff", "pcm_s16be", "s16"),
        ("flac", "flac", "s16"),
        ("au", "pcm_s16be", "s16"),
    ],
)
def test_every_sample_format_has_one_scale(tmp_path, suffix, codec, sample_format):
    samples = tone(440, 0.5, RATE)[None]
    if sample_format == "u8":
        path = tmp_path / "u8.wav"
        import wave

        with wave.open(str(path), "wb") as wav:
            wav.setparams((1, 1, RATE, 0, "NONE", ""))
            wav.writeframes(np.rint(samples[0] * 128 + 128).astype(np.uint8).tobytes())
    else:
        path = write_audio(
            tmp_path / f"tone.{suffix}", samples, RATE, codec=codec, sample_format=sample_format
        )
    assert np.abs(load_audio(path).samples - samples[0]).max() < 5e-3


@pytest.mark.parametrize(
    ("suffix", "codec", "rate", "sample_format"),
    [
        ("mp3", "libmp3lame", 44_100, "s16p"),
        ("m4a", "aac", 44_100, "fltp"),
        ("mkv", "flac", 48_000, "s16"),
        ("wav", "pcm_s16le", 44_100, "s16"),
        ("aac", "aac", 44_100, "fltp"),
    ],
)
def test_start_is_exact_to_the_sample(tmp_path, suffix, codec, rate, sample_format):
    import av

    if codec not in av.codecs_available:
        pytest.skip(f"this build of FFmpeg has no {codec} encoder")
    rng = np.random.default_rng(1)
    noise = np.cumsum(rng.normal(0, 0.02, 6 * rate)).astype(np.float32)
    noise = np.clip(noise - noise.mean(), -0.5, 0.5)[None]
    path = write_audio(
        tmp_path / f"noise.{suffix}", noise, rate, codec=codec, sample_format=sample_format
    )
    whole = load_audio(path)
    part = next(read_audio(path, start=3.3, chunk=1.0))
    assert part.start == pytest.approx(3.3, abs=1e-3)
    at = round((part.start - whole.start) * RATE)
    expected = whole.samples[at : at + RATE]
    lags = [np.abs(np.roll(expected, lag) - part.samples)[200:-200].max() for lag in range(-20, 21)]
    assert np.argmin(lags) == 20
    # AAC fills noisy bands with its own random noise, which differs from run to run.
    assert min(lags) < (0.03 if codec == "aac" else 1e-3)
    assert list(read_audio(path, start=60.0)) == []


def test_chunks_join_to_the_whole(tmp_path):
    path = write_wav(tmp_path / "tone.wav", tone(440, 3.21, 44_100), 44_100)
    whole = load_audio(path)
    parts = list(read_audio(path, chunk=0.5))
    assert [len(part.samples) for part in parts] == [8_000] * 6 + [3_360]
    assert [part.start for part in parts] == pytest.approx([0.5 * k for k in range(7)])
    assert np.array_equal(np.concatenate([part.samples for part in parts]), whole.samples)


def test_sound_later_than_picture_keeps_its_place(tmp_path):
    times = [i / 25 for i in range(75)]
    sound = (tone(440, 1.5, RATE), RATE, 1.5)
    path = write_video(tmp_path / "late.mp4", grey_frames([90]) * 75, times, sound=sound)
    first = next(read_audio(path))
    assert first.start == pytest.approx(1.5, abs=0.07)
    onset = first.start + np.argmax(np.abs(first.samples) > 0.1) / RATE
    assert onset == pytest.approx(1.5, abs=0.01)
    assert next(read_audio(path, start=2.0)).start == pytest.approx(2.0)


def test_gap_becomes_silence(tmp_path):
    loud = tone(440, 2.0, RATE)[None]
    path = write_audio(tmp_path / "gap.mkv", loud, RATE, starts=[(0, 0), (RATE, 3 * RATE)])
    sound = load_audio(path)
    assert sound.end == pytest.approx(4.0, abs=0.01)
    assert loudness(sound.samples[:RATE]) > 0.3
    assert loudness(sound.samples[RATE + 200 : 3 * RATE - 200]) == 0
    assert loudness(sound.samples[3 * RATE + 200 :]) > 0.3


def test_overlap_is_left_out(monkeypatch, tmp_path):
    # No muxer writes timestamps that run back, so the decoder's answers are made here.
    loud = tone(440, 1.0, RATE)
    decoded = [(0.0, loud, RATE), (0.5, loud, RATE), (1.5, loud, RATE)]
    monkeypatch.setattr(audio, "_mono", lambda path, start: iter(decoded))
    sound = load_audio(tmp_path / "any.wav")
    assert sound.end == pytest.approx(2.5)
    assert np.array_equal(sound.samples[RATE : RATE * 3 // 2], loud[RATE // 2 :])


def test_leap_of_timestamps_is_damage(tmp_path):
    loud = tone(440, 1.0, RATE)[None]
    path = write_audio(
        tmp_path / "leap.mkv", loud, RATE, starts=[(0, 0), (RATE // 2, 9_000 * RATE)]
    )
    with pytest.raises(MediaError, match="leap"):
        load_audio(path)


def test_silence_is_sound(tmp_path):
    path = write_wav(tmp_path / "silent.wav", np.zeros(RATE, np.float32), RATE)
    assert not load_audio(path).samples.any()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_no_number_is_named_with_its_time(tmp_path, value):
    samples = tone(440, 2.0, RATE)
    samples[RATE] = value
    path = tmp_path / "nan.wav"
    path.write_bytes(float_wav(samples))
    with pytest.raises(MediaError, match=r"NaN or infinity near (0\.9|1\.0)"):
        load_audio(path)


def test_beyond_full_scale_is_clipped(tmp_path):
    path = tmp_path / "loud.wav"
    path.write_bytes(float_wav(np.array([0.5, 3.0, -1e30, 1e30], np.float32)))
    assert load_audio(path).samples.tolist() == [0.5, 1.0, -1.0, 1.0]


def test_header_without_samples_is_named(tmp_path):
    path = tmp_path / "none.wav"
    path.write_bytes(float_wav(np.zeros(0, np.float32)))
    with pytest.raises(MediaError):
        load_audio(path)


def test_silent_video_has_no_sound(tmp_path):
    path = write_video(tmp_path / "mute.mp4", grey_frames([90]), [0])
    assert not probe(path).has_audio
    with pytest.raises(MediaError, match="holds no sound"):
        load_audio(path)


def test_cut_short_gives_its_good_part_then_an_error(tmp_path):
    whole = write_wav(tmp_path / "whole.wav", tone(440, 10.0, RATE), RATE)
    cut = tmp_path / "cut.wav"
    cut.write_bytes(whole.read_bytes()[: 5 * RATE * 2 + 44])
    heard = 0.0
    with pytest.raises(MediaError, match="cut short"):
        for part in read_audio(cut, chunk=1.0):
            heard = part.end
    assert heard == pytest.approx(5.0)


@pytest.mark.parametrize("stated", [0xFFFFFFFF, 0x7FFFF024, 0])
def test_wav_written_to_a_pipe_states_no_length(tmp_path, stated):
    path = write_wav(tmp_path / "pipe.wav", tone(440, 3.0, RATE), RATE)
    data = bytearray(path.read_bytes())
    data[4:8] = stated.to_bytes(4, "little")
    data[40:44] = (stated - 36 if stated > 36 else 0xFFFFFFFF).to_bytes(4, "little")
    path.write_bytes(data)
    assert load_audio(path).end == pytest.approx(3.0)


def test_memory_does_not_grow_with_length(tmp_path):
    path = write_wav(tmp_path / "long.wav", np.zeros(600 * RATE, np.float32), RATE)
    next(read_audio(path, rate=8_000))
    tracemalloc.start()
    try:
        heard = sum(len(part.samples) for part in read_audio(path, rate=8_000, chunk=5.0))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert heard == 600 * 8_000
    assert peak < 2_000_000


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from([8_000, 11_025, 16_000, 44_100, 48_000]),
    st.lists(st.integers(1, 5_000), min_size=1, max_size=8),
)
def test_resampling_in_pieces_is_resampling_at_once(source_rate, sizes):
    samples = np.random.default_rng(0).normal(0, 0.1, sum(sizes)).astype(np.float32)
    at_once, in_pieces = Resampler(source_rate, RATE), Resampler(source_rate, RATE)
    expected = np.concatenate([at_once.feed(samples), at_once.finish()])
    parts = [in_pieces.feed(part) for part in np.split(samples, np.cumsum(sizes)[:-1])]
    got = np.concatenate([*parts, in_pieces.finish()])
    assert len(got) == len(expected) == round(len(samples) * RATE / source_rate)
    assert np.allclose(got, expected, atol=1e-6)


def test_resampler_against_scipy():
    signal = pytest.importorskip("scipy.signal")
    time = np.arange(48_000) / 48_000
    chirp = (0.5 * np.sin(2 * np.pi * (100 + 3_000 * time) * time)).astype(np.float32)
    resampler = Resampler(48_000, RATE)
    got = np.concatenate([resampler.feed(chirp), resampler.finish()])
    expected = signal.resample_poly(chirp, 1, 3)
    assert np.abs(got - expected)[500:-500].max() < 5e-3


@pytest.mark.parametrize(
    "options", [{"rate": 0}, {"rate": 10**9}, {"chunk": 0}, {"chunk": float("nan")}, {"start": -1}]
)
def test_options_are_checked_at_once(tmp_path, options):
    with pytest.raises(InvalidValueError, match=next(iter(options))):
        read_audio(tmp_path / "any.wav", **options)


def test_absent_file_says_so(tmp_path):
    with pytest.raises(SourceNotFoundError):
        load_audio(tmp_path / "nowhere.wav")


def test_written_wav_reads_back(tmp_path):
    samples = np.array([0, 0.5, -0.5, 1.0, -1.0, 2.0], np.float32)
    path = write_wav(tmp_path / "a" / "b.wav", samples, RATE)
    assert np.abs(load_audio(path).samples - np.clip(samples, -1, 1)).max() < 1e-4


def test_wav_of_no_numbers_is_refused(tmp_path):
    with pytest.raises(InvalidValueError, match="NaN"):
        write_wav(tmp_path / "a.wav", np.array([np.nan], np.float32), RATE)
    with pytest.raises(InvalidValueError, match="shape"):
        write_wav(tmp_path / "a.wav", np.zeros((2, 2), np.float32), RATE)
    assert not list(tmp_path.iterdir())


def test_wav_into_a_file_as_folder_is_refused(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="cannot be written"):
        write_wav(tmp_path / "file" / "a.wav", np.zeros(4, np.float32), RATE)
