"""What a partner in a dialogue must not answer by itself: signs of self-harm, abuse and danger.

Signs are found by patterns over words (``signs.txt``, to be read and added to), with the idioms and
negations that look like them taken out. That is careful and not complete: no finding is no proof
that nobody is in danger. The replies are fixed, plain and kind; they point to people and give no
number, because the right one depends on where somebody is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

KINDS = ("self-harm", "abuse", "danger", "emergency")
_ORDER = (
    ("self-harm", False), ("self-harm", True), ("abuse", False), ("danger", False),
    ("abuse", True), ("danger", True), ("emergency", False),
)  # fmt: skip
PROGRAM = (
    "I'm not a person: I'm a computer program that writes replies with a language model. I have no "
    "feelings and no life of my own, but I will gladly go on listening to what is on your mind."
)
"""The answer to whether a person replies."""
AGAIN = (
    "Thank you for telling me more. What you said a moment ago still matters most: I'm only a "
    "computer program, so please turn to people for it, someone near you, your local emergency "
    "number or a helpline where you live. Is anybody with you now?"
)
"""The reply to what is said after a sign."""
_EMERGENCY = (
    "That sounds like an emergency. I'm only a computer program and can't send help: please call "
    "your local emergency number now and do what they tell you, and get to a safe place if you "
    "are not in one. If you can't call, ask someone near you to do it. Is anybody with you?"
)
_REPLIES = {
    ("self-harm", False): (
        "I'm really sorry that it hurts this much, and I'm glad that you said it. I'm only a "
        "computer program and can't keep you safe, but people can: please tell someone near you "
        "now, or call your local emergency number or a crisis line where you live. If you might "
        "act on it, please don't stay alone. Who could be with you right now?"
    ),
    ("self-harm", True): (
        "That is a frightening thing to carry, and it is good that you take it seriously. I'm only "
        "a computer program, so please bring in people: stay close to them if you can, and call "
        "your local emergency number or a crisis line where you live. Please don't carry it alone "
        "either. Who could help you with this today?"
    ),
    ("abuse", False): (
        "I'm so sorry. What you describe is not okay, and it is not your fault. I'm only a "
        "computer program, but people can help: if you are in danger now, please call your local "
        "emergency number, and otherwise someone you trust or a helpline for abuse where you live, "
        "at your own pace. Is there a safe place where you can be tonight?"
    ),
    ("abuse", True): (
        "I'm so sorry to hear that. It is not okay, and it is not their fault. I'm only a computer "
        "program, but people can help: if they are in danger now, please call your local emergency "
        "number, and otherwise a helpline for abuse where you live. Who could you tell about it?"
    ),
    ("danger", False): (
        "That sounds like a great deal of anger and pain. I'm only a computer program, so please "
        "bring in a person before anything happens: step away for now, talk to someone you trust, "
        "and call your local emergency number if anybody could get hurt. Who could you talk to "
        "right now?"
    ),
    ("danger", True): (
        "That sounds dangerous, and I'm glad that you say it. I'm only a computer program: please "
        "keep a distance if you can and call your local emergency number if anybody could get "
        "hurt. Is everybody safe right now?"
    ),
    ("emergency", False): _EMERGENCY,
    ("emergency", True): _EMERGENCY,
}


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign in what was said.

    kind: one of :data:`KINDS`. other: whether it is about somebody else than the speaker. words:
    what was found.
    """

    kind: str
    other: bool
    words: str

    @property
    def reply(self) -> str:
        """Return the fixed reply."""
        return _REPLIES[self.kind, self.other]


def sign_in(text: str) -> Sign | None:
    """Return the gravest sign in a text, None for none: self-harm, abuse, danger, an emergency."""
    plain = _plain(text)
    for kind, other in _ORDER:
        pattern = _patterns()[f"{kind} other" if other else kind]
        for match in pattern.finditer(plain):
            if not _denied(plain, match) and not _figurative(plain, match, kind, other):
                return Sign(kind, other, match.group())
    return None


