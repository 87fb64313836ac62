"""SubRip subtitles: what is said, each with the emotion of that moment.

There is no standard; this keeps to what every player reads: numbered cues, times with a comma, no
overlap, UTF-8, plain text.
"""

from __future__ import annotations

from pathlib import Path

from openaffect.types.analysis import Analysis

from ..cues import Cue, cues, one_at_a_time
from ._format import Format

_JOINER = "\u2060"
"""WORD JOINER: has no width and keeps players from taking words for markup or for a time."""


def write(analysis: Analysis, folder: Path, name: str) -> list[str]:
    """Write ``<name>.srt``."""
    from openaffect.io.output import atomic

    with atomic(folder / f"{name}.srt") as file:
        for number, (start, end, shown) in enumerate(one_at_a_time(cues(analysis)), 1):
            text = "\n".join(line for cue in shown for line in _lines(cue))
            file.write(f"{number}\n{clock(start)} --> {clock(end)}\n{text}\n\n".encode())
    return [f"{name}.srt"]


def clock(milliseconds: int, point: str = ",") -> str:
    """Return ``hours:minutes:seconds`` with three decimals."""
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{point}{rest:03d}"


def _lines(cue: Cue) -> list[str]:
    first, *rest = cue.lines()
    who = f"{cue.who}:" if cue.who else ""
    return [" ".join(filter(None, (who, cue.tag, _safe(first)))), *map(_safe, rest)]


def _safe(text: str) -> str:
    """Return words that no player takes for a tag (``<i>``, ``{\\an8}``) or an arrow."""
    for sign in ("<", "{", "--"):
        text = text.replace(sign, sign + _JOINER)
    return text


FORMAT = Format("SubRip subtitles", write, timed=True)
