"""The clip's parts; the whole demonstration runs where its weights and voice are at hand."""

import numpy as np
import pytest

from openaffect.cli import _clip, _talking_face, demo
from openaffect.cli._talking_face import FRAME_RATE, PHOTOGRAPH, frames, mouth_opening
from pipeline.conftest import picture, speech


def test_the_mouth_follows_the_voice():
    sound = speech(4, [(1, 2), (3, 3.5)])
    opening = mouth_opening(sound, 16_000)
    assert len(opening) == 4 * FRAME_RATE
    assert opening.min() >= 0
    assert opening.max() <= 1
    assert opening[5:20].max() < 0.01
    assert opening[30:45].min() > 0.9
    assert opening[60:70].max() < 0.05


def test_silence_keeps_it_shut():
    assert mouth_opening(np.zeros(16_000, np.float32), 16_000).max() == 0


def test_the_mouth_opens_dark_and_the_brow_stays():
    skin = np.full((512, 512, 3), 200, np.uint8)
    shut, wide = frames(skin, np.array([0.0, 1.0], np.float32))
    assert shut.shape == wide.shape == (512, 512, 3)
    assert shut.min() > 190
    assert (wide[:200].astype(int) == 200).all()
    dark = np.argwhere(wide.mean(axis=2) < 100)
    assert len(dark) > 200
    rows, columns = dark.mean(axis=0)
    assert abs(rows - 305) < 25
    assert abs(columns - 251) < 25


def test_a_clip_has_its_pictures_and_sound(tmp_path):
    import av

    sound = speech(2, [(0.5, 1.5)])
    pictures = [picture([(20 + t, 30)]) for t in range(50)]
    path = tmp_path / "made" / "clip.mp4"
    _clip.write_clip(path, pictures, frame_rate=25, samples=sound, rate=16_000)
    with av.open(str(path)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert float(video.duration * video.time_base) == pytest.approx(2, abs=0.05)
        assert float(audio.duration * audio.time_base) == pytest.approx(2, abs=0.1)
        assert sum(1 for _ in container.decode(video=0)) == 50
    assert [item.name for item in path.parent.iterdir()] == ["clip.mp4"]


def test_a_clip_that_cannot_be_written(tmp_path):
    from openaffect.types import OutputError

    (tmp_path / "file").write_text("in the way", "utf-8")
    with pytest.raises(OutputError, match=r"clip\.mp4"):
        _clip.write_clip(
            tmp_path / "file" / "clip.mp4", [], frame_rate=25, samples=np.zeros(9), rate=16_000
        )


def test_the_photograph_is_free_and_pinned():
    assert PHOTOGRAPH.commercial
    assert "public domain" in PHOTOGRAPH.licence
    assert PHOTOGRAPH.file("photograph").wheel_sha256
    assert _talking_face.__doc__


def test_the_last_line_says_where_and_what(run, media, tmp_path, stub_kit, monkeypatch):
    pytest.importorskip("matplotlib")
    monkeypatch.setattr(demo, "_fetch_weights", lambda progress: None)
    monkeypatch.setattr(demo, "make_clip", lambda path, progress: media / "talk.mp4")
    code, lines, _ = run("demo", "--out", tmp_path)
    assert code == 0
    assert str(tmp_path) in lines[-1]
    assert "the picture talk.mp4.png" in lines[-1]
    assert "face happiness 0.70" in lines[-1]
    assert (tmp_path / "talk.mp4.png").exists()


@pytest.mark.slow
def test_the_clip_is_made_of_the_real_parts(tmp_path):
    pytest.importorskip("hibari")
    from openaffect.cli import _screen
    from openaffect.types import WeightsUnavailableError

    try:
        path = demo.make_clip(tmp_path / demo.CLIP, _screen.Progress(quiet=True))
    except WeightsUnavailableError as error:
        pytest.skip(f"the photograph cannot be had: {error}")
    assert path.stat().st_size > 100_000
