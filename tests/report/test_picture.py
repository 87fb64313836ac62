import numpy as np
import pytest

from openaffect.report.faces import caption, hide_faces, marks, rows_at
from openaffect.report.frames import moments
from openaffect.report.lanes import clock, coarse, phrases
from openaffect.report.picture import timeline_picture
from openaffect.types import (
    Analysis,
    Card,
    InvalidValueError,
    OutputError,
    Timeline,
    Unit,
    VideoFrame,
)
from openaffect.types.schemes import EKMAN7, EMODB7, GOEMOTIONS28, PRIMARY8, TRANSCRIPT

pytest.importorskip("matplotlib")
CARD = Card(name="stand-in", task="face.emotion", modality="face", licence="CC0-1.0")


def shares(count, labels, seed=0):
    scores = np.random.default_rng(seed).random((count, labels))
    return scores / scores.sum(axis=1, keepdims=True)


def seconds(count, step):
    return np.stack([np.arange(count), np.arange(count) + 1], axis=1) * step


def words(text, step=0.4):
    spoken = np.array(text.split(), dtype=object)
    return Timeline(
        TRANSCRIPT,
        np.full((len(spoken), 1), 0.9),
        seconds(len(spoken), step),
        extra={"text": spoken},
    )


def video(subjects=2):
    count = 20 * subjects
    who = np.repeat(np.arange(subjects), 20)
    face = Timeline(
        PRIMARY8,
        shares(count, 8),
        np.tile(seconds(20, 0.2), (subjects, 1)),
        extra={"subject": who, "box": np.tile([[10, 10, 50, 60]], (count, 1)) + who[:, None]},
        coverage=[[0, 4]],
    )
    voice = Timeline(EMODB7, shares(3, 7), seconds(3, 1.0), coverage=[[0, 4]])
    mood = Timeline(EKMAN7, shares(2, 7), [[0, 1], [1, 4]])
    fused = Timeline(PRIMARY8, shares(8, 8), seconds(8, 0.5))
    lines = {
        "face.emotion": face,
        "speech.emotion": voice,
        "speech.transcript": words("How nice. I did not think so at all."),
        "text.ekman": mood,
        "fused.emotion": fused,
    }
    return Analysis("talk.mp4", {"modality": "video", "duration": 4.0}, lines, (CARD,))


def still(count):
    boxes = np.arange(4 * count, dtype=float).reshape(-1, 4) + np.array([0, 0, 30, 40])
    faces = Timeline(
        PRIMARY8,
        shares(count, 8) if count else np.zeros((0, 8)),
        np.zeros((count, 2)),
        Unit.WHOLE,
        extra={"box": boxes, "subject": np.arange(count)},
    )
    return Analysis("group.png", {"modality": "image"}, {"face.emotion": faces}, (CARD,))


FRAME = VideoFrame(np.full((96, 128, 3), 120, np.uint8), 1.0, 0.04, 0)


def pixels(path):
    from PIL import Image

    return np.asarray(Image.open(path).convert("RGB"))


@pytest.mark.parametrize("subjects", [1, 2, 5])
@pytest.mark.parametrize("frames", [(), (FRAME, FRAME)])
def test_a_recording(tmp_path, subjects, frames):
    path = timeline_picture(video(subjects), tmp_path / "a" / "talk.png", frames=frames)
    shown = pixels(path)
    assert shown.shape[1] == 1430
    assert len(np.unique(shown.reshape(-1, 3), axis=0)) > 20


def test_anonymous_recordings_show_no_frames(tmp_path):
    red = VideoFrame(np.full((96, 128, 3), (255, 0, 255), np.uint8), 1.0, 0.04, 0)
    shown = pixels(timeline_picture(video(), tmp_path / "a.png", frames=(red,)))
    hidden = pixels(timeline_picture(video(), tmp_path / "b.png", frames=(red,), anonymize=True))
    assert (shown == (255, 0, 255)).all(axis=2).sum() > 1000
    assert not (hidden == (255, 0, 255)).all(axis=2).any()


