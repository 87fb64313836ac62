import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from openaffect.io.video import read_frames
from openaffect.report.annotate import annotate
from openaffect.report.lettering import lettering, put
from openaffect.report.painter import Painter
from openaffect.report.paths import FacePaths
from openaffect.types import Analysis, InvalidValueError, MediaError, OutputError, Timeline, Unit
from openaffect.types.schemes import EMODB7, PRIMARY8, TRANSCRIPT

sys.path.insert(0, str(Path(__file__).parents[1] / "io"))
from made_media import tone, write_audio, write_video

SIZE = (192, 144)
BOX = (60.0, 40.0, 110.0, 100.0)
BLUE = (11, 110, 153)
"""The first subject's colour, #0b6e99."""
TIMES = [n / 10 for n in range(20)]
UNEVEN = [0.0, 0.04, 0.2, 0.21, 0.5, 0.9, 1.5, 1.54, 1.9]


def noise(count, size=SIZE, seed=0):
    """Coarse noise, so that a hidden region shows by what it lost."""
    rng = np.random.default_rng(seed)
    width, height = size
    cells = rng.integers(90, 166, (height // 4 + 1, width // 4 + 1, 3), dtype=np.uint8)
    picture = cells.repeat(4, axis=0).repeat(4, axis=1)[:height, :width]
    return [picture] * count


def faces(boxes, times, end, abstain=None):
    scores = np.tile([0.86] + [0.02] * 7, (len(times), 1))
    extra = {"box": np.asarray(boxes, float), "subject": np.zeros(len(times), int)}
    if abstain is not None:
        extra["abstain"] = np.asarray(abstain)
    return Timeline(PRIMARY8, scores, np.column_stack([times, [*times[1:], end]]), extra=extra)


def video(*, boxes=None, words=None, duration=2.0, **facts):
    lines = {}
    if boxes is not None:
        starts = np.linspace(0, duration, len(boxes), endpoint=False)
        lines["face.emotion"] = faces(boxes, starts, duration)
    if words:
        text = np.array([words], object)
        lines["speech.transcript"] = Timeline(TRANSCRIPT, [[0.9]], [[0, 1]], extra={"text": text})
    return Analysis("a.mp4", {"modality": "video", "duration": duration, **facts}, lines)


def frames(path):
    return [(frame.time, frame.image.astype(int)) for frame in read_frames(path)]


def stamps(path):
    with av.open(str(path)) as container:
        return [frame.pts * frame.time_base for frame in container.decode(video=0)]


def packets(path):
    with av.open(str(path)) as container:
        track = container.streams.audio[0]
        found = [p for p in container.demux(track) if p.size]
        return [(bytes(p), p.pts * p.time_base) for p in found]


def near(image, place, colour, reach=60):
    x, y = (round(v) for v in place)
    return np.abs(image[y, x] - colour).max() < reach


@pytest.mark.parametrize("times", [TIMES, UNEVEN], ids=["even", "variable"])
@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_timestamps_stay(tmp_path, times, suffix):
    source = write_video(tmp_path / "a.mp4", noise(len(times)), times)
    made = annotate(video(boxes=[BOX]), source, tmp_path / f"b{suffix}")
    np.testing.assert_allclose(
        [float(t) for t in stamps(made)], [float(t) for t in stamps(source)], atol=5e-4
    )
    if suffix == ".mp4":
        assert stamps(made) == stamps(source)


def test_an_odd_clock_stays(tmp_path):
    clock = Fraction(1001, 30_000)
    times = [float(n * clock) for n in range(15)]
    source = write_video(tmp_path / "a.mp4", noise(15), times, clock=clock)
    assert stamps(annotate(video(), source, tmp_path / "b.mp4")) == stamps(source)


def test_sound_is_carried_over_untouched(tmp_path):
    sound = (tone(220, 2, 16_000), 16_000, 0.0)
    source = write_video(tmp_path / "a.mp4", noise(20), TIMES, sound=sound)
    made = annotate(video(boxes=[BOX]), source, tmp_path / "b.mp4")
    assert packets(made) == packets(source)


def test_sound_that_begins_late_stays_late(tmp_path):
    sound = (tone(220, 1, 16_000), 16_000, 0.7)
    source = write_video(tmp_path / "a.mp4", noise(20), TIMES, sound=sound)
    made = annotate(video(), source, tmp_path / "b.mkv")
    before, after = packets(source), packets(made)
    assert [p[0] for p in after] == [p[0] for p in before]
    assert float(after[0][1]) == pytest.approx(float(before[0][1]), abs=2e-3)


def test_sound_that_mp4_cannot_hold_is_encoded(tmp_path):
    pcm = write_audio(tmp_path / "a.wav", np.stack([tone(220, 2, 16_000)]), 16_000)
    silent = write_video(tmp_path / "s.mp4", noise(20), TIMES)
    source = tmp_path / "a.mkv"
    with av.open(str(source), "w") as out, av.open(str(pcm)) as a, av.open(str(silent)) as v:
        for one in (v.streams.video[0], a.streams.audio[0]):
            out.add_stream_from_template(one)
        _remux(out, v, a)
    made = annotate(video(), source, tmp_path / "b.mp4")
    with av.open(str(made)) as container:
        assert container.streams.audio[0].codec_context.name == "aac"
        heard = sum(f.samples for f in container.decode(audio=0)) / 16_000
    assert heard == pytest.approx(2, abs=0.13)
    kept = annotate(video(), source, tmp_path / "c.mkv")
    with av.open(str(kept)) as container:
        assert container.streams.audio[0].codec_context.name == "pcm_s16le"


def _remux(out, *inputs):
    for number, one in enumerate(inputs):
        for packet in one.demux():
            if packet.dts is not None:
                packet.stream = out.streams[number]
                out.mux(packet)


def test_a_silent_video_without_faces(tmp_path):
    source = write_video(tmp_path / "a.mp4", noise(20), TIMES)
    made = annotate(video(), source, tmp_path / "b.mp4")
    with av.open(str(made)) as container:
        assert not container.streams.audio
    for (_, before), (_, after) in zip(frames(source), frames(made), strict=True):
        assert np.abs(before - after).mean() < 4


@pytest.mark.parametrize("rotation", [90, 180])
def test_a_turned_video_stands_upright(tmp_path, rotation):
    source = write_video(tmp_path / "a.mp4", noise(20), TIMES, rotation=rotation)
    made = annotate(video(), source, tmp_path / "b.mp4")
    before, after = frames(source)[3][1], frames(made)[3][1]
    assert before.shape == after.shape
    assert np.abs(before - after).mean() < 4
    with av.open(str(made)) as container:
        frame = next(container.decode(video=0))
        assert frame.rotation == 0
        assert (frame.height, frame.width) == before.shape[:2]


@pytest.mark.parametrize("size", [(191, 144), (192, 143), (191, 143)])
def test_odd_sides_get_their_last_line_once_more(tmp_path, size):
    pictures = noise(5, size)
    source = write_video(tmp_path / "a.mkv", pictures, TIMES[:5], codec="ffv1")
    made = annotate(video(), source, tmp_path / "b.mp4")
    after = frames(made)[0][1]
    assert after.shape[:2] == (size[1] + size[1] % 2, size[0] + size[0] % 2)
    before = frames(source)[0][1]
    assert np.abs(after[: size[1], : size[0]] - before).mean() < 4


def test_the_box_is_where_the_face_is(tmp_path):
    source = write_video(tmp_path / "a.mp4", noise(20), TIMES)
    made = annotate(video(boxes=[BOX]), source, tmp_path / "b.mp4")
    x0, y0, x1, y1 = BOX
    for _, image in frames(made)[::5]:
        assert near(image, (x0, (y0 + y1) / 2), BLUE)
        assert near(image, ((x0 + x1) / 2, y1), BLUE)
        assert not near(image, ((x0 + x1) / 2, (y0 + y1) / 2), BLUE)


def test_boxes_move_evenly_between_the_frames_looked_at():
    paths = FacePaths(faces([(0, 0, 40, 40), (20, 10, 60, 50)], [0.0, 0.2], 0.4))
    np.testing.assert_allclose(paths.at(0.05)[0].box, (5, 2.5, 45, 42.5))
    np.testing.assert_allclose(paths.at(0.2)[0].box, (20, 10, 60, 50))
    np.testing.assert_allclose(paths.at(0.39)[0].box, (20, 10, 60, 50))
    assert paths.at(0.4) == []


def test_a_box_does_not_slide_across_a_cut_or_a_pause():
    cut = FacePaths(faces([(0, 0, 40, 40), (100, 0, 140, 40)], [0.0, 0.2], 0.4))
    np.testing.assert_allclose(cut.at(0.19)[0].box, (0, 0, 40, 40))
    line = Timeline(
        PRIMARY8,
        np.full((2, 8), 1 / 8),
        [(0, 0.2), (1, 1.2)],
        extra={"box": [[0, 0, 40, 40], [20, 0, 60, 40]], "subject": [0, 0]},
    )
    pause = FacePaths(line)
    assert pause.at(0.5) == []
    np.testing.assert_allclose(pause.hiding(0.6), [(0, 0, 60, 40)])
    np.testing.assert_allclose(pause.hiding(1.65), [(20, 0, 60, 40)])
    assert len(pause.hiding(2.0)) == 0


@pytest.mark.parametrize("asked", ["argument", "facts"])
def test_hidden_faces(tmp_path, asked):
    source = write_video(tmp_path / "a.mp4", noise(20), TIMES)
    facts = {"anonymize": True} if asked == "facts" else {}
    made = annotate(
        video(boxes=[BOX], **facts), source, tmp_path / "b.mp4", anonymize=asked == "argument"
    )
    x0, y0, x1, y1 = (int(v) for v in BOX)
    inside = (slice(y0 + 4, y1 - 4), slice(x0 + 4, x1 - 4))
    for (_, before), (_, after) in zip(frames(source), frames(made), strict=True):
        assert after[inside].std(axis=(0, 1)).mean() < 0.5 * before[inside].std(axis=(0, 1)).mean()


def test_subtitles_are_shown_while_the_words_are_said(tmp_path):
    source = write_video(tmp_path / "a.mp4", noise(20), TIMES)
    made = annotate(video(words="How very nice"), source, tmp_path / "b.mp4")
    before, after = frames(source), frames(made)
    foot = slice(SIZE[1] - 20, SIZE[1])
    shown = [np.abs(a[1][foot] - b[1][foot]).mean() for a, b in zip(after, before, strict=True)]
    assert min(shown[:9]) > 3 * max(shown[10:])


def test_streams_stand_in_the_corner():
    voice = Timeline(EMODB7, [[0.94] + [0.01] * 6], [[0, 1]])
    painter = Painter(Analysis("a.mp4", {}, {"speech.emotion": voice}))
    grey = np.full((240, 320, 3), 100, np.uint8)
    shown, later = (painter.paint(grey.copy(), time) for time in (0.5, 1.5))
    assert (shown[:40, :160] == (200, 56, 74)).all(axis=2).sum() > 100  # anger, #c8384a
    np.testing.assert_array_equal(later, grey)


def test_an_abstention_is_not_given_a_name():
    line = faces([BOX], [0.0], 1.0, abstain=[True])
    from openaffect.report.painter import _captions

    assert _captions(line) == ["unsure"]
    assert _captions(faces([BOX], [0.0], 1.0)) == ["anger 86%"]


@pytest.mark.parametrize("anonymize", [False, True])
def test_a_still(tmp_path, anonymize):
    from PIL import Image

    picture = noise(1)[0]
    Image.fromarray(picture).save(tmp_path / "a.png")
    line = Timeline(
        PRIMARY8,
        [[0.86] + [0.02] * 7],
        [(0, 0)],
        Unit.WHOLE,
        extra={"box": [BOX], "subject": [0]},
    )
    found = Analysis("a.png", {"modality": "image"}, {"face.emotion": line})
    made = annotate(found, tmp_path / "a.png", tmp_path / "b.png", anonymize=anonymize)
    after = np.asarray(Image.open(made)).astype(int)
    assert near(after, (BOX[0], 70), BLUE, 1)
    inside = (slice(45, 95), slice(66, 104))
    assert bool(after[inside].std() < 0.5 * picture[inside].std()) is anonymize
    np.testing.assert_array_equal(after[:20, :40], picture[:20, :40])


def test_faces_at_and_beyond_the_edge():
    boxes = [(-30, -30, 20, 20), (180, 130, 400, 300), (0, 0, 192, 144), (500, 500, 600, 600)]
    for box in boxes:
        for anonymize in (False, True):
            painter = Painter(video(boxes=[box]), anonymize=anonymize)
            assert painter.paint(noise(1)[0].copy(), 0.1).shape == (144, 192, 3)


def test_tiny_pictures():
    painter = Painter(video(boxes=[(1, 1, 6, 6)], words="Words that are wider than the picture"))
    assert painter.paint(np.zeros((8, 9, 3), np.uint8), 0.1).shape == (8, 9, 3)


def test_words_of_every_script_are_drawn_in_one_height():
    heights = {lettering(text, 20).shape[0] for text in ("anger", "Привет", "")}
    assert len(heights) == 1
    image = np.zeros((40, 60, 3), np.uint8)
    put(image, lettering("anger", 20), -10, 30, (255, 0, 0))
    assert image[:, :, 0].any()
    assert not image[:, :, 1:].any()


def test_progress_in_seconds(tmp_path):
    source = write_video(tmp_path / "a.mp4", noise(20), TIMES)
    told = []
    annotate(video(), source, tmp_path / "b.mp4", progress=lambda *what: told.append(what))
    assert told[0][::2] == ("annotate", 2.0)
    assert told[-1][1] == pytest.approx(2.0, abs=0.1)


def test_an_interruption_leaves_nothing(tmp_path):
    source = write_video(tmp_path / "a.mp4", noise(20), TIMES)

    def stop(what, done, total):
        if done > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        annotate(video(boxes=[BOX]), source, tmp_path / "out/b.mp4", progress=stop)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_file_cut_short_leaves_the_old_one(tmp_path):
    whole = write_video(tmp_path / "a.mkv", noise(60), [n / 10 for n in range(60)])
    cut = tmp_path / "cut.mkv"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 3])
    (tmp_path / "b.mp4").write_text("old", "utf-8")
    with pytest.raises(MediaError):
        annotate(video(), cut, tmp_path / "b.mp4")
    assert (tmp_path / "b.mp4").read_text("utf-8") == "old"
    assert {path.name for path in tmp_path.iterdir()} == {"a.mkv", "cut.mkv", "b.mp4"}


