# ruff: noqa: E402
"""The recipe of the adapter that writes with emotion, over a made corpus and a made model."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed (extra: train)")
for library in ("gguf", "pandas", "pyarrow", "tensorboard", "transformers"):
    pytest.importorskip(library, reason=f"{library} is not installed")

import pandas
from tests.train.made_base import made_base

from openaffect.data import goemotions
from openaffect.data._labelled_text import LabelledText
from openaffect.generate._emotion import EMOTIONS
from openaffect.models.backends._llama_adapter import read_adapter
from openaffect.models.catalogue import read_card
from openaffect.train import run
from openaffect.train.recipes import _emotional_text, _lora, text_lora
from openaffect.types import MissingDependencyError

SAID = {
    "anger": "get out of it", "disgust": "ugh ugh ugh ugh", "fear": "run run run run",
    "joy": "yay yay yay yay", "sadness": "oh no oh no", "surprise": "what what what what",
    "neutral": "a map of it",
}  # fmt: skip


@pytest.fixture
def base(tmp_path, monkeypatch):
    found = made_base(tmp_path)
    monkeypatch.setattr(_lora, "base", lambda context: found)
    return found


def corpus(root):
    for split, each in (("train", 30), ("validation", 2)):
        rows = [(f"{said} {split[0]}{n}", [name]) for n in range(each) for name, said in
                SAID.items()]  # fmt: skip
        path = root / "text" / f"goemotions-{split}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pandas.DataFrame(rows, columns=["text", "labels"]).to_parquet(path)


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_the_gates_learn_to_tell_the_feelings_apart(tmp_path, base, monkeypatch):
    """Sentences of one feeling are alike: their own gate comes to make them likeliest."""
    monkeypatch.setattr(text_lora, "RATE", 2e-2)
    monkeypatch.setattr(_emotional_text, "openings", lambda: ("it is",))
    corpus(tmp_path / "data")
    out = tmp_path / "out"
    card = read_card(run.run("text-lora", data=tmp_path / "data", out=out, epochs=3))
    found = {row["measure"]: row for row in card.scores}
    assert found["sureness"]["baseline"]["value"] == pytest.approx(-np.log(7), abs=1e-3)
    assert found["accuracy"]["value"] > 0.7
    assert found["surprise"]["value"] < found["surprise"]["baseline"]["value"]
    adapter = read_adapter(out / "text-lora.npz")
    assert adapter.names == card.labels == EMOTIONS
    assert card.preprocessing["matrices"] == "layers 1 to 1"
    assert adapter.sites[0].startswith("blk.1.")  # the upper of two layers
    assert adapter.mixing.sum(axis=1).tolist() == [_emotional_text.EACH] * 7
    assert adapter.mixing.sum(axis=0).tolist() == [1] * (7 * _emotional_text.EACH)
    assert base.model.adapted(out / "text-lora.npz").gates == EMOTIONS


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_base_in_four_bits_is_trained_on_as_well(tmp_path, base, context, monkeypatch):
    """What the recipe for a GPU does, on the CPU and the upper layer alone."""
    monkeypatch.setattr(text_lora, "RATE", 2e-2)
    monkeypatch.setattr(_emotional_text, "openings", lambda: ("it is",))
    corpus(tmp_path / "data")
    context.root, context.epochs = tmp_path / "data", 2
    net, rows = text_lora.train(context, base, four_bits=True)
    assert net.layers[0].attn_v.packed.codes.dtype == torch.uint8
    assert {row["measure"]: row["value"] for row in rows}["accuracy"] > 0.5


def test_four_bits_want_a_gpu(tmp_path):
    with pytest.raises(MissingDependencyError, match=r"--device cuda .* or train text-lora"):
        run.run("text-qlora", out=tmp_path)


def test_comments_of_one_core_feeling_are_taken():
    """Of a text with two emotions, one at the rim of its group, or unfit words, none."""
    texts = ("we lost it all again", "we lost it all again then", "thanks for all of it",
             "i am so sad about it", "see https://a.b for it all", "too short")  # fmt: skip
    sets = (["grief"], ["grief", "joy"], ["gratitude"], ["sadness"], ["joy"], ["joy"])
    labels = np.zeros((6, 28), np.float32)
    for row, names in enumerate(sets):
        labels[row, [goemotions.SCHEME.index(name) for name in names]] = 1
    rows = LabelledText(texts, labels, goemotions.SCHEME)
    assert _emotional_text.feeling(rows).tolist() == [4, -1, -1, -1, -1, -1]


def test_every_feeling_is_drawn_alike():
    emotion = np.repeat(np.arange(7), [1, 2, 4, 8, 16, 32, 337])
    given = _emotional_text.Comments(([5, 6],) * 400, (1,) * 400, emotion)
    counts = np.zeros(7)
    for epoch in range(20):
        for _, ids, wanted, gates in _emotional_text.batches(given, None, 16, 0, epoch):
            counts += gates[:, 8::8].sum(0).numpy()
            assert wanted.sum() == len(ids)
    assert counts.sum() == 20 * 200
    assert np.abs(counts / 4000 - 1 / 7).max() < 4 * np.sqrt(6 / 49 / 4000)
