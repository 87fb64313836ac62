# ruff: noqa: E402
"""Texts written in torch and learnt: against the plain network, counts by hand, and the papers."""

import itertools
import json
import re
from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed (extra: train)")
for library in ("gguf", "tensorboard", "transformers"):
    pytest.importorskip(library, reason=f"{library} is not installed")

from tests.train.made_base import made_base

from openaffect import load
from openaffect.benchmark.text_generation_set import PROMPTS
from openaffect.generate._emotion import EMOTIONS
from openaffect.generate._felt import shares
from openaffect.generate._prefix import PrefixClassifier
from openaffect.models.backends._llama_adapter import read_adapter
from openaffect.train.nets.llama_lora import LlamaLora
from openaffect.train.nets.llama_sampling import (
    PrefixScorer,
    SamplingParameters,
    _Reader,
    sample,
)
from openaffect.train.recipes import _emotional_text, _lora, _text_judging, _text_sampler, _varied
from openaffect.train.recipes import text_lora_distilled as recipe
from openaffect.train.recipes._openings import many_openings, openings
from openaffect.train.recipes._varied import Sample


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return made_base(tmp_path_factory.mktemp("base"))


@pytest.fixture(scope="module")
def net(base):
    torch.manual_seed(0)
    made = LlamaLora(base.shape, base.tensors, ranks=3, kind=torch.float32)
    with torch.no_grad():
        for item in made.parameters():
            item.copy_(0.2 * torch.randn(item.shape))
    return made.eval()


def manner(**changes):
    given = {
        "length": 6, "ends": (), "breaks": (), "barred": (), "marks": (),
        "temperature": 1e-4, "top": 1e-6,
    }  # fmt: skip
    return SamplingParameters(**(given | changes))


@torch.no_grad()
def best(net, begin, gates, length, without=()):
    """Write the likeliest tokens, everything read anew; what was said loses as in draws."""
    ids, said = list(begin), []
    for _ in range(length):
        scores = net.logits(net(torch.tensor([ids]), gates)[:, -1])[0]
        scores = scores - scores.max()
        scores[said] = scores[said] * 1.15 - 0.2
        scores[list(without)] = -torch.inf
        said.append(int(scores.argmax()))
        ids.append(said[-1])
    return said


def test_beginnings_of_any_length_go_on_as_alone(net):
    begins = [[5, 9, 40], [30], [31, 3, 3, 8, 12]]
    gates = torch.tensor([[1.0, 0, 0], [0, 0.5, 0], [0, 0, 2.0]])
    found = sample(net, begins, gates, manner(), torch.Generator())
    for row, begin in enumerate(begins):
        assert found[row] == best(net, begin, gates[row : row + 1], 6)


@torch.no_grad()
def test_what_is_read_in_steps_scores_as_what_is_read_at_once(net):
    real = torch.tensor([[False, False, True, True, True]])
    reader = _Reader(net, real, None)
    reader.read(torch.tensor([[0, 0, 5]]))
    reader.read(torch.tensor([[9]]))
    found = reader.read(torch.tensor([[40]]))
    plain = net.logits(net(torch.tensor([[5, 9, 40]]))[:, -1])
    assert torch.allclose(found, plain, atol=1e-5)


def test_barred_tokens_never_come_and_ends_end(net):
    plain = best(net, [5, 9], None, 6)
    barred = sample(net, [[5, 9]], None, manner(barred=(plain[0],)), torch.Generator())
    assert barred == [best(net, [5, 9], None, 6, without=plain[:1])]
    late = plain[4]  # in the second half, where a new line ends the text
    assert late not in plain[:4]
    ended = sample(net, [[5, 9]], None, manner(breaks=(late,)), torch.Generator())
    assert ended == [plain[:4]]
    early = plain[1]  # in the first half, where a new line must not come
    kept = sample(net, [[5, 9]], None, manner(breaks=(early,)), torch.Generator())
    assert early not in kept[0][:3]