def asks_for_a_person(text: str) -> bool:
    """Tell whether a text asks who or what replies."""
    return bool(_patterns()["asks for a person"].search(_plain(text)))


def claims_a_person(text: str) -> bool:
    """Tell whether a reply speaks as if a person with a life of their own had written it."""
    return bool(_patterns()["claims a person"].search(_plain(text)))


def _plain(text: str) -> str:
    text = text.lower().replace("’", "'").replace("‘", "'")
    text = re.sub(r"[*_~]+", "", text)
    text = re.sub(r"\b(do|does|did|is|was|would|wo|ca|could|have|has)nt\b", r"\1n't", text)
    text = re.sub(r"\bi(m|ve)\b", r"i'\1", text)
    text = re.sub(r"\b(he|she|that|what|there)s\b", r"\1's", text)
    text = re.sub(r"\bk1ll", "kill", re.sub(r"\bd1e\b", "die", text))
    text = re.sub(r"(?<=[a-z]) 2 (?=(?:die|kill|end|hurt|live)\b)", " to ", text)
    return re.sub(r"\s+", " ", text)


_DENIAL = re.compile(
    r"(?:\b(?:not|never|no longer|nobody|no)|n't)\b(?! (?:just|only|even|stop|help|quit))"
    r"(?: (?!i\b|but\b|because\b|why\b|if\b|how\b|and\b)[a-z']+){0,3} $"
)


def _denied(text: str, match: re.Match[str]) -> bool:
    """Tell whether a negation governs the finding, with no new clause between."""
    clause = re.split(r"[.!?,;:]", text[max(0, match.start() - 80) : match.start()])[-1]
    return bool(_DENIAL.search(clause))


def _figurative(text: str, match: re.Match[str], kind: str, other: bool) -> bool:
    """Tell whether the finding is a manner of speaking, or about a game or a story."""
    start = max(text.rfind(mark, 0, match.start()) for mark in ".!?") + 1
    ends = [at for mark in ".!?" if (at := text.find(mark, match.end() - 1)) >= 0]
    sentence, after = text[start : min(ends, default=len(text))], text[match.end() :]
    looks = _patterns()
    if other or kind != "self-harm":
        story = looks["game or story"].search(sentence)
        if kind == "abuse":
            return bool(story or looks["figure of speech"].match(after))
        if kind == "emergency":
            everyday = ("laugh", "long ago", "everyday accident")
            return bool(story or any(looks[name].search(sentence) for name in everyday))
        if kind == "danger":
            return bool(
                story
                or looks["laugh"].search(sentence)
                or looks["things killed"].search(match.group())
            )
        return bool(story or looks["dying figure"].match(after))
    if match.group().startswith("suicid"):
        return bool(
            looks["game or story"].search(sentence)
            or looks["suicide figure"].search(sentence)
            or looks["suicide title"].match(after)
        )
    if "myself" in match.group():
        return bool(looks["everyday accident"].search(sentence))
    if re.search(r"\b(?:die|dead)$", match.group()):
        return bool(looks["laugh"].search(sentence) or looks["dying figure"].match(after))
    return False


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """Return the sections of ``signs.txt``, each as one pattern of alternatives."""
    names: dict[str, str] = {}
    sections: dict[str, list[str]] = {}
    section: list[str] = []
    text = (resources.files(__package__) / "signs.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        if heading := re.fullmatch(r"\[([a-z -]+)\]", line):
            section = sections.setdefault(heading[1], [])
        elif not sections:
            name, _, value = line.partition(" = ")
            names[name] = _filled(value, names)
        else:
            section.append(_filled(line, names))
    return {name: re.compile("|".join(lines)) for name, lines in sections.items()}


def _filled(pattern: str, names: dict[str, str]) -> str:
    return re.sub(r"<([a-z]+)>", lambda match: names[match[1]], pattern)
