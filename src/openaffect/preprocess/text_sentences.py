"""Cut a document into sentences, by character position."""

from __future__ import annotations

import re

_ABBREVIATIONS = frozenset(
    {
        "mr", "mrs", "ms", "dr", "prof", "sr", "jr", "st", "vs", "etc", "e.g", "i.e", "cf",
        "vol", "approx", "dept", "est", "u.s", "u.k", "a.m", "p.m", "inc", "ltd",
        "co", "corp", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct",
        "nov", "dec", "bzw", "z.b", "d.h", "u.a", "usw", "nr",
    }
)  # fmt: skip
_WORDS_TOO = frozenset({"no", "fig"})
"""Words as well: short for others only before a number or a small letter."""
_END = re.compile(
    r"([.!?…]+|[。！？]+)(?P<close>[\"'”’»)\]]*)(?=\s|$|(?<=[。！？]))|\n[ \t]*\n+|\n(?=\s*[-*•\d])"
)
MAXIMUM_CHARACTERS = 1000


def sentences(text: str, *, maximum: int = MAXIMUM_CHARACTERS) -> list[tuple[int, int]]:
    """Return the (start, end) characters of each sentence, white space trimmed, in order.

    A sentence ends at ``.``, ``!``, ``?`` or ``…`` (with closing quotes) before white space, at the
    full-width stops, at a blank line or before a list item; not after a known abbreviation, an
    initial or a number with a following lower-case word. What is longer than ``maximum`` characters
    is cut at the last space before it, so that a text without punctuation stays bounded. Every
    character that is not white space belongs to exactly one sentence.
    """
    if maximum < 1:
        raise ValueError(f"maximum is {maximum}; give at least 1 character")
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(text):
        if match.group(1) and _continues(text, start, match):
            continue
        spans.extend(_pieces(text, start, match.end(), maximum))
        start = match.end()
    spans.extend(_pieces(text, start, len(text), maximum))
    return spans


def _continues(text: str, start: int, match: re.Match[str]) -> bool:
    if match.group(1) != "." or match.group("close"):
        return False
    before = text[max(start, match.start() - 12) : match.start()]
    word = re.split(r"[\s(\"'“]", before)[-1].lower()
    following = text[match.end() : match.end() + 3].lstrip()
    if word in _WORDS_TOO:
        return following[:1].isdigit() or following[:1].islower()
    if word in _ABBREVIATIONS:
        return True
    initial = len(word) == 1 and word.isalpha() and word != "i" and before[-1:].isupper()
    return initial or (word.isdigit() and following[:1].islower())


def _pieces(text: str, start: int, end: int, maximum: int) -> list[tuple[int, int]]:
    pieces: list[tuple[int, int]] = []
    while True:
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if start == end:
            return pieces
        if end - start <= maximum:
            pieces.append((start, end))
            return pieces
        space = max(text.rfind(mark, start, start + maximum) for mark in (" ", "\n", "\t"))
        cut = space if space > start else start + maximum
        stop = cut
        while text[stop - 1].isspace():
            stop -= 1
        pieces.append((start, stop))
        start = cut
