# ruff: noqa: E402
"""Recipes from a made corpus in the published layout to a card whose model runs."""

import dataclasses
import functools

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed (extra: train)")
for library in ("transformers", "sklearn", "onnx", "pandas", "pyarrow", "tensorboard"):
    pytest.importorskip(library, reason=f"{library} is not installed (extra: train)")

import pandas

from openaffect.data import emobank, emodb, goemotions, ravdess
from openaffect.io.audio import write_wav
from openaffect.models import Store
from openaffect.models.catalogue import Catalogue, read_card
from openaffect.models.weights import CardWeights
from openaffect.recognize.face_emotion import FaceEmotion
from openaffect.recognize.speech_affect import SpeechAffect
from openaffect.recognize.speech_embedding import SpeechEmbedding
from openaffect.recognize.speech_emotion import SpeechEmotion
from openaffect.recognize.speech_strength import SpeechStrength
from openaffect.recognize.text_affect import TextAffect
from openaffect.recognize.text_emotion import TextEmotion
from openaffect.train import run
from openaffect.train.nets.efficientnet_lite import EfficientNetLite
from openaffect.train.recipes import _speech, _speech_head, face_emotion


def recognizer(kind, path):
    card = read_card(path)
    catalogue = Catalogue({card.name: card}, {card.name: path.parent})
    store = Store(path.parent / "cache", offline=True, catalogue=catalogue)
    return kind(CardWeights(card, store))


def checked(path, name, out):
    card = read_card(path)
    assert path == out / f"{name}.json"
    assert card.name == name
    assert card.forbidden_use
    assert card.scores
    assert any("parity" in row["measure"] for row in card.scores)
    assert all((out / item.name).stat().st_size == item.size for item in card.files)
    return card


def sayings(root, split, count):
    labels = goemotions.SCHEME.labels
    names = [labels[row % 27] for row in range(count)]  # neutral never: a label without examples
    path = root / "text" / f"goemotions-{split}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    filler = ["today", "i feel", "feel today", "I", "today I feel"]
    pandas.DataFrame(
        {
            "text": [f"I feel {name} {split} {row} {filler[row % 5]}" for row, name in
                     enumerate(names)],
            "labels": [[name] for name in names],
            "id": [f"{split}{row}" for row in range(count)],
        }
    ).to_parquet(path)  # fmt: skip


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_text_emotion(tmp_path, tiny_encoder):
    data, out = tmp_path / "data", tmp_path / "out"
    sayings(data, "train", 540)
    sayings(data, "validation", 81)
    card = checked(run.run("text-emotion", data=data, out=out, epochs=1), "text-emotion", out)
    assert set(card.thresholds) == set(goemotions.SCHEME.labels)
    assert set(card.calibration["thresholds"]) == {"ekman7", "sentiment3"}
    made = recognizer(TextEmotion, out / "text-emotion.json")
    timeline = made(["I feel joy today", "fear"])
    assert timeline.scores.shape == (2, 28)
    assert len(made.decide(timeline)) == 2


def test_rows_that_occur_in_validation_are_not_trained_on(tmp_path):
    from openaffect.train.context import Context
    from openaffect.train.recipes import text_emotion

    for split, rows in (
        ("train", ["Same  here", "only in training", "only in training", "also"]),
        ("validation", ["same HERE", "another"]),
    ):
        path = tmp_path / "text" / f"goemotions-{split}.parquet"
        path.parent.mkdir(exist_ok=True)
        pandas.DataFrame({"text": rows, "labels": [["joy"]] * len(rows)}).to_parquet(path)
    fit, choose, validation = text_emotion.split(Context(out=tmp_path, root=tmp_path))
    assert sorted([*fit.texts, *choose.texts]) == ["also", "only in training", "only in training"]
    assert not set(fit.texts) & set(choose.texts)  # repeats stay on one side
    assert len(validation) == 2


