"""Steering by an adapter, over a model whose answers are known."""

from types import SimpleNamespace

import numpy as np
import pytest

from openaffect.generate._emotion import EMOTIONS
from openaffect.generate._request import TextRequest
from openaffect.generate._write import write
from openaffect.generate.text_dexperts import _WEIGHT
from openaffect.generate.text_dexperts import GENERATOR as EXPERTS
from openaffect.generate.text_lora import GENERATOR as LORA
from openaffect.types import AdaptedModel, Card, InvalidValueError, Scores

SHOWN = np.array([[0.0, 2.0, 1.0, -9.0], [0.0, -1.0, 3.0, -9.0]], np.float32)
"""What a gate of 1 adds to the scores of four tokens: of happiness, and of any other emotion."""
PLAIN = np.array([1.0, 0.5, 0.5, -9.0], np.float32)


class Gated:
    """Scores four tokens by its gates alone; says nothing before it is asked."""

    card = Card("gated", "text.language", "text", licence="made")
    vocabulary, width, layers, longest, ends = 4, 1, 1, 40, frozenset({3})
    gates = EMOTIONS

    def __init__(self):
        self.seen = []

    def adapted(self, path):
        return self

    def encode(self, text, *, special=False):
        return [0]

    def decode(self, ids):
        return "".join("abc"[number] for number in ids)

    def chat(self, messages):
        return [0]

    def read(self, ids, state=0, *, push=None, repeat=1, gates=None):
        rows = len(ids)
        opened = np.zeros((rows, 7)) if gates is None else np.broadcast_to(gates, (rows, 7))
        self.seen.append(opened.copy())
        happy = opened[:, EMOTIONS.index("happiness")]
        logits = PLAIN + happy[:, None] * SHOWN[0] + (opened.sum(1) - happy)[:, None] * SHOWN[1]
        logits = np.repeat(logits, repeat, 0).astype(np.float32)
        return Scores(logits, np.zeros((rows * repeat, 1), np.float32), (state or 0) + 1)

    def branch(self, state, rows):
        self.branched = list(rows)
        return state

    def log_probabilities(self, text):
        return np.full(len(text), -1.0)


def weights(**facts):
    known = {"base": "gated", **facts}
    card = Card("text-lora", "text.adapter", "text", licence="made", preprocessing=known)
    return SimpleNamespace(card=card, path=lambda role: role)


def target(text):
    return TextRequest(prompt="a", emotion=text).targets[0]


def read(way, emotion, intensity, rows=1):
    return way.read(np.zeros((1, 1), np.int64), None, target(emotion), intensity, repeat=rows)


def test_the_made_model_has_gates():
    assert isinstance(Gated(), AdaptedModel)


@pytest.mark.parametrize("emotion", ["joy", "joy:.6,surprise:.4", "fear"])
def test_the_gates_are_the_shares_times_the_intensity(emotion):
    model = Gated()
    read(LORA(model, weights()), emotion, 0.5)
    assert np.allclose(model.seen[0][0], 0.5 * LORA.widest * target(emotion).vector())


def test_an_arc_opens_one_gate_after_another():
    model = Gated()
    request = TextRequest(prompt="a", emotion="fear->joy", intensity=1, length=4, temperature=0)
    list(write(LORA(model, weights()), request))
    best = [EMOTIONS[int(row[0].argmax())] for row in model.seen]
    assert best == ["fear", "fear", "happiness", "happiness"]


def test_at_no_intensity_every_gate_is_closed():
    for way in (LORA, EXPERTS):
        model = Gated()
        request = TextRequest(prompt="a", emotion="joy", intensity=0, length=3, temperature=0)
        *_, drafts = write(way(model, weights()), request)
        assert not np.any(model.seen)
        assert drafts[0].text == "aaa"[: len(drafts[0].text)]


def test_experts_add_and_take_away():
    """z + a (z+ - z-), by hand: the anti-expert opens the other six by a sixth each."""
    found = read(EXPERTS(Gated(), weights()), "joy", 0.5, rows=2)
    expected = PLAIN + 0.5 * _WEIGHT * (SHOWN[0] - SHOWN[1])
    assert found.logits.shape == (2, 4)
    assert np.allclose(found.logits[:, :3], expected[:3], atol=1e-6)
    assert np.isneginf(found.logits[:, 3]).all()  # e^-10 of the likeliest: out of place


def test_experts_write_side_by_side():
    request = TextRequest(
        prompt="a", emotion="joy", intensity=1, length=3, candidates=3, temperature=0
    )
    *_, drafts = write(EXPERTS(Gated(), weights()), request)
    assert len(drafts) == 3
    assert {draft.text[:1] for draft in drafts} == {"b"}


def test_a_row_goes_on_with_its_experts():
    model = Gated()
    way = EXPERTS(model, weights())
    state = read(way, "joy", 0.5, rows=4).state
    way.branch(state, [3, 1])
    assert model.branched == [3, 1, 7, 5, 11, 9]


def test_another_models_adapter_is_refused():
    with pytest.raises(InvalidValueError, match="'text-lora' was trained on 'other', not on 'gat"):
        LORA(Gated(), weights(base="other"))


def test_a_model_without_adapters_is_refused():
    plain = SimpleNamespace(card=Gated.card)
    with pytest.raises(InvalidValueError, match="method 'lora' needs an adapter and a model"):
        LORA(plain, weights())


def test_gates_of_other_names_are_refused():
    model = Gated()
    model.gates = ("warm", "cold")
    with pytest.raises(InvalidValueError, match="has gates warm, cold; expected anger"):
        LORA(model, weights())
