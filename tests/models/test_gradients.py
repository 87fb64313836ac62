"""The past of a text moved by gradients, on small random networks."""

import numpy as np
import pytest
from tests.generate import made_model

from openaffect.models.backends import llama, transformers_folder
from openaffect.types import Attribute, Card, GradientModel, InvalidValueError, Nudge

torch = pytest.importorskip("torch", reason="torch comes with the extra train")
transformers = pytest.importorskip("transformers", reason="transformers comes with the extra train")
pytest.importorskip("gguf", reason="gguf comes with the extra generate")

CARD = Card("made", "text.language", "text", licence="made")
IDS = np.array([[5, 9, 40, 12, 7], [30, 31, 3, 3, 8]])


@pytest.fixture(scope="module")
def graph(tmp_path_factory):
    folder = tmp_path_factory.mktemp("graph")
    path = made_model.write_gguf(folder / "made.gguf", made_model.network())
    return llama.load(path, CARD, folder / "graphs", "made")


@pytest.fixture(scope="module")
def model(graph, tmp_path_factory):
    folder = made_model.write_folder(
        tmp_path_factory.mktemp("made") / "net", made_model.network(), graph._tokenizer._coder
    )
    return transformers_folder.load(folder, CARD)


@pytest.fixture(scope="module")
def attribute():
    random = np.random.default_rng(0)
    return Attribute(
        (random.normal(size=(3, 64)) / 5).astype(np.float32),
        np.zeros(3, np.float32),
        np.array([0, 1, 0], np.float32),
    )


def divergence(found):
    """Kullback-Leibler in nats, a row each, from what the model itself says."""
    return (np.exp(found.logits) * (found.logits - found.own)).sum(axis=1)


def test_a_model_with_gradients_is_told_from_one_without(model, graph):
    assert isinstance(model, GradientModel)
    assert not isinstance(graph, GradientModel)


def test_steps_lower_the_loss_of_the_attribute(model, attribute):
    found = model.perturbed(IDS, None, attribute, Nudge(steps=8, size=0.1, strength=0))
    assert found.losses.shape == (8, 2)
    assert (found.losses[-1] < found.losses[0] - 0.05).all()


def test_the_first_loss_is_that_of_the_expected_next_token(model, attribute):
    """By hand, on PyTorch's network: the mean over what was read and the expected token behind."""
    net = model.net
    with torch.no_grad():
        read = net(torch.tensor(IDS), output_hidden_states=True)
        soft = read.logits[:, -1].softmax(-1) @ net.get_input_embeddings().weight
        table = torch.cat([net.get_input_embeddings()(torch.tensor(IDS)), soft[:, None]], 1)
        states = net(inputs_embeds=table, output_hidden_states=True).hidden_states[-1]
    shown = states.mean(1).numpy() @ attribute.weight.T
    expected = -(shown[:, 1] - np.log(np.exp(shown).sum(axis=1)))
    found = model.perturbed(IDS, None, attribute, Nudge(steps=1, strength=0))
    assert np.allclose(found.losses[0], expected, atol=1e-4)


def test_no_size_leaves_the_scores(model, attribute):
    found = model.perturbed(IDS, None, attribute, Nudge(size=0.0))
    plain = model.read(IDS).logits
    plain = plain - np.log(np.exp(plain).sum(axis=1, keepdims=True))
    assert np.allclose(found.own, plain, atol=1e-5)
    assert np.allclose(found.logits, plain, atol=1e-5)


def test_the_weight_of_divergence_bounds_it(model, attribute):
    free = model.perturbed(IDS, None, attribute, Nudge(steps=8, size=0.1, divergence=0.0))
    held = model.perturbed(IDS, None, attribute, Nudge(steps=8, size=0.1, divergence=30.0))
    assert (divergence(free) > 1e-3).all()
    assert (divergence(held) < divergence(free) / 2).all()


def test_a_wanted_strength_is_come_to_from_both_sides(model, attribute):
    """With the loss of strength alone, what is shown moves to .2 and to .9."""
    for strength in (0.2, 0.9):
        wish = Attribute(attribute.weight, attribute.bias, attribute.shares, strength=strength)
        how = Nudge(steps=12, size=0.1, strength=1e4, divergence=0.0)
        losses = model.perturbed(IDS, None, wish, how).losses
        assert (losses[-1] < losses[0]).all()


