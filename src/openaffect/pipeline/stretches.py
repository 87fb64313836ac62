"""Rows of a timeline as stretches: neighbours that say the same, joined, in whole milliseconds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from openaffect.types.analysis import Analysis
from openaffect.types.scheme import Kind
from openaffect.types.timeline import Timeline, Unit

UNSURE = "unsure"
"""What a stretch is called whose rows abstain."""
_TOUCHING = 1e-3
_NAMED = (Kind.CATEGORIES, Kind.MULTILABEL)


@dataclass(frozen=True, slots=True)
class Stretch:
    """One thing said of some time.

    start, end: seconds, start <= end. label: the best one, ``unsure`` where the rows abstain.
    score: its mean, weighted by length; NaN where unsure. subject: -1 where nobody in particular.
    text: the row's own words, empty where it has none.
    """

    start: float
    end: float
    label: str
    score: float
    subject: int = -1
    text: str = ""


def stretches(timeline: Timeline) -> list[Stretch]:
    """Return the stretches of a timeline in seconds, subject by subject, each in order of time.

    Neighbouring rows of one subject with the same best label become one; a pause of more than a
    millisecond, nobody there, parts them. Of overlapping windows each keeps the half nearer to its
    middle. A row with words of its own or without length (an event) is a stretch by itself.
    """
    found: list[Stretch] = []
    subjects = timeline.extra.get("subject", np.full(len(timeline), -1))
    for subject in np.unique(subjects):
        rows = np.flatnonzero(subjects == subject)
        order = np.lexsort((timeline.span[rows, 1], timeline.span[rows, 0]))
        found += _joined(_parted([*_rows(timeline, rows[order], int(subject))]))
    return found


def _rows(timeline: Timeline, rows: Sequence[int] | Any, subject: int) -> Iterator[Stretch]:
    best = timeline.best()
    abstain = timeline.extra.get("abstain", np.zeros(len(timeline), dtype=bool))
    texts = timeline.extra.get("text")
    for row in rows:
        start, end = timeline.span[row].tolist()
        sure = best[row] and not abstain[row]
        label = best[row] if sure else UNSURE
        score = float(timeline.column(label)[row]) if sure else float("nan")
        words = "" if texts is None else plain(str(texts[row]))
        yield Stretch(start, end, label, score, subject, words)


def _parted(rows: list[Stretch]) -> list[Stretch]:
    """Cut rows that overlap, so that each ends where the next begins at the latest."""
    parted: list[Stretch] = []
    for row in rows:
        if parted and row.start < parted[-1].end - _TOUCHING:
            last = parted[-1]
            within = row.end <= last.end
            edge = row.start if within else max(last.start, (row.start + last.end) / 2)
            parted[-1] = replace(last, end=max(last.start, edge))
            row = replace(row, start=min(edge, row.end))
        parted.append(row)
    return parted


def _joined(rows: list[Stretch]) -> list[Stretch]:
    joined: list[Stretch] = []
    for row in rows:
        last = joined[-1] if joined else None
        if (
            last is not None
            and last.label == row.label
            and not (last.text or row.text)
            and row.start - last.end <= _TOUCHING
            and last.start < last.end
            and row.start < row.end
        ):
            before, now = last.end - last.start, row.end - row.start
            mean = (last.score * before + row.score * now) / (before + now)
            joined[-1] = replace(last, end=row.end, score=mean)
        else:
            joined.append(row)
    return joined


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch in whole milliseconds, ``start`` <= ``end``, with what is written there."""

    start: int
    end: int
    text: str


def tiers(analysis: Analysis) -> dict[str, list[Mark]]:
    """Return what is said over time by tier: a timeline, and a person where it tells them apart.

    Only timelines in seconds whose rows have labels or words. The words of a transcript are its
    marks, else the labels are. Marks are in order and do not overlap; an event without length
    keeps ``start == end``.
    """
    found: dict[str, list[Mark]] = {}
    for name, timeline in analysis.timelines.items():
        if timeline.unit is not Unit.SECONDS:
            continue
        if timeline.scheme.kind not in _NAMED and "text" not in timeline.extra:
            continue
        spoken = timeline.scheme.name == "transcript" or timeline.scheme.kind not in _NAMED
        for one in stretches(timeline):
            tier = name if one.subject < 0 else f"{name} {one.subject}"
            text = one.text if spoken else one.label
            if text:
                marks = found.setdefault(tier, [])
                marks.append(_mark(one, text, marks[-1].end if marks else 0))
        if not len(timeline):
            found[name] = []
    return found


def _mark(one: Stretch, text: str, earliest: int) -> Mark:
    start = max(earliest, milliseconds(one.start))
    return Mark(start, max(start, milliseconds(one.end)), text)


def lasting(marks: Sequence[Mark]) -> list[Mark]:
    """Return the marks with a length of a millisecond at least, still in order and apart."""
    apart: list[Mark] = []
    for mark in marks:
        start = max(mark.start, apart[-1].end if apart else 0)
        apart.append(Mark(start, max(start + 1, mark.end), mark.text))
    return apart


def milliseconds(seconds: float) -> int:
    """Return the nearest whole millisecond, 0 at least."""
    return max(0, round(seconds * 1000))


def timed(analysis: Analysis) -> bool:
    """Tell whether anything in the analysis counts in seconds."""
    return any(timeline.unit is Unit.SECONDS for timeline in analysis.timelines.values())


def plain(text: str) -> str:
    """Return words on one line that any file can hold.

    White space and control characters become single spaces, what is no character (a lone
    surrogate, U+FFFE, U+FFFF) becomes U+FFFD.
    """
    kept = "".join(
        " " if ord(sign) < 32 or 127 <= ord(sign) < 160 else _character(sign) for sign in text
    )
    return " ".join(kept.split())


def _character(sign: str) -> str:
    code = ord(sign)
    return "�" if 0xD800 <= code <= 0xDFFF or code & 0xFFFE == 0xFFFE else sign