def test_draws_follow_the_softmax_of_the_nucleus(net):
    """Frequencies of the first of two thousand texts, against probabilities by NumPy."""
    with torch.no_grad():
        scores = net.logits(net(torch.tensor([[5, 9]]))[:, -1])[0].double().numpy() / 0.8
    chances = np.exp(scores - scores.max())
    chances /= chances.sum()
    order = np.argsort(-chances)
    kept = order[: int(np.searchsorted(np.cumsum(chances[order]), 0.6)) + 1]
    how = manner(length=1, temperature=0.8, top=0.6)
    drawn = sample(net, [[5, 9]] * 2000, None, how, torch.Generator().manual_seed(0))
    counts = np.bincount([text[0] for text in drawn], minlength=len(chances)) / 2000
    assert set(np.flatnonzero(counts)) <= set(kept)
    assert np.abs(counts[kept] - chances[kept] / chances[kept].sum()).max() < 0.04


def test_the_prefix_scorer_weighs_as_the_classifier_of_the_library():
    """Two texts at once in torch, against each alone in NumPy."""
    random = np.random.default_rng(0)
    shapes = {
        "tokens": (300, 5), "input": (12, 5), "recurrent": (12, 4), "input_bias": (12,),
        "recurrent_bias": (12,), "output": (7, 4), "output_bias": (7,),
    }  # fmt: skip
    arrays = {name: random.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}
    theirs = PrefixClassifier(arrays)
    feelings, strength = [2, 5], 8.0
    scorer = PrefixScorer(arrays, torch.tensor(feelings), strength)
    texts = [[7, 9], [11, 250]]
    for step in range(3):
        logits = random.normal(size=(2, 300)).astype(np.float32)
        found = scorer.weighed(torch.from_numpy(logits)).numpy()
        for row, feeling in enumerate(feelings):
            state = theirs.start()
            for token in texts[row][:step]:
                state = theirs.states(state, np.array([token]))[0]
            likely = np.sort(np.argsort(-logits[row])[:100])
            promised = theirs.log_probabilities(theirs.states(state, likely))[:, feeling]
            says = np.log(np.exp(promised) + 1e-6) * strength * (step + 1) / 8
            assert np.flatnonzero(np.isfinite(found[row])).tolist() == likely.tolist()
            assert np.allclose(found[row, likely], logits[row, likely] + says, atol=1e-4)
        if step < 2:
            scorer.take(torch.tensor([text[step] for text in texts]))


def learnable(opening, text):
    return _text_judging.learnable(opening, text, _emotional_text.named)


def test_learnable_texts_are_whole_plain_sentences():
    opening = "The lift was gone by the evening."
    whole = learnable(opening, " My heart sank, and I sat down on the stairs. Then I")
    assert whole == "My heart sank, and I sat down on the stairs."
    for bad in (
        " I was so angry that I could not speak to him.",  # names it
        " It was late, it was late, it was late and cold.",  # repeats itself
        " It was # late and we sat down on the stairs.",  # markup
        " Oh no.",
        " I went on and on without an end to",
    ):
        assert learnable(opening, bad) == ""


def test_two_recognisers_judge_together():
    text = "My heart sank, and I sat down on the stairs."
    opening = "The lift was gone by the evening."
    found = _text_judging.judged([(opening, f" {text} Then I"), (opening, " Oh no.")])
    each = [shares(load(name)([text]))[0] for name in ("text.emotion", "text-tfidf-lr")]
    assert found[0] == (text, pytest.approx(np.sqrt(each[0] * each[1]).tolist(), rel=1e-5))
    assert found[1] == ("", [])


def own(text, opening=0, chance=0.9, feeling=0, surprise=2.0):
    return Sample(opening, feeling, text, chance, surprise)


