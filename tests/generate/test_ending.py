"""How a short text ends, over a model whose answers are known."""

import numpy as np
import pytest
from tests.generate.test_write import Alphabet

from openaffect.generate._ending import SHORT, ended
from openaffect.generate._request import TextRequest
from openaffect.generate._steering import Steering
from openaffect.generate._write import Draft, write
from openaffect.types import Scores

PIECES = ("\0", "ab", " cd", "ef", " gh", ".", "'", "t")


class Speaks(Alphabet):
    """Says pieces of words one after another, whatever it has read of them, and then ends."""

    vocabulary, longest = len(PIECES), 100

    def __init__(self, *said):
        super().__init__()
        self.said = said

    def encode(self, text, *, special=False):
        return [PIECES.index(text)] if text in PIECES else [1]

    def decode(self, ids):
        return "".join(PIECES[number] for number in ids)

    def read(self, ids, state=0, *, push=None, repeat=1):
        step = (state or 0) + len(ids[0])
        logits = np.full((len(ids) * repeat, self.vocabulary), -20.0, np.float32)
        said = self.said[step - 1 :]
        logits[:, PIECES.index(said[0]) if said else 0] = 20.0
        return Scores(logits, np.zeros((len(logits), 1), np.float32), step)


def short(length, *said, prompt="ab"):
    request = TextRequest(prompt=prompt, length=length)
    steering = Steering(Speaks(*said))
    *_, drafts = write(steering, request)
    return ended(steering, request, drafts[0])


@pytest.mark.parametrize(
    ("length", "said", "end"),
    [
        (9, (" cd", "."), " cd."),
        (6, (" cd", ".", " gh", " cd", "ef", "ef", "ef"), " cd."),
        (3, (" cd", "ef", " gh", "ef"), " cdef"),
        (3, (" cd", " gh", "ef", " gh"), " cd ghef"),
        (3, (" cd", " gh", "ef", "."), " cd ghef"),
        (3, (" cd", " gh", "ef"), " cd ghef"),
        (2, (" cd", " gh", "'", "t"), " cd"),
        (3, (" cd", " gh", "'", "t"), " cd"),
        (2, (" cd", "ef", "ef"), " cdef"),
    ],
)
def test_a_short_text_ends_with_a_sentence_or_a_word(length, said, end):
    assert short(length, *said) == end


def test_a_sentence_of_the_beginning_is_none_of_the_text():
    assert short(2, " cd", " gh", prompt="Oh.") == " cd gh"


def test_a_long_text_is_left_as_it_was_written():
    request = TextRequest(prompt="ab", length=SHORT)
    draft = Draft([1, 2, 3], "cd. e")
    assert ended(Steering(Speaks()), request, draft) == "cd. e"


def test_half_a_character_is_left_out():
    request = TextRequest(prompt="ab", length=SHORT)
    assert ended(Steering(Speaks()), request, Draft([1], "so good \ufffd")) == "so good"
