"""Tokenizers out of GGUF files, against what their rules give by hand."""

import pytest

from openaffect.models.backends._gguf_tokenizer import coder_of, facts_of
from openaffect.types import IntegrityError

pytest.importorskip("tokenizers", reason="tokenizers is a core dependency")
PIECES = [
    # piece, score, kind: 1 a word's, 2 unknown, 3 control, 4 the user's own, 6 a byte
    ("<unk>", 0, 2), ("<s>", 0, 3), ("</s>", 0, 3), *((f"<0x{n:02X}>", 0, 6) for n in range(256)),
    ("\n\n", 0, 4), ("<end_of_turn>", 0, 3), ("ab", -1, 1), ("bc", -2, 1), ("abc", -3, 1),
    ("\u2581ab", -4, 1), *((letter, -9, 1) for letter in "\u2581abcd"),
]  # fmt: skip


class Facts:
    """The facts at the head of a file, from a dictionary."""

    def __init__(self, **facts):
        self.facts = {f"tokenizer.ggml.{key}": value for key, value in facts.items()}

    def get(self, key, default=None):
        return self.facts.get(key, default)

    def required(self, key):
        return self.facts[key]


def pieces(**more):
    words, scores, kinds = zip(*PIECES, strict=True)
    return Facts(
        model="llama", tokens=list(words), scores=list(scores), token_type=list(kinds),
        bos_token_id=1, eos_token_id=2, unknown_token_id=0, **more,
    )  # fmt: skip


def spoken(facts, text):
    coder = coder_of(facts)
    words = facts.required("tokenizer.ggml.tokens")
    return [words[number] for number in coder.encode(text, add_special_tokens=False).ids]


def test_the_best_piece_is_merged_first():
    """ab (-1) before bc (-2); then abc (-3) before _ab (-4)."""
    facts = pieces(add_space_prefix=False)
    assert spoken(facts, "abc") == ["abc"]
    assert spoken(facts, "abcbc") == ["abc", "bc"]
    assert spoken(facts, " abd") == ["\u2581ab", "d"]
    assert spoken(facts, " abc") == ["\u2581", "abc"]


def test_a_space_goes_before_the_first_word_unless_the_file_says_no():
    assert spoken(pieces(), "ab") == ["\u2581ab"]
    assert spoken(pieces(add_space_prefix=False), "ab") == ["ab"]


def test_what_no_piece_covers_is_bytes_and_comes_back():
    facts = pieces(add_space_prefix=False)
    assert spoken(facts, "aé") == ["a", "<0xC3>", "<0xA9>"]
    coder = coder_of(facts)
    assert coder.decode(coder.encode("aé d🙂").ids) == "aé d🙂"


def test_the_users_own_pieces_come_before_all_merges():
    assert spoken(pieces(add_space_prefix=False), "a\n\nb") == ["a", "\n\n", "b"]


def test_the_start_is_added_unless_the_file_says_no():
    assert facts_of(pieces())["adds_start"] is True
    assert facts_of(pieces(add_bos_token=False))["adds_start"] is False
    assert facts_of(pieces())["ends"] == [2, PIECES.index(("<end_of_turn>", 0, 3))]


@pytest.mark.parametrize(
    ("rule", "digits"),
    [
        ("gpt-2", ["2026"]),
        ("smollm", list("2026")),
        ("llama-bpe", ["202", "6"]),
        ("qwen2", list("2026")),
    ],
)
def test_digits_are_cut_by_the_rule(rule, digits):
    """Each rule's pattern: all digits, one by one, three at most, one by one."""
    letters = [*"0123456789", "20", "202", "2026", "26"]
    facts = Facts(
        model="gpt2", pre=rule, tokens=letters, merges=["2 0", "20 2", "202 6", "2 6"],
        bos_token_id=0, eos_token_id=0,
    )  # fmt: skip
    assert spoken(facts, "2026") == digits


def test_other_rules_are_refused():
    with pytest.raises(IntegrityError, match="rule 'invented'"):
        coder_of(Facts(model="gpt2", pre="invented", tokens=["a"], merges=[]))
