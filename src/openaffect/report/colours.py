"""Colours of emotions, people and text, the same in every picture."""

from __future__ import annotations

from openaffect.pipeline.colours import EMOTION_COLOURS, emotion_colour

__all__ = [
    "EMOTION_COLOURS",
    "FAINT",
    "INK",
    "PALE",
    "SUBJECT_COLOURS",
    "emotion_colour",
    "subject_colour",
    "text_on",
]

SUBJECT_COLOURS = ("#0b6e99", "#d1603d", "#4d7c3f", "#8a4f9e", "#b8860b", "#5b6573")
INK = "#1f2530"
PALE = "#eef0f3"
FAINT = "#8b93a1"


def subject_colour(subject: int) -> str:
    """Return the colour of a person's box as ``#rrggbb``."""
    return SUBJECT_COLOURS[subject % len(SUBJECT_COLOURS)] if subject >= 0 else FAINT


def text_on(background: str) -> str:
    """Return black or white, whichever reads better on ``background`` (``#rrggbb``)."""
    red, green, blue = (int(background[i : i + 2], 16) for i in (1, 3, 5))
    return "#000000" if 0.299 * red + 0.587 * green + 0.114 * blue > 140 else "#ffffff"
