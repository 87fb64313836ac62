"""One colour an emotion, the same in every picture."""

from __future__ import annotations

EMOTION_COLOURS = {
    "anger": "#c8384a",
    "disgust": "#5f8f3e",
    "fear": "#7a55a8",
    "happiness": "#f2b632",
    "sadness": "#3a78b5",
    "surprise": "#1fa899",
    "contempt": "#9a6340",
    "boredom": "#7d8799",
    "calm": "#a5d3dd",
    "neutral": "#d3d6db",
    "negative": "#c8384a",
    "positive": "#3f9b5f",
}
"""Hues spread over the wheel and of unlike lightness, so that neighbours in a stack stay apart."""

SUBJECT_COLOURS = ("#0b6e99", "#d1603d", "#4d7c3f", "#8a4f9e", "#b8860b", "#5b6573")
INK = "#1f2530"
PALE = "#eef0f3"
FAINT = "#8b93a1"


def emotion_colour(label: str) -> str:
    """Return the colour of a label as ``#rrggbb``; one without its own gets a grey."""
    return EMOTION_COLOURS.get(label, "#a9b0bb")


def subject_colour(subject: int) -> str:
    """Return the colour of a person's box as ``#rrggbb``."""
    return SUBJECT_COLOURS[subject % len(SUBJECT_COLOURS)] if subject >= 0 else FAINT


def text_on(background: str) -> str:
    """Return black or white, whichever reads better on ``background`` (``#rrggbb``)."""
    red, green, blue = (int(background[i : i + 2], 16) for i in (1, 3, 5))
    return "#000000" if 0.299 * red + 0.587 * green + 0.114 * blue > 140 else "#ffffff"