def voices(root, speakers, each, corpus=emodb, sentence="text_code"):
    speech = root / "speech"
    (speech / corpus.NAME).mkdir(parents=True)
    random = np.random.default_rng(0)
    rows = []
    for speaker in range(speakers):
        for number in range(each):
            emotion = corpus.SCHEME.labels[number % len(corpus.SCHEME)]
            time = np.arange(4800) / 16_000
            pitch = 120 + 60 * (number % 7) + 5 * speaker
            sound = 0.3 * np.sin(2 * np.pi * pitch * time) + random.normal(0, 0.01, len(time))
            name = f"{corpus.NAME}/{speaker}{number}.wav"
            write_wav(speech / name, sound.astype(np.float32), 16_000)
            strength = "strong" if number % 2 else "normal"
            row = {"file": name, "speaker": speaker, sentence: "a", "emotion": emotion}
            rows.append({**row, "intensity": strength})
    pandas.DataFrame(rows).to_csv(speech / f"{corpus.NAME}.csv", index=False)


def readers(root):
    """LibriSpeech and VCTK without emotion: a buzz of its own for each speaker, some held out."""
    random = np.random.default_rng(3)
    for name, column in (("librispeech", "chapter"), ("vctk", "utterance")):
        (root / "speech" / name).mkdir()
        rows = []
        for speaker in range(6):
            for number in range(3):
                time = np.arange(20_000) / 16_000
                sound = 0.2 * np.sign(np.sin(2 * np.pi * (90 + 30 * speaker) * time))
                sound += random.normal(0, 0.02, len(time))
                file = f"{name}/{speaker}-{number}.wav"
                write_wav(root / "speech" / file, sound.astype(np.float32), 16_000)
                subset = "test-other" if speaker > 3 else "train-clean-100"
                rows.append({"file": file, "speaker": speaker, column: "1", "subset": subset})
        pandas.DataFrame(rows).to_csv(root / "speech" / f"{name}.csv", index=False)


def hearing(monkeypatch):
    """A transformer of random weights in place of Whisper's encoder."""
    from openaffect.train.nets.whisper_encoder import WhisperEncoder

    torch.manual_seed(0)
    net = WhisperEncoder(4, width=64).eval()
    monkeypatch.setattr(_speech, "encoder", lambda context: net)
    monkeypatch.setattr(_speech_head, "WIDTH", 64)


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_speech_free(tmp_path, monkeypatch):
    hearing(monkeypatch)
    data, out = tmp_path / "data", tmp_path / "out"
    voices(data, 4, 14)
    readers(data)
    checked(run.run("speech-free", data=data, out=out), "speech-free", out)
    with np.load(out / "speech-free.emodb.nested.npz", allow_pickle=False) as held:
        assert held["scores"].shape == (56, 7)
        assert held["scores"].sum(axis=1) == pytest.approx(np.ones(56))
        assert len(set(held["groups"])) == 4
    made = recognizer(SpeechEmotion, out / "speech-free.json")
    sound = np.random.default_rng(1).normal(0, 0.1, 16_000).astype(np.float32)
    timeline = made([sound, sound[:8000]])
    assert timeline.scores.sum(axis=1) == pytest.approx([1, 1], abs=1e-3)
    known = made.for_speaker([sound, sound[:9000]])([sound, sound[:8000]])
    assert known.scores.sum(axis=1) == pytest.approx([1, 1], abs=1e-3)
    assert not np.allclose(known.scores, timeline.scores, atol=1e-3)
    voices_apart = recognizer(SpeechEmbedding, out / "speech-speakers.json")
    vectors = voices_apart([sound, sound[:8000]]).scores
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1], abs=1e-4)
    assert {"equal error rate"} <= {row["measure"] for row in voices_apart.card.scores}
    affect = recognizer(SpeechAffect, out / "speech-affect.json")([sound])
    assert affect.scheme.name == "valence-arousal"


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_speech_research(tmp_path, monkeypatch):
    hearing(monkeypatch)
    monkeypatch.setattr(
        _speech, "speaker_folds", functools.partial(keep_first, _speech.speaker_folds, 3)
    )
    data, out = tmp_path / "data", tmp_path / "out"
    voices(data, 6, 7)
    voices(data, 6, 8, ravdess, "statement")
    card = checked(run.run("speech-research", data=data, out=out), "speech-research", out)
    assert not card.commercial
    assert len([row for row in card.scores if "recall" in row["measure"]]) == 6
    strength = recognizer(SpeechStrength, out / "speech-strength.json")
    assert 0 <= strength([np.full(16_000, 0.1, np.float32)]).scores[0, 0] <= 1
    assert "area under" in " ".join(row["measure"] for row in strength.card.scores)
    made = recognizer(SpeechEmotion, out / "speech-research.json")
    assert made([np.zeros(16_000, np.float32)]).scores.shape == (1, 9)


