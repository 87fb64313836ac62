import json
import math

import numpy as np
import pytest

from openaffect.generate._words import END, START, Words
from openaffect.preprocess.text_encoding import Vocabulary
from openaffect.types import InvalidValueError

VOCABULARY = Vocabulary(("[PAD]", "[UNK]", START, END, "i", "'m", "sad", ".", "so"))
LETTERS = {"": math.log(0.1), " ": math.log(0.4), "a": math.log(0.5)}
WORDS = Words(VOCABULARY, LETTERS, ("sad", "glad"), longest_context=5)


def test_the_last_words_are_read_with_who_spoke_and_when():
    words, listener, turns = WORDS.context(["I'm sad.", "So?"], ["speaker", "listener"])
    assert words.tolist() == [5, 6, 7, 8, 1]  # "i" was cut off, "?" is not known
    assert listener.tolist() == [0, 0, 0, 1, 1]
    assert turns.tolist() == [1, 1, 1, 2, 2]


def test_nothing_said_is_one_unknown_word():
    assert [part.tolist() for part in WORDS.context([], [])] == [[1], [0], [1]]


def test_an_answer_lies_between_its_marks():
    assert WORDS.answer("So sad").tolist() == [2, 8, 6, 3]
    assert WORDS.answer("So so sad", longest=1).tolist() == [2, 8, 3]
    assert WORDS.text([2, 4, 5, 6, 7, 3]) == "I'm sad."


def test_unknown_words_are_spelt():
    # "aa" and "b": two of .5, an end of .4; one that is not listed of .1, an end of .4
    assert WORDS.spelling("so aa b") == pytest.approx(math.log(0.5 * 0.5 * 0.4 * 0.1 * 0.4))
    assert WORDS.spelling("so sad") == 0


def test_written_and_read(tmp_path):
    path = tmp_path / "words.json"
    path.write_text(json.dumps(WORDS.to_dict()))
    again = Words.load(path)
    assert again.vocabulary == VOCABULARY and again.emotions == ("sad", "glad")
    assert again.letters == pytest.approx(LETTERS, abs=1e-4)
    path.write_text("[]")
    with pytest.raises(InvalidValueError, match=r"words\.json"):
        Words.load(path)


def test_marks_must_be_where_they_are_expected():
    with pytest.raises(InvalidValueError, match="behind its first two"):
        Words(Vocabulary(("[PAD]", "[UNK]", "i")), LETTERS, ())
    with pytest.raises(InvalidValueError, match="letters"):
        Words(VOCABULARY, {"a": 0.0}, ())
    assert np.issubdtype(WORDS.answer("so").dtype, np.integer)
