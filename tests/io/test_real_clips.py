"""Real clips, where they are: the environment variable OPENAFFECT_DATA or ../shared/data."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from openaffect.io.audio import load_audio
from openaffect.io.image import read_image
from openaffect.io.kinds import kind_of
from openaffect.io.media import probe
from openaffect.io.video import read_frames

ROOT = os.environ.get("OPENAFFECT_DATA") or Path(__file__).parents[2].parent / "shared" / "data"
MEDIA = Path(ROOT) / "media"
CLIPS = {"talking_512_8s.mp4": (512, 8.0, 200), "talking_450_20s.mp4": (450, 20.0, 500)}


def clip(name: str) -> Path:
    if not (MEDIA / name).is_file():
        pytest.skip(f"{name} is not there; set OPENAFFECT_DATA to the folder that holds media/")
    return MEDIA / name


@pytest.mark.parametrize("name", CLIPS)
def test_clip(name):
    path = clip(name)
    size, seconds, count = CLIPS[name]
    facts = probe(path)
    assert kind_of(path) == "video"
    assert (facts.width, facts.height, facts.frame_rate) == (size, size, 25)
    assert facts.duration == pytest.approx(seconds, abs=0.05)
    frames = list(read_frames(path, every=1.0))
    assert [frame.time for frame in frames] == pytest.approx(np.arange(seconds))
    assert all(frame.image.shape == (size, size, 3) for frame in frames)
    assert sum(1 for _ in read_frames(path)) == count
    sound = load_audio(path)
    assert sound.end == pytest.approx(seconds, abs=0.1)
    assert 0.01 < np.sqrt(np.mean(sound.samples**2)) < 0.5


def test_still():
    image = read_image(clip("still_portrait_512.jpg"))
    assert image.shape == (512, 512, 3) and image.std() > 10
