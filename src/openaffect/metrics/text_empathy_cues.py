"""Levels of empathy in English replies by turns of phrase: a judge that can be read.

For :func:`~.text_empathy.empathy_levels`, after the definitions of Sharma et al. (EPITOME, EMNLP
2020, section 3). It counts what replies say, not what they mean: irony, a condolence for good news
or a question that was answered before all count. It serves to compare sets of replies, not to rate
one; and a partner that was made to please it proves nothing by pleasing it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from ._texts import same_count, text_list

_FELT = (
    "happy|glad|sad|pleased|proud|thrilled|delighted|excited|heartbroken|worried|relieved|touched"
)
_GOOD = "great|awesome|wonderful|amazing|fantastic|lovely|excellent|nice|good|cool|sweet|fun"
_BAD = (
    "terrible|awful|horrible|sad|rough|tough|hard|bad|unfortunate|unfair|scary|frustrating|"
    "annoying|gross|disgusting|stressful|painful|upsetting|disappointing|embarrassing|crazy"
)
_INNER = (
    f"{_BAD}|exciting|thrilling|lonely|frightening|terrifying|devastating|relieving|nervous|"
    "fun|peaceful|rewarding|overwhelming|nerve wracking|heartbreaking|challenging"
)
_OFTEN = r"(?:so|really|very|pretty|quite|super|just|such an?|a|an|truly|too)"
_LABELLED = re.compile(rf"\b(?:i'?m|i am|i feel|i felt|makes me)(?: \w+){{0,2}} (?:{_FELT})\b")
_ALLUDED = re.compile(
    r"\b(?:sorry|congrat\w*|oh no|oh dear|oh my|yikes|aw+|bummer|sucks?|ouch|i (?:\w+ )?hope|"
    r"hopefully|good luck|best of luck|hang in there|do ?n'?t worry|i'?m sure|i am sure|"
    r"(?:will|it'?ll) be (?:ok|okay|fine|alright|great)|take care|well done|good (?:for you|job)|"
    r"no fun|not fun|should ?n'?t be)\b"
    rf"|\b(?:that|this|it|what)(?:'?s| is| was| an?)? (?:{_OFTEN} ){{0,2}}(?:{_GOOD}|{_BAD})\b"
)
_INFERRED = re.compile(
    r"\bmust (?:be|feel|have)\b"
    rf"|\bsounds? (?:like (?:you|it|that)|(?:{_OFTEN} ){{0,2}}(?:{_INNER}))\b"
    r"|\bi(?:'d| would| could)(?: have)?(?: been| be| feel| felt)? (?:so|really|too|very|\w+ed)\b"
    r"|\bi (?:can|ca|could)(?: only| not|n't)?(?: even)? imagine\b|\byou (?:probably )?feel\b"
)
_UNDERSTOOD = re.compile(
    r"\bi (?:totally |completely |can |do |also |really )*(?:understand|relate|agree|know|"
    r"get (?:it|that))\b|\b(?:same|me too|so do i|so did i|makes sense)\b"
    r"|\bi (?:had|lost|went|used to|did|was|liked|remember|also|always|need|would)\b"
    r"|\bi(?:'ve| have) (?:been|had|felt)\b|\bmy (?:son|daughter|dad|mom|dog|cat|friend|wife|"
    r"husband|brother|sister|kids?)\b"
)
_QUESTION = re.compile(r"[^.!?]*\?")
_ABOUT = "(?:'s| is| was| did| do| are| about)?(?: it| that| you| they| he| she)*"
_GENERIC = re.compile(
    rf"^(?:and |so |oh |but )*(?:(?:what|how){_ABOUT}"
    r"(?: happen(?:ed)?| go| do| going| up| so| like| feel)?|why(?: not| is that| so)?|really|"
    r"are you (?:ok|okay|alright)|(?:do|would) you (?:want|like) to talk.*|or what)$"
)


def emotional_reactions(posts: Sequence[str], replies: Sequence[str]) -> NDArray[np.int64]:
    """Return (N,) levels of warmth: 2 names a feeling of one's own, 1 alludes to one, 0 neither.

    >>> emotional_reactions([""] * 3, ["I'm so happy for you!", "Sorry to hear that.", "When?"])
    array([2, 1, 0])
    """
    return _levels(posts, replies, lambda text: _strongest(text, _LABELLED, _ALLUDED))


def interpretations(posts: Sequence[str], replies: Sequence[str]) -> NDArray[np.int64]:
    """Return (N,) levels of understanding: 2 says what it must be like, 1 that one understands.

    >>> interpretations([""] * 3, ["That must have hurt.", "I know how that is.", "Nice."])
    array([2, 1, 0])
    """
    return _levels(posts, replies, lambda text: _strongest(text, _INFERRED, _UNDERSTOOD))


def explorations(posts: Sequence[str], replies: Sequence[str]) -> NDArray[np.int64]:
    """Return (N,) levels of interest: 2 asks something of its own, 1 something general, 0 nothing.

    >>> explorations([""] * 3, ["Did the house get any damage?", "What happened?", "I see."])
    array([2, 1, 0])
    """
    return _levels(posts, replies, _asked)


def _asked(text: str) -> int:
    found = [match.group().strip(" ?,-'\"") for match in _QUESTION.finditer(text)]
    asked = [question for question in found if question]
    return max((1 if _GENERIC.match(question) else 2 for question in asked), default=0)


def _strongest(text: str, strong: re.Pattern[str], weak: re.Pattern[str]) -> int:
    if strong.search(text):
        return 2
    return int(weak.search(text) is not None)


def _levels(
    posts: Sequence[str], replies: Sequence[str], level: Callable[[str], int]
) -> NDArray[np.int64]:
    left, right = text_list(posts, name="posts"), text_list(replies, name="replies")
    same_count(left, right, names=("posts", "replies"))
    plain = (" ".join(reply.replace("’", "'").lower().split()) for reply in right)
    return np.array([level(reply) for reply in plain], np.int64)
