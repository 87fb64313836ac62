"""Garbled and truncated files: the library's own errors and nothing else, in bounded time."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_media import float_wav, grey_frames, tone, write_audio, write_video
from PIL import Image

from openaffect.io.audio import read_audio
from openaffect.io.image import read_image
from openaffect.io.kinds import kind_of
from openaffect.io.media import probe
from openaffect.io.tables import read_column
from openaffect.io.text import read_text
from openaffect.io.video import read_frames
from openaffect.types import OpenAffectError

PATIENCE = 20.0  # seconds of processor time for one file of some kilobytes

READERS: dict[str, Callable[[Path], object]] = {
    "kind_of": kind_of,
    "probe": probe,
    "read_image": read_image,
    "read_frames": lambda path: sum(frame.image.size for frame in read_frames(path)),
    "read_audio": lambda path: sum(len(part.samples) for part in read_audio(path)),
    "read_text": read_text,
    "read_column": lambda path: list(read_column(path, "text")),
}


@pytest.fixture(scope="module")
def samples(tmp_path_factory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("samples")
    noise = np.random.default_rng(0).integers(0, 255, (24, 32, 3), dtype=np.uint8)
    for suffix in ("png", "jpg", "gif", "bmp", "tiff", "webp", "jp2"):
        Image.fromarray(noise).save(folder / f"a.{suffix}")
    sound = tone(440, 0.4, 16_000)
    (folder / "float.wav").write_bytes(float_wav(sound))
    for suffix, codec, sample_format in (
        ("wav", "pcm_s16le", "s16"),
        ("flac", "flac", "s16"),
        ("m4a", "aac", "fltp"),
        ("aac", "aac", "fltp"),
        ("mka", "flac", "s16"),
    ):
        write_audio(
            folder / f"s.{suffix}", sound[None], 16_000, codec=codec, sample_format=sample_format
        )
    for suffix in ("mp4", "mkv", "avi", "ts"):
        times = [i / 25 for i in range(10)]
        frames = grey_frames(range(20, 220, 20), (32, 32))
        write_video(folder / f"v.{suffix}", frames, times, sound=(sound, 16_000, 0.0))
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def check(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    for name, read in READERS.items():
        begun = time.process_time()
        try:
            read(path)
        except OpenAffectError as error:
            assert path.name in str(error), f"{name} does not name the file: {error}"
        assert time.process_time() - begun < PATIENCE, f"{name} took too long"


RELAXED = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@RELAXED
@given(data=st.data())
def test_truncated_anywhere(samples, tmp_path, data):
    whole = samples[data.draw(st.sampled_from(sorted(samples)))]
    end = data.draw(st.integers(0, len(whole)))
    check(tmp_path / "cut.bin", whole[:end])


@RELAXED
@given(data=st.data())
def test_bytes_changed_anywhere(samples, tmp_path, data):
    garbled = bytearray(samples[data.draw(st.sampled_from(sorted(samples)))])
    within = st.integers(0, len(garbled) - 1) | st.integers(0, min(200, len(garbled) - 1))
    for place, value in data.draw(
        st.lists(st.tuples(within, st.integers(0, 255)), min_size=1, max_size=12)
    ):
        garbled[place] = value
    check(tmp_path / "garbled.bin", bytes(garbled))


@RELAXED
@given(data=st.data())
def test_stretches_put_in_or_left_out(samples, tmp_path, data):
    whole = samples[data.draw(st.sampled_from(sorted(samples)))]
    cut, end = sorted(data.draw(st.tuples(*[st.integers(0, len(whole))] * 2)))
    check(tmp_path / "spliced.bin", whole[:cut] + data.draw(st.binary(max_size=64)) + whole[end:])


@RELAXED
@given(
    start=st.sampled_from(
        [
            b"RIFF\xff\xff\xff\xffWAVE",
            b"OggS",
            b"ID3",
            b"\x1a\x45\xdf\xa3",
            b"\xff\xd8\xff",
            b"GIF89a",
            b"\x00\x00\x00\x18ftypisom",
            b"II*\x00",
            b"\xff\xfb\x90\x00",
            b"\x89PNG\r\n\x1a\n",
            b"",
        ]
    ),
    rest=st.binary(max_size=2000),
)
def test_any_bytes_after_a_known_beginning(tmp_path, start, rest):
    check(tmp_path / "random.bin", start + rest)


def test_every_sample_is_good_before_it_is_damaged(samples, tmp_path):
    for name, data in samples.items():
        path = tmp_path / name
        path.write_bytes(data)
        kind = kind_of(path)
        reader = {"image": "read_image", "audio": "read_audio", "video": "read_frames"}[kind]
        assert READERS[reader](path) is not None
