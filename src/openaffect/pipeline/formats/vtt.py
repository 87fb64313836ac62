"""WebVTT subtitles: a voice a person, a class and a colour an emotion.

W3C, "WebVTT: The Web Video Text Tracks Format", https://www.w3.org/TR/webvtt1/, sections 4 and 5.
"""

from __future__ import annotations

import re
from pathlib import Path

from openaffect.types.analysis import Analysis

from ..colours import emotion_colour
from ..cues import Cue, cues
from ._format import Format
from .srt import clock

_ESCAPES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"))


def write(analysis: Analysis, folder: Path, name: str) -> list[str]:
    """Write ``<name>.vtt``."""
    from openaffect.io.output import atomic

    shown = cues(analysis)
    with atomic(folder / f"{name}.vtt") as file:
        file.write(b"WEBVTT\n\nNOTE Estimates of expression, not of feeling.\n\n")
        labels = sorted({cue.label for cue in shown if cue.label})
        if labels:
            file.write(f"STYLE\n{_style(labels)}\n\n".encode())
        for cue in shown:
            start, end = clock(cue.start, "."), clock(cue.end, ".")
            file.write(f"{start} --> {end}\n{_text(cue)}\n\n".encode())
    return [f"{name}.vtt"]


def _style(labels: list[str]) -> str:
    return "\n".join(
        f"::cue(.{_class(label)}) {{ color: {emotion_colour(label)} }}" for label in labels
    )


def _text(cue: Cue) -> str:
    words = escaped("\n".join(cue.lines()))
    tag = f"<c.{_class(cue.label)}>{escaped(cue.tag)}</c>" if cue.label else ""
    text = f"{tag} {words}".strip()
    return f"<v {escaped(cue.who)}>{text}" if cue.who else text


def escaped(text: str) -> str:
    """Return text that means itself within a cue, and holds no arrow."""
    for sign, written in _ESCAPES:
        text = text.replace(sign, written)
    return text


def _class(label: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]+", "-", label).strip("-") or "emotion"


FORMAT = Format("WebVTT subtitles, coloured", write, timed=True)
