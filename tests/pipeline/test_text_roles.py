"""The timeline of roles."""

import numpy as np
import pytest

import openaffect
from openaffect.models import Store, card
from openaffect.pipeline.text_roles import read_roles
from openaffect.pipeline.words import Sentences
from openaffect.types.timeline import Unit

TEXT = "It rains. Tom is angry at me. We love it."


def test_spans_point_at_the_words_of_the_document():
    sentences = Sentences([TEXT[10:29], TEXT[30:]], [(10, 29), (30, 41)], Unit.CHARACTERS)
    line = read_roles(sentences)
    assert line.extra["role"].tolist() == ["cue", "experiencer", "target"] * 2
    assert line.best() == line.extra["role"].tolist()
    assert line.extra["emotion"].tolist() == ["anger"] * 3 + ["happiness"] * 3
    spans = line.span.astype(int).tolist()
    words = ["angry", "Tom", "me", "love", "We", "it"]
    assert [TEXT[start:end] for start, end in spans] == words
    assert line.extra["text"].tolist() == words


def test_a_row_of_a_table_is_read_sentence_by_sentence_and_keeps_its_number():
    extra = {"row": np.array([3, 7])}
    line = read_roles(Sentences([TEXT, "Nothing."], [(0, 0)] * 2, Unit.WHOLE, extra=extra))
    assert line.extra["row"].tolist() == [3] * 6
    places = zip(line.extra["begin"].tolist(), line.extra["end"].tolist(), strict=True)
    assert [TEXT[start:end] for start, end in places] == line.extra["text"].tolist()


def test_a_sentence_that_is_spoken_gives_its_seconds():
    line = read_roles(Sentences(["I hate it."], [(1.5, 2.5)], Unit.SECONDS))
    assert line.span.tolist() == [[1.5, 2.5]] * 3


def test_nothing_said_gives_no_rows():
    assert len(read_roles(Sentences([], [], Unit.CHARACTERS))) == 0


def test_roles_come_on_request_alone():
    network = card("text-emotion")
    if Store(offline=True).locate(network, "model") is None:
        pytest.skip("the text network is not on this machine")
    assert "text.roles" not in openaffect.analyze(TEXT).timelines
    found = openaffect.analyze(TEXT, roles=True)
    assert found.timelines["text.roles"].extra["text"].tolist()[:3] == ["angry", "Tom", "me"]
    assert "text-roles" in {one.name for one in found.cards}


def test_another_language_says_that_roles_are_left_out():
    found = openaffect.analyze("Я так рад, спасибо вам большое!", roles=True)
    assert any("text.roles is left out" in warning for warning in found.warnings)
