"""Low-rank adapters on a language model, against PyTorch's network with the matrices changed."""

import numpy as np
import pytest
from tests.generate import made_model

from openaffect.models.backends import llama
from openaffect.models.backends._llama_adapter import Adapter, read_adapter, save_adapter
from openaffect.types import (
    AdaptableModel,
    AdaptedModel,
    Card,
    IntegrityError,
    InvalidValueError,
)

torch = pytest.importorskip("torch", reason="torch (extra train) is the second source")
pytest.importorskip("gguf", reason="gguf comes with the extra generate")

CARD = Card("made-llama", "text.language", "text", licence="made")
IDS = np.array([[5, 9, 40, 12, 7], [30, 31, 3, 3, 8]])
SITES = {
    "blk.0.attn_v": ("self_attn.v_proj", 0),
    "blk.1.attn_output": ("self_attn.o_proj", 1),
    "blk.1.ffn_gate": ("mlp.gate_proj", 1),
    "blk.1.ffn_down": ("mlp.down_proj", 1),
}
"""Matrices of both layers, none whose rows are reordered in the file."""


@pytest.fixture(scope="module")
def net():
    return made_model.network()


def matrix(net, site):
    part, layer = SITES[site]
    return net.get_submodule(f"model.layers.{layer}.{part}").weight


@pytest.fixture(scope="module")
def adapter(net):
    """Two ranks for joy and one for fear, in steps that a byte a value can hold."""
    random = np.random.default_rng(0)

    def values(count):
        made = random.integers(-60, 61, (3, count))
        made[:, 0] = 127
        return made.astype(np.float32) / 180

    down, up = {}, {}
    for site in SITES:
        outputs, inputs = matrix(net, site).shape
        down[site], up[site] = values(inputs), values(outputs)
    mixing = np.array([[1, 1, 0], [0, 0, 1]], np.float32)
    return Adapter(down, up, ("joy", "fear"), mixing)


@pytest.fixture(scope="module")
def path(adapter, tmp_path_factory):
    found = tmp_path_factory.mktemp("adapter") / "made.npz"
    save_adapter(found, adapter)
    return found


@pytest.fixture(scope="module")
def plain(net, tmp_path_factory):
    folder = tmp_path_factory.mktemp("llama")
    file = made_model.write_gguf(folder / "made.gguf", net)
    return llama.load(file, CARD, folder / "graphs", "made")


@pytest.fixture(scope="module")
def model(plain, path):
    return plain.adapted(path)


def theirs(net, adapter, gates, ids):
    """PyTorch's scores with each matrix W made W + U g D."""
    ranks = np.asarray(gates, np.float32) @ adapter.mixing
    kept = {}
    with torch.no_grad():
        for site in SITES:
            weight = matrix(net, site)
            kept[site] = weight.clone()
            weight += torch.from_numpy(adapter.up[site].T @ (ranks[:, None] * adapter.down[site]))
        logits = net(torch.tensor(ids)).logits.numpy()[:, -1]
        for site in SITES:
            matrix(net, site).copy_(kept[site])
    return logits


def close(ours, expected):
    assert np.abs(ours - expected).max() < 0.12 * expected.std()
    assert np.corrcoef(ours.ravel(), expected.ravel())[0, 1] > 0.999


def test_it_is_a_language_model_with_gates(plain, model):
    assert isinstance(plain, AdaptableModel)
    assert isinstance(model, AdaptedModel)
    assert not isinstance(plain, AdaptedModel)
    assert model.gates == ("joy", "fear")


@pytest.mark.parametrize("gates", [(1, 0), (0, 1), (0.4, 0.6), (-1, 0), (2, 0.5)])
def test_scores_are_those_of_changed_matrices(model, net, adapter, gates):
    expected = theirs(net, adapter, gates, IDS)
    close(model.read(IDS, gates=np.array(gates, np.float32)).logits, expected)
    assert not np.allclose(theirs(net, adapter, (0, 0), IDS), expected, atol=0.2)


def test_closed_gates_are_the_model_itself(plain, model):
    expected = plain.read(IDS).logits
    assert np.array_equal(model.read(IDS).logits, expected)
    assert np.array_equal(model.read(IDS, gates=np.zeros(2, np.float32)).logits, expected)
    text = "the cat and the hat."
    assert np.array_equal(model.log_probabilities(text), plain.log_probabilities(text))


