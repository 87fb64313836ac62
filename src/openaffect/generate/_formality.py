"""Formality by rule: contractions, everyday words and exclamations, made and unmade."""

from __future__ import annotations

import re

from openaffect.types import InvalidValueError

FORMALITIES = ("", "formal", "informal")
_FULL = {
    "can't": "cannot", "won't": "will not", "shan't": "shall not", "let's": "let us",
    "it's": "it is", "that's": "that is", "there's": "there is", "what's": "what is",
    "i'm": "I am", "ma'am": "madam",
}  # fmt: skip
_ENDS = {"n't": " not", "'re": " are", "'ve": " have", "'ll": " will", "'m": " am"}
_PLAIN = {
    "gonna": "going to", "wanna": "want to", "gotta": "have to", "kinda": "rather",
    "sorta": "rather", "yeah": "yes", "yep": "yes", "nope": "no", "kids": "children",
    "kid": "child", "guys": "people", "guy": "man", "mom": "mother", "mum": "mother",
    "dad": "father", "ok": "all right", "okay": "all right", "a lot of": "many",
    "awesome": "excellent", "cool": "pleasant", "stuff": "things", "hey": "hello",
    "thanks": "thank you", "cause": "because", "'cause": "because",
}  # fmt: skip
_EVERYDAY = {
    "cannot": "can't", "can not": "can't", "will not": "won't", "do not": "don't",
    "does not": "doesn't", "did not": "didn't", "is not": "isn't", "are not": "aren't",
    "was not": "wasn't", "were not": "weren't", "would not": "wouldn't", "could not": "couldn't",
    "should not": "shouldn't", "have not": "haven't", "has not": "hasn't", "had not": "hadn't",
    "I am": "I'm", "I have been": "I've been", "I will": "I'll", "I would": "I'd",
    "it is": "it's", "that is": "that's", "there is": "there's", "we are": "we're",
    "they are": "they're", "you are": "you're", "we will": "we'll", "you will": "you'll",
    "children": "kids", "mother": "mom", "father": "dad", "very": "really", "yes": "yeah",
    "thank you": "thanks", "excellent": "awesome",
}  # fmt: skip
_CONTRACTED = re.compile(r"\b\w+['’](?:t|re|ve|ll|m|s)\b")


def in_formality(text: str, formality: str) -> str:
    """Return a text in a formality: ``formal``, ``informal``, or as it is for the empty one.

    Formal: contractions are written out, everyday words replaced, exclamation marks become stops.
    Informal: the other way about, exclamations left alone. What is in quotation marks is changed
    too; names and numbers never are.
    """
    if formality not in FORMALITIES:
        raise InvalidValueError(f"formality {formality!r} is neither 'formal' nor 'informal'")
    if formality == "formal":
        return _formal(text)
    if formality == "informal":
        return _replaced(text, _EVERYDAY)
    return text


def _formal(text: str) -> str:
    text = _CONTRACTED.sub(lambda match: _written_out(match.group()), text)
    text = _replaced(text, _PLAIN)
    return re.sub(r"!+", ".", text)


def _written_out(word: str) -> str:
    plain = word.replace("’", "'")
    full = _FULL.get(plain.lower())
    if full is None:
        for end, long in _ENDS.items():
            if plain.lower().endswith(end):
                full = plain[: -len(end)] + long
    if full is None:
        return word
    return _like(word, full)


def _replaced(text: str, words: dict[str, str]) -> str:
    longest = sorted(words, key=len, reverse=True)
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, longest))})\b", re.IGNORECASE)
    lowered = {name.lower(): other for name, other in words.items()}
    return pattern.sub(lambda match: _like(match.group(), lowered[match.group().lower()]), text)


def _like(word: str, other: str) -> str:
    """Return the other word with a capital where the word has one."""
    return other[:1].upper() + other[1:] if word[:1].isupper() else other
