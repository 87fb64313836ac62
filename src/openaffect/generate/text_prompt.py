"""Steer by words: say how the writer feels."""

from __future__ import annotations

from zlib import crc32

from openaffect.types import Message

from ._request import TextRequest
from ._steering import Steering

_WORDS = {
    "anger": ("annoyed", "angry", "furious"),
    "disgust": ("put off", "disgusted", "revolted"),
    "fear": ("uneasy", "afraid", "terrified"),
    "happiness": ("content", "happy", "overjoyed"),
    "sadness": ("a little down", "sad", "heartbroken"),
    "surprise": ("mildly surprised", "surprised", "astonished"),
    "neutral": ("calm", "calm", "matter-of-fact"),
}
"""The name of an emotion at a third, two thirds and all of its strength."""
_KINDS = (
    "A diary entry{about} by someone who feels {mood}",
    "A story{about}, told by someone who feels {mood}",
    "A letter{about} from someone who is {mood}",
    "A conversation{about} with a friend who is {mood}",
)


class Prompting(Steering):
    """Says in words how the writer feels; the strength chooses the word."""

    name = "prompt"
    help = "tell the model in words how the writer feels"

    def lead(self, request: TextRequest) -> str:
        """Return a heading that tells how the writer feels; at no intensity, the topic alone.

        The prompt decides which kind of text it heads, so that not all texts are diaries.
        """
        if request.intensity == 0:
            return super().lead(request)
        about = f" about {request.topic}" if request.topic else ""
        kind = _KINDS[crc32(request.prompt.encode()) % len(_KINDS)]
        return f"{kind.format(about=about, mood=mood(request))}:\n\n"


def instruction(request: TextRequest) -> tuple[Message, ...]:
    """Return the conversation that asks a model which follows instructions for the text."""
    asked = "Go on from this beginning, in one or two sentences, and write nothing else"
    if request.intensity > 0:
        asked += f"; whoever writes feels {mood(request)}"
    if request.topic:
        asked += f"; it is about {request.topic}"
    if request.style.persona:
        asked += f"; write in the voice of {request.style.persona}"
    if manner := " and ".join(filter(None, [request.style.tone, request.style.formality])):
        asked += f"; the tone is {manner}"
    return (Message("user", f"{asked}:\n\n{request.prompt}"),)


def mood(request: TextRequest) -> str:
    """Return how the writer feels, in words that the intensity chooses."""
    return ", then ".join(_word(target.best, request.intensity) for target in request.targets)


def _word(emotion: str, intensity: float) -> str:
    steps = _WORDS[emotion]
    return steps[min(int(intensity * len(steps)), len(steps) - 1)]


GENERATOR = Prompting
