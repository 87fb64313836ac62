import pytest
from hypothesis import given
from hypothesis import strategies as st

from openaffect.preprocess.text_treebank import treebank_text, treebank_words

SENTENCES = (
    "I don't know what she'd say, but they're fine.",
    "we cannot go; it's 5 dollars",
    "You've won! I'll tell him (he isn't here).",
)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_words_are_those_of_nltk(sentence):
    nltk = pytest.importorskip("nltk", reason="nltk is not installed")
    # NLTK writes brackets as they are, and cuts "cannot" in two, which word vectors do not.
    theirs = nltk.TreebankWordTokenizer().tokenize(sentence.lower())
    joined = " ".join(theirs).replace("can not", "cannot")
    assert " ".join(treebank_words(sentence)) == joined


def test_there_and_back():
    for text in SENTENCES[::2]:
        assert treebank_text(treebank_words(text)) == text


def test_capitals_begin_sentences_and_i():
    words = ["so", "i", "'m", "glad", "!", "why", "?"]
    assert treebank_text(words) == "So I'm glad! Why?"
    assert treebank_text([]) == ""


def test_curled_quotes_and_runs_of_stops():
    assert treebank_words("Don’t.... “ok”") == ["do", "n't", "...", '"', "ok", '"']


@given(st.text(max_size=60))
def test_only_white_space_is_lost(text):
    words = treebank_words(text)
    assert all(word and not any(letter.isspace() for letter in word) for word in words)
    # What was cut stays cut: the words of the joined words are the same.
    assert treebank_words(" ".join(words)) == words
