# ruff: noqa: E402
"""The network that adapters are trained in: against PyTorch's own, the graph, and the papers."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed (extra: train)")
pytest.importorskip("gguf", reason="gguf comes with the extra generate")
stats = pytest.importorskip("scipy.stats", reason="scipy is the second source")

from tests.generate import made_model

from openaffect.models.backends import llama
from openaffect.models.backends._llama_adapter import save_adapter
from openaffect.models.backends._llama_graph import read_tensors
from openaffect.train.nets.llama_lora import LlamaLora
from openaffect.train.nets.nf4 import BLOCK, LEVELS, Nf4Matrix
from openaffect.types import Card

IDS = np.array([[5, 9, 40, 12, 7], [30, 31, 3, 3, 8]])


@pytest.fixture(scope="module")
def theirs():
    return made_model.network()


@pytest.fixture(scope="module")
def path(theirs, tmp_path_factory):
    return made_model.write_gguf(tmp_path_factory.mktemp("llama") / "made.gguf", theirs)


@pytest.fixture(scope="module")
def arrays(path):
    shape, tensors = read_tensors(path)
    return shape, {name: np.array(tensor) for name, tensor in tensors.items()}


def net_of(arrays, **choices):
    torch.manual_seed(0)
    return LlamaLora(*arrays, kind=torch.float32, **choices)


def opened(net):
    """Give the pairs random values on both sides."""
    random = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for item in net.parameters():
            item.copy_(0.2 * torch.randn(item.shape, generator=random))
    return net


@torch.no_grad()
def scores(net, ids=IDS, gates=None):
    return net.logits(net(torch.tensor(ids), gates)).numpy()


def test_scores_are_those_of_pytorch(theirs, arrays):
    with torch.no_grad():
        expected = theirs(torch.tensor(IDS)).logits.numpy()
    assert np.allclose(scores(net_of(arrays)), expected, atol=1e-4)


def test_both_parts_one_after_the_other_are_the_whole(arrays):
    with torch.no_grad():
        stream = net_of(arrays, last=1)(torch.tensor(IDS))
        upper = net_of(arrays, first=1)
        found = upper.logits(upper(stream)).numpy()
    assert np.allclose(found, scores(net_of(arrays)), atol=1e-5)


def test_pairs_begin_as_no_change(arrays):
    net = net_of(arrays, ranks=3)
    assert np.array_equal(scores(net, gates=torch.ones(2, 3)), scores(net))
    assert len(list(net.parameters())) == 2 * 4 * 2  # both of a pair, four matrices, two layers


def test_what_is_trained_runs_on_the_graph(arrays, path, tmp_path):
    """The first rank is in common: no gate opens it, and it is not in the file."""
    net = opened(net_of(arrays, ranks=3))
    mixing = np.array([[0, 1, 0], [0, 0, 1]], np.float32)
    save_adapter(tmp_path / "pairs.npz", net.adapter(("joy", "fear"), mixing))
    card = Card("made-llama", "text.language", "text", licence="made")
    graph = llama.load(path, card, tmp_path, "made").adapted(tmp_path / "pairs.npz")
    gates = np.array([[1, 0.5], [0, -1]], np.float32)
    ours = graph.read(IDS, gates=gates).logits
    expected = scores(net, gates=torch.from_numpy(gates @ mixing))[:, -1]
    assert np.abs(ours - expected).max() < 0.12 * expected.std()
    assert np.corrcoef(ours.ravel(), expected.ravel())[0, 1] > 0.999


def test_only_pairs_learn(arrays):
    net = net_of(arrays, ranks=2)
    net.logits(net(torch.tensor(IDS), torch.ones(2, 2))).square().mean().backward()
    assert all(item.grad is not None for item in net.parameters())
    assert not any(item.requires_grad for item in net.buffers())


def test_levels_are_quantiles_of_a_normal_distribution():
    """As bitsandbytes makes them: eight above zero, seven below, the outermost 1 and -1."""
    offset = 0.9677083
    above = stats.norm.ppf(np.linspace(offset, 0.5, 9)[:-1])
    below = -stats.norm.ppf(np.linspace(offset, 0.5, 8)[:-1])
    expected = np.sort([*above, 0, *below]) / above.max()
    assert np.allclose(LEVELS, expected, atol=1e-5)


def test_each_weight_takes_the_nearest_level_of_its_block():
    random = np.random.default_rng(0)
    weight = random.normal(0, 0.1, (6, 96)).astype(np.float32)
    found = Nf4Matrix(torch.from_numpy(weight)).weight(torch.float32).numpy()
    blocks = weight.reshape(-1, BLOCK)
    scale = np.abs(blocks).max(axis=1, keepdims=True).astype(np.float16).astype(np.float32)
    levels = np.array(LEVELS, np.float32)
    nearest = np.abs(blocks[..., None] / scale[..., None] - levels).argmin(axis=-1)
    assert np.allclose(found, (levels[nearest] * scale).reshape(6, 96), atol=1e-6)


def test_four_bits_take_a_quarter_of_sixteen():
    packed = Nf4Matrix(torch.randn(64, 64))
    assert packed.codes.numel() + 2 * packed.scales.numel() == 64 * 64 * 4.25 / 8


def test_pairs_are_trained_over_four_bits(arrays):
    """The frozen network answers nearly as before, and gradients reach every pair."""
    net = net_of(arrays, ranks=2, four_bits=True)
    found, expected = scores(net), scores(net_of(arrays))
    assert np.corrcoef(found.ravel(), expected.ravel())[0, 1] > 0.95
    assert not np.allclose(found, expected, atol=1e-3)
    net.logits(net(torch.tensor(IDS), torch.ones(2, 2))).square().mean().backward()
    assert all(item.grad is not None for item in net.parameters())
