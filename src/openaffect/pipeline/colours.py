"""One colour an emotion, the same in every picture, page and subtitle."""

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


def emotion_colour(label: str) -> str:
    """Return the colour of a label as ``#rrggbb``; one without its own gets a grey."""
    return EMOTION_COLOURS.get(label, "#a9b0bb")
