"""What a rewriting must not lose: names, numbers and negations, by what can be read off a text."""

from __future__ import annotations

import re
from collections import Counter


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_NUMBER = re.compile(r"\d+(?:[.,:/%-]?\d+)*%?")
_SPELT = _listed(
    "two three four five six seven eight nine ten eleven twelve thirteen fifteen twenty thirty "
    "forty fifty sixty seventy eighty ninety hundred thousand million half twice"
)
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|nowhere|neither|nor|without|cannot)\b|n['’]t\b",
    re.IGNORECASE,
)
_SMALL = _listed(
    "a about after all also although an and another any are as at be because been before both but "
    "by can could did do does during each every few for from had has have he her here his how if "
    "in into is it it's its just last later many maybe may more most my no nobody nothing now of "
    "on once one only or our over people perhaps she should since so some someone something soon "
    "that that's the their then there there's these they this those though through to today "
    "tomorrow tonight under until very was we we're well were what when where which while who why "
    "will with without would yesterday you your"
)
"""Words that begin a sentence with a capital and are no names."""
_ALWAYS = frozenset({"I", "I'm", "I've", "I'd", "I'll", "I’m", "I’ve", "I’d", "I’ll", "OK", "TV"})


def names(text: str) -> Counter[str]:
    """Return the words that are capitalised where no sentence begins, and how often."""
    found: Counter[str] = Counter()
    for match in _WORD.finditer(text):
        word, before = match.group(), text[: match.start()].rstrip(" \"'“‘([")
        begins = not before or before[-1] in ".!?…:;\n"
        if word[0].isupper() and not begins and word not in _ALWAYS:
            found[re.sub(r"['’]s$", "", word)] += 1
    return found


def numbers(text: str) -> Counter[str]:
    """Return the numbers, in digits or spelt from two on, and how often."""
    spelt = (word.lower() for word in _WORD.findall(text))
    return Counter(_NUMBER.findall(text)) + Counter(word for word in spelt if word in _SPELT)


def negations(text: str) -> int:
    """Return how many words negate."""
    return len(_NEGATION.findall(text))


def lost(source: str, text: str) -> str:
    """Return what of the source's facts the text lacks or invents, in words; empty for nothing.

    Names and numbers must be the same ones; every negation must still be there.
    """
    missing = set(names(source)) - {_bare(word) for word in _WORD.findall(text)}
    if missing:
        return f"the name {min(missing)!r} is gone"
    invented = set(names(text)) - {_bare(word) for word in _WORD.findall(source)}
    if invented:
        return f"the name {min(invented)!r} is new"
    if numbers(source) != numbers(text):
        return "the numbers differ"
    if negations(text) < negations(source):
        return "a negation is gone"
    return ""


def small(word: str) -> bool:
    """Tell whether a capitalised word is one that only the beginning of a sentence capitalises."""
    return word.lower() in _SMALL


def _bare(word: str) -> str:
    return re.sub(r"['’]s$", "", word)
