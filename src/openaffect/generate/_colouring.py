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
        "alone": "all alone", "rained": "rained drearily", "waited": "waited and waited",
        "sat": "sat forlornly",
    },
    "anger": {
        "walked": "stormed", "said": "snapped", "looked": "glared", "told": "bluntly told",
        "new": "damned new", "late": "inexcusably late", "old": "damned old",
        "moved": "carelessly moved", "slow": "infuriatingly slow", "stop": "bloody stop",
        "close": "shamelessly close", "waited": "waited impatiently",
    },
    "fear": {
        "walked": "crept", "said": "whispered", "looked": "peered nervously",
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
        "called": "called out of the blue", "strange": "unbelievable",
        "rang": "suddenly rang", "came": "suddenly came",
    },
    "neutral": {},
}  # fmt: skip
_OWNER = r"\b(?i:a|an|the|my|your|his|her|its|our|their|this|that|these|those) "
_SOMEBODY = r"\b(?:I|he|she|they|we|[A-Z]\w+|the \w+|my \w+) "
_ATTRIBUTE = (_OWNER, r" (?!and\b|or\b|but\b|one\b)[a-z]")
_WHERE = {
    **dict.fromkeys(("old", "new", "small"), _ATTRIBUTE),
    "like": (r"\b(?:I|we|they|you|to|would|really|['’]d) ", r" "),
    "liked": (r"\b(?:I|we|they|you|he|she|really|everybody|everyone) ", r""),
    "looked": ("", r" (?:at|out|around|back|away|down)\b"),
    "called": (_SOMEBODY, r"(?: (?:about|to|from)\b|[.,!])"),
    "said": (_SOMEBODY, ""),
    "walked": ("", r" (?:to|home|in|into|out|through|down|up|along|back|away|past|over|across)\b"),
    "played": ("", r"(?:[.,!]| (?:in|at|on|outside|inside|together|with)\b)"),
    "playing": ("", r"(?:[.,!]| (?:in|at|on|outside|inside|together|with)\b)"),
    "stop": (r"(?:\bnot|n['’]t) ", ""),
    "close": (r"\b(?:to|will|['’]ll|must) ", r" "),
    "good": (r"(?<!\bas )(?<!\bfor )(?<!\bso )(?<!\bvery )(?<!\bhow )",
             r"(?! (?:at|for|with|enough|as|deal|bye|luck|morning|night)\b)"),
    "smell": (_OWNER, ""),
    "dark": (r"(?<![Aa]fter )(?<!the )", ""),
    "empty": (r"\b(?:is|was|were|are) ", ""),
    "late": (r"\b(?:is|was|were|are|came|arrived|so|too|hours) ", r"(?:[.,;!?]| again\b)"),
    "alone": (r"(?<!let )(?<!leave )(?<!all )", ""),
    "sat": ("", r"(?! (?:down|up)\b)"),
    "rang": ("", r"(?:[.,;!?]| at\b| again\b)"),
    "came": ("", r"(?: (?:in|out|up|back|over))?[.,!]"),
    "wet": (_OWNER, ""),
    "bad": (_OWNER, ""),
}  # fmt: skip
"""What stands before a word and behind it where the other one can take its place."""
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
        before, behind = _WHERE.get(plain, ("", ""))
        for match in re.finditer(rf"(?:{before})\b({plain})\b(?={behind})", sentence):
            head = sentence[: match.start(1)]
            if article := re.search(r"\b(a|A)n? $", head):
                head = head[: article.start()] + article[1] + ("n " if other[0] in "aeiou" else " ")
            yield head + other + sentence[match.end(1) :]


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
