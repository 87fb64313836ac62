# ruff: noqa: E402
"""Preferences among texts, and answers of listeners: both over a made model."""

from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed (extra: train)")
for library in ("gguf", "tensorboard", "transformers"):
    pytest.importorskip(library, reason=f"{library} is not installed")

from tests.train.made_base import made_base

from openaffect.data._replies import Reply
from openaffect.generate._emotion import EMOTIONS
from openaffect.generate._listening import conversation
from openaffect.models.backends._llama_adapter import save_adapter
from openaffect.train.nets.llama_lora import LlamaLora
from openaffect.train.recipes import _lora, _own_texts, reply_lora
from openaffect.train.recipes import text_lora_preferences as preferences
from openaffect.train.recipes._own_texts import Written


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return made_base(tmp_path_factory.mktemp("base"))


def item(text, chance, surprise=2.0, opening="it is", feeling=0):
    return Written(opening, feeling, text, chance, surprise, _own_texts.variety(text))


def test_variety_counts_repeated_pairs():
    assert _own_texts.variety("so bad so bad so bad") == pytest.approx(2 / 5)
    assert _own_texts.variety("one") == 1


def test_pairs_are_the_best_and_the_worst_where_they_are_far_apart():
    good, fair, poor = item("so bad", 0.9), item("so it is", 0.5), item("a map", 0.01)
    odd = item("so bad is it", 0.9, surprise=5.0)
    other = [item("a b", 0.9, feeling=1), item("b a", 0.8, feeling=1)]
    assert _own_texts.pairs([fair, good, poor, odd, *other]) == [(good, poor)]
    assert _own_texts.pairs([good, odd]) == [(good, odd)]  # unlikely words count, too
    assert _own_texts.pairs([item("a b", 0.1), item("b a", 0.001)]) == []  # none shows it


def test_the_loss_is_that_of_the_paper(base, monkeypatch):
    """Two pairs by hand: -log sigmoid(b ((w - w0) - (l - l0))), and the better's likelihood."""
    now = torch.tensor([-10.0, -20.0, -30.0, -20.0])
    before = torch.tensor([-12.0, -20.0, -30.0, -25.0])
    monkeypatch.setattr(preferences, "_likelihoods", lambda net, batch: now)
    wanted = torch.ones(4, 10, dtype=torch.bool)
    found = preferences.loss(torch.nn.Identity(), (now, now, wanted, now, before))
    b = preferences.SHARPNESS
    expected = np.mean([np.log1p(np.exp(-b * gap)) for gap in (2.0, -5.0)])
    assert float(found) == pytest.approx(expected + preferences.LIKELIHOOD * 1.5, rel=1e-5)


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_the_better_text_gains_on_the_worse(base, context, tmp_path, monkeypatch):
    monkeypatch.setattr(preferences, "RATE", 1e-2)
    net = LlamaLora(base.shape, base.tensors, first=1, ranks=7)
    save_adapter(tmp_path / "start.npz", net.adapter(EMOTIONS, np.eye(7, dtype=np.float32)))
    ranked = [(item("so bad", 0.9), item("a map", 0.1))] * 4

    def gap(current):
        batch = preferences._batch(base, np.eye(7, dtype=np.float32), ranked[:1], 1)
        with torch.no_grad():
            better, worse = preferences._likelihoods(current, batch)
        return float(better - worse)

    before = gap(net)
    context.epochs = 8
    assert (
        gap(preferences.tuned(context, base, tmp_path / "start.npz", ranked, "made")) > before + 2
    )


def test_texts_are_written_with_every_gate_and_read_again(base, context, tmp_path, monkeypatch):
    """A judge that counts letters stands in; a resumed run writes nothing anew."""
    net = LlamaLora(base.shape, base.tensors, first=1, ranks=7)
    save_adapter(tmp_path / "start.npz", net.adapter(EMOTIONS, np.eye(7, dtype=np.float32)))
    monkeypatch.setattr(_lora, "BASE", "made-llama")
    monkeypatch.setattr(_own_texts, "openings", lambda: ("it is", "a map"))
    part = _own_texts.Round((1,), (0.5, 1.0))

    def judge(texts):
        return np.array([[len(text) / 100] * 7 for text in texts])

    monkeypatch.setattr(_own_texts, "LENGTH", 6)
    made = _own_texts.written(context, base, tmp_path / "start.npz", part, judge, "round", 2)
    assert {one.opening for one in made} == {"a map"}
    assert {one.feeling for one in made} == set(range(7))
    ids = base.model.encode(f"a map {made[0].text}")
    values = base.model.log_probabilities(f"a map {made[0].text}")
    assert len(values) == len(ids)
    assert made[0].surprise == pytest.approx(-values[len(base.model.encode("a map")) :].mean())
    context.resume = True
    again = _own_texts.written(context, base, tmp_path, part, lambda texts: 1 / 0, "round", 2)
    assert again == made


