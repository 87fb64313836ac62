"""Language models of transformers' folders, against transformers itself and against our graph."""

import json

import numpy as np
import pytest
from tests.generate import made_model

from openaffect.models.backends import llama, torch_language, transformers_folder
from openaffect.types import Card, IntegrityError, InvalidValueError, LanguageModel, Message

torch = pytest.importorskip("torch", reason="torch comes with the extra train")
transformers = pytest.importorskip("transformers", reason="transformers comes with the extra train")
pytest.importorskip("gguf", reason="gguf comes with the extra generate")

CARD = Card("made", "text.language", "text", licence="made")
IDS = np.array([[5, 9, 40, 12, 7], [30, 31, 3, 3, 8]])


def gpt2():
    torch.manual_seed(1)
    config = transformers.GPT2Config(
        vocab_size=len(made_model.TOKENS), n_embd=32, n_layer=3, n_head=2, n_positions=64,
        initializer_range=0.15, bos_token_id=1, eos_token_id=2,
    )  # fmt: skip
    return transformers.GPT2LMHeadModel(config).eval()


@pytest.fixture(scope="module")
def graph(tmp_path_factory):
    """Our own graph of the Llama network's weights."""
    folder = tmp_path_factory.mktemp("graph")
    path = made_model.write_gguf(folder / "made.gguf", made_model.network())
    return llama.load(path, CARD, folder / "graphs", "made")


@pytest.fixture(scope="module")
def coder(graph):
    return graph._tokenizer._coder


@pytest.fixture(scope="module", params=["llama", "gpt2"])
def folder(request, tmp_path_factory, coder):
    net = made_model.network() if request.param == "llama" else gpt2()
    return made_model.write_folder(tmp_path_factory.mktemp(request.param), net, coder)


@pytest.fixture(scope="module")
def net(folder):
    return transformers.AutoModelForCausalLM.from_pretrained(folder).eval()


@pytest.fixture(scope="module")
def model(folder):
    return transformers_folder.load(folder, CARD)


def theirs(net, ids):
    with torch.no_grad():
        return net(torch.tensor(np.asarray(ids)), output_hidden_states=True)


def test_it_is_a_language_model(model, net):
    assert isinstance(model, LanguageModel)
    assert model.vocabulary == len(made_model.TOKENS)
    assert (model.width, model.layers) == (net.config.hidden_size, net.config.num_hidden_layers)
    assert (model.longest, model.ends) == (64, {0, 2})


def test_scores_and_states_are_those_of_transformers(model, net):
    found, expected = model.read(IDS), theirs(net, IDS)
    assert np.allclose(found.logits, expected.logits[:, -1], atol=1e-5)
    assert np.allclose(found.hidden, expected.hidden_states[-1][:, -1], atol=1e-5)


def test_reading_in_pieces_is_reading_at_once(model):
    whole = model.read(IDS).logits
    state = model.read(IDS[:, :2]).state
    for place in range(2, 4):
        state = model.read(IDS[:, place : place + 1], state).state
    assert np.allclose(model.read(IDS[:, 4:], state).logits, whole, atol=1e-5)


def test_a_state_can_be_gone_on_from_in_several_ways(model):
    state = model.read(np.array([[5, 9]])).state
    first = model.read(np.array([[40]]), state).logits
    model.read(np.array([[41, 3]]), state)
    model.read(np.array([[41]]), state, repeat=3)
    assert np.array_equal(model.read(np.array([[40]]), state).logits, first)


def test_a_branch_goes_on_from_the_rows_that_are_named(model):
    both = model.read(np.array([[5, 9, 40], [6, 7, 41]]))
    after = model.read(np.array([[12], [13], [12]]), model.branch(both.state, [1, 0, 0])).logits
    for row, ids in enumerate(([6, 7, 41, 12], [5, 9, 40, 13], [5, 9, 40, 12])):
        assert np.allclose(after[row], model.read(np.array([ids])).logits[0], atol=1e-4)
    again = model.read(np.array([[12], [13]]), both.state).logits
    assert np.allclose(again[1], model.read(np.array([[6, 7, 41, 13]])).logits[0], atol=1e-4)