def keep_first(folds, most, speakers, count):
    """Ask for as many folds as so few speakers can fill."""
    return folds(speakers, min(count, most))


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_text_affect(tmp_path, tiny_encoder):
    data, out = tmp_path / "data", tmp_path / "out"
    random = np.random.default_rng(0)
    for split, count in (("train", 300), ("validation", 60)):
        words = random.choice(["joy", "fear", "anger", "today"], (count, 3))
        shift = (words == "joy").sum(1) - (words == "fear").sum(1)
        path = data / "text" / f"emobank-{split}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pandas.DataFrame(
            {
                "text": [f"{' '.join(row)} {split} {n}" for n, row in enumerate(words)],
                **{
                    axis: 3 + 0.3 * shift + random.normal(0, 0.1, count)
                    for axis in emobank.SCHEME.labels
                },
            }
        ).to_parquet(path)
    card = checked(run.run("text-affect", data=data, out=out, epochs=1), "text-affect", out)
    assert card.labels == ("valence", "arousal", "dominance")
    made = recognizer(TextAffect, out / "text-affect.json")
    scores = made(["joy today", "fear"]).scores
    assert scores.shape == (2, 3)
    assert np.abs(scores).max() <= 1


def pictures(root, split, count, seed):
    import cv2

    random = np.random.default_rng(seed)
    votes = np.zeros((count, 10), np.int8)
    votes[np.arange(count), np.arange(count) % 8] = 8
    votes[np.arange(count), random.integers(0, 8, count)] += 2
    images = random.integers(0, 256, (count, 48, 48), dtype=np.uint8)
    images[:, :, :24] //= (1 + np.arange(count) % 8)[:, None, None].astype(np.uint8)
    path = root / "face" / f"ferplus-{split}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    pandas.DataFrame(
        {"image": [cv2.imencode(".png", i)[1].tobytes() for i in images], "votes": list(votes)}
    ).to_parquet(path)


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_face_emotion(tmp_path, monkeypatch):
    small = functools.partial(face_emotion.FaceResNet, widths=(8, 16, 16, 16), depths=(1, 1, 1, 1))
    monkeypatch.setattr(face_emotion, "FaceResNet", small)
    first, second = face_emotion.MEMBERS
    first = dataclasses.replace(
        first,
        build=lambda context: EfficientNetLite(8),
        phases=(dataclasses.replace(first.phases[0], size=32),),
    )
    monkeypatch.setattr(face_emotion, "MEMBERS", (first, second))
    data, out = tmp_path / "data", tmp_path / "out"
    pictures(data, "train", 640, 0)
    pictures(data, "validation", 80, 1)
    checked(run.run("face-emotion", data=data, out=out, epochs=1), "face-emotion", out)
    made = recognizer(FaceEmotion, out / "face-emotion.json")
    crops = np.random.default_rng(2).integers(0, 256, (2, 60, 60, 3), dtype=np.uint8)
    assert made(list(crops)).scores.sum(axis=1) == pytest.approx([1, 1], abs=1e-3)
