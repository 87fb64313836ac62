# ruff: noqa: E402
"""The recipes of adapters on another device than the CPU: a pretended one, with real values.

Its tensors are wrappers that say ``meta``; an operation that takes one together with a tensor of
the CPU raises, as a GPU's does, unless it copies from one to the other.
"""

import contextlib
from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed (extra: train)")
for library in ("gguf", "tensorboard", "transformers"):
    pytest.importorskip(library, reason=f"{library} is not installed")

from tests.generate import made_model
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves, tree_map

from openaffect.models.backends._llama_graph import read_tensors
from openaffect.train import loop
from openaffect.train.recipes import _emotional_text, _lora, reply_lora, text_lora

COPIES = ("aten._to_copy.default", "aten.copy_.default")


class There(torch.Tensor):
    """A tensor of the pretended device."""

    @staticmethod
    def __new__(cls, values):
        made = torch.Tensor._make_wrapper_subclass(
            cls, values.shape, dtype=values.dtype, device="meta", strides=values.stride(),
            storage_offset=values.storage_offset(),
        )  # fmt: skip
        made.values_there = values
        return made

    @classmethod
    def __torch_dispatch__(cls, func, types, args=(), kwargs=None):
        return run(func, args, kwargs or {})


def run(func, args, kwargs):
    tensors = [item for item in tree_leaves((args, kwargs)) if isinstance(item, torch.Tensor)]
    there = {id(item.values_there): item for item in tensors if isinstance(item, There)}
    wanted = kwargs.get("device")
    if there and str(func) not in COPIES:
        # A single number of the CPU may come along.
        assert all(isinstance(item, There) or not item.ndim for item in tensors), func
    stays = bool(there) if wanted is None else torch.device(wanted).type == "meta"
    if wanted is not None:
        kwargs = {**kwargs, "device": "cpu"}
    found = func(*_plain(args), **_plain(kwargs))

    def back(item):
        if not stays or not isinstance(item, torch.Tensor) or isinstance(item, There):
            return item
        return there[id(item)] if id(item) in there else There(item)

    return tree_map(back, found)


def _plain(items):
    return tree_map(lambda item: item.values_there if isinstance(item, There) else item, items)


class Pretended(TorchDispatchMode):
    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        named = (kwargs or {}).get("device")
        there = any(isinstance(item, There) for item in tree_leaves((args, kwargs)))
        if there or (named is not None and torch.device(named).type == "meta"):
            return run(func, args, kwargs or {})
        return func(*args, **(kwargs or {}))


class Gpu(str):
    """The name of the pretended device, to the recipes that of a GPU."""

    def startswith(self, *what):
        return what == ("cuda",) or super().startswith(*what)


@pytest.fixture
def base(tmp_path):
    path = made_model.write_gguf(tmp_path / "made.gguf", made_model.network())
    shape, tensors = read_tensors(path)
    return _lora.Base(None, shape, {name: np.array(array) for name, array in tensors.items()})


@pytest.fixture
def gpu(context, monkeypatch):
    context.device = Gpu("meta")
    # Neither knows this device: what is not open changes nothing, and no file is read again.
    monkeypatch.setattr(loop.torch, "autocast", lambda *args, **kwargs: contextlib.nullcontext())
    monkeypatch.setattr(loop.Fit, "_save", lambda self: None)
    with Pretended():
        yield context


def test_a_tensor_left_on_the_cpu_is_found_out(gpu):
    there = torch.ones(3, device="meta")
    assert (there + there).to("cpu").tolist() == [2, 2, 2]
    with pytest.raises(AssertionError, match="aten"):
        there + torch.ones(3)


def test_replies_are_learnt_on_a_device(base, gpu, monkeypatch):
    monkeypatch.setattr(reply_lora, "GPU", reply_lora.Budget(2, 3, 8, None))
    monkeypatch.setattr(reply_lora, "RATE", 1e-2)
    row = ([5, 6, 7, 8, 9, 10], [False, False, True, True, False, True])
    given = {"learnt": [row] * 40, "choosing": [row] * 5, "judged": [row] * 7}
    net, (found,) = reply_lora.train(gpu, base, given)
    assert {item.device.type for item in (*net.parameters(), *net.buffers())} == {"meta"}
    assert net.first == 0
    assert found["value"] < found["baseline"]["value"] - 0.1


def test_comments_are_learnt_on_a_device_in_four_bits(base, gpu, monkeypatch):
    spent = replace(text_lora.GPU, epochs=2, batch=8)
    monkeypatch.setattr(text_lora, "GPU", spent)
    random = np.random.default_rng(0)

    def made(count):
        emotion = np.arange(count) % 7
        ids = [[1, *random.integers(2 + 4 * kind, 6 + 4 * kind, 5).tolist()] for kind in emotion]
        return _emotional_text.Comments(tuple(ids), (1,) * count, emotion)

    monkeypatch.setattr(text_lora, "prepared", lambda context, found: (made(70), made(14)))
    net, rows = text_lora.train(gpu, base, four_bits=True)
    assert {item.device.type for item in (*net.parameters(), *net.buffers())} == {"meta"}
    assert net.layers[0].attn_v.ranks == _emotional_text.ranks(spent.each)
    found = {row["measure"]: row for row in rows}
    assert found["sureness"]["baseline"]["value"] == pytest.approx(-np.log(7), abs=1e-3)
    assert found["sureness"]["value"] > found["sureness"]["baseline"]["value"]
