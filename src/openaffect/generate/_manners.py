"""What a listener does not say, and a reply put together from what may be said.

A small model that is told to listen falls into the tone of a help desk, makes light of what it
hears, asks whose fault it is, and goes on asking. Such sentences are left out; the list was read
off replies to lines of our own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openaffect.preprocess.text_sentences import sentences

_LIGHT = (
    r"\bno worries\b|\bnot to worry\b|\b(?:don't|do not) worry\b|\bno need to (?:panic|worry)\b|"
    r"\bit's (?:normal|just another day|not (?:too|that|so) bad|no big deal|not uncommon|"
    r"all ?right|okay|fine)\b|\bthat's just (?:how it is|a\b)|\bcalm down\b|\bget over\b|"
    r"\bcheer up\b|"
    r"\bcould be worse\b|\bnot just about you\b|\byou're just\b|\byou're not too\b|\bjust relax\b|"
    r"\benjoy the day\b|\bhave a (?:great|good|nice|wonderful) day\b"
)
_DESK = (
    r"\bwelcome\b|\bthank(?:s| you)? for\b|\b(?:my|our) office\b|\bhow (?:can|may|could) i (?:help|"
    r"assist)\b|\bhappy to help\b|\bhelp (?:you|others)\b|\bcan you (?:please )?(?:help me|provide|"
    r"send|come)\b|\bplease (?:come|provide|send|give|contact|help)\b|"
    r"\bi'm (?:not (?:able|sure|here)|afraid|just|always|unable)\b|\bmisunderstanding\b|"
    r"\bi can't (?:help|assist|say)\b|\bi'll\b|"
    r"\blet's (?:just|go|get)\b|\bas an ai\b|\bcan't say that\b"
)
_BLAME = (
    r"\bwhat's (?:wrong with you|your (?:problem|issue|business))|\bwhat(?:'s| is) the problem\b|"
    r"\bhow can you (?:have|not|be|expect|let)\b|\bno wonder (?:it|they)\b|"
    r"\bthey don't have time\b|\bpunish\w*|\bexcuses\b|\byour (?:own )?fault\b|"
    r"\byou should have\b|\bwhy did(?:n't)? you\b"
)
_EMPTY = r"^(?:how|what) about (?:you|your|that|the|a)\b|\bfavou?rite thing\b|\bhow do you do\b"
_PATTERN = re.compile("|".join((_LIGHT, _DESK, _BLAME, _EMPTY)), re.IGNORECASE)
_OFF_MOOD = {
    True: re.compile(
        r"\bsorry\b|\bunfortunate\b|\btoo bad\b|\bshame\b|\bfrustrating\b|\bsad\b", re.IGNORECASE
    ),
    False: re.compile(
        r"\bglad\b|\bhappy (?:for|that|to)\b|\bcongratulations\b|\bwell done\b|\bhow wonderful\b|"
        r"\b(?:great|good|wonderful|beautiful|nice) (?:day|time|story|news|job)\b|"
        r"\bthat's (?:wonderful|great|awesome|amazing)\b|\bproud\b",
        re.IGNORECASE,
    ),
}
"""What belongs to the other mood, by whether what was heard is pleasant."""
_STATEMENTS, _BORROWED = 2, 2
"""Statements of a reply at most; and halves that it may borrow from others."""


@dataclass(frozen=True, slots=True)
class _Halves:
    """What a reply says, and the one question that it asks; empty for none."""

    says: str
    asks: str

    def __str__(self) -> str:
        return f"{self.says} {self.asks}".strip()


def well_mannered(replies: Iterable[str], glad: bool | None) -> list[str]:
    """Return replies without what a listener does not say, each once; those left empty are out.

    Each says two sentences at most and asks one question. Where none does both, the halves of one
    are joined with those of others. ``glad``: whether what was heard is pleasant, None where it is
    neither.
    """
    found = [_halved(reply, glad) for reply in replies]
    found = [item for item in dict.fromkeys(found) if str(item)]
    if not any(item.says and item.asks for item in found):
        found += _joined(found)
    return list(dict.fromkeys(map(str, found)))


def _halved(reply: str, glad: bool | None) -> _Halves:
    said: list[str] = []
    for start, end in sentences(reply):
        sentence = reply[start:end]
        plain = sentence.replace("’", "'")
        if _PATTERN.search(plain) or (glad is not None and _OFF_MOOD[glad].search(plain)):
            continue
        if sentence.rstrip("\"'”’)").endswith("?"):
            return _Halves(" ".join(said[:_STATEMENTS]), sentence)
        said.append(sentence)
    return _Halves(" ".join(said[:_STATEMENTS]), "")


def _joined(found: Sequence[_Halves]) -> list[_Halves]:
    says = list(dict.fromkeys(item.says for item in found if item.says))[:_BORROWED]
    asks = list(dict.fromkeys(item.asks for item in found if item.asks))[:_BORROWED]
    return [_Halves(one, other) for one in says for other in asks]
