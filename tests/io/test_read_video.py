"""Frames come upright, at the container's times, two at a time."""

from __future__ import annotations

import tracemalloc
from fractions import Fraction

import av
import numpy as np
import pytest
from made_media import grey_frames, level_of, tone, write_video

from openaffect.io.media import probe
from openaffect.io.video import read_frames
from openaffect.types import InvalidValueError, MediaError, SourceNotFoundError

LEVELS = [40, 60, 80, 100, 120, 140, 160, 180, 200, 220]
UNEVEN = [0.0, 0.04, 0.08, 0.5, 0.52, 0.54, 1.3, 1.9, 2.0, 2.04]


@pytest.fixture
def uneven(tmp_path):
    return write_video(tmp_path / "uneven.mp4", grey_frames(LEVELS), UNEVEN)


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "mov"])
def test_times_are_presentation_times_not_counts(tmp_path, suffix):
    path = write_video(tmp_path / f"uneven.{suffix}", grey_frames(LEVELS), UNEVEN)
    frames = list(read_frames(path))
    assert [frame.time for frame in frames] == pytest.approx(UNEVEN, abs=1e-3)
    gaps = np.diff(UNEVEN)
    assert [frame.duration for frame in frames[:-1]] == pytest.approx(gaps, abs=1.1e-3)
    assert frames[-1].duration > 0
    assert [frame.index for frame in frames] == list(range(10))
    assert [level_of(frame.image) for frame in frames] == pytest.approx(LEVELS, abs=3)


def test_every_takes_the_frame_shown_at_each_multiple(uneven):
    frames = list(read_frames(uneven, every=0.25))
    # By hand: what is on screen at 0, .25, .5, .75, 1, 1.25, 1.5, 1.75, 2.
    shown = [max(t for t in UNEVEN if t <= k * 0.25 + 1e-9) for k in range(9)]
    assert [frame.time for frame in frames] == pytest.approx(sorted(set(shown)), abs=1e-3)


def test_every_of_even_video_is_exact(tmp_path):
    times = [i / 25 for i in range(50)]
    path = write_video(tmp_path / "even.mp4", grey_frames([100] * 50), times)
    picked = [frame.time for frame in read_frames(path, every=0.2)]
    assert picked == pytest.approx([k * 0.2 for k in range(10)])
    assert len(list(read_frames(path, every=0.001))) == 50
    assert [frame.time for frame in read_frames(path, every=100)] == [0.0]


def test_start_begins_at_the_frame_shown_then(tmp_path):
    times = [i / 25 for i in range(100)]
    levels = [20 + 2 * i for i in range(100)]
    path = write_video(tmp_path / "even.mp4", grey_frames(levels), times)
    frames = list(read_frames(path, start=2.02))
    assert frames[0].time == pytest.approx(2.0)
    assert level_of(frames[0].image) == pytest.approx(levels[50], abs=3)
    sampled = [frame.time for frame in read_frames(path, every=0.5, start=1.9)]
    assert sampled == pytest.approx([2.0, 2.48, 3.0, 3.48])
    assert list(read_frames(path, every=0.5, start=60.0)) == []


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "mov", "ts", "avi"])
@pytest.mark.parametrize("codec", ["mpeg4", "libx264"])
def test_start_agrees_with_reading_all(tmp_path, suffix, codec):
    if codec not in av.codecs_available:
        pytest.skip(f"this build of FFmpeg has no {codec} encoder")
    path = write_video(
        tmp_path / f"even.{suffix}",
        grey_frames([20 + i for i in range(150)]),
        [i / 25 for i in range(150)],
        codec=codec,
        sound=(tone(440, 6.0, 16_000), 16_000, 0.0),
        clock=Fraction(1, 25),
    )
    whole = [frame for frame in read_frames(path) if frame.time + frame.duration > 3.31]
    part = list(read_frames(path, start=3.31))
    assert [f.time for f in part] == pytest.approx([f.time for f in whole], abs=0.13)
    assert [level_of(f.image) for f in part] == [level_of(f.image) for f in whole]
    assert part[0].time <= 3.31
    assert list(read_frames(path, start=60.0)) == []


def test_reordered_pictures_of_avi_are_kept(tmp_path):
    path = write_video(
        tmp_path / "reordered.avi",
        grey_frames([20 + i for i in range(100)]),
        [i / 25 for i in range(100)],
        options={"bf": "2"},
        clock=Fraction(1, 25),
    )
    frames = list(read_frames(path))
    assert len(frames) >= 97
    times = np.array([frame.time for frame in frames])
    shown = np.array([(level_of(frame.image) - 20) / 25 for frame in frames])
    assert (np.diff(times) > 0).all()
    assert np.abs(times - shown).max() <= 0.13


def corner_marked() -> np.ndarray:
    """Red top left, green top right, blue bottom left, white bottom right; 64 wide, 32 high."""
    image = np.zeros((32, 64, 3), np.uint8)
    image[:16, :32] = (255, 0, 0)
    image[:16, 32:] = (0, 255, 0)
    image[16:, :32] = (0, 0, 255)
    image[16:, 32:] = (255, 255, 255)
    return image