def test_what_cannot_be_drawn_into(tmp_path):
    source = write_video(tmp_path / "a.mp4", noise(3), TIMES[:3])
    with pytest.raises(InvalidValueError, match="no pictures"):
        annotate(Analysis("a.wav", {"modality": "audio"}), source, tmp_path / "b.mp4")
    with pytest.raises(InvalidValueError, match=r"\.mp4"):
        annotate(video(), source, tmp_path / "b.gif")
    with pytest.raises(InvalidValueError, match="input itself"):
        annotate(video(), source, source)
    (tmp_path / "file").write_text("in the way", "utf-8")
    with pytest.raises(OutputError):
        annotate(video(), source, tmp_path / "file" / "b.mp4")


@pytest.mark.parametrize("codec", ["libx264", "libopenh264", "mpeg4"])
def test_every_encoder(tmp_path, monkeypatch, codec):
    from openaffect.io import video_write

    if codec not in av.codecs_available:
        pytest.skip(f"this PyAV has no {codec}")
    options = {codec: video_write.ENCODERS[codec]}
    monkeypatch.setattr(video_write, "ENCODERS", options)
    source = write_video(tmp_path / "a.mp4", noise(20), TIMES)
    made = annotate(video(boxes=[BOX]), source, tmp_path / "b.mp4")
    np.testing.assert_allclose([float(t) for t in stamps(made)], TIMES, atol=5e-4)
    assert near(frames(made)[5][1], (BOX[0], 70), BLUE, 60)