ANSWERED = Reply("c1", ("my cat ran off", "oh no", "it did"), ("speaker", "listener", "speaker"),
                 "and then", "sad", "")  # fmt: skip


def learnt(base, item, **how):
    ids, wanted = reply_lora.dialogue(base.model, item, **how)
    return ids, [number for number, known in zip(ids, wanted, strict=True) if known]


def test_every_answer_of_a_dialogue_is_to_be_learnt(base, monkeypatch):
    monkeypatch.setattr(reply_lora, "LONGEST", 400)
    ids, answers = learnt(base, ANSWERED)
    assert base.model.decode(answers) == "oh noand then"
    ends = [place for place, number in enumerate(answers) if number in base.model.ends]
    assert ends == [len(base.model.encode("oh no")), len(answers) - 1]
    read = base.model.decode(ids)
    assert "feels sad" in read and read.count("oh no") == 1


def test_the_last_answer_alone_is_measured(base, monkeypatch):
    monkeypatch.setattr(reply_lora, "LONGEST", 400)
    ids, answers = learnt(base, ANSWERED, every=False)
    assert base.model.decode(answers) == "and then"
    assert answers[-1] in base.model.ends
    assert ids == learnt(base, ANSWERED)[0]


def test_of_a_long_dialogue_the_last_turns_are_read(base, monkeypatch):
    monkeypatch.setattr(reply_lora, "LONGEST", 120)
    read = base.model.decode(reply_lora.dialogue(base.model, ANSWERED)[0])
    assert "it did" in read and "cat" not in read


def test_an_answer_to_what_was_cut_off_is_not_learnt(base, monkeypatch):
    short = base.model.chat(conversation([(True, "oh no"), (False, "it did")], "sad"))
    monkeypatch.setattr(reply_lora, "LONGEST", len(short))
    ids, answers = learnt(base, ANSWERED)
    assert "oh no" in base.model.decode(ids)
    assert base.model.decode(answers) == "and then"


def test_rows_of_a_batch_are_filled_up_with_what_is_not_learnt(base):
    rows = [([1, 2, 3], [False, True, True]), ([4, 5], [False, True])]
    given, ids, wanted, gates = reply_lora.batch(base, rows, 0)
    assert ids.tolist() == [[1, 2, 3], [4, 5, 0]]
    assert wanted.tolist() == [[False, True, True], [False, True, False]]
    assert torch.equal(given, ids)
    assert gates.shape == (2, reply_lora.RANKS) and bool((gates == 1).all())


def test_the_surprise_of_a_dialogue_is_that_of_its_answer(base, monkeypatch):
    """Against each dialogue read by itself, without anything to fill it up."""
    monkeypatch.setattr(reply_lora, "LONGEST", 400)
    other = replace(ANSWERED, said=("it is so bad",), roles=("speaker",), answer="a map")
    net = LlamaLora(base.shape, base.tensors, ranks=reply_lora.RANKS)
    rows = [reply_lora.dialogue(base.model, one, every=False) for one in (ANSWERED, other)]
    held = list(reply_lora.held_batches(base, rows, 0, 2))
    found, counts = reply_lora.surprise(net, held)
    for one, value, count in zip((ANSWERED, other), found, counts, strict=True):
        ids, answer = learnt(base, one, every=False)
        with torch.no_grad():
            scores = net.logits(net(torch.tensor([ids])))[0].double().log_softmax(-1)
        before = scores[-len(answer) - 1 : -1]
        assert count == len(answer)
        assert value == pytest.approx(
            -sum(float(row[number]) for row, number in zip(before, answer, strict=True)), rel=0.02
        )


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_answers_become_likelier(base, context, monkeypatch):
    monkeypatch.setattr(reply_lora, "RATE", 1e-2)
    monkeypatch.setattr(reply_lora, "CPU", reply_lora.Budget(1, 10, 8, None))
    whole, last = (reply_lora.dialogue(base.model, ANSWERED, every=how) for how in (True, False))
    given = {"learnt": [whole] * 3, "choosing": [last], "judged": [last] * 2}
    _, (row,) = reply_lora.train(context, base, given)
    assert row["value"] < row["baseline"]["value"] - 0.3
    assert row["difference"][0] == pytest.approx(row["value"] - row["baseline"]["value"], abs=2e-4)