def test_rows_side_by_side_are_rows_apart(model):
    both = model.read(np.array([[5, 9, 40]]), repeat=2)
    assert both.logits.shape[0] == both.hidden.shape[0] == 2
    after = model.read(np.array([[12], [13]]), both.state).logits
    for row, token in enumerate((12, 13)):
        alone = model.read(np.array([[5, 9, 40, token]])).logits
        assert np.allclose(after[row], alone[0], atol=1e-5)


def test_a_push_behind_the_last_layer_moves_its_sum(model, net):
    """The final norm of what the last layer hands on plus the push, by transformers' own norm."""
    push = np.zeros((model.layers, 2, model.width), np.float32)
    push[-1] = np.random.default_rng(0).normal(size=(2, model.width))
    seen = []
    base = net.base_model
    norm = base.norm if hasattr(base, "norm") else base.ln_f
    hook = norm.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    theirs(net, IDS)
    hook.remove()
    with torch.no_grad():
        expected = net.lm_head(norm(seen[0][:, -1] + torch.from_numpy(push[-1])))
    assert np.allclose(model.read(IDS, push=push).logits, expected, atol=1e-5)


def test_a_push_is_forgotten_afterwards(model):
    before = model.read(IDS).logits
    model.read(IDS, push=np.ones((model.layers, model.width), np.float32))
    assert np.array_equal(model.read(IDS).logits, before)


def test_a_push_of_another_shape_is_refused(model):
    with pytest.raises(InvalidValueError, match=r"push has shape \(1, 3\)"):
        model.read(IDS, push=np.zeros((1, 3), np.float32))


def test_log_probabilities_are_those_of_transformers(model, net, monkeypatch):
    """In pieces of three tokens, so that pieces are seen to join."""
    text = "the cat and the hat."
    ids = [1, *model.encode(text)]
    rows = torch.log_softmax(theirs(net, [ids]).logits[0].double(), -1).numpy()
    expected = rows[np.arange(len(ids) - 1), ids[1:]]
    monkeypatch.setattr(torch_language, "_MOST_SCORES", 3 * model.vocabulary)
    assert np.allclose(model.log_probabilities(text), expected, atol=1e-4)
    assert model.log_probabilities("").shape == (0,)


def test_our_graph_says_the_same(graph, coder, tmp_path):
    """int8 products there: within a few hundredths of the spread."""
    folder = made_model.write_folder(tmp_path / "llama", made_model.network(), coder)
    model = transformers_folder.load(folder, CARD)
    ours, other = model.read(IDS), graph.read(IDS)
    assert np.abs(ours.logits - other.logits).max() < 0.12 * ours.logits.std()
    assert np.corrcoef(ours.hidden.ravel(), other.hidden.ravel())[0, 1] > 0.999
    text = "the end, and 42! <|im_end|>"
    assert model.encode(text) == graph.encode(text)
    assert model.ends == graph.ends
    asked = [Message("user", text), Message("assistant", "the"), Message("user", "and")]
    assert model.chat(asked) == graph.chat(asked)
    push = np.random.default_rng(0).normal(size=(2, 64)).astype(np.float32)
    ours, other = model.read(IDS, push=push), graph.read(IDS, push=push)
    assert np.abs(ours.logits - other.logits).max() < 0.12 * ours.logits.std()


def test_a_chat_is_what_transformers_makes_of_it(model, folder):
    theirs = transformers.AutoTokenizer.from_pretrained(folder).apply_chat_template(
        [{"role": "user", "content": "hi"}], add_generation_prompt=True, return_dict=False
    )
    assert model.chat([Message("user", "hi")]) == theirs


def test_text_comes_back_without_control_tokens(model):
    ids = model.encode("the end<|im_end|>", special=True)
    assert ids[-1] == 2
    assert model.decode(ids) == "the end"


