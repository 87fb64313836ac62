"""The user's own language models: files, folders, cached names."""

import numpy as np
import pytest
from tests.generate import made_model

from openaffect.models import CardWeights, card
from openaffect.models.backends import transformers_gguf
from openaffect.models.language import is_own_model, language_model_at
from openaffect.models.store import Store
from openaffect.types import (
    GradientModel,
    IntegrityError,
    SourceNotFoundError,
    WeightsUnavailableError,
)

torch = pytest.importorskip("torch", reason="torch comes with the extra train")
pytest.importorskip("gguf", reason="gguf comes with the extra generate")
IDS = np.array([[5, 9, 40, 12, 7]])


@pytest.fixture(scope="module")
def net():
    return made_model.network()


@pytest.fixture(scope="module")
def file(net, tmp_path_factory):
    return made_model.write_gguf(tmp_path_factory.mktemp("own") / "My Model.Q4.gguf", net)


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def expected(net):
    with torch.no_grad():
        return net(torch.tensor(IDS)).logits[:, -1].numpy()


def folder_of(net, file, cache, path):
    coder = language_model_at(file, cache=cache)._tokenizer._coder
    return made_model.write_folder(path, net, coder)


def test_a_gguf_file_runs(file, cache, expected):
    model = language_model_at(file, cache=cache)
    assert model.card.name == "my-model.q4"
    assert np.corrcoef(model.read(IDS).logits.ravel(), expected.ravel())[0, 1] > 0.999


def test_a_gguf_file_of_another_kind_runs_by_transformers(tmp_path, cache, monkeypatch):
    """Half precision there: within a hundredth of the spread; made once."""
    net = made_model.other_network()
    path = made_model.write_gguf(tmp_path / "other.gguf", net, architecture="qwen2")
    model = language_model_at(path, cache=cache)
    with torch.no_grad():
        expected = net(torch.tensor(IDS)).logits[:, -1].numpy()
    assert np.abs(model.read(IDS).logits - expected).max() < 0.01 * expected.std()
    assert model.encode("the end") == language_model_at(path, cache=cache).encode("the end")
    assert model.decode(model.encode("the end, and 42!")) == "the end, and 42!"
    monkeypatch.setattr(transformers_gguf, "_build", lambda *_: pytest.fail("made again"))
    language_model_at(path, cache=cache)


def test_tensors_without_a_place_are_not_passed_over(net, tmp_path, cache):
    more = {"blk.0.attn_q.bias": np.ones(64)}
    path = made_model.write_gguf(tmp_path / "bias.gguf", net, more=more)
    with pytest.raises(IntegrityError, match="1 of the file's 21 tensors have no place"):
        language_model_at(path, cache=cache)


def test_gradients_are_given_by_pytorch(file, cache, expected):
    assert not isinstance(language_model_at(file, cache=cache), GradientModel)
    model = language_model_at(file, cache=cache, gradients=True)
    assert isinstance(model, GradientModel)
    assert np.abs(model.read(IDS).logits - expected).max() < 0.01 * expected.std()


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"architecture": "invented"}, "of kind 'invented'.*serve it by llama.cpp"),
        ({"architecture": "qwen2", "tokenizer": "t5"}, "tokenizer is of kind 't5'"),
        ({"architecture": "qwen2", "without": ("model.norm.weight",)}, "not in the file"),
    ],
)
def test_what_cannot_be_run_is_named(net, tmp_path, cache, facts, told):
    path = made_model.write_gguf(tmp_path / "other.gguf", net, **facts)
    with pytest.raises(IntegrityError, match=told):
        language_model_at(path, cache=cache)
    assert not list(cache.glob(".transformers-*"))


@pytest.mark.parametrize("cut", [0, 3, 40, 3000])
def test_a_damaged_file_is_named(file, tmp_path, cache, cut):
    damaged = tmp_path / "damaged.gguf"
    damaged.write_bytes(file.read_bytes()[:cut])
    with pytest.raises(IntegrityError, match=r"damaged\.gguf"):
        language_model_at(damaged, cache=cache)


@pytest.mark.slow
def test_gemma_finds_a_text_as_likely_as_llama_cpp_does():
    """llama.cpp (xllamacpp 2026.10.11549) on the same file: perplexity 25.56."""
    weights = CardWeights(card("gemma3-270m"), Store(offline=True))
    try:
        model = weights.language_model()
    except WeightsUnavailableError as error:
        pytest.skip(str(error))
    found = model.log_probabilities(
        "The capital of France is Paris. It was a cold morning in November, and the train was late "
        "again. She waited on the platform, thinking of the letter that she had never sent."
    )
    assert len(found) == 38
    assert np.exp(-found.mean()) == pytest.approx(25.56, rel=0.01)


def test_a_folder_runs(net, file, cache, expected, tmp_path):
    folder = folder_of(net, file, cache, tmp_path / "made")
    (folder / "README.md").write_text("---\nlanguage: en\nlicense: apache-2.0\n---\n# Made\n")
    model = language_model_at(str(folder))
    assert (model.card.name, model.card.licence) == ("made", "apache-2.0")
    assert np.allclose(model.read(IDS).logits, expected, atol=1e-5)


def test_a_cached_name_runs_without_a_network(net, file, cache, expected, tmp_path, monkeypatch):
    """The layout of the hub's cache: blobs aside, a commit's files in its snapshot."""
    constants = pytest.importorskip("huggingface_hub.constants")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    home = tmp_path / "models--made--tiny"
    (home / "refs").mkdir(parents=True)
    (home / "refs" / "main").write_text("0" * 40)
    folder_of(net, file, cache, home / "snapshots" / ("0" * 40))
    model = language_model_at("made/tiny")
    assert model.card.name == "made-tiny"
    assert np.allclose(model.read(IDS).logits, expected, atol=1e-5)


def test_a_name_that_is_not_cached_says_how_to_get_it(tmp_path, monkeypatch):
    constants = pytest.importorskip("huggingface_hub.constants")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(WeightsUnavailableError, match="hf download made/none"):
        language_model_at("made/none")


@pytest.mark.parametrize("path", ["nothing.gguf", "no/such/place", "a/b.gguf"])
def test_nothing_there_is_named(path):
    with pytest.raises(SourceNotFoundError, match="does not exist"):
        language_model_at(path)


def test_names_of_cards_are_told_from_paths(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "smollm2-135m-instruct").mkdir()
    for name in ("a.gguf", "owner/name", str(tmp_path / "folder"), "./x"):
        assert is_own_model(name)
    assert not is_own_model("smollm2-135m-instruct")
