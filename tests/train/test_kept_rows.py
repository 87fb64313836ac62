# ruff: noqa: E402
"""Rows made beforehand, without a GPU: a resumed run needs no corpus."""

from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed (extra: train)")
for library in ("gguf", "pandas", "pyarrow", "transformers"):
    pytest.importorskip(library, reason=f"{library} is not installed")

import pandas
from tests.train.made_base import made_base

from openaffect.models.backends._llama_adapter import Adapter, read_adapter, save_adapter
from openaffect.train.recipes import _emotional_text, reply_lora, text_lora
from openaffect.train.recipes._kept_rows import apart, joined, kept
from openaffect.types import SourceNotFoundError


@pytest.fixture
def base(tmp_path):
    return made_base(tmp_path)


@pytest.fixture
def gpu(context):
    """A context that names a device which is not here."""
    context.device = "cuda"
    return context


def test_kept_rows_are_not_made_again(context):
    made = {"a": np.arange(5), "b": np.array([True, False])}
    kept(context, "things", "these", lambda: made)
    context.resume = True
    again = kept(context, "things", "these", lambda: pytest.fail("made again"))
    assert sorted(again) == ["a", "b"]
    assert np.array_equal(again["a"], made["a"]) and again["b"].dtype == bool
    assert [path.name for path in context.out.iterdir()] == ["things.rows.npz"]


def test_rows_of_something_else_are_made_again(context):
    kept(context, "things", "these", lambda: {"a": np.arange(5)})
    context.resume = True
    assert kept(context, "things", "those", lambda: {"a": np.arange(2)})["a"].tolist() == [0, 1]
    context.resume = False
    assert kept(context, "things", "those", lambda: {"a": np.arange(3)})["a"].tolist() == [0, 1, 2]


@pytest.mark.parametrize("rows", [[[1, 2], [3], [4, 5, 6]], [[7]], []])
def test_rows_come_apart_as_they_were_joined(rows):
    assert apart(*joined(rows)) == rows


def dialogues(root, conversations=40):
    """Write conversations of four turns; each has a situation of its own."""
    columns = ("conversation_id", "turn", "speaker", "utterance", "situation", "emotion")
    for split, count in (("train", conversations), ("validation", 2)):
        rows = [
            (f"{split[0]}{talk}", turn, ("speaker", "listener")[turn % 2],
             f"{said} {split[0]}{talk}", f"of {split} {talk}", "sad")
            for talk in range(count)
            for turn, said in enumerate(("it is so bad", "oh no", "it ran off", "and then"))
        ]  # fmt: skip
        path = root / "text" / f"empathetic-{split}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pandas.DataFrame(rows, columns=columns).to_parquet(path)


def test_dialogues_for_a_gpu_are_made_without_one(base, gpu, tmp_path, monkeypatch):
    """All conversations but those held back, and every answer of each; then without the corpus."""
    monkeypatch.setattr(reply_lora, "LONGEST", 400)
    monkeypatch.setattr(reply_lora, "CHOOSING", 1)
    dialogues(tmp_path / "data")
    gpu.root = tmp_path / "data"
    made = reply_lora.prepared(gpu, base)
    assert {name: len(rows) for name, rows in made.items()} == {
        "learnt": 38, "choosing": 1, "judged": 1,
    }  # fmt: skip

    def said(row):
        learnt = [number for number, wanted in zip(*row, strict=True) if wanted]
        return base.model.decode(learnt)

    whole = {said(row) for row in made["learnt"]}
    assert len(whole) == 38
    held = {said(row) for name in ("choosing", "judged") for row in made[name]}
    names = [f"t{talk}" for talk in range(40)]
    learnt = [name for name in names if f"oh no {name}and then {name}" in whole]
    assert len(learnt) == 38
    others = set(names) - set(learnt)
    assert held <= {f"{start} {name}" for name in others for start in ("oh no", "and then")}
    gpu.root, gpu.resume = tmp_path / "nowhere", True
    assert reply_lora.prepared(gpu, base) == made
    gpu.device = "cpu"
    with pytest.raises(SourceNotFoundError, match="nowhere"):  # other rows are wanted of a CPU
        reply_lora.prepared(gpu, base)


