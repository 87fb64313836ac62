"""The default: what a recogniser says decides among goings-on, up to the intensity."""

import numpy as np
import pytest
from tests.generate.test_adapters import Gated, weights
from tests.generate.test_prefix import Files, Model, arrays

from openaffect.generate._emotion import EMOTIONS, parse
from openaffect.generate._felt import FELT, shares
from openaffect.generate._request import TextRequest
from openaffect.generate._write import write
from openaffect.generate.text_guided import _FRESH, _WARMTH, Guided
from openaffect.types import Card, Timeline, Unit, scheme

SCHEME = scheme("goemotions28")
(JOY,) = parse("joy")


class Adviser:
    """Finds joy by the number in the text, and neutral for the rest."""

    card = Card("made", "text.emotion", "text", scheme="goemotions28", licence="made")

    def __call__(self, batch):
        scores = np.zeros((len(batch), len(SCHEME)), np.float32)
        scores[:, SCHEME.index("joy")] = [float(text) for text in batch]
        scores[:, SCHEME.index("neutral")] = [1 - float(text) for text in batch]
        return Timeline(SCHEME, scores, np.zeros((len(batch), 2)), Unit.WHOLE)


@pytest.fixture
def guided(tmp_path):
    np.savez(tmp_path / "held.npz", **arrays())
    return Guided(Model(), Files(tmp_path / "held.npz"))


def test_every_label_counts_once():
    assert sorted(label for some in FELT.values() for label in some) == sorted(SCHEME.labels)
    assert tuple(FELT) == EMOTIONS


def test_shares_add_up_and_groups_are_joined():
    scores = np.zeros((1, len(SCHEME)), np.float32)
    for label, value in (("anger", 0.3), ("annoyance", 0.3), ("curiosity", 0.2)):
        scores[0, SCHEME.index(label)] = value
    found = shares(Timeline(SCHEME, scores, np.zeros((1, 2)), Unit.WHOLE))
    assert found.sum() == pytest.approx(1)
    assert found[0, EMOTIONS.index("anger")] == pytest.approx(0.75, abs=0.01)
    assert found[0, EMOTIONS.index("neutral")] == pytest.approx(0.25, abs=0.01)


def test_more_than_was_asked_for_is_worth_no_more(guided):
    guided.adviser = Adviser()
    texts = ["0.1", "0.4", "0.6", "0.9"]
    worth = guided.worth(texts, [[]] * 4, JOY, 0.63)
    assert worth[0] < worth[1] < worth[2] == worth[3] == 0
    strong = guided.worth(texts, [[]] * 4, JOY, 1.0)
    assert (np.diff(strong) > 0).all()
    ratio = (worth[0] - worth[1]) / np.log(0.1 / 0.4)
    assert (strong[2] - strong[3]) / np.log(0.6 / 0.9) == pytest.approx(ratio, rel=0.05)


def test_without_a_recogniser_all_are_worth_the_same(guided):
    assert (guided.worth(["0.1", "0.9"], [[], []], JOY, 1.0) == 0).all()


def test_the_mood_is_said_first(guided):
    assert "overjoyed" in guided.lead(TextRequest(prompt="ab", emotion="joy", intensity=1))
    assert guided.lead(TextRequest(prompt="ab", emotion="joy", intensity=0)) == ""


def test_a_model_of_other_tokens_goes_without_the_classifier(tmp_path):
    np.savez(tmp_path / "held.npz", **arrays(tokens=99))
    way = Guided(Model(), Files(tmp_path / "held.npz"))
    logits = np.zeros((1, Model.vocabulary), np.float32)
    assert way.adjusted(logits, [[]], JOY, 1.0) is logits
    assert "overjoyed" in way.lead(TextRequest(prompt="ab", emotion="joy", intensity=1))


class Phrases(Files):
    """Stock phrases of a language model."""

    def __init__(self, path, base):
        super().__init__(path)
        self.card = Card("made", "text.phrases", "text", licence="made",
                         preprocessing={"language_model": base})  # fmt: skip


@pytest.mark.parametrize("base", [Model.card.name, "other"])
def test_stock_phrases_lose(tmp_path, guided, base):
    runs = np.array([[-1, -1, -1, 2], [-1, -1, 1, 3]], np.int32)
    np.savez(tmp_path / "stock.npz", runs=runs, worn=np.array([1.0, 2.0]),
             emotions=np.full(2, EMOTIONS.index("happiness")))  # fmt: skip
    logits = np.zeros((2, Model.vocabulary), np.float32)
    before = guided.adjusted(logits, [[], [0, 1]], JOY, 0.5)
    guided.take(Phrases(tmp_path / "stock.npz", base))
    after = guided.adjusted(logits, [[], [0, 1]], JOY, 0.5)
    lost = np.zeros_like(before)
    if base != "other":
        lost[:, 2], lost[1, 3] = 1.0, 2.0
    shown = np.isfinite(before)
    assert (before[shown] - after[shown]) == pytest.approx((_FRESH * lost)[shown])


@pytest.fixture
def known(tmp_path):
    np.savez(tmp_path / "held.npz", **arrays())
    return Guided(Gated(), Files(tmp_path / "held.npz"))


def test_the_adapter_opens_with_the_intensity(known):
    known.take(weights())
    known.read(np.zeros((1, 1), np.int64), None, JOY, 0.6)
    assert known.model.seen[0][0] == pytest.approx(0.6 * JOY.vector())
    assert len(known.taken) == 1


def test_with_the_adapter_tokens_are_drawn_warmer(known):
    logits = np.linspace(-3, 0, Model.vocabulary, dtype=np.float32)[None]
    before = known.adjusted(logits, [[]], JOY, 0.5)
    known.take(weights())
    shown = np.isfinite(before)
    found = known.adjusted(logits, [[]], JOY, 0.5)
    assert found[shown] == pytest.approx(before[shown] / (1 + _WARMTH / 2))


def test_at_no_intensity_the_adapter_is_shut(known):
    known.take(weights())
    request = TextRequest(prompt="a", emotion="joy", intensity=0, length=3, temperature=0)
    list(write(known, request))
    assert not np.any(known.model.seen)


def test_another_models_adapter_is_left_out(known):
    known.take(weights(base="other"))
    assert known.taken == ()
    model = Gated()
    plain = model.read(np.zeros((1, 1), np.int64)).logits
    read = known.read(np.zeros((1, 1), np.int64), None, JOY, 0.6).logits
    assert (read == plain).all()
