# ruff: noqa: E402
"""From a user's own table or folder to a card whose model runs."""

import csv

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed (extra: train)")
for library in ("transformers", "sklearn", "onnx", "tensorboard"):
    pytest.importorskip(library, reason=f"{library} is not installed (extra: train)")

from openaffect.io.audio import write_wav
from openaffect.io.image import write_image
from openaffect.recognize.face_emotion import FaceEmotion
from openaffect.recognize.speech_emotion import SpeechEmotion
from openaffect.recognize.text_emotion import TextEmotion
from openaffect.train import run
from openaffect.train.context import Context
from openaffect.train.nets.efficientnet_lite import EfficientNetLite
from openaffect.train.recipes import _own, _own_faces
from openaffect.types import InvalidValueError, SourceNotFoundError

from .test_recipes import checked, hearing, recognizer

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


def write_rows(path, rows):
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def sentences(folder, count=120):
    moods = ("joy", "anger", "today")
    return write_rows(
        folder / "answers.csv",
        [
            {
                "text": f"I feel {moods[n % 3]} {n}",
                "label": ("glad", "cross", "even")[n % 3],
                "subject": n // 6,
            }
            for n in range(count)
        ],
    )


def test_texts_with_labels_of_ones_own(tmp_path, tiny_encoder):
    out = tmp_path / "out"
    path = run.run("fine-tune", data=sentences(tmp_path), out=out, epochs=2)
    card = checked(path, "own-text-emotion", out)
    assert sorted(card.labels) == ["cross", "even", "glad"]
    assert card.kind == "categories"
    made = recognizer(TextEmotion, path)
    timeline = made(["I feel joy", "anger"])
    assert timeline.scores.sum(axis=1) == pytest.approx([1, 1], abs=1e-3)
    assert [len(labels) for labels in made.decide(timeline)] == [1, 1]


def test_label_sets(tmp_path, tiny_encoder):
    rows = [
        {"text": f"joy and fear {n}", "labels": ("joy|fear", "anger", "")[n % 3]} for n in range(90)
    ]
    out = tmp_path / "out"
    path = run.run("fine-tune", data=write_rows(tmp_path / "a.csv", rows), out=out, epochs=1)
    card = checked(path, "own-text-emotion", out)
    assert set(card.thresholds) == set(card.labels)


def test_no_subject_is_on_two_sides(tmp_path):
    own = _own.load(Context(out=tmp_path, root=sentences(tmp_path)))
    sides = [{item.subject for item in part.items} for part in (own.fit, own.choose, own.held)]
    assert not (sides[0] & sides[1] or sides[0] & sides[2] or sides[1] & sides[2])
    assert sum(len(part) for part in (own.fit, own.choose, own.held)) == 120


def test_official_splits_are_kept(tmp_path):
    rows = [
        {"text": f"joy {n}", "label": "ab"[n % 2], "split": ("train", "dev", "test")[n % 3]}
        for n in range(60)
    ]
    own = _own.load(Context(out=tmp_path, root=write_rows(tmp_path / "a.csv", rows)))
    assert {item.split for item in own.choose.items} == {"dev"}
    assert len(own.held) == 20


def test_recordings(tmp_path, monkeypatch):
    hearing(monkeypatch)
    rows = []
    for speaker in range(10):
        for number in range(8):
            time = np.arange(4800) / 16_000
            sound = 0.3 * np.sin(2 * np.pi * (150 + 200 * (number % 2) + 3 * speaker) * time)
            name = f"{speaker}-{number}.wav"
            write_wav(tmp_path / name, sound.astype(np.float32), 16_000)
            rows.append({"path": name, "label": ("sadness", "anger")[number % 2],
                         "subject": f"s{speaker}"})  # fmt: skip
    out = tmp_path / "out"
    path = run.run("fine-tune", data=write_rows(tmp_path / "calls.csv", rows), out=out)
    card = checked(path, "own-speech-emotion", out)
    assert card.scores[0]["value"] == 1.0  # an octave tells the two apart
    made = recognizer(SpeechEmotion, path)
    assert made([np.zeros(16_000, np.float32)]).scores.shape == (1, len(card.labels))


def test_a_folder_of_faces(tmp_path, monkeypatch):
    monkeypatch.setattr(
        _own_faces, "pretrained", lambda context, classes: EfficientNetLite(classes, size=32)
    )
    random = np.random.default_rng(0)
    for name, shade in (("happiness", 3), ("sadness", 1)):
        for number in range(60):
            picture = random.integers(0, 80 * shade, (48, 48, 3), dtype=np.uint8)
            (tmp_path / "faces" / name).mkdir(parents=True, exist_ok=True)
            write_image(tmp_path / "faces" / name / f"{number}.png", picture)
    out = tmp_path / "out"
    path = run.run("fine-tune", data=tmp_path / "faces", out=out, epochs=1)
    card = checked(path, "own-face-emotion", out)
    assert card.scheme == "primary8"
    crops = [np.zeros((60, 60, 3), np.uint8)]
    assert recognizer(FaceEmotion, path)(crops).scores.sum() == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize(
    ("rows", "error", "says"),
    [
        ([{"text": "a", "label": "b"}] * 9, InvalidValueError, "at least 8 are needed"),
        ([{"text": "a", "remark": "b"}] * 9, InvalidValueError, "no labelled item"),
    ],
)
def test_too_little_is_named(tmp_path, rows, error, says):
    with pytest.raises(error, match=says):
        run.run("fine-tune", data=write_rows(tmp_path / "a.csv", rows), out=tmp_path / "out")


def test_nothing_given_is_named(tmp_path):
    with pytest.raises(SourceNotFoundError, match=r"--data my\.csv"):
        run.run("fine-tune", out=tmp_path / "out")