def test_a_window_moves_the_last_tokens_alone(model, attribute):
    whole = model.perturbed(IDS, None, attribute, Nudge(size=0.1))
    last = model.perturbed(IDS, None, attribute, Nudge(size=0.1, window=1))
    keys = [layer.keys for layer in last.state.moved.cache.layers]
    own = [layer.keys for layer in last.state.plain.cache.layers]
    assert all(torch.equal(a[:, :, :3], b[:, :, :3]) for a, b in zip(keys, own, strict=True))
    assert not torch.equal(keys[0][:, :, 3], own[0][:, :, 3])
    assert not np.allclose(whole.logits, last.logits, atol=1e-4)


def test_rows_side_by_side_are_rows_apart(model, attribute):
    both = model.perturbed(IDS, None, attribute, Nudge())
    for row in range(2):
        alone = model.perturbed(IDS[row : row + 1], None, attribute, Nudge())
        assert np.allclose(both.logits[row], alone.logits[0], atol=1e-4)
        assert np.allclose(both.losses[:, row], alone.losses[:, 0], atol=1e-4)


def test_a_state_goes_on_and_is_not_changed(model, attribute):
    state = model.perturbed(IDS, None, attribute, Nudge()).state
    kept = [layer.keys.clone() for layer in state.moved.cache.layers]
    following = np.array([[40], [41]])
    first = model.perturbed(following, state, attribute, Nudge())
    again = model.perturbed(following, state, attribute, Nudge())
    assert np.array_equal(first.logits, again.logits)
    assert all(
        torch.equal(a, layer.keys) for a, layer in zip(kept, state.moved.cache.layers, strict=True)
    )
    whole = model.read(np.hstack([IDS, following])).logits
    whole = whole - np.log(np.exp(whole).sum(axis=1, keepdims=True))
    assert np.allclose(first.own, whole, atol=1e-5)
    assert (first.state.tokens, first.state.rows) == (6, 2)


def test_repeated_rows_are_the_row(model, attribute):
    one = model.perturbed(IDS[:1], None, attribute, Nudge())
    three = model.perturbed(IDS[:1], None, attribute, Nudge(), repeat=3)
    assert np.array_equal(three.logits, np.repeat(one.logits, 3, 0))
    following = np.array([[40], [41], [40]])
    after = model.perturbed(following, three.state, attribute, Nudge()).logits
    alone = model.perturbed(following[:1], one.state, attribute, Nudge()).logits
    assert np.allclose(after[[0, 2]], np.repeat(alone, 2, 0), atol=1e-4)


def test_a_single_token_has_no_past_to_move(model, attribute):
    found = model.perturbed(np.array([[5]]), None, attribute, Nudge())
    assert np.array_equal(found.logits, found.own)
    assert found.losses.shape == (0, 1)


def test_a_head_of_another_model_is_named(model):
    other = Attribute(*(np.zeros(shape, np.float32) for shape in ((3, 7), (3,), (3,))))
    with pytest.raises(InvalidValueError, match="reads 7 values and made has 64"):
        model.perturbed(IDS, None, other, Nudge())


def test_the_mean_state_is_that_of_each_text_alone(model):
    texts = [[5, 9, 40], [30, 31, 3, 3, 8], [7]]
    found = model.mean_hidden(texts)
    for row, text in enumerate(texts):
        with torch.no_grad():
            states = model.net(torch.tensor([text]), output_hidden_states=True).hidden_states[-1]
        assert np.allclose(found[row], states[0].mean(0), atol=1e-5)


@pytest.mark.parametrize(
    ("shapes", "strength"), [(((3, 7), (2,), (3,)), 1.0), (((3, 7), (3,), (3,)), 1.5)]
)
def test_attributes_that_do_not_fit_are_refused(shapes, strength):
    with pytest.raises(InvalidValueError, match=r"expected \(K, D\)|give 0 to 1"):
        Attribute(*(np.zeros(shape, np.float32) for shape in shapes), strength=strength)