def corners(image: np.ndarray) -> str:
    names = {(1, 0, 0): "R", (0, 1, 0): "G", (0, 0, 1): "B", (1, 1, 1): "W"}
    height, width = image.shape[:2]
    points = [(y, x) for y in (height // 4, 3 * height // 4) for x in (width // 4, 3 * width // 4)]
    return "".join(names[tuple(int(v) for v in image[point] > 127)] for point in points)


@pytest.mark.parametrize(
    ("counterclockwise", "flip", "expected"),
    [
        (0, False, "RGBW"),
        (-90, False, "BRWG"),
        (90, False, "GWRB"),
        (180, False, "WBGR"),
        (0, True, "GRWB"),
        (-90, True, "RBGW"),
        (90, True, "WGBR"),
        (180, True, "BWRG"),
    ],
)
def test_display_matrix_is_applied(tmp_path, counterclockwise, flip, expected):
    path = write_video(
        tmp_path / "turned.mp4",
        [corner_marked()] * 3,
        [0, 0.04, 0.08],
        rotation=counterclockwise,
        flip=flip,
    )
    image = next(read_frames(path)).image
    assert corners(image) == expected
    facts = probe(path)
    assert (facts.height, facts.width) == image.shape[:2]
    if not flip:
        assert facts.rotation == -counterclockwise % 360


def test_pixels_become_square(tmp_path):
    path = write_video(
        tmp_path / "wide.mkv", grey_frames([90] * 3), [0, 0.04, 0.08], shape=Fraction(3, 2)
    )
    assert next(read_frames(path)).image.shape == (48, 96, 3)
    assert (probe(path).width, probe(path).height) == (96, 48)


def test_time_counts_from_the_start_of_the_file(tmp_path):
    path = write_video(tmp_path / "late.ts", grey_frames(LEVELS), [9 + t for t in UNEVEN])
    assert [f.time for f in read_frames(path)] == pytest.approx(UNEVEN, abs=1e-3)


def test_picture_later_than_sound_keeps_its_place(tmp_path):
    sound = (tone(440, 2.0, 16_000), 16_000, 0.0)
    path = write_video(tmp_path / "late.mkv", grey_frames([100, 120]), [1.0, 1.5], sound=sound)
    assert [f.time for f in read_frames(path)] == pytest.approx([1.0, 1.5], abs=0.03)


def test_colours_survive(tmp_path):
    path = write_video(tmp_path / "colours.mp4", [corner_marked()], [0])
    image = next(read_frames(path)).image.astype(int)
    for (y, x), colour in {(4, 8): (255, 0, 0), (4, 56): (0, 255, 0), (28, 8): (0, 0, 255)}.items():
        assert np.abs(image[y, x] - colour).max() < 20


def test_memory_does_not_grow_with_length(tmp_path):
    frames = grey_frames([100], (320, 240)) * 200
    path = write_video(tmp_path / "long.mp4", frames, [i / 25 for i in range(200)])
    next(read_frames(path))
    tracemalloc.start()
    try:
        count = sum(1 for _ in read_frames(path))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 200
    assert peak < 5 * 320 * 240 * 3


def test_abandoned_reader_lets_go_of_the_file(uneven):
    reader = read_frames(uneven)
    next(reader)
    reader.close()
    uneven.unlink()


@pytest.mark.parametrize("every", [0, -1, float("nan"), float("inf")])
def test_every_must_be_positive(uneven, every):
    with pytest.raises(InvalidValueError, match="every"):
        read_frames(uneven, every=every)


def test_start_must_not_be_negative(uneven):
    with pytest.raises(InvalidValueError, match="start"):
        read_frames(uneven, start=-0.1)


def test_absent_file_says_so(tmp_path):
    with pytest.raises(SourceNotFoundError, match="nowhere"):
        next(read_frames(tmp_path / "nowhere.mp4"))


def test_sound_alone_is_no_video(tmp_path):
    from openaffect.io.audio import write_wav

    path = write_wav(tmp_path / "tone.wav", tone(440, 0.5, 16_000), 16_000)
    with pytest.raises(MediaError, match="holds no video"):
        next(read_frames(path))


def test_cut_short_gives_its_good_frames_then_an_error(tmp_path):
    noise = np.random.default_rng(0).integers(0, 255, (100, 48, 64, 3), dtype=np.uint8)
    whole = write_video(tmp_path / "whole.mkv", list(noise), [i / 10 for i in range(100)])
    cut = tmp_path / "cut.mkv"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    times = []
    with pytest.raises(MediaError, match="cut short"):
        for frame in read_frames(cut):
            times.append(frame.time)
    assert 20 < len(times) < 80
    assert times == pytest.approx([i / 10 for i in range(len(times))])


def test_cut_short_beside_sound(tmp_path):
    noise = np.random.default_rng(0).integers(0, 255, (100, 48, 64, 3), dtype=np.uint8)
    times = [i / 10 for i in range(100)]
    sound = (tone(440, 10.0, 16_000), 16_000, 0.0)
    whole = write_video(tmp_path / "whole.mkv", list(noise), times, sound=sound)
    assert len(list(read_frames(whole))) == 100
    cut = tmp_path / "cut.mkv"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    with pytest.raises(MediaError, match="cut short"):
        list(read_frames(cut))


def test_video_shorter_than_its_sound_is_whole(tmp_path):
    sound = (tone(440, 10.0, 16_000), 16_000, 0.0)
    path = write_video(
        tmp_path / "a.mkv", grey_frames([90] * 5), [0, 0.1, 0.2, 0.3, 0.4], sound=sound
    )
    assert len(list(read_frames(path))) == 5


def test_name_that_looks_like_a_protocol(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = write_video(tmp_path / "plain.mp4", grey_frames([100]), [0])
    odd = path.rename(tmp_path / "concat:a|b %d ünï.mp4")
    assert len(list(read_frames(odd.name))) == 1