def test_what_is_chosen_shares_little():
    """The second opening's better text says what the first's only one says; its other is new."""
    stock = own("my heart sank and i cried", 0)
    again = own("my heart sank and i wept", 1, chance=0.95)
    fresh = own("nobody waved when we left", 1, chance=0.85)
    assert set(_varied.chosen([stock, again, fresh], 1, 0)) == {stock, fresh}
    other = own("my heart sank and i wept", 1, chance=0.95, feeling=3)  # counted by feeling
    assert other in _varied.chosen([stock, other, own("so it goes again", 1, 0.8, 3)], 1, 0)
    assert len(_varied.chosen([again, fresh], 2, 0)) == 2


def test_shared_runs_by_hand():
    """Of the first's four runs one is in one of two other openings; the last has no others."""
    texts = [
        own("a b c d e f", 0), own("a b c x y z", 1), own("q r s", 2), own("a b c", 3, feeling=1),
    ]  # fmt: skip
    assert _varied.shared_runs(
        [(one.opening, one.feeling, one.text) for one in texts]
    ) == pytest.approx([1 / 8, 1 / 8, 0, 0])


def test_openings_are_many_and_not_those_of_the_benchmark():
    known = many_openings()
    assert len(set(known)) == len(known) == 628
    assert set(known[:136]) < set(openings())

    def words(text):
        return set(re.findall(r"[a-z']+", text.lower()))

    for one, other in itertools.product(known, PROMPTS):
        ours, theirs = words(one), words(other)
        assert len(ours & theirs) / len(ours | theirs) <= 0.5


@pytest.fixture
def noise(base, monkeypatch):
    """A made model, which says noise, so that any text will do."""
    monkeypatch.setattr(_lora, "base", lambda _: base)
    even = [1 / len(EMOTIONS)] * len(EMOTIONS)

    def judged(texts):
        return [(text.strip(), even if text.strip() else []) for _, text in texts]

    monkeypatch.setattr(_text_judging, "judged", judged)
    monkeypatch.setattr(_text_judging, "_cores", lambda: 1)
    random = np.random.default_rng(0)
    shapes = {
        "tokens": (base.model.vocabulary, 5), "input": (12, 5), "recurrent": (12, 4),
        "input_bias": (12,), "recurrent_bias": (12,), "output": (7, 4), "output_bias": (7,),
    }  # fmt: skip
    arrays = {name: random.normal(size=shape) for name, shape in shapes.items()}
    monkeypatch.setattr(_text_sampler, "arrays_of", lambda *_: arrays)
    for name, value in (("LEAST", 0.1), ("LENGTH", 5), ("HELD", 300)):
        monkeypatch.setattr(recipe, name, value)
    monkeypatch.setattr(recipe, "SMALL", recipe.Budget(2, 2, 1, 1, 4, 16, 2))


def test_the_recipe_from_end_to_end(noise, context):
    path = recipe.run(context)
    adapter = read_adapter(path.with_suffix(".npz"))
    assert adapter.names == EMOTIONS
    assert np.array_equal(adapter.mixing, recipe.mixing())
    assert any(np.abs(up).max() > 0 for up in adapter.up.values())
    card = json.loads(path.read_text(encoding="utf-8"))
    assert [row["measure"] for row in card["scores"]] == list(recipe.MEASURES)
    first = card["scores"][0]  # the judge finds a seventh of everything in every text
    assert first["value"] == first["baseline"]["value"] == pytest.approx(1 / 7, abs=1e-4)


def test_the_seed_fixes_the_adapter_and_samples_are_read_again(noise, context, monkeypatch):
    first = recipe.run(context).with_suffix(".npz").read_bytes()
    resumed = replace(context, resume=True)
    (context.out / "text-lora-distilled.checkpoint.pt").unlink()
    monkeypatch.setattr(recipe, "report", lambda *_: [])
    monkeypatch.setattr(_text_sampler.TextSampler, "__call__", None)  # nothing is sampled again
    assert recipe.run(resumed).with_suffix(".npz").read_bytes() == first
    with pytest.raises(TypeError):  # of another seed they are not
        recipe.run(replace(resumed, seed=4))
