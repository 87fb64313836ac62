"""Colours of emotions, people and text, the same in every picture."""

from __future__ import annotations

from openaffect.pipeline.colours import EMOTION_COLOURS, emotion_colour

__all__ = [
    "EMOTION_COLOURS",
    "FAINT",
    "INK",
    "LINE_COLOURS",
    "PALE",
    "SUBJECT_COLOURS",
    "emotion_colour",
    "emotion_colour_on_dark",
    "subject_colour",
    "text_on",
]

_ON_DARK = {"calm": "#47798a", "boredom": "#596275", "neutral": "#4a5260", "sadness": "#4a8cd0"}
"""The quiet ones recede on a dark page as they do on a light one."""
_UNNAMED_ON_DARK = "#6d7686"

LINE_COLOURS = (
    ("#b5651d", "#e39a55"),
    ("#33658a", "#6fa8d6"),
    ("#5b8c3a", "#8fc46b"),
    ("#8a4f9e", "#c08ad4"),
    ("#b8860b", "#dcb34a"),
    ("#0b7f78", "#4cc2ba"),
    ("#7a4b3a", "#c39382"),
)
"""Lines that are no emotion, valence and arousal first: on a light and on a dark page."""
SUBJECT_COLOURS = ("#0b6e99", "#d1603d", "#4d7c3f", "#8a4f9e", "#b8860b", "#5b6573")
INK = "#1f2530"
PALE = "#eef0f3"
FAINT = "#8b93a1"


def emotion_colour_on_dark(label: str) -> str:
    """Return the colour of a label on a dark page."""
    return _ON_DARK.get(label) or EMOTION_COLOURS.get(label, _UNNAMED_ON_DARK)


def subject_colour(subject: int) -> str:
    """Return the colour of a person's box as ``#rrggbb``."""
    return SUBJECT_COLOURS[subject % len(SUBJECT_COLOURS)] if subject >= 0 else FAINT


def text_on(background: str) -> str:
    """Return black or white, whichever reads better on ``background`` (``#rrggbb``)."""
    red, green, blue = (int(background[i : i + 2], 16) for i in (1, 3, 5))
    return "#000000" if 0.299 * red + 0.587 * green + 0.114 * blue > 140 else "#ffffff"
