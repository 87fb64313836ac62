"""Texts of an emotion, word by word: a long short-term memory on EmpatheticDialogues.

Itself a baseline, which the field began with: no other is fitted in its run.
"""

from __future__ import annotations

from pathlib import Path

from ..context import Context
from ._emotion_words import recurrent

NAME = "text-lstm"
HELP = "texts of an emotion by a long short-term memory, for comparison; non-commercial"


def run(context: Context) -> Path:
    """Train, export, measure once on validation, write the card."""
    return recurrent(context, "lstm", NAME)
