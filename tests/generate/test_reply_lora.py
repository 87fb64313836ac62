"""The partner with an adapter, over a model whose answers are known."""

from types import SimpleNamespace

import numpy as np
import pytest

from openaffect.generate._dialogue import Heard, ReplyRequest, Turn
from openaffect.generate._listening import conversation, shortened
from openaffect.generate._partner import Resources
from openaffect.generate._steering import Steering
from openaffect.generate.reply_lora import GENERATOR as PARTNER
from openaffect.types import Card, InvalidValueError, Scores


class Listener:
    """Reads a letter a token; writes yes while its gate is open, and no while it is closed."""

    card = Card("listener", "text.language", "text", licence="made")
    vocabulary, width, layers, longest, ends = 4, 1, 1, 400, frozenset({3})
    gates = ("reply",)

    def __init__(self):
        self.asked = []

    def adapted(self, path):
        return self

    def encode(self, text, *, special=False):
        return [0] * len(text)

    def decode(self, ids):
        return "".join(("yes", "no", " ")[number] for number in ids)

    def chat(self, messages):
        self.asked.append(messages)
        return [0] * sum(len(message.content) for message in messages)

    def read(self, ids, state=None, *, push=None, repeat=1, gates=None):
        step = (state or 0) + 1
        logits = np.full((len(ids) * repeat, 4), -30.0, np.float32)
        logits[:, 3 if step > 1 else int(gates is None or not np.any(gates))] = 30
        return Scores(logits, np.zeros((len(logits), 1), np.float32), step)

    def branch(self, state, rows):
        return state

    def log_probabilities(self, text):
        return np.full(len(text), -1.0)


SAID = (Turn("speaker", "I lost my cat."), Turn("listener", "Oh no."), Turn("speaker", "Today."))


def partner(model):
    card = Card("reply-lora", "text.adapter", "text", licence="made",
                preprocessing={"base": "listener"})  # fmt: skip
    weights = SimpleNamespace(card=card, path=lambda role: role)
    return PARTNER(Resources(lambda: Steering(model), lambda: None, weights))


def test_it_replies_with_the_gate_open_and_knows_what_was_heard():
    model = Listener()
    heard = Heard("grief", 0.9, "goemotions28", {"grief": 0.9}, "judge")
    *_, replies = partner(model).respond(ReplyRequest(dialogue=SAID, candidates=2), heard)
    assert replies == ["yes", "yes"]
    system, *turns = model.asked[-1]
    assert "feels grief" in system.content
    assert [(turn.role, turn.content) for turn in turns] == [
        ("user", "I lost my cat."), ("assistant", "Oh no."), ("user", "Today."),
    ]  # fmt: skip


def test_turns_of_one_side_are_joined_and_no_feeling_is_made_up():
    system, turn = conversation([(False, "Hello."), (False, "Are you there?")], "")
    assert "feels" not in system.content
    assert turn.content == "Hello.\nAre you there?"


def test_the_last_turns_are_kept_when_there_is_no_room():
    said = [(False, "x" * 50), (True, "y" * 50), (False, "z" * 50)]
    kept = shortened(Listener(), said, "", 120)
    assert [message.content[0] for message in kept[1:]] == ["z"]


def test_without_its_adapter_it_says_how_to_have_it():
    with pytest.raises(InvalidValueError, match="openaffect train reply-lora"):
        PARTNER(Resources(lambda: Steering(Listener()), lambda: None))
