"""A text from request to result."""

import json

import numpy as np
import pytest
from tests.generate.test_write import Alphabet

from openaffect.generate._request import TextRequest
from openaffect.generate.text_plain import GENERATOR as PLAIN
from openaffect.pipeline.generate_text import (
    ServerTextGenerator,
    TextGenerator,
    language_model,
    methods,
    text_loader,
)
from openaffect.pipeline.judge import Judge
from openaffect.types import (
    Card,
    Generated,
    InvalidValueError,
    OpenAffectError,
    ServerError,
    Timeline,
    Unit,
    UnknownNameError,
    scheme,
)

SCHEME = scheme("goemotions28")


class CountsD:
    """Finds joy in the letter d."""

    card = Card("counts-d", "text.emotion", "text", scheme="goemotions28", licence="made")

    def __call__(self, batch):
        scores = np.zeros((len(batch), len(SCHEME)), np.float32)
        scores[:, SCHEME.index("joy")] = ["d" in text for text in batch]
        return Timeline(SCHEME, scores, np.zeros((len(batch), 2)), Unit.WHOLE)


class Server:
    address, model = "http://made/v1", "made"

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []

    def answer(self, messages, sampling):
        self.asked.append((messages, sampling))
        for piece in self.answers.pop(0):
            if isinstance(piece, Exception):
                raise piece
            yield piece


def request(**choices):
    return TextRequest(prompt="ab", emotion="joy", **choices)


def test_the_pieces_are_the_text_and_the_last_carries_the_whole():
    chunks = list(TextGenerator(PLAIN(Alphabet()), Judge(CountsD()))(request(length=20)))
    result = chunks[-1].result
    assert "".join(chunk.text for chunk in chunks) == result.text == "abcde"
    assert [chunk.result for chunk in chunks[:-1]] == [None] * (len(chunks) - 1)
    assert result.complete
    assert result.scores["target"] == 1
    assert result.scores["perplexity"] == pytest.approx(np.e, abs=0.01)
    assert result.made_by["model"] == "alphabet"


def test_a_short_text_is_not_shown_before_its_end_is_known():
    """The model would go on to e: one word that is all there is stays."""
    chunks = list(TextGenerator(PLAIN(Alphabet()))(request(length=4)))
    assert [chunk.text for chunk in chunks] == ["abcd"]
    assert len(list(TextGenerator(PLAIN(Alphabet()))(request(length=32)))) == 6


def test_the_statement_says_that_it_is_generated_and_comes_back():
    *_, last = TextGenerator(PLAIN(Alphabet()))(request(length=20))
    data = json.loads(json.dumps(last.result.to_dict()))
    assert data["generated"] is True
    assert Generated.from_dict(data).to_dict() == data


@pytest.mark.parametrize("data", [{}, [], {"format": "openaffect.generated/1"}])
def test_another_format_is_refused(data):
    with pytest.raises(InvalidValueError):
        Generated.from_dict(data)


def test_the_judge_chooses_among_candidates():
    server = Server(["abc"], ["abd"], ["abe"])
    *_, last = ServerTextGenerator(server, Judge(CountsD()))(request(candidates=3, intensity=1))
    assert last.result.text == "abd"
    assert [sampling.seed for _, sampling in server.asked] == [0, 1, 2]


def test_at_no_intensity_the_first_is_taken():
    server = Server(["abc"], ["abd"])
    *_, last = ServerTextGenerator(server, Judge(CountsD()))(request(candidates=2, intensity=0))
    assert last.result.text == "abc"


def test_a_server_that_breaks_off_leaves_a_partial_result():
    server = Server(["ab", ServerError("it broke off")])
    chunks = list(ServerTextGenerator(server)(request()))
    assert chunks[0].text == "ab"
    assert chunks[-1].result.text == "ab"
    assert not chunks[-1].result.complete
    assert "broke off" in chunks[-1].result.reason


def test_a_server_that_says_nothing_is_an_error():
    with pytest.raises(ServerError):
        list(ServerTextGenerator(Server([ServerError("away")]))(request()))


def test_a_server_does_not_lead_away_from_an_emotion():
    server = Server(["ab"])
    with pytest.raises(InvalidValueError, match="from 0 to 1"):
        list(ServerTextGenerator(server)(request(intensity=-0.5)))
    assert server.asked == []


def test_an_unknown_language_model_names_language_models_alone():
    with pytest.raises(
        UnknownNameError, match="no language model is called 'smollm2-135m'"
    ) as told:
        language_model(text_loader(), "smollm2-135m")
    assert "did you mean 'smollm2-135m-instruct'?" in str(told.value)
    assert "face" not in str(told.value)


def test_interrupted_it_keeps_what_was_written():
    class Interrupted(Alphabet):
        def read(self, ids, state=0, **choices):
            if (state or 0) >= 3:
                raise KeyboardInterrupt
            return super().read(ids, state, **choices)

    *_, last = TextGenerator(PLAIN(Interrupted()))(request(length=20))
    assert (last.result.text, last.result.complete) == ("abc", False)
    assert last.result.reason == "interrupted"


def test_every_way_says_what_it_does():
    found = methods()
    assert {"plain", "prompt"} <= set(found)
    assert all(item.help and item.name == name for name, item in found.items())


def test_the_intensity_reached_is_half_at_the_threshold():
    """Thresholds of the made card: none, so .5; .25 is half way to it, .75 half way beyond."""
    judge = Judge(CountsD())
    (joy,) = request().targets
    for value, reached in ((0.0, 0.0), (0.25, 0.25), (0.5, 0.5), (0.75, 0.75), (1.0, 1.0)):
        assert judge.reached(np.eye(7)[3] * value, joy) == pytest.approx(reached)
    (blend,) = TextRequest(prompt="a", emotion="joy:.5,fear:.5").targets
    assert judge.reached(np.array([0, 0, 1, 0.5, 0, 0, 0]), blend) == pytest.approx(0.75)


def test_a_model_may_be_a_file_of_the_user_s_own(monkeypatch):
    from openaffect.models import language
    from openaffect.pipeline.generate_text import text_generator

    monkeypatch.setattr(language, "language_model_at", lambda path, **choices: Alphabet(len(path)))
    generator = text_generator(model="own/7", method="plain", judged=False)
    *_, last = generator(TextRequest(prompt="ab", length=9))
    assert last.result.text == "abcde"


@pytest.mark.parametrize(
    ("model", "told"),
    [("text-emotion", "not a language model"), ("nowhere.gguf", "does not exist")],
)
def test_what_is_no_language_model_is_named(model, told):
    from openaffect.pipeline.generate_text import text_generator

    with pytest.raises(OpenAffectError, match=told):
        text_generator(model=model, judged=False)
