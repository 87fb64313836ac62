"""Which words and marks a text is kept from: banned words, remains of markup, repeats."""

from __future__ import annotations

import re
from collections.abc import Sequence

MARKUP = re.compile(r"[#*|<>\[\]{}\\_=~^`@•\t]|https?:|www\.")
_FINISHED = re.compile(r"[^\W\d][\"'”’)]*[.!?…]+[\"'”’)]*\s*$")
_SHORTENED = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|St|[A-Z])\.\s*$")
_ENDINGS = "(?:s|es|ed|d|ing|ingly|ly|er|est|ness|ful|fully|y)"
_COARSE = re.compile(
    r"\b(?:\w*fuck\w*|\w*shit\w*|bitch\w*|cunt\w*|nigg\w+|fagg?\w*|retard\w*|whor\w*|slut\w*|"
    r"cock(?:s|sucker\w*)?|dicks|dickhead\w*|rap(?:e[ds]?|ists?|ing)|(?:jack|dumb)?ass(?:es|holes?)?|"
    r"arse\w*|bastard\w*|douche\w*|jizz|kikes?|pakis?|piss\w*|puss(?:y|ies)|tits|trann(?:y|ies)|"
    r"twats?|wank\w*)\b",
    re.IGNORECASE,
)
"""What anger and disgust lead to otherwise, and nobody wants to be handed unasked."""
_LAST = ".!?…\"'”’)"
_VOWELS = "aeiou"
_REPEATED = 3
"""Tokens in a row that do not come twice."""


class Wording:
    """Tells whether a text may go on as proposed.

    prompt: what stands before the text. banned: words that must not occur, with their inflections.
    """

    def __init__(self, prompt: str, banned: Sequence[str]) -> None:
        self._prompt = prompt
        self._banned = _pattern(banned)

    def refuses(self, before: str, after: str, ids: Sequence[int], token: int) -> bool:
        """Tell whether a text must not grow from ``before`` to ``after`` by one token.

        Refused are banned and obscene words, markup, a lone space, a quotation mark that closes
        nothing or opens within another, and a run of three tokens that was there before (Paulus et
        al., "A deep reinforced model for abstractive summarization", ICLR 2018, section 2.5).
        """
        piece = after[len(before) :]
        if (
            piece.isspace()
            or MARKUP.search(piece)
            or _COARSE.search(after[max(len(before) - 24, 0) :])
        ):
            return True
        if not _quoted_well(self._prompt + after, len(self._prompt + before)):
            return True
        if _repeats(ids, token):
            return True
        return self._banned is not None and bool(self._banned.search(after))

    def complete(self, text: str) -> bool:
        """Tell whether the text can end here."""
        return finished(self._prompt + text)

    def cut(self, text: str) -> str:
        """Return the text up to its last whole sentence; empty when it holds none."""
        return whole_sentences(self._prompt + text)[len(self._prompt) :]


def finished(text: str) -> bool:
    """Tell whether the last sentence has ended, and no quotation is open."""
    return (
        bool(_FINISHED.search(text[-16:]))
        and not _SHORTENED.search(text[-8:])
        and text.count('"') % 2 == 0
        and text.count("“") == text.count("”")
    )


def whole_sentences(text: str) -> str:
    """Return the text up to the end of its last whole sentence; empty when it holds none."""
    for place in range(len(text), 0, -1):
        if text[place - 1] in _LAST and finished(text[:place]):
            return text[:place]
    return ""


def _quoted_well(text: str, since: int) -> bool:
    """Tell whether the quotation marks from place ``since`` on open and close in turn."""
    opened = text[:since].count('"') % 2 == 1
    curly = text[:since].count("“") > text[:since].count("”")
    for place in range(since, len(text)):
        letter, last = text[place], text[place - 1] if place else " "
        if letter == '"':
            if opened == (last.isspace() or last in "([—"):
                return False
            opened = not opened
        elif letter in "“”":
            if curly == (letter == "“"):
                return False
            curly = not curly
    return True


def _repeats(ids: Sequence[int], token: int) -> bool:
    run = (*ids[len(ids) - _REPEATED + 1 :], token)
    if len(run) < _REPEATED:
        return False
    return any(
        tuple(ids[place : place + _REPEATED]) == run for place in range(len(ids) - _REPEATED + 1)
    )


def _pattern(words: Sequence[str]) -> re.Pattern[str] | None:
    """Return what finds any of the words, alone or inflected, in any case."""
    if not any(word.strip() for word in words):
        return None
    forms = "|".join(_inflected(word.strip()) for word in words if word.strip())
    return re.compile(rf"\b(?:{forms})\b", re.IGNORECASE)


def _inflected(word: str) -> str:
    """Return a pattern of a word and its regular forms: sad, sadder; happy, happily."""
    plain = re.escape(word)
    if len(word) < 3 or not word[-1].isalpha():
        return plain
    forms = [f"{plain}{_ENDINGS}?"]
    if word[-1] == "y":
        forms.append(f"{plain[:-1]}i{_ENDINGS}")
    elif word[-1] == "e":
        forms.append(f"{plain[:-1]}{_ENDINGS}")
    elif word[-1] not in _VOWELS and word[-2] in _VOWELS:
        forms.append(f"{plain}{word[-1]}{_ENDINGS}")
    return "|".join(forms)
