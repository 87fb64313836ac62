"""What can be read off a sentence before it is dressed: what it does, and whose words it holds.

Read by its first words and its marks: careful, not a parser. Where it errs, a sentence is dressed
in fewer ways.
"""

from __future__ import annotations

import re
from enum import Enum

_LINKED = re.compile(
    r"(?:however|but|and|or|nor|so|then|also|still|yet|therefore|thus|hence|anyway|anyhow|besides|"
    r"otherwise|instead|plus|meanwhile|moreover|furthermore|nevertheless|nonetheless|afterwards|"
    r"after that|as a result|in fact|for example|finally|first|firstly|second|secondly|third|next|"
    r"lastly|of course|luckily|fortunately|unfortunately|sadly|happily|thankfully|surprisingly|"
    r"strangely|hopefully|honestly|frankly|apparently|maybe|perhaps|yes|no|well|oh|wow|ugh|hey|hi|hello|"
    r"dear)"
    r"(?=[ ,])",
    re.IGNORECASE,
)
"""What joins a sentence to the one before it, colours it already, or greets."""
_ORDERS = (
    "add|ask|be|book|bring|buy|call|check|choose|click|close|come|contact|drop|eat|email|feel free|"
    "fill|find|follow|forget|get|give|go|help|ignore|join|just|keep|leave|let|listen|look|make|"
    "meet|move|note|open|pay|pick|please|put|remember|reply|ring|send|show|stay|stop|take|tell|"
    "think|try|turn|use|wait|wake|watch|water|write|never mind|do not|don['’]t|let['’]s"
)
_REQUEST = re.compile(
    rf"(?:{_ORDERS})\b|.*\bplease\b|"
    rf"(?:if|when|should|in case|before|after|once)\b[^.!?]*, (?:then |also )?(?:{_ORDERS})\b",
    re.IGNORECASE | re.DOTALL,
)
"""Orders and requests."""
_COURTESY = re.compile(
    r"(?:thanks|thank you|many thanks|see you|sorry|good (?:morning|evening|night|luck)|happy "
    r"\w+|merry \w+|congratulations|welcome|all the best)\b",
    re.IGNORECASE,
)
"""Forms of courtesy."""
_WITHOUT_SUBJECT = re.compile(
    r"(?:got|went|had|came|saw|took|made|woke|met|spent|did|was|were|found|felt|thought|bought|"
    r"ate|drank|slept|left|lost|told|kept|ran|sat|stood|wrote|forgot|never|can|could|would|will|"
    r"don|won|can['’]t|couldn['’]t|wouldn['’]t|won['’]t|didn['’]t|wasn['’]t|weren['’]t|haven['’]t|"
    r"going|looking|heading|thinking|hoping|missing|feeling|working|waiting|not|no|\w{3,}ed)\b",
    re.IGNORECASE,
)
"""What begins a sentence of a diary that leaves *I* out."""
_LISTED = re.compile(r"(?:^|\n)[ \t]*(?:\d{1,3}|[a-z])[.)][ \t]*$", re.IGNORECASE)


class Kind(Enum):
    """What a sentence does.

    STATES: it says that something is so, with a subject. NOTES: the same without one. LINKED: it
    says something and goes on from the sentence before. ASKS: a question. CALLS: an order, a
    request. GREETS: a form of courtesy.
    """

    STATES = "states"
    NOTES = "notes"
    LINKED = "linked"
    ASKS = "asks"
    CALLS = "calls"
    GREETS = "greets"


def kind_of(sentence: str) -> Kind:
    """Return what a sentence does."""
    bare = sentence.rstrip("\"'”’)] ")
    if bare.endswith("?"):
        return Kind.ASKS
    if _COURTESY.match(sentence):
        return Kind.GREETS
    if _REQUEST.match(sentence):
        return Kind.CALLS
    if _LINKED.match(sentence) or not sentence[:1].isalnum() or sentence[:1].islower():
        return Kind.LINKED
    if _WITHOUT_SUBJECT.match(sentence):
        return Kind.NOTES
    return Kind.STATES


def stays(before: str, sentence: str) -> bool:
    """Tell whether a sentence is not the writer's to colour.

    That are items of a list, quoted lines of a letter, and parts of a quotation that other
    sentences begin or end: a phrase there would be put into somebody else's mouth.
    """
    paragraph = before.rsplit("\n\n", 1)[-1]
    if re.match(r"[-*•>#|]", sentence) or _LISTED.search(paragraph):
        return True
    return _open(paragraph) or _open(sentence)


def _open(text: str) -> bool:
    """Tell whether a quotation is open at the end of a text, or closed that it did not open."""
    return text.count('"') % 2 == 1 or text.count("“") != text.count("”")