def test_of_the_dialogues_a_cpu_learns_the_first_of_the_draw(base, context, tmp_path, monkeypatch):
    monkeypatch.setattr(reply_lora, "LONGEST", 400)
    dialogues(tmp_path / "data")
    context.root = tmp_path / "data"
    monkeypatch.setattr(reply_lora, "CPU", replace(reply_lora.CPU, most=None))
    whole = reply_lora.prepared(context, base)
    monkeypatch.setattr(reply_lora, "CPU", replace(reply_lora.CPU, most=7))
    part = reply_lora.prepared(context, base)
    assert part == {**whole, "learnt": whole["learnt"][:7]}


def test_comments_for_a_gpu_are_made_without_one(base, gpu, tmp_path, monkeypatch):
    monkeypatch.setattr(_emotional_text, "openings", lambda: ("it is",))
    monkeypatch.setattr(text_lora, "GPU", replace(text_lora.GPU, most=5, held=2))
    for split, count in (("train", 30), ("validation", 2)):
        rows = [(f"yay yay yay {split[0]}{n}", ["joy"]) for n in range(count)]
        path = tmp_path / "data" / "text" / f"goemotions-{split}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pandas.DataFrame(rows, columns=["text", "labels"]).to_parquet(path)
    gpu.root = tmp_path / "data"
    learnt, held = text_lora.prepared(gpu, base)
    assert len(learnt) == 5 and len(held) == 2
    assert set(learnt.emotion.tolist()) == {list(_emotional_text.CORE).index("happiness")}
    assert all("yay" in base.model.decode(ids) for ids in (*learnt.ids, *held.ids))
    gpu.root, gpu.resume = tmp_path / "nowhere", True
    for before, after in zip((learnt, held), text_lora.prepared(gpu, base), strict=True):
        assert (after.ids, after.begin) == (before.ids, before.begin)
        assert np.array_equal(after.emotion, before.emotion)


def test_the_adapter_of_every_layer_is_below_ten_megabytes(tmp_path):
    """By the sizes of SmolLM2-135M (config.json): 30 layers, 576 wide, keys 192, inner 1536."""
    sizes = {"attn_v": (576, 192), "attn_output": (576, 576), "ffn_gate": (576, 1536),
             "ffn_down": (1536, 576)}  # fmt: skip
    mixing = _emotional_text.mixing(text_lora.GPU.each)
    used = int(mixing.any(axis=0).sum())
    assert used == 7 * text_lora.GPU.each
    down, up = (
        {
            f"blk.{layer}.{part}": np.ones((used, size[side]), np.float32)
            for layer in range(30)
            for part, size in sizes.items()
        }
        for side in (0, 1)
    )
    names = tuple(_emotional_text.CORE)
    opened = mixing[:, mixing.any(axis=0)]
    save_adapter(tmp_path / "whole.npz", Adapter(down, up, names, opened))
    assert (tmp_path / "whole.npz").stat().st_size < 10e6
    assert read_adapter(tmp_path / "whole.npz").mixing.sum(axis=0).tolist() == [1] * used


@pytest.mark.parametrize("each", [4, 8])
def test_another_feelings_gates_are_as_many(each):
    mixing = torch.from_numpy(_emotional_text.mixing(each))
    own = mixing.clone()
    own[:, : _emotional_text.COMMON] = 1
    assert own.shape == (7, _emotional_text.COMMON + 7 * each)
    other = text_lora._turned(own, torch.Generator().manual_seed(0))
    assert bool((other[:, : _emotional_text.COMMON] == 1).all())
    apart = other[:, _emotional_text.COMMON :] * own[:, _emotional_text.COMMON :]
    assert apart.sum() == 0
    assert other.sum(dim=1).tolist() == [_emotional_text.COMMON + each] * 7
