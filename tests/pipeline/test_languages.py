"""A text is read by a model of its language, or not at all."""

import json
import shutil

import pytest

import openaffect
from openaffect.models import Store, card
from openaffect.preprocess.text_language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I don't know what to say, this is so sad.", "eng"),
        ("Anna", "eng"),
        ("", "eng"),
        ("Minä en tiedä, mitä sinä haluat.", "fin"),
        ("Ich weiß nicht, was das ist.", "deu"),
        ("No sé qué es lo que quieres.", "spa"),
        ("Eu não sei o que você quer.", "por"),
        ("Я не знаю, что сказать.", "rus"),
        ("我不知道该说什么。", "zho"),
        ("मुझे नहीं पता क्या कहूँ।", "hin"),
        ("ما نعرفش واش نقول", "arq"),
        ("これは日本語の文章です", "jpn"),
    ],
)
def test_sentences_of_twelve_kinds_are_told_apart(text, language):
    assert language_of(text) == language


def test_a_language_without_a_model_gets_no_answer_and_says_so():
    found = openaffect.analyze("Я так рад, спасибо вам большое!")
    assert not found.timelines
    assert found.facts["language"] == "rus"
    assert any("openaffect train text-languages" in warning for warning in found.warnings)


def test_finnish_is_read_by_the_finnish_model():
    finnish = card("text-emotion-fin")
    if Store(offline=True).locate(finnish, "model") is None:
        pytest.skip("the Finnish model is not on this machine")
    found = openaffect.analyze("Minä vihaan sinua, painu helvettiin! Minä pelkään, apua, apua!")
    timeline = found.timelines["text.emotion"]
    assert timeline.model == "text-emotion-fin"
    assert timeline.best() == ["anger", "fear"]


def test_a_model_of_the_users_own_reads_its_language(tmp_path, monkeypatch):
    """The Finnish graph under a German name: what `openaffect train text-languages` leaves."""
    finnish = card("text-emotion-fin")
    graph = Store(offline=True).locate(finnish, "model")
    if graph is None:
        pytest.skip("the Finnish model is not on this machine")
    shutil.copyfile(graph, tmp_path / "text-emotion-deu.onnx")
    made = finnish.to_dict() | {"name": "text-emotion-deu"}
    made["files"][0] |= {"source": "file:text-emotion-deu.onnx", "name": "text-emotion-deu.onnx"}
    (tmp_path / "text-emotion-deu.json").write_text(json.dumps(made))
    (tmp_path / "broken.json").write_text(json.dumps(made | {"name": "broken", "unheard": 1}))
    monkeypatch.setenv("OPENAFFECT_WEIGHTS", str(tmp_path))
    found = openaffect.analyze("Ich weiß nicht, was das ist, aber ich habe Angst.")
    assert found.timelines["text.emotion"].model == "text-emotion-deu"
    assert any("broken.json" in warning for warning in found.warnings)