def test_rows_have_gates_of_their_own(model):
    gates = np.array([[1, 0], [0.3, 0.7]], np.float32)
    both = model.read(IDS, gates=gates).logits
    for row in (0, 1):
        alone = model.read(IDS[row : row + 1], gates=gates[row]).logits
        assert np.allclose(both[row], alone[0], atol=1e-3)


def test_gates_may_change_on_the_way(model):
    """The same state, read on under other gates: not what either alone gives."""
    ids = IDS[:1]
    state = model.read(ids[:, :3], gates=np.array([1, 0])).state
    later = model.read(ids[:, 3:], state, gates=np.array([0, 1])).logits
    for gates in ((1, 0), (0, 1)):
        assert not np.allclose(later, model.read(ids, gates=np.array(gates)).logits, atol=1e-2)


def test_what_is_written_is_read(adapter, path):
    found = read_adapter(path)
    assert found.names == adapter.names
    assert found.sites == tuple(sorted(SITES))
    assert np.array_equal(found.mixing, adapter.mixing)
    assert all(np.allclose(found.down[site], adapter.down[site], atol=1e-7) for site in SITES)
    assert all(np.allclose(found.up[site], adapter.up[site], atol=1e-7) for site in SITES)


def test_a_value_is_off_by_half_a_step_at_most(tmp_path):
    random = np.random.default_rng(0)
    pairs = {"blk.0.attn_v": random.normal(0, [[0.01], [3]], (2, 64)).astype(np.float32)}
    save_adapter(tmp_path / "a.npz", Adapter(pairs, pairs, ("joy",), np.ones((1, 2), np.float32)))
    off = np.abs(read_adapter(tmp_path / "a.npz").up["blk.0.attn_v"] - pairs["blk.0.attn_v"])
    assert (off.max(axis=1) <= np.abs(pairs["blk.0.attn_v"]).max(axis=1) / 127 / 2 * 1.001).all()


@pytest.mark.parametrize(
    ("gates", "told"),
    [
        (np.ones(3), r"shape \(1, 3\); expected \(B, 2\)"),
        (np.ones((3, 2)), "3 rows of gates for 2 rows"),
        (np.array([np.nan, 0]), "give finite numbers"),
    ],
)
def test_bad_gates_are_named(model, gates, told):
    with pytest.raises(InvalidValueError, match=told):
        model.read(IDS, gates=gates)


def test_the_adapter_of_another_model_is_refused(plain, adapter, tmp_path):
    other = {**adapter.down, "blk.1.ffn_gate": np.ones((3, 96), np.float32)}
    save_adapter(tmp_path / "wide.npz", Adapter(other, adapter.up, adapter.names, adapter.mixing))
    with pytest.raises(IntegrityError, match=r"ffn_gate takes 96 .* belongs to another model"):
        plain.adapted(tmp_path / "wide.npz")
    deep = Adapter(
        {"blk.7.attn_v": np.ones((1, 64))}, {"blk.7.attn_v": np.ones((1, 32))},
        ("joy",), np.ones((1, 1), np.float32),
    )  # fmt: skip
    save_adapter(tmp_path / "deep.npz", deep)
    with pytest.raises(IntegrityError, match=r"lacks: \['blk.7.attn_v'\]"):
        plain.adapted(tmp_path / "deep.npz")


@pytest.mark.parametrize("cut", [0, 10, 500, -30])
def test_a_damaged_adapter_is_named(plain, path, tmp_path, cut):
    damaged = tmp_path / "damaged.npz"
    damaged.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(IntegrityError, match=r"damaged\.npz"):
        plain.adapted(damaged)


def test_an_adapter_without_its_parts_is_named(plain, adapter, tmp_path):
    for missing in ("names", "mixing", "blk.1.ffn_gate.up"):
        save_adapter(tmp_path / "part.npz", adapter)
        with np.load(tmp_path / "part.npz") as file:
            arrays = {name: file[name] for name in file.files if name != missing}
        np.savez(tmp_path / "part.npz", **arrays)
        with pytest.raises(IntegrityError, match=missing.replace(".", r"\.")):
            plain.adapted(tmp_path / "part.npz")
