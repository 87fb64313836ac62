"""The loop that writes, over a model whose answers are known."""

import numpy as np
import pytest

from openaffect.generate._request import TextRequest
from openaffect.generate._sampling import draw
from openaffect.generate._steering import Steering
from openaffect.generate._write import opening, write
from openaffect.generate.text_prompt import GENERATOR as PROMPTING
from openaffect.types import Card, InvalidValueError, LanguageModel, Scores

LETTERS = "\0abcdefghij \n"


class Alphabet:
    """Says a, b, c ... one after another; id 0 ends the text."""

    card = Card("alphabet", "text.language", "text", licence="made")
    vocabulary, width, layers, longest, ends = len(LETTERS), 1, 1, 40, frozenset({0})

    def __init__(self, length=5):
        self.length = length
        self.pushed = []

    def encode(self, text, *, special=False):
        return [LETTERS.index(letter) for letter in text if letter in LETTERS]

    def decode(self, ids):
        return "".join(LETTERS[number] for number in ids)

    def chat(self, messages):
        return [1]

    def read(self, ids, state=0, *, push=None, repeat=1):
        self.pushed.append(push)
        rows = len(ids) * repeat
        step = (state or 0) + 1
        logits = np.full((rows, self.vocabulary), -20.0, np.float32)
        logits[:, step if step <= self.length else 0] = 20.0
        return Scores(logits, np.zeros((rows, 1), np.float32), step)

    def log_probabilities(self, text):
        return np.full(len(text), -1.0)


class Backwards(Steering):
    """Turns the preference over, and pushes."""

    name = "backwards"
    help = "made"

    def read(self, ids, state, target, intensity, *, repeat=1):
        push = np.full((1, 1), intensity, np.float32)
        return self.model.read(ids, state, push=push, repeat=repeat)

    def adjusted(self, logits, texts, target, intensity):
        changed = logits.copy()
        changed[:, LETTERS.index("j")] = 100 * intensity
        return changed


def written(steering, **choices):
    *_, drafts = write(steering, TextRequest(prompt="ab", **choices))
    return [draft.text for draft in drafts]


def test_the_made_model_is_a_model():
    assert isinstance(Alphabet(), LanguageModel)


def test_the_model_writes_until_it_ends():
    assert written(Steering(Alphabet()), length=20) == ["abcde"]


def test_it_writes_no_longer_than_asked():
    assert written(Steering(Alphabet()), length=3) == ["abc"]


def test_a_steering_changes_the_scores():
    assert written(Backwards(Alphabet()), length=3, intensity=1) == ["jjj"]


def test_at_no_intensity_it_is_the_model_itself():
    model = Alphabet()
    assert written(Backwards(model), length=20, intensity=0) == ["abcde"]
    assert model.pushed == [None] * 6


def test_a_steering_reads_from_the_first_token_on():
    model = Alphabet()
    written(Backwards(model), length=3, intensity=0.5)
    assert model.pushed == [0.5] * 3


def test_candidates_are_written_side_by_side():
    assert written(Steering(Alphabet()), length=20, candidates=3) == ["abcde"] * 3


def test_banned_words_do_not_occur():
    """A word is banned when it is whole: abc and not abcd, whatever its case."""
    assert written(Steering(Alphabet()), length=5, banned=("abcd",)) != ["abcde"]
    assert written(Steering(Alphabet()), length=5, banned=("ABCDE",))[0].startswith("abcd")
    assert written(Steering(Alphabet()), length=5, banned=("ABCDE",)) != ["abcde"]
    assert written(Steering(Alphabet()), length=5, banned=("x",)) == ["abcde"]


def test_more_than_the_model_reads_is_refused():
    with pytest.raises(InvalidValueError, match=r"2 tokens and 39 are to follow.*reads 40"):
        written(Steering(Alphabet()), length=39)


def test_prompting_reads_the_mood_first():
    model = Alphabet()
    plain = opening(PROMPTING(model), TextRequest(prompt="ab", intensity=0, emotion="joy"))
    assert plain == [1, 2]
    assert len(opening(PROMPTING(model), TextRequest(prompt="ab", emotion="joy"))) > 2


@pytest.mark.parametrize(
    ("choices", "told"),
    [
        ({"prompt": " "}, "prompt is empty"),
        ({"prompt": "a", "intensity": 1.5}, "intensity is 1.5; give 0 to 1"),
        ({"prompt": "a", "length": 0}, "length is 0"),
        ({"prompt": "a", "candidates": 65}, "candidates is 65"),
    ],
)
def test_requests_out_of_range_are_named(choices, told):
    with pytest.raises(InvalidValueError, match=told):
        TextRequest(**choices)


def test_control_characters_are_left_out():
    assert TextRequest(prompt="a\x00b\x1b[31mc\n").prompt == "ab[31mc\n"


def test_draws_follow_the_probabilities():
    """Three tokens with odds 6 : 3 : 1 at temperature 1: counts within four standard errors."""
    logits = np.log(np.array([0.6, 0.3, 0.1], np.float32))
    generator = np.random.default_rng(0)
    drawn = [draw(logits, (), generator, temperature=1, top=1) for _ in range(4000)]
    counts = np.bincount(drawn, minlength=3) / 4000
    assert np.abs(counts - [0.6, 0.3, 0.1]).max() < 4 * np.sqrt(0.24 / 4000)


def test_the_nucleus_leaves_the_tail_out():
    logits = np.log(np.array([0.6, 0.3, 0.1], np.float32))
    generator = np.random.default_rng(0)
    assert {draw(logits, (), generator, temperature=1, top=0.85) for _ in range(200)} == {0, 1}


def test_what_was_just_said_is_less_likely():
    logits = np.log(np.array([0.5, 0.5], np.float32))
    generator = np.random.default_rng(0)
    drawn = [draw(logits, [0], generator, temperature=1, top=1) for _ in range(2000)]
    assert np.mean(drawn) > 0.52
