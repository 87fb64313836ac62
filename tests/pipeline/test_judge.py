"""What judges a generated text, by a recogniser whose answers are known."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.pipeline.test_generate_text import CountsD, Server

from openaffect.generate._request import TextRequest
from openaffect.pipeline.generate_text import ServerTextGenerator
from openaffect.pipeline.judge import Judge, chosen, judgement, parts_of
from openaffect.types import Generated, Timeline, Unit, scheme

SCHEME = scheme("goemotions28")
ARC = "neutral->fear->relief"
STORY = " We sat down. Then it grew dark, and we were afraid. We were so glad to be home!"


class Words(CountsD):
    """Finds fear in afraid, joy in glad, and nothing else in what has neither."""

    def __call__(self, batch):
        scores = np.zeros((len(batch), len(SCHEME)), np.float32)
        for row, text in enumerate(batch):
            for word, label in (("afraid", "fear"), ("glad", "joy")):
                scores[row, SCHEME.index(label)] = 0.8 * (word in text)
            scores[row, SCHEME.index("neutral")] = 0.6 * (not scores[row].any())
        return Timeline(SCHEME, scores, np.zeros((len(batch), 2)), Unit.WHOLE)


def request(emotion=ARC, **choices):
    return TextRequest(prompt="We met again.", emotion=emotion, **choices)


def test_each_part_of_an_arc_is_judged_by_its_own_target():
    """No threshold on the made card: .6 is intensity .6, .8 is .8; the mean is .7333."""
    scores = judgement(STORY, request(), Judge(Words()))
    assert [stage["emotion"] for stage in scores["stages"]] == ["neutral", "fear", "happiness"]
    assert [stage["text"] for stage in scores["stages"]] == [
        "We sat down.", "Then it grew dark, and we were afraid.", "We were so glad to be home!",
    ]  # fmt: skip
    reached = [0.6, 0.8, 0.8]
    assert [stage["target"] for stage in scores["stages"]] == pytest.approx(reached)
    assert [stage["intensity_reached"] for stage in scores["stages"]] == pytest.approx(reached)
    assert scores["target"] == scores["intensity_reached"] == pytest.approx(2.2 / 3, abs=1e-4)
    assert scores["emotions"]["fear"] == pytest.approx(0.8)


def test_an_arc_the_other_way_round_is_not_reached():
    scores = judgement(STORY, request("relief->fear->neutral"), Judge(Words()))
    assert [stage["target"] for stage in scores["stages"]] == pytest.approx([0, 0.8, 0])


def test_a_text_without_an_arc_has_no_stages():
    scores = judgement(STORY, request("joy"), Judge(Words()))
    assert "stages" not in scores
    assert scores["target"] == pytest.approx(0.8)


def test_the_statement_with_stages_comes_back():
    *_, last = ServerTextGenerator(Server([STORY]), Judge(Words()))(request())
    data = json.loads(json.dumps(last.result.to_dict()))
    assert Generated.from_dict(data).to_dict() == data
    assert len(data["scores"]["stages"]) == 3


def test_the_candidate_that_follows_the_arc_is_chosen():
    ends_well = " We were glad. We were glad. We were glad."
    texts = [ends_well, STORY]
    assert chosen(texts, request(intensity=1), Judge(Words())) == STORY
    assert chosen(texts, request("joy", intensity=1), Judge(Words())) == ends_well


def test_a_stage_without_a_word_is_not_reached():
    scores = judgement("Home.", request(), Judge(Words()))
    assert [stage["text"] for stage in scores["stages"]] == ["Home.", "", ""]
    assert [stage["target"] for stage in scores["stages"]] == pytest.approx([0.6, 0, 0])


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two. Three. Four.", ["One. Two.", "Three. Four."]),
        ("A very long sentence comes first here. Two. Three.",
         ["A very long sentence comes first here.", "Two. Three."]),
        ("One. Two. And then a very long sentence comes last.",
         ["One. Two.", "And then a very long sentence comes last."]),
        ("There is no end in it", ["There is no", "end in it"]),
        ("Two words", ["Two", "words"]),
        ("", ["", ""]),
    ],
)  # fmt: skip
def test_parts_are_near_equal_and_whole(text, parts):
    assert parts_of(text, 2) == parts


@given(st.text("ab .!\n", max_size=80), st.integers(1, 6))
def test_parts_hold_every_word_once(text, count):
    parts = parts_of(text, count)
    assert len(parts) == count
    assert " ".join(parts).split() == text.split()
    assert all(parts) or len(text.split()) < count
