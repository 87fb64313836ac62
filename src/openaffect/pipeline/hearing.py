"""What a partner hears: the emotion in what was said to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from openaffect.generate._dialogue import Heard, ReplyRequest
from openaffect.types import (
    DialogueRecognizer,
    Kind,
    LicenceError,
    Recognizer,
    Timeline,
    UnknownNameError,
)

if TYPE_CHECKING:
    from openaffect.models.loading import Loader

_SURE = 0.25
"""The probability of one of 32 emotions below which nothing is heard for sure."""
_PLAIN = 0.5
"""The probability from which what was said last plainly has a mood of its own."""
_USUAL = 0.3
"""The threshold of a label whose card names none."""


@dataclass(frozen=True, slots=True)
class Ear:
    """Hears the emotion in what was said, by a recogniser of any scheme of labels.

    One that reads the lines of a dialogue is given all of them. usual: another one, which reads
    what was said last alone; it is believed where the first is not sure, and where it plainly finds
    the opposite mood, as the whole talk lags behind a turn.
    """

    recognizer: Recognizer
    usual: Recognizer | None = None

    def __call__(self, request: ReplyRequest) -> Heard:
        """Return what is heard: the strongest label that its threshold lets through."""
        if not isinstance(self.recognizer, DialogueRecognizer):
            return _heard(self.recognizer, self.recognizer([said(request)]))
        turns = [(turn.speaker, turn.text) for turn in request.dialogue]
        heard = _heard(self.recognizer, self.recognizer.lines(turns, len(turns) - 1))
        if self.usual is None:
            return heard
        now = _heard(self.usual, self.usual([said(request)]))
        turned = {heard.mood, now.mood} == {True, False} and now.share >= _PLAIN
        return now if turned or heard.share < _SURE else heard


def _heard(recognizer: Recognizer, timeline: Timeline) -> Heard:
    """Return what the last row of a timeline says."""
    scores = dict(zip(timeline.scheme.labels, map(float, timeline.scores[-1]), strict=True))
    ranked = dict(sorted(scores.items(), key=lambda item: -item[1]))
    card = recognizer.card
    told = [
        name
        for name, value in ranked.items()
        if name != "neutral" and value >= card.thresholds.get(name, _USUAL)
    ]
    exclusive = timeline.scheme.kind is Kind.CATEGORIES
    best = next(iter(ranked)) if exclusive else next(iter(told), "neutral")
    return Heard(best, ranked.get(best, 0.0), timeline.scheme.name, ranked, card.name)


def said(request: ReplyRequest) -> str:
    """Return what the other side said since the last reply."""
    theirs: list[str] = []
    for turn in reversed(request.dialogue):
        if request.is_ours(turn):
            break
        theirs.append(turn.text)
    return "\n".join(reversed(theirs))


def listener(loading: Loader, usual: Recognizer) -> Recognizer:
    """Return the recogniser of 32 emotions of situations where one is installed, else the usual."""
    try:
        return loading.load("text.situation")
    except (UnknownNameError, LicenceError):
        return usual
