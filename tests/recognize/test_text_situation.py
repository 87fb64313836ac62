import numpy as np
import pytest

from openaffect.recognize._talk import OTHER, OWN, joined
from openaffect.recognize.text_situation import TextSituation
from openaffect.types import Card, DialogueRecognizer, InvalidValueError, scheme

TALK = [("Ann", "i lost it"), ("Bob", "oh no"), ("Ann", "my ring"), ("Cy", "what"), ("Bob", "sad")]


class Telling:
    """Scores tell how many letters were the speaker's own, and how many others'."""

    def run(self, feeds):
        ids, kinds, mask = feeds["input_ids"], feeds["token_types"], feeds["attention_mask"]
        letters = (ids > 3) & (mask == 1)
        own, other = (letters & (kinds == 0)).sum(axis=1), (letters & (kinds == 1)).sum(axis=1)
        powers = np.ones((len(ids), 32))
        powers[:, 0] += own
        powers[:, 1] += other
        return {"scores": (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)}


class Weights:
    card = Card(
        name="stub",
        task="text.situation",
        modality="text",
        licence="none",
        scheme="empathetic32",
        preprocessing={"maximum_tokens": 24, "context_lines": 8},
    )

    def __init__(self, tokenizer):
        self._tokenizer = str(tokenizer)

    def path(self, role):
        assert role == "tokenizer"
        return self._tokenizer

    def session(self, role):
        assert role == "model"
        return Telling()


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    """Letters are the word pieces; blanks are none."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *"abcdefghijklmnopqrstuvwxyz"]
    words += [f"##{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
    vocabulary = {word: number for number, word in enumerate(words)}
    built = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    built.pre_tokenizer = pre_tokenizers.Whitespace()
    built.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    path = tmp_path_factory.mktemp("letters") / "tokenizer.json"
    built.save(str(path))
    return TextSituation(Weights(path))


def letters(timeline):
    """Return (own, others') letters of each row, undoing what ``Telling`` does."""
    powers = timeline.scores / timeline.scores[:, 2:3]
    return [(round(own) - 1, round(other) - 1) for own, other in powers[:, :2].tolist()]


def test_lines_are_parted_by_one_mark_and_say_whose_they_are():
    row = joined([[1, 10, 2], [1, 20, 21, 2], [1, 30, 2]], ["a", "b", "a"], 20)
    assert row[0].tolist() == [1, 10, 2, 20, 21, 2, 30, 2]
    assert row[1].tolist() == [OWN] * 3 + [OTHER] * 3 + [OWN] * 2


def test_the_oldest_lines_are_left_out_whole_when_there_is_no_room():
    lines = [[1, 10, 11, 12, 2], [1, 20, 2], [1, 30, 2]]
    assert joined(lines, "aba", 8)[0].tolist() == [1, 20, 2, 30, 2]
    assert joined(lines, "aba", 9)[0].tolist() == [1, 10, 11, 12, 2, 20, 2, 30, 2]
    assert joined(lines, "aba", 4)[0].tolist() == [1, 30, 2]
    assert joined(lines, "aba", 2)[0].tolist() == [1, 30]


def test_a_text_is_a_talk_of_one_line(reader):
    assert isinstance(reader, DialogueRecognizer)
    assert reader(["i lost it"]).scheme == scheme("empathetic32")
    assert letters(reader(["i lost it", "", "ok"])) == [(7, 0), (0, 0), (2, 0)]


def test_a_line_is_read_with_those_before_and_knows_whose_they_are(reader):
    """By hand: own letters of the speaker so far, and others', in 24 pieces with the marks."""
    assert letters(reader.lines(TALK)) == [(7, 0), (4, 7), (13, 4), (4, 10), (7, 10)]


def test_lines_to_come_are_not_read(reader):
    whole = reader.lines(TALK)
    np.testing.assert_array_equal(reader.lines(TALK[:3]).scores, whole.scores[:3])


def test_lines_from_the_middle_on_are_as_they_are_in_the_whole(reader):
    long = [(str(row % 3), "abcdefghij"[: row % 3]) for row in range(40)]
    whole = reader.lines(long)
    part = reader.lines(long[20 - reader.context : 25], start=reader.context)
    np.testing.assert_array_equal(part.scores, whole.scores[20:25])
    assert len(reader.lines(long, start=40)) == 0


@pytest.mark.parametrize("line", ["Ann: hello", ("Ann",), ("Ann", None), ("Ann", "hello", 1), None])
def test_what_is_no_line_is_named(reader, line):
    with pytest.raises(InvalidValueError, match=r"line 1 of the dialogue .*\(speaker, text\)"):
        reader.lines([("Ann", "hello"), line])


def test_a_start_outside_is_refused(reader):
    with pytest.raises(InvalidValueError, match="start is 6; the dialogue has 5 lines"):
        reader.lines(TALK, start=6)
