"""Plain words that emotion puts others in the place of, and words that only colour a sentence.

The tables are written by hand, form by form, so that a form is never made up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_INSTEAD = {
    "happiness": {
        "walked": "strolled", "said": "beamed", "looked": "looked with shining eyes",
        "told": "warmly told", "good": "wonderful", "nice": "lovely", "new": "lovely new",
        "arrived": "finally arrived", "old": "dear old", "small": "sweet little", "like": "love",
        "liked": "loved", "smiled": "beamed", "played": "played merrily",
        "playing": "playing merrily",
    },
    "sadness": {
        "walked": "trudged", "said": "sighed", "looked": "looked through tears",
        "told": "quietly told", "old": "forlorn old", "small": "sad little",
        "late": "hopelessly late",
        "alone": "all alone", "rained": "rained drearily", "ended": "ended for good",
        "waited": "waited in vain", "sat": "sat forlornly",
    },
    "anger": {
        "walked": "stormed", "said": "snapped", "looked": "glared", "told": "bluntly told",
        "new": "damned new", "late": "inexcusably late", "old": "damned old",
        "moved": "carelessly moved", "slow": "infuriatingly slow", "stop": "bloody stop",
        "close": "shamelessly close", "waited": "waited impatiently",
    },
    "fear": {
        "walked": "crept", "said": "whispered, trembling", "looked": "peered nervously",
        "dark": "pitch dark", "old": "eerie old",
        "strange": "creepy", "waited": "waited anxiously", "rang": "rang ominously",
        "empty": "eerily empty", "quiet": "eerily quiet",
    },
    "disgust": {
        "said": "sneered", "looked": "looked with a wrinkled nose", "old": "filthy old",
        "smell": "stench", "dirty": "filthy", "wet": "slimy", "bad": "foul",
        "strange": "gross",
    },
    "surprise": {
        "said": "gasped", "looked": "looked with wide eyes", "found": "suddenly found",
        "opened": "suddenly opened", "arrived": "suddenly arrived",
        "called": "called out of the blue", "strange": "unbelievable", "new": "unheard-of new",
        "rang": "suddenly rang", "came": "suddenly came",
    },
    "neutral": {},
}  # fmt: skip
_COLOUR = re.compile(
    r"\b(?:so|very|really|absolutely|totally|extremely|terribly|incredibly|awfully|damned?|"
    r"bloody|fucking|sadly|happily|luckily|unfortunately|thankfully|finally|horribly|"
    r"wonderfully|surprisingly|suddenly|simply|just)\s+|^(?:oh no|oh|wow|ugh|damn it|damn|yuck|"
    r"hooray|alas|sadly|unfortunately|thankfully|luckily|happily|surprisingly)[,!.]\s+",
    re.IGNORECASE,
)


def replaced(sentence: str, emotion: str) -> Iterator[str]:
    """Yield the sentence with one plain word each time in the emotion's own form."""
    for plain, other in _INSTEAD[emotion].items():
        for match in re.finditer(rf"\b{plain}\b", sentence):
            yield sentence[: match.start()] + other + sentence[match.end() :]


def calmed(sentence: str) -> Iterator[str]:
    """Yield the sentence with what colours it taken out, and with a full stop for a call."""
    plain = _begun(_COLOUR.sub("", sentence))
    if plain != sentence:
        yield plain
    for text in (sentence, plain):
        if "!" in text:
            yield re.sub(r"!+(?=\s|$|[\"”’'])", ".", text)


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]