@pytest.mark.parametrize("count", [0, 1, 3, 9])
def test_a_still(tmp_path, count):
    path = timeline_picture(still(count), tmp_path / "still.svg", frames=(FRAME,))
    assert b"<svg" in path.read_bytes()[:1000]


@pytest.mark.parametrize("count", [0, 1, 30])
def test_a_text(tmp_path, count):
    texts = np.array([f"Sentence {n} goes on, with 日本語." for n in range(count)], object)
    line = Timeline(
        GOEMOTIONS28,
        np.random.default_rng(0).random((count, 28)),
        seconds(count, 10),
        Unit.CHARACTERS,
        extra={"text": texts},
    )
    analysis = Analysis("note.txt", {"modality": "text"}, {"text.emotion": line})
    assert timeline_picture(analysis, tmp_path / "note.png").stat().st_size > 1000


def test_an_hour_is_drawn_in_as_many_bars_as_the_eye_can_tell():
    hour = Timeline(PRIMARY8, shares(18_000, 8), seconds(18_000, 0.2))
    few = coarse(hour)
    assert len(few) == 400
    assert few.span[0, 0] == 0
    assert few.span[-1, 1] == pytest.approx(3600)
    np.testing.assert_allclose(few.scores[0], hour.scores[:45].mean(axis=0), atol=1e-5)


def test_nothing_to_draw():
    with pytest.raises(InvalidValueError, match="talk"):
        timeline_picture(Analysis("talk.mp4"), "never.png")


def test_a_place_that_may_not_be_written(tmp_path):
    (tmp_path / "file").write_text("in the way", "utf-8")
    with pytest.raises(OutputError, match=r"still\.png"):
        timeline_picture(still(1), tmp_path / "file" / "still.png")


def test_hidden_faces_keep_no_detail_and_leave_the_rest():
    picture = np.random.default_rng(0).integers(0, 256, (100, 120, 3), dtype=np.uint8)
    hidden = hide_faces(picture, [[40, 30, 80, 70]])
    face = hidden[30:70, 40:80].reshape(-1, 3)
    assert len(np.unique(face, axis=0)) <= 36
    np.testing.assert_array_equal(hidden[:20], picture[:20])
    np.testing.assert_array_equal(hidden[:, :30], picture[:, :30])


@pytest.mark.parametrize("box", [[-50, -50, 20, 20], [110, 90, 500, 500], [5, 5, 5, 5]])
def test_faces_at_the_edge_are_hidden_too(box):
    picture = np.zeros((100, 120, 3), np.uint8)
    assert hide_faces(picture, [box]).shape == picture.shape


def test_marks_name_who_and_what():
    faces = still(2)["face.emotion"]
    first = marks(faces, [0])[0]
    assert first.box == (0, 1, 32, 43)
    assert first.subject == 0
    assert first.caption == caption(faces.rows()[0])
    assert caption({"label": "", "anger": 0.2}) == "unsure"


def test_rows_at_a_moment():
    line = video(1)["face.emotion"]
    assert rows_at(line, 0.0) == [0]
    assert rows_at(line, 0.2) == [1]
    assert rows_at(line, 99.0) == []


def test_words_become_phrases():
    found = phrases(words("How nice. I did not think so."))
    assert [text for _, _, text in found] == ["How nice.", "I did not think so."]
    assert found[0][:2] == (0.0, 0.8)
    on_and_on = phrases(words("so " * 60, step=0.5))
    assert [end - start for start, end, _ in on_and_on] == [19.5, 10.5]


def test_frames_are_taken_where_faces_are():
    times = moments(video(1), 4)
    starts = video(1)["face.emotion"].span[:, 0]
    assert len(times) == 4
    assert all(np.isclose(starts, time).any() for time in times)


@pytest.mark.parametrize(
    ("time", "label"), [(7, "7"), (0.5, "0.5"), (125, "2:05"), (3600, "60:00")]
)
def test_clock(time, label):
    assert clock(time) == label