def test_a_model_that_wants_its_start_gets_it(tmp_path, coder, folder, net):
    """As Gemma and Llama 3 do: the start is read first, once, whoever asks."""
    from tokenizers import Tokenizer
    from tokenizers.processors import TemplateProcessing

    begins = Tokenizer.from_str(coder.to_str())
    begins.post_processor = TemplateProcessing(
        single="<|im_start|> $A", special_tokens=[("<|im_start|>", 1)]
    )
    made_model.write_folder(tmp_path / "begins", net, begins)
    model = transformers_folder.load(tmp_path / "begins", CARD)
    expected = theirs(net, [[1, 5, 9]]).logits[:, -1]
    for ids in ([[5, 9]], [[1, 5, 9]]):
        assert np.allclose(model.read(np.array(ids)).logits, expected, atol=1e-5)
    state = model.read(np.array([[5]])).state
    assert np.allclose(model.read(np.array([[9]]), state).logits, expected, atol=1e-5)


def test_more_than_it_reads_is_refused(model):
    with pytest.raises(InvalidValueError, match="65 tokens; made reads 64"):
        model.read(np.full((1, 65), 5))


@pytest.mark.parametrize("ids", [np.zeros((1, 0)), np.array([5]), np.array([[9999]])])
def test_bad_ids_are_named(model, ids):
    with pytest.raises(InvalidValueError, match="ids"):
        model.read(ids)


def test_half_the_precision_says_nearly_the_same(folder, model):
    half = transformers_folder.load(folder, CARD, precision="bfloat16")
    assert half.read(IDS).logits.dtype == np.float32
    found, expected = half.read(IDS).logits, model.read(IDS).logits
    assert np.corrcoef(found.ravel(), expected.ravel())[0, 1] > 0.995


def test_a_model_larger_than_the_machine_is_refused(folder, monkeypatch):
    monkeypatch.setattr(transformers_folder.os, "sysconf", lambda name: 256)
    with pytest.raises(InvalidValueError, match="serve it"):
        transformers_folder.load(folder, CARD)


def changed(folder, target, **facts):
    """Copy a folder with other facts in its config.json."""
    target.mkdir()
    for path in folder.iterdir():
        (target / path.name).write_bytes(path.read_bytes())
    config = json.loads((folder / "config.json").read_text()) | facts
    (target / "config.json").write_text(json.dumps(config))
    return target


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"architectures": ["BertForMaskedLM"]}, "BertForMaskedLM, which does not tell the next"),
        ({"model_type": "invented"}, "cannot load it as a language model"),
        ({"hidden_size": 8, "n_embd": 8}, "not in its shape|cannot load it"),
        ({"num_hidden_layers": 5, "n_layer": 5}, "weights are not in the files"),
    ],
)
def test_what_is_no_language_model_is_named(folder, tmp_path, facts, told):
    with pytest.raises(IntegrityError, match=told):
        transformers_folder.load(changed(folder, tmp_path / "other", **facts), CARD)


def test_code_in_a_folder_is_not_run(folder, tmp_path):
    """A model type that only its own code defines is refused; the code is not so much as read."""
    other = changed(
        folder, tmp_path / "other", model_type="invented",
        auto_map={"AutoConfig": "code.Config", "AutoModelForCausalLM": "code.Net"},
    )  # fmt: skip
    (other / "code.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    with pytest.raises(IntegrityError, match="cannot load it"):
        transformers_folder.load(other, CARD)
    assert not (tmp_path / "ran").exists()


def test_pickled_weights_are_not_read(folder, net, tmp_path):
    other = changed(folder, tmp_path / "other")
    (other / "model.safetensors").unlink()
    torch.save(net.state_dict(), other / "pytorch_model.bin")
    with pytest.raises(IntegrityError, match="no weights in safetensors"):
        transformers_folder.load(other, CARD)


def test_an_empty_folder_is_named(tmp_path):
    with pytest.raises(IntegrityError, match=r"no config\.json"):
        transformers_folder.load(tmp_path, CARD)


@pytest.mark.parametrize("cut", [0, 40, 3000])
def test_damaged_weights_are_named(folder, tmp_path, cut):
    other = changed(folder, tmp_path / "other")
    weights = other / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:cut])
    with pytest.raises(IntegrityError, match="cannot load it"):
        transformers_folder.load(other, CARD)
