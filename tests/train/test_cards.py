# ruff: noqa: E402
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed (extra: train)")
pytest.importorskip("gguf", reason="gguf is not installed")

from openaffect.train.cards import machine
from openaffect.train.context import Context
from openaffect.train.recipes import _lora, reply_lora, text_lora


@pytest.fixture(autouse=True)
def names(monkeypatch):
    names = {"cuda": "NVIDIA H200", "cuda:1": "NVIDIA L4"}
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda device: names[device])


def test_the_accelerator_of_a_cuda_device_is_named():
    here = machine()
    assert "accelerator" not in here
    assert machine("cpu") == here
    assert machine("cuda") == {**here, "accelerator": "NVIDIA H200"}
    assert machine("cuda:1") == {**here, "accelerator": "NVIDIA L4"}


def test_the_cards_of_adapters_say_where_they_were_trained(tmp_path, monkeypatch):
    monkeypatch.setattr(_lora, "trained_on", lambda path: {})
    path = tmp_path / "made.npz"
    path.write_bytes(b"made")
    there, here = (Context(out=tmp_path, device=device) for device in ("cuda:1", "cpu"))
    for make in (
        lambda it: reply_lora.card(it, path, [], 5),
        lambda it: text_lora.card(it, path, []),
    ):
        assert "'accelerator': 'NVIDIA L4'" in make(there).provenance
        assert "accelerator" not in make(here).provenance
