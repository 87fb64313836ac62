"""A Praat TextGrid: an interval tier a timeline and person, a point tier for events.

The long text format, https://www.fon.hum.uva.nl/praat/manual/TextGrid_file_formats.html. The
intervals of a tier cover the whole recording, so the time between two stretches is an empty one.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from openaffect.types.analysis import Analysis

from ..stretches import Mark, lasting, milliseconds, plain, tiers
from ._format import Format


def write(analysis: Analysis, folder: Path, name: str) -> list[str]:
    """Write ``<name>.TextGrid``."""
    from openaffect.io.output import atomic

    with atomic(folder / f"{name}.TextGrid") as file:
        file.writelines(line.encode() + b"\n" for line in _lines(analysis))
    return [f"{name}.TextGrid"]


def _lines(analysis: Analysis) -> Iterator[str]:
    found = tiers(analysis)
    points = {tier: _instants(marks) for tier, marks in found.items() if _events(marks)}
    spans = {tier: lasting(marks) for tier, marks in found.items() if tier not in points}
    end = max(
        1,
        milliseconds(float(analysis.facts.get("duration", 0.0))),
        *(marks[-1].end for marks in (*spans.values(), *points.values()) if marks),
    )
    yield from ('File type = "ooTextFile"', 'Object class = "TextGrid"', "")
    yield from ("xmin = 0", f"xmax = {_seconds(end)}", "tiers? <exists>")
    yield from (f"size = {len(found)}", "item []:")
    for number, tier in enumerate(found, 1):
        yield f"    item [{number}]:"
        if tier in points:
            yield from _tier("TextTier", tier, end)
            yield from _points(points[tier])
        else:
            yield from _tier("IntervalTier", tier, end)
            yield from _intervals([*_filled(spans[tier], end)])


def _events(marks: list[Mark]) -> bool:
    return bool(marks) and all(one.start == one.end for one in marks)


def _instants(marks: list[Mark]) -> list[Mark]:
    """Return points of unlike times: Praat holds one a time, so those of one time are joined."""
    joined: dict[int, str] = {}
    for one in marks:
        joined[one.start] = f"{joined[one.start]}, {one.text}" if one.start in joined else one.text
    return [Mark(time, time, text) for time, text in joined.items()]


def _tier(kind: str, name: str, end: int) -> Iterator[str]:
    yield f'        class = "{kind}"'
    yield f"        name = {_quoted(name)}"
    yield "        xmin = 0"
    yield f"        xmax = {_seconds(end)}"


def _points(marks: list[Mark]) -> Iterator[str]:
    yield f"        points: size = {len(marks)}"
    for number, one in enumerate(marks, 1):
        yield f"        points [{number}]:"
        yield f"            number = {_seconds(one.start)}"
        yield f"            mark = {_quoted(one.text)}"


def _intervals(marks: list[Mark]) -> Iterator[str]:
    yield f"        intervals: size = {len(marks)}"
    for number, one in enumerate(marks, 1):
        yield f"        intervals [{number}]:"
        yield f"            xmin = {_seconds(one.start)}"
        yield f"            xmax = {_seconds(one.end)}"
        yield f"            text = {_quoted(one.text)}"


def _filled(marks: list[Mark], end: int) -> Iterator[Mark]:
    """Yield the marks with empty ones between them, from 0 to ``end``."""
    at = 0
    for one in marks:
        if one.start > at:
            yield Mark(at, one.start, "")
        yield one
        at = one.end
    if at < end:
        yield Mark(at, end, "")


def _seconds(milliseconds: int) -> str:
    return f"{milliseconds // 1000}.{milliseconds % 1000:03d}"


def _quoted(text: str) -> str:
    return '"' + plain(text).replace('"', '""') + '"'


FORMAT = Format("Praat annotations", write, timed=True)
