"""Who feels what about whom in an English sentence: experiencer, cue, target and cause, by rule.

The roles are those of SRL4E (Campagnano, Conia and Navigli, 2022), target and cause kept apart: the
target is what a feeling is directed at, the cause what brought it about. A table of feeling words
says how a sentence is built around each; light patterns find the parts. Nothing is learnt and no
grammar is parsed, so long and nested sentences are often read wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ._feeling_words import ADJECTIVES, DONE, FELT_BY_OBJECT, FELT_BY_SUBJECT, NOUNS, table

Place = tuple[int, int]
"""Start and end in characters."""
TABLES = {  # kind of cue -> form -> emotion
    "adjective": table(ADJECTIVES, inflected=False),
    "subject": table(FELT_BY_SUBJECT, inflected=True),
    "object": table(FELT_BY_OBJECT, inflected=True),
    "done": table(DONE, inflected=True),
    "noun": table(NOUNS, inflected=False),
}


@dataclass(frozen=True, slots=True)
class Frame:
    """One feeling: its emotion (one of Ekman's six) and the place of each part found, else None."""

    emotion: str
    cue: Place
    experiencer: Place | None = None
    target: Place | None = None
    cause: Place | None = None

    def parts(self) -> Iterator[tuple[str, Place]]:
        """Yield the roles found with their places, the cue first."""
        for role in ("cue", "experiencer", "target", "cause"):
            place: Place | None = getattr(self, role)
            if place is not None:
                yield role, place


def _any(words: str) -> str:
    return "(?:" + "|".join(sorted(words.split(), key=len, reverse=True)) + ")"


_DETERMINER = r"(?:the|a|an|my|your|his|her|its|our|their|this|that|these|those|all|every)"
_BE = _any("am is are was were 'm 're 's be been being")
_LINK = rf"(?:{_BE}|{_any('feel feels felt get gets got seem seems seemed look looks looked')}"
_LINK += rf"|{_any('become becomes became remain remains remained grow grew')})"
_ADVERB = (
    r"(?:so|very|really|quite|too|such|always|still|just|also|often|deeply|truly|absolutely|"
    r"extremely|rather|pretty|completely|all|a bit|a little|never|even|secretly|\w+ly|how)"
)
_HELP = _any("do does did have has had will would can could may might must should 'd 've 'll")
_VERBS_BEFORE = re.compile(
    rf"(?:(?:\s+|(?<=\w)(?='))(?:{_LINK}|{_HELP}|{_ADVERB}))*\s*$", re.IGNORECASE
)
_DENIED = re.compile(
    r"(?:\b(?:not|never|no longer|hardly|without|cannot)|n[’']t)\b[\w\s]{0,18}$", re.I
)
_BOUNDARY = re.compile(
    r"[,;:.!?—–()\"“”]|\b(?:because|since|when|but|and|so that|while|if|although|though|after|"
    r"before|until|that|which|who|whenever|as)\b",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    rf"(?:(?:{_DETERMINER}\s+[\w'’-]+(?:\s+[\w'’-]+)*?|[A-Z][\w'’-]+)\s+and\s+)?"
    rf"(?:I|you|he|she|it|we|they|this|that|every(?:one|body)|some(?:one|body)|"
    rf"{_DETERMINER}\s+[\w'’-]+(?:\s+[\w'’-]+)*|[A-Z][\w'’-]+(?:\s+[A-Z][\w'’-]+)*"
    r"|[\w'’-]+(?:\s+[\w'’-]+)*)$"
)
_ASKED = re.compile(rf"^\s*(?:{_BE}|{_HELP})\s+", re.IGNORECASE)
_OPENING = re.compile(
    r"^\s*(?:(?:honestly|today|yesterday|now|then|sometimes|well|oh|and|but|so|i think|i know|"
    r"\w+ly|what really|what)\b[\s,]*)+",
    re.IGNORECASE,
)
_TOWARDS = re.compile(r"\s+(at|with|of|about|for|to|in|by|on|towards?|over)\s+", re.IGNORECASE)
_GROUNDS = re.compile(
    r"[\s,]+(?:because(?: of)?|since|when(?:ever)?|that|after)\s+(?=\S)", re.IGNORECASE
)
_OPEN_GROUNDS = re.compile(r"^\s*(?:because|when(?:ever)?|since)\s+([^,]+),\s*", re.IGNORECASE)
_OBJECT = re.compile(
    rf"\s+((?:me|you|him|us|them|it|every(?:one|body)|"
    rf"{_DETERMINER}\s+[\w'’-]+(?:\s+[\w'’-]+)??|[A-Z][\w'’-]+|her)\b)"
    rf"(?=\s+(?:{_ADVERB}\s+)*(?:up|$)|[.!?,]|$|\s+\w+)"
)
_MAKES = re.compile(
    r"\b(makes?|made|making|left|leaves|keeps|kept|drives?|drove)\s+"
    rf"((?:her(?=\s+(?:feel\s+)?(?:{_ADVERB}\s+)*$)|me|you|him|us|them|everyone|everybody|{_DETERMINER}\s+[\w'’-]+(?:\s+[\w'’-]+)?"
    rf"|[A-Z][\w'’-]+|her))\s+(?:feel\s+)?(?:{_ADVERB}\s+)*$",
)
_OWNER = re.compile(
    r"\b(my|your|his|her|our|their|[A-Z][\w-]*(?=['’]s))(?:['’]s)?\s+(?:\w+\s+)?$", re.I
)
_LATE = re.compile(
    r"(?:\s+(?:so much|very much|a lot|at all|too|again|anymore|now|today|tonight|yesterday|deeply|"
    r"all the time|(?:last|this|every) (?:night|week|year|time|day)|for everything|up))+$",
    re.IGNORECASE,
)
_STOP = re.compile(
    r"[,;.!?—–()\"“”]|\s(?:because|since|when|whenever|but|while|if|although|though|after|before|"
    r"until|and (?:I|he|she|it|we|they|the)\b)",
    re.IGNORECASE,
)
CUES = {
    kind: re.compile(
        r"(?<![\w’'])(?:"
        + "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
        + r")(?![\w’'-])",
        re.IGNORECASE,
    )
    for kind, words in TABLES.items()
}


def roles(sentence: str) -> list[Frame]:
    """Return the feelings of one English sentence in the order of their cues.

    A feeling that is denied ("I am not angry") is none. Each word is the cue of one frame at most.
    """
    found: dict[int, Frame] = {}
    for kind, pattern in CUES.items():
        for match in pattern.finditer(sentence):
            if match.start() in found or _DENIED.search(sentence[: match.start()]):
                continue
            frame = _READ[kind](sentence, match.span(), TABLES[kind][match.group().lower()])
            if frame is not None:
                found[match.start()] = frame
    return [found[start] for start in sorted(found)]


def _adjective(text: str, cue: Place, emotion: str) -> Frame | None:
    """X is angry at Y because Z; Z made X angry."""
    if text[cue[0] : cue[1]].lower() in ("sick of", "tired of"):
        cue = (cue[0], cue[1] - 3)
    before = text[: cue[0]]
    if made := _MAKES.search(before):
        cause = _subject(text, made.start())
        return Frame(emotion, cue, made.span(2), None, cause)
    target, cause = _after(text, cue[1])
    asked = re.match(rf"\s*(?:{_BE})\s+(.+?)\s+(?:{_ADVERB}\s+)*$", before, re.IGNORECASE)
    if asked:
        return Frame(emotion, cue, asked.span(1), target, cause)
    if re.search(r"\bhow\s+$", before, re.IGNORECASE):
        turned = re.match(rf"\s+(.+?)\s+{_BE}\b", text[cue[1] :], re.IGNORECASE)
        if turned:
            return Frame(emotion, cue, _moved(turned.span(1), cue[1]))
    if not re.search(rf"(?:^|[\s\w]){_LINK}(?:\s+(?:{_ADVERB}|not))*\s*$", before, re.IGNORECASE):
        return None
    return Frame(
        emotion, cue, _subject(text, cue[0]), target, cause or _opening_cause(text, cue[0])
    )


def _felt_by_subject(text: str, cue: Place, emotion: str) -> Frame | None:
    """X loves Y; not X's love."""
    if _OWNER.search(text[: cue[0]]):
        return None
    experiencer = _subject(text, cue[0])
    if experiencer is None:
        return None
    target = _until(text, cue[1])
    return Frame(emotion, cue, experiencer, target, _grounds(text, cue[1]))


def _felt_by_object(text: str, cue: Place, emotion: str) -> Frame | None:
    """Z scares X; it saddens X to Z."""
    found = _OBJECT.match(text, cue[1])
    cause = _subject(text, cue[0])
    if found is None:
        return None
    experiencer = found.span(1)
    longer = _until(text, cue[1])
    if longer is not None and text[experiencer[0]].islower() and " " in found.group(1):
        experiencer = longer
    rest = text[found.end() :]
    if split := re.match(r"\s+(?:is|was|to|that)\s+(.+?)[.!?]*$", rest):
        experiencer, cause = found.span(1), _moved(split.span(1), found.end())
    return Frame(emotion, cue, experiencer, None, cause)


def _done(text: str, cue: Place, emotion: str) -> Frame | None:
    """X cried because Z; X laughed at Y. With a feeling named beside it, that one is the cue."""
    if re.match(
        r"\s+(?:with|in|for|of)\s+(?:\w+\s+)?" + CUES["noun"].pattern, text[cue[1] :], re.I
    ):
        return None
    experiencer = _subject(text, cue[0])
    if experiencer is None:
        return None
    target, cause = _after(text, cue[1])
    return Frame(emotion, cue, experiencer, target, cause or _opening_cause(text, cue[0]))


def _noun(text: str, cue: Place, emotion: str) -> Frame | None:
    """Her joy at Y; to my surprise, Z; X jumped with joy; X lives in fear of Y."""
    before = text[: cue[0]]
    target, cause = _after(text, cue[1])
    if target is not None:
        stop = re.search(rf"\s+{_BE}\s", text[target[0] : target[1]])
        target = target if stop is None else (target[0], target[0] + stop.start())
    if owner := _OWNER.search(before):
        if re.match(r"\s*to\s+$", before[: owner.start()], re.IGNORECASE):
            rest = re.match(r"\s*,\s*(.+?)[.!?]*$", text[cue[1] :])
            cause = None if rest is None else _moved(rest.span(1), cue[1])
        return Frame(emotion, cue, owner.span(1), target, cause)
    if within := re.search(r"\s(\w+)\s+(?:with|in|for|from)\s+(?:\w+\s+)?$", before):
        return Frame(emotion, cue, _subject(text, within.start()), target, cause)
    return None


_READ = {
    "adjective": _adjective,
    "subject": _felt_by_subject,
    "object": _felt_by_object,
    "done": _done,
    "noun": _noun,
}


def _subject(text: str, end: int) -> Place | None:
    """Return the place of the subject of the verb group that ends where the cue starts."""
    head = text[:end]
    if verbs := _VERBS_BEFORE.search(head):
        head = head[: verbs.start()]
    start = 0
    for match in _BOUNDARY.finditer(head):
        joins = match.group().lower() == "and" and not re.search(
            rf"\b(?:{_LINK}|{_HELP})\b|\w+ed\b", head[start : match.start()]
        )
        pointing = match.group().lower() == "that" and (
            match.start() == 0 or head[: match.start()].rstrip().endswith((",", "because"))
        )
        if not joins and not pointing:
            start = match.end()
    opening = _OPENING.match(head[start:])
    start += opening.end() if opening else 0
    asked = _ASKED.match(head[start:])
    start += asked.end() if asked else 0
    found = _SUBJECT.search(head[start:].rstrip())
    if found is None or not found.group().strip():
        return None
    return _moved(found.span(), start)


def _after(text: str, start: int) -> tuple[Place | None, Place | None]:
    """Return target and cause behind an adjective, a noun, or what somebody did."""
    cause = _grounds(text, start)
    if towards := _TOWARDS.match(text, start):
        word = towards.group(1).lower()
        place = _until(text, towards.end())
        if word in ("by",):
            return None, place or cause
        if word == "to" and re.match(
            r"(?:see|hear|know|find|learn|be|have|meet|read)\b", text[towards.end() :]
        ):
            return None, place or cause
        if word in ("in", "on", "for", "with") and _is_circumstance(text[towards.end() :]):
            return None, cause
        return place, cause
    return None, cause


def _is_circumstance(rest: str) -> bool:
    return re.match(r"(?:the (?:big|middle|end|morning|evening)|everything)\b", rest) is not None


def _grounds(text: str, start: int) -> Place | None:
    found = _GROUNDS.search(text, start)
    if found is None or re.search(r"[;.!?]", text[start : found.start()]):
        return None
    if found.group().strip(" ,").lower() == "that" and found.start() != start:
        return None
    end = re.search(r"[,;.!?]|\s+but\s", text[found.end() :])
    stop = len(text) if end is None else found.end() + end.start()
    return _trimmed(text, found.end(), stop)


def _opening_cause(text: str, end: int) -> Place | None:
    found = _OPEN_GROUNDS.match(text[:end])
    return None if found is None else found.span(1)


def _until(text: str, start: int) -> Place | None:
    """Return what stands from ``start`` to where the clause ends, late adverbs left out."""
    stop = _STOP.search(text, start)
    return _trimmed(text, start, len(text) if stop is None else stop.start())


def _trimmed(text: str, start: int, end: int) -> Place | None:
    piece = text[start:end]
    late = _LATE.search(piece)
    piece = (piece[: late.start()] if late else piece).rstrip()
    start += len(piece) - len(piece.lstrip())
    piece = piece.strip()
    return (start, start + len(piece)) if piece else None


def _moved(place: Place, by: int) -> Place:
    return place[0] + by, place[1] + by
