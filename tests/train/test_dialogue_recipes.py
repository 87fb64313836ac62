# ruff: noqa: E402
"""Recipes of dialogues from a made corpus to a card whose model reads lines."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed (extra: train)")
for library in ("transformers", "sklearn", "onnx", "pandas", "pyarrow", "tensorboard"):
    pytest.importorskip(library, reason=f"{library} is not installed (extra: train)")

import pandas

from openaffect.models import Store
from openaffect.models.catalogue import Catalogue, read_card
from openaffect.models.weights import CardWeights
from openaffect.recognize.text_dialogue import TextDialogue
from openaffect.recognize.text_situation import TextSituation
from openaffect.train import run
from openaffect.train.recipes import _talks

EMOTIONS = ("sadness", "joy", "fear", "anger")  # words of the tiny encoder
LABELS = dict(zip(EMOTIONS, ("sad", "joyful", "afraid", "angry"), strict=True))


def recognizer(kind, path):
    card = read_card(path)
    catalogue = Catalogue({card.name: card}, {card.name: path.parent})
    return kind(CardWeights(card, Store(path.parent / "cache", offline=True, catalogue=catalogue)))


def conversations(root, split, count, first=0):
    rows = []
    for number in range(first, first + count):
        word = EMOTIONS[number % 4]
        lines = [f"i feel {word} {number}", "today", f"{word} today", "i feel"][: 2 + number % 3]
        rows += [
            {
                "conversation_id": f"{split}{number}",
                "turn": turn,
                "speaker": ("speaker", "listener")[turn % 2],
                "utterance": line,
                "situation": f"{word} {number}",
                "emotion": LABELS[word],
            }
            for turn, line in enumerate(lines)
        ]
    path = root / "text" / f"empathetic-{split}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    pandas.DataFrame(rows).to_parquet(path)


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.usefixtures("tiny_encoder")
def test_text_situation(tmp_path):
    data, out = tmp_path / "data", tmp_path / "out"
    conversations(data, "train", 200)
    conversations(data, "validation", 40, first=1000)
    path = run.run("text-situation", data=data, out=out, epochs=1)
    card = read_card(path)
    assert not card.commercial
    by_measure = {row["measure"]: row for row in card.scores}
    assert by_measure["accuracy, situation"]["baseline"]["value"] == 1  # a word gives it away
    assert by_measure["parity, torch to ONNX float32"]["largest_difference"] < 1e-3
    reader = recognizer(TextSituation, path)
    alone = reader(["i feel fear", "today"])
    assert alone.scores.sum(axis=1) == pytest.approx([1, 1], abs=1e-4)
    lines = reader.lines([("a", "i feel fear"), ("b", "today"), ("a", "today")])
    np.testing.assert_allclose(lines.scores[0], alone.scores[0], atol=1e-6)
    assert np.abs(lines.scores[2] - alone.scores[1]).max() > 1e-6


def test_no_conversation_is_on_both_sides(tmp_path):
    conversations(tmp_path, "train", 100)
    conversations(tmp_path, "validation", 20, first=90)
    fit, choose, judged = _talks.read(tmp_path)
    sides = [{talk.situation for talk in part} for part in (fit, choose, judged)]
    assert (len(fit) + len(choose), len(judged)) == (90, 20)
    assert not sides[0] & sides[1] and not sides[2] & (sides[0] | sides[1])


def test_what_the_listener_says_has_a_type_of_its_own(tmp_path, tiny_encoder):
    talk = _talks.Talk(0, "fear", ("i feel", "today", "fear"), ("speaker", "listener", "speaker"))
    pieces = _talks.Pieces(tiny_encoder, [talk], 20)
    assert talk.told == (0, 2)
    (row,) = pieces.dialogues([2])
    assert row[1].tolist() == [0, 0, 0, 0, 1, 1, 0, 0]
    assert pieces.lines([2])[0][1].tolist() == [0, 0, 0]
    assert pieces.situations()[0].shape == (2, 3)


def series(root, split, dialogues, seed):
    random = np.random.default_rng(seed)
    words = {"joy": "so happy", "anger": "I hate you", "neutral": "The chair is there"}
    rows = []
    for dialogue in range(dialogues):
        for utterance in range(4):
            emotion = sorted(words)[random.integers(3)]
            rows.append(
                {
                    "dialogue_id": dialogue,
                    "utterance_id": utterance,
                    "speaker": "AB"[random.integers(2)],
                    "text": f"{words[emotion]} {random.integers(99)}",
                    "emotion": emotion,
                    "sentiment": "neutral",
                }
            )
    path = root / "text" / f"meld-{split}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    pandas.DataFrame(rows).to_parquet(path)


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_text_dialogue(tmp_path, monkeypatch):
    data, out = tmp_path / "data", tmp_path / "out"
    series(data, "train", 24, 0)
    series(data, "validation", 6, 1)
    path = run.run("text-dialogue", data=data, out=out, epochs=2)
    card = read_card(path)
    assert (card.task, card.commercial) == ("text.dialogue", False)
    by_measure = {row["measure"]: row for row in card.scores}
    assert by_measure["parity, torch to ONNX float32"]["largest_difference"] < 1e-4
    assert by_measure["weighted F1, lines in their dialogue"]["baseline"]["value"] <= 1
    reader = recognizer(TextDialogue, path)
    lines = [("A", "so happy"), ("B", "I hate you"), ("B", "The chair is there")] * 20
    whole = reader.lines(lines)
    assert whole.scores.shape == (60, 7)
    assert whole.scores.sum(axis=1) == pytest.approx(np.ones(60), abs=1e-4)
    part = reader.lines(lines[8:50], start=reader.context)
    np.testing.assert_allclose(part.scores, whole.scores[40:50], atol=1e-5)
    other = reader.lines([("A", "so happy"), ("A", "I hate you")]).scores[1]
    assert np.abs(other - whole.scores[1]).max() > 1e-6  # who said it counts
    np.testing.assert_allclose(reader(["so happy"]).scores[0], whole.scores[0], atol=1e-5)

    from openaffect import read_dialogue
    from openaffect.models import catalogue

    monkeypatch.setenv("OPENAFFECT_WEIGHTS", str(out))
    catalogue._catalogue.cache_clear()
    named = read_dialogue(lines, model="text-dialogue")
    assert (named.model, named.scheme.name) == ("text-dialogue", "meld7")
    np.testing.assert_allclose(named.scores, whole.scores, atol=1e-5)
