"""Steer by words: say how the writer feels."""

from __future__ import annotations

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


class Prompting(Steering):
    """Says in words how the writer feels; the strength chooses the word."""

    name = "prompt"
    help = "tell the model in words how the writer feels"

    def lead(self, request: TextRequest) -> str:
        """Return the heading of an entry whose writer feels so; nothing at no intensity."""
        if request.intensity == 0:
            return ""
        about = f" about {request.topic}" if request.topic else ""
        return f"A diary entry{about} by someone who feels {_mood(request)}:\n\n"


def instruction(request: TextRequest) -> tuple[Message, ...]:
    """Return the conversation that asks a model which follows instructions for the text."""
    asked = "Go on from this beginning, in one or two sentences, and write nothing else"
    if request.intensity > 0:
        asked += f"; whoever writes feels {_mood(request)}"
    if request.topic:
        asked += f"; it is about {request.topic}"
    if request.style.persona:
        asked += f"; write in the voice of {request.style.persona}"
    if manner := " and ".join(filter(None, [request.style.tone, request.style.formality])):
        asked += f"; the tone is {manner}"
    return (Message("user", f"{asked}:\n\n{request.prompt}"),)


def _mood(request: TextRequest) -> str:
    return ", then ".join(_word(target.best, request.intensity) for target in request.targets)


def _word(emotion: str, intensity: float) -> str:
    steps = _WORDS[emotion]
    return steps[min(int(intensity * len(steps)), len(steps) - 1)]


GENERATOR = Prompting
