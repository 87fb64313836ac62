"""Subtitles read: SubRip (.srt) and WebVTT (.vtt).

SubRip has no standard; what players accept is taken. WebVTT: https://www.w3.org/TR/webvtt1/
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from openaffect.types import MediaError

from .text import read_text

MAXIMUM_CUES = 200_000
_TIMES = re.compile(
    r"^\s*(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})\s*-->"
    r"\s*(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})(?:\s|$)"
)
_MARKUP = re.compile(r"<[^<>]{0,200}>|\{\\[^{}]{0,200}\}")


@dataclass(frozen=True, slots=True)
class Cue:
    """start, end: seconds. text: on one line, without markup."""

    start: float
    end: float
    text: str


def read_subtitles(path: str | Path) -> list[Cue]:
    """Return the cues of a subtitle file in order of time, those without words left out.

    A cue is the lines after one with two times and an arrow, up to a blank line; numbers, settings,
    notes and styles are passed over, tags and character references resolved. A cue that ends before
    it begins is taken to be of no length.

    Raises
    ------
    SourceNotFoundError, MediaError
        as :func:`.text.read_text`; :class:`MediaError` also where no line holds two times, or there
        are more than 200,000 cues.
    """
    cues: list[Cue] = []
    timed = False
    for start, end, lines in _blocks(read_text(path, errors="replace")):
        timed = True
        words = html.unescape(_MARKUP.sub("", " ".join(lines)))
        if text := " ".join(words.split()):
            cues.append(Cue(start, max(start, end), text))
        if len(cues) > MAXIMUM_CUES:
            raise MediaError(f"{path} has more than {MAXIMUM_CUES:,} subtitles; split it")
    if not timed:
        raise MediaError(
            f"{path} holds no subtitles: no line like 00:00:01,000 --> 00:00:02,500; give a "
            ".srt or .vtt file"
        )
    return sorted(cues, key=lambda cue: (cue.start, cue.end))


def _blocks(text: str) -> Iterator[tuple[float, float, list[str]]]:
    """Yield start, end and the lines of each cue."""
    held: tuple[float, float, list[str]] | None = None
    for line in text.splitlines():
        match = _TIMES.match(line)
        if match:
            if held:
                if held[2] and held[2][-1].strip().isdecimal():  # the next one's number
                    held[2].pop()
                yield held
            times = match.groups()
            held = (_seconds(times[:4]), _seconds(times[4:]), [])
        elif held and line.strip():
            held[2].append(line)
        elif held:
            yield held
            held = None
    if held:
        yield held


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, fraction = parts
    whole = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)
    return whole + int((fraction or "0").ljust(3, "0")) / 1000
