"""English words as treebanks and word vectors know them, and back to a text.

Lower case; a contraction is two words (``don't``: ``do``, ``n't``), a mark is one. Models that read
and write word by word need both ways: what they write is words, what people read is a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ._texts import check_text

_WORD = re.compile(
    r"[^\W\d_]+?(?=n't\b)|n't\b|'(?:s|m|re|ve|ll|d)\b|\d+(?:[.,:]\d+)*|[^\W_]+|\.{2,}|[^\w\s]|_+"
)
_CLITIC = re.compile(r"n't|'(?:s|m|re|ve|ll|d)")
_CLOSING = frozenset(".,!?;:)%") | {"..."}
_OPENING = frozenset("($#")
_ENDING = frozenset(".!?") | {"..."}
_QUOTES = str.maketrans({"’": "'", "‘": "'", "`": "'", "“": '"', "”": '"'})
_UPPER = re.compile(r"i(?:'|$)")


def treebank_words(text: str) -> list[str]:
    """Return the words and marks of a text, in lower case, contractions cut in two.

    Marcus, Santorini and Marcinkiewicz, "Building a Large Annotated Corpus of English: The Penn
    Treebank", Computational Linguistics 19(2), 1993; case and runs of full stops are not kept.

    >>> treebank_words("I can't wait... it's 9:30!")
    ['i', 'ca', "n't", 'wait', '...', 'it', "'s", '9:30', '!']
    """
    check_text(text)
    found = _WORD.findall(text.translate(_QUOTES).lower())
    return ["..." if word.startswith("..") else word for word in found]


def treebank_text(words: Iterable[str]) -> str:
    """Return a text of treebank words: spaces, capitals at the beginning of sentences and of I.

    What :func:`treebank_words` lost, names' capitals above all, does not come back.

    >>> treebank_text(["i", "ca", "n't", "wait", "!", "it", "'s", "late", "."])
    "I can't wait! It's late."
    """
    text, begins, glued = "", True, True
    for word in words:
        if not glued and word not in _CLOSING and not _CLITIC.fullmatch(word):
            text += " "
        text += word.capitalize() if begins or _UPPER.fullmatch(word) else word
        begins = word in _ENDING
        glued = word in _OPENING
    return text
