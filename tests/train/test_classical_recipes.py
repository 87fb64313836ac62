# ruff: noqa: E402
"""The classical recipes from a made corpus to a card whose model runs."""

import numpy as np
import pytest

for library in ("torch", "sklearn", "pandas", "pyarrow", "tensorboard", "transformers"):
    pytest.importorskip(library, reason=f"{library} is not installed (extra: train)")

from openaffect.recognize.face_geometry_tree import FaceGeometryTree
from openaffect.recognize.face_hog_knn import FaceHogKnn
from openaffect.recognize.face_hog_svm import FaceHogSvm
from openaffect.recognize.speech_prosody_svm import SpeechProsodySvm
from openaffect.recognize.text_tfidf import TextTfidf
from openaffect.train import run
from openaffect.train.recipes import face_geometry_tree

from .test_recipes import pictures, recognizer, sayings, voices

CROPS = [np.full((48, 48, 3), value, np.uint8) for value in (10, 200)]


def made(name, data, out):
    """Run the recipe and return its card's path and card, as the recogniser would read it."""
    from openaffect.models.catalogue import read_card

    path = run.run(name, data=data, out=out)
    card = read_card(path)
    assert path == out / f"{name}.json"
    assert card.name == name
    assert card.rank == -1
    assert card.scores
    assert card.forbidden_use
    assert card.file("model").size == (out / f"{name}.npz").stat().st_size
    return path


@pytest.mark.parametrize(
    ("name", "kind"), [("face-hog-svm", FaceHogSvm), ("face-hog-knn", FaceHogKnn)]
)
def test_histograms(tmp_path, name, kind):
    pictures(tmp_path, "train", 640, 0)
    pictures(tmp_path, "validation", 80, 1)
    path = made(name, tmp_path, tmp_path / "out")
    scores = recognizer(kind, path)(CROPS).scores
    assert scores.sum(axis=1) == pytest.approx([1, 1], abs=1e-5)


def test_geometry(tmp_path, monkeypatch):
    """Measures in place of the mesh: the class is where the first of them lies."""

    def measures(faces, session, context):
        rows = np.zeros((len(faces), 12), np.float32)
        rows[:, 0] = faces.label
        rows[::50] = np.nan  # faces in which the mesh sees none
        return rows

    monkeypatch.setattr(face_geometry_tree, "measures", measures)
    monkeypatch.setattr(face_geometry_tree, "CardWeights", lambda *_: Sessions())
    pictures(tmp_path, "train", 640, 0)
    pictures(tmp_path, "validation", 80, 1)
    path = made("face-geometry-tree", tmp_path, tmp_path / "out")
    from openaffect.models.catalogue import read_card

    card = read_card(path)
    assert card.file("landmarks").sha256
    assert card.scores[0]["value"] > 0.6
    assert card.implementation == "face_geometry_tree"
    assert FaceGeometryTree.modality == "face"


class Sessions:
    def session(self, role):
        assert role == "landmarks"


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_prosody(tmp_path):
    voices(tmp_path, 4, 14)
    path = made("speech-prosody-svm", tmp_path, tmp_path / "out")
    sound = np.random.default_rng(1).normal(0, 0.1, 16_000).astype(np.float32)
    scores = recognizer(SpeechProsodySvm, path)([sound, sound[:8000]]).scores
    assert scores.sum(axis=1) == pytest.approx([1, 1], abs=1e-5)
    with np.load(tmp_path / "out/speech-prosody-svm.emodb.nested.npz") as held:
        assert held["scores"].shape == (56, 7)


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_words(tmp_path):
    sayings(tmp_path, "train", 540)
    sayings(tmp_path, "validation", 81)
    path = made("text-tfidf-lr", tmp_path, tmp_path / "out")
    found = recognizer(TextTfidf, path)(["I feel joy today", "I feel fear"])
    assert found.best() == ["joy", "fear"]
