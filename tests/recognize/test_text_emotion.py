"""The text recognisers on a made tokenizer and a session that records what it is fed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openaffect.recognize.text_affect import TextAffect
from openaffect.recognize.text_emotion import TextEmotion
from openaffect.types import Card, InvalidValueError, Timeline, Unit, UnknownNameError, scheme
from openaffect.types.mappings import GOEMOTIONS_TO_EKMAN, GOEMOTIONS_TO_SENTIMENT

GO = scheme("goemotions28")
JOY, FEAR = GO.index("joy"), GO.index("fear")
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "glad", "afraid", "the", "a"]
GLAD, AFRAID = WORDS.index("glad"), WORDS.index("afraid")


class Counting:
    """Joy grows with each ``glad`` that the mask shows, fear with each ``afraid``."""

    inputs = ("input_ids", "attention_mask")
    outputs = ("scores",)

    def __init__(self, columns=28):
        self.columns, self.fed = columns, []

    def run(self, feeds):
        self.fed.append(feeds)
        ids, mask = feeds["input_ids"], feeds["attention_mask"]
        scores = np.full((len(ids), self.columns), 0.01, np.float32)
        scores[:, JOY % self.columns] += 0.2 * ((ids == GLAD) & (mask == 1)).sum(axis=1)
        scores[:, FEAR % self.columns] += 0.2 * ((ids == AFRAID) & (mask == 1)).sum(axis=1)
        return {"scores": scores.clip(0, 1)}


class StubWeights:
    def __init__(self, path, session, **card):
        facts = {
            "name": "stub",
            "task": "text.emotion",
            "modality": "text",
            "licence": "MIT",
            "scheme": "goemotions28",
            "preprocessing": {"maximum_tokens": 8},
        }
        self.card = Card.from_dict(facts | card)
        self._path, self._session = path, session

    def path(self, role):
        assert role == "tokenizer"
        return str(self._path)

    def session(self, role):
        assert role == "model"
        return self._session


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory):
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    path = tmp_path_factory.mktemp("tokenizer") / "tokenizer.json"
    vocabulary = {word: number for number, word in enumerate(WORDS)}
    built = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    built.pre_tokenizer = pre_tokenizers.Whitespace()
    built.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    # As published files often are: padding and cutting of their own, which must not matter.
    built.enable_padding(length=5, pad_id=1)
    built.enable_truncation(3)
    built.save(str(path))
    return path


@pytest.fixture
def made(tokenizer):
    def make(**card):
        session = Counting()
        return TextEmotion(StubWeights(tokenizer, session, **card)), session

    return make


def test_what_the_network_is_fed(made):
    recognizer, session = made()
    recognizer(["glad", "the glad a", "afraid of it"])
    (feeds,) = session.fed
    assert sorted(feeds) == ["attention_mask", "input_ids"]
    assert all(array.dtype == np.int64 for array in feeds.values())
    ids, mask = feeds["input_ids"], feeds["attention_mask"]
    assert ids.tolist() == [[2, 4, 3, 0, 0], [2, 6, 4, 7, 3], [2, 5, 1, 1, 3]]
    assert np.array_equal(mask, ids != 0)


def test_a_long_text_is_cut_at_the_cards_limit(made):
    recognizer, session = made()
    recognizer(["glad " * 100])
    assert session.fed[0]["input_ids"].tolist() == [[2, 4, 4, 4, 4, 4, 4, 3]]


@given(counts=st.lists(st.integers(0, 4), max_size=40))
def test_rows_come_back_in_order_in_batches_of_sixteen(tokenizer, counts):
    session = Counting()
    recognizer = TextEmotion(StubWeights(tokenizer, session))
    timeline = recognizer(["the a" + " glad" * count for count in counts])
    assert timeline.column("joy").tolist() == pytest.approx([0.01 + 0.2 * n for n in counts])
    assert timeline.unit is Unit.WHOLE
    assert all(len(feeds["input_ids"]) <= 16 for feeds in session.fed)
    assert len(session.fed) == -(-len(counts) // 16)


def test_an_empty_text_is_scored(made):
    recognizer, session = made()
    assert len(recognizer(["", "  \n"])) == 2
    assert session.fed[0]["input_ids"].tolist() == [[2, 3], [2, 3]]


@pytest.mark.parametrize("text", ["\ud800", "a \udc80 glad", "\x00", "\U0001f600" * 50, "é" * 999])
def test_odd_characters_are_scored(made, text):
    recognizer, _ = made()
    assert len(recognizer([text])) == 1


def test_a_word_after_a_broken_character_still_counts(made):
    recognizer, _ = made()
    assert recognizer(["\ud800 glad"]).column("joy")[0] == pytest.approx(0.21)


def limits(names, **low):
    return dict.fromkeys(names, 0.9) | low


def test_decide_takes_what_reaches_its_threshold_strongest_first(made):
    recognizer, _ = made(
        labels=GO.labels, thresholds=limits(GO.labels, joy=0.21, fear=0.2, anger=0.011)
    )
    timeline = recognizer(["glad afraid", "glad glad afraid", "the"])
    assert recognizer.decide(timeline)[1:] == [("joy", "fear"), ()]
    assert set(recognizer.decide(timeline)[0]) >= {"fear"}
    scores = np.zeros((1, 28), np.float32)
    scores[0, [JOY, FEAR]] = 0.25, 0.5
    exact = Timeline(GO, scores, np.zeros((1, 2)), Unit.WHOLE)
    recognizer, _ = made(labels=GO.labels, thresholds=limits(GO.labels, joy=0.25, fear=0.5))
    assert recognizer.decide(exact) == [("fear", "joy")]


def test_decide_on_the_groupings_uses_their_own_thresholds(made):
    ekman = scheme("ekman7")
    recognizer, _ = made(
        calibration={"thresholds": {"ekman7": limits(ekman.labels, happiness=0.3, fear=0.1)}}
    )
    own = recognizer(["glad glad afraid", "the"])
    mapped = GOEMOTIONS_TO_EKMAN.apply(own).timeline
    assert recognizer.decide(mapped) == [("happiness", "fear"), ()]
    with pytest.raises(InvalidValueError, match="no thresholds for scheme 'goemotions28'"):
        recognizer.decide(own)
    sentiment = GOEMOTIONS_TO_SENTIMENT.apply(own).timeline
    with pytest.raises(InvalidValueError, match="'sentiment3'"):
        recognizer.decide(sentiment)


def test_decide_on_no_rows(made):
    recognizer, _ = made(labels=GO.labels, thresholds=limits(GO.labels))
    assert recognizer.decide(recognizer([])) == []


def test_attribution_finds_the_word_that_the_score_counts(made):
    recognizer, _ = made()
    text = "the  glad a\nafraid"
    found = recognizer.attribute(text, "joy")
    assert found.extra["text"].tolist() == ["the", "glad", "a", "afraid"]
    assert found.column("joy").tolist() == pytest.approx([0, 0.2, 0, 0], abs=1e-6)
    spans = found.span.astype(int)
    assert [text[start:end] for start, end in spans] == found.extra["text"].tolist()
    assert found.unit is Unit.CHARACTERS
    assert found.coverage.tolist() == [[0, len(text)]]
    assert Timeline.from_dict(found.to_dict()).equals(found)


def test_attribution_of_a_text_without_words(made):
    recognizer, _ = made()
    for text in ("", "   "):
        assert len(recognizer.attribute(text, "joy")) == 0


def test_attribution_to_an_unknown_label(made):
    recognizer, _ = made()
    with pytest.raises(UnknownNameError, match="'joi'; did you mean 'joy'"):
        recognizer.attribute("glad", "joi")


def test_affect_is_clipped_to_its_scale(tokenizer):
    class Loud:
        def run(self, feeds):
            return {"scores": np.tile(np.float32([1.4, -3, 0.25]), (len(feeds["input_ids"]), 1))}

    weights = StubWeights(tokenizer, Loud(), scheme="valence-arousal-dominance")
    timeline = TextAffect(weights)(["a", "the"])
    assert timeline.scores.tolist() == [[1, -1, 0.25]] * 2
    assert timeline.scheme.name == "valence-arousal-dominance"
