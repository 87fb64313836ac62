"""The lanes of a report: which timelines a page shows, under what name, and their rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from openaffect.types import Analysis, Kind, Timeline, Unit

from .html_arrays import Pool, quantized, ranges
from .lanes import coarse, mood_at, phrases

MOST_PEOPLE = 12
"""People with lanes of their own; the others have their boxes only."""
MOST_ROWS = 72_000
"""Rows a timeline on the page, all people together; beyond it neighbours are averaged."""
_MOST_CELLS = 1_200_000
"""Numbers a timeline on the page, rows times columns."""
_MOST_PHRASES = 5_000


@dataclass(frozen=True, slots=True)
class Stream:
    """How a timeline is shown: its title, how it is drawn, whether at once or when asked for.

    drawn: ``stack`` (shares on each other), ``lines``, ``heat`` (a row a label), ``blocks`` (words
    or stretches with a text).
    """

    title: str
    drawn: str
    shown: bool = False


STREAMS = {
    "face.emotion": Stream("face", "stack", shown=True),
    "face.dynamic": Stream("face in motion", "stack"),
    "face.affect": Stream("valence, arousal", "lines", shown=True),
    "face.events": Stream("events", "heat", shown=True),
    "face.eyes": Stream("eyes closed", "lines"),
    "face.gaze": Stream("gaze", "lines"),
    "face.pose": Stream("head", "lines"),
    "face.engagement": Stream("engagement signals", "lines"),
    "face.action_units": Stream("action units", "heat"),
    "face.blendshapes": Stream("blendshapes", "heat"),
    "speech.activity": Stream("speech", "stack"),
    "speech.emotion": Stream("voice", "stack", shown=True),
    "speech.utterances": Stream("by utterance", "stack"),
    "speech.speakers": Stream("speaks", "stack", shown=True),
    "speech.diarization": Stream("voice", "stack", shown=True),
    "speech.affect": Stream("valence, arousal", "lines"),
    "speech.strength": Stream("strength", "lines"),
    "speech.prosody": Stream("prosody", "lines"),
    "speech.voice": Stream("voice quality", "lines"),
    "speech.transcript": Stream("words", "blocks", shown=True),
    "text.emotion": Stream("fine emotions", "heat"),
    "text.ekman": Stream("emotion", "heat"),
    "text.sentiment": Stream("sentiment", "heat"),
    "text.affect": Stream("valence, arousal", "lines"),
    "fused.emotion": Stream("all together", "stack", shown=True),
    "fused.conflict": Stream("conflicts", "blocks", shown=True),
}
"""The timelines that the package makes. One of another name is drawn by the kind of its scheme."""
_BY_KIND = {
    Kind.CATEGORIES: "stack",
    Kind.MULTILABEL: "heat",
    Kind.INTENSITIES: "heat",
    Kind.DIMENSIONS: "lines",
}
_GROUPS = {"face": "faces", "speech": "voice", "text": "words", "fused": "all together"}
_TICKS = {Unit.SECONDS: 1000, Unit.CHARACTERS: 1, Unit.WHOLE: 1}
"""Whole numbers a second, a character, a row of a table."""


def stream_of(name: str, timeline: Timeline) -> Stream:
    """Return how a timeline is shown."""
    found = STREAMS.get(name)
    if found is None:
        return Stream(name.replace("_", " "), _BY_KIND[timeline.scheme.kind])
    if timeline.unit is not Unit.SECONDS and name in ("text.ekman", "text.affect"):
        return Stream(found.title, found.drawn, shown=True)
    return found


def ticks(unit: Unit) -> int:
    """Return how many whole numbers on the page make one of a unit."""
    return _TICKS[unit]


def placed_rows(timeline: Timeline) -> Timeline:
    """Return a timeline whose rows lie along an axis, in order: a table's rows get their number."""
    if timeline.unit is Unit.WHOLE:
        number = np.arange(len(timeline), dtype=np.float64)
        timeline = Timeline(
            scheme=timeline.scheme,
            scores=timeline.scores,
            span=np.column_stack([number, number + 1]),
            unit=timeline.unit,
            extra=timeline.extra,
            model=timeline.model,
        )
    start = timeline.span[:, 0]
    if (start[1:] < start[:-1]).any():
        timeline = timeline.select(np.argsort(start, kind="stable"))
    return timeline


def lanes(analysis: Analysis, people: list[int], pool: Pool) -> list[dict[str, Any]]:
    """Return the lanes of an analysis, top to bottom: each person, voice, words, all together.

    people: the subjects that get lanes of their own, in order. Arrays are added to ``pool``.
    """
    found: list[dict[str, Any]] = []
    for name, timeline in analysis.timelines.items():
        parts = list(_parts(name, placed_rows(timeline), people))
        for group, subject, part in parts:
            found.append(_lane(name, part, group, subject, len(parts), pool))
            if name == "speech.transcript":
                found[-1] |= _phrases(part, analysis.timelines.get("text.ekman"), pool)
            if name == "speech.diarization" and len(parts) == 1:
                found[-1]["shown"] = False
    return sorted(found, key=lambda lane: _place(lane["group"], people))


def _place(group: str, people: list[int]) -> tuple[int, int]:
    """Return where a group stands: people first, then voice, words, all together, and others."""
    kind, _, who = group.partition(" ")
    if kind == "person":
        return 0, people.index(int(who))
    if kind == "speaker":
        return 1, int(who)
    order = ["faces", "voice", "words", "all together"]
    return (order.index(group) if group in order else len(order)), -1


def _parts(
    name: str, rows: Timeline, people: list[int]
) -> Iterator[tuple[str, int | None, Timeline]]:
    """Yield (group, subject, rows): one part a person or speaker, or the whole."""
    family = name.partition(".")[0]
    group = _GROUPS.get(family, family)
    subjects = rows.extra.get("subject")
    if subjects is None or not len(rows):
        alone = family == "face" and len(people) == 1
        yield (f"person {people[0]}" if alone else group), None, rows
        return
    if family == "speech":
        for who in np.unique(subjects[subjects >= 0]).tolist()[:MOST_PEOPLE]:
            yield f"speaker {who}", None, rows.select(subjects == who)
        return
    if family == "fused" and len(people) <= 1:
        yield group, None, rows
        return
    for who in people:
        mine = subjects == who
        if mine.any():
            yield f"person {who}", who, rows.select(mine)
    if family == "fused" and (subjects < 0).any():
        yield group, None, rows.select(subjects < 0)


def _lane(
    name: str, rows: Timeline, group: str, subject: int | None, sharing: int, pool: Pool
) -> dict[str, Any]:
    stream = stream_of(name, rows)
    most = min(MOST_ROWS, _MOST_CELLS // len(rows.scheme)) // sharing
    kept = coarse(rows, most)
    kind = "u2" if stream.drawn == "lines" else "u1"
    low, high = ranges(kept.scores, rows.scheme.low, rows.scheme.high)
    scale = ticks(rows.unit)
    lane: dict[str, Any] = {
        "name": name,
        "title": stream.title,
        "drawn": stream.drawn,
        "shown": stream.shown,
        "group": group,
        "subject": subject,
        "labels": list(rows.scheme.labels),
        "units": list(rows.scheme.units),
        "low": low.tolist(),
        "high": high.tolist(),
        "bounded": rows.scheme.low is not None and rows.scheme.high is not None,
        "count": len(kept),
        "measured": len(rows),
        "start": pool.add(np.round(kept.span[:, 0] * scale), "u4"),
        "end": pool.add(np.round(kept.span[:, 1] * scale), "u4"),
        "scores": pool.add(quantized(kept.scores, low, high, kind), kind),
        "coverage": np.round(rows.coverage, 3).tolist(),
        "model": rows.model,
    }
    abstain = kept.extra.get("abstain")
    if abstain is not None and np.any(abstain):
        lane["abstain"] = pool.add(np.asarray(abstain, dtype=np.uint8), "u1")
    if "box" in kept.extra and name == "face.emotion":
        corners = np.clip(np.round(np.nan_to_num(kept.extra["box"])), 0, 65534)
        lane["box"] = pool.add(corners, "u2")
    if stream.drawn in ("blocks", "heat") and "text" in kept.extra and rows.unit is Unit.SECONDS:
        lane["text"] = [str(text) for text in kept.extra["text"][:_MOST_PHRASES]]
    return lane


def _phrases(spoken: Timeline, mood: Timeline | None, pool: Pool) -> dict[str, Any]:
    """Return what takes the place of a transcript's rows: its phrases, each with a mood."""
    said = phrases(spoken)[:_MOST_PHRASES]
    span = np.asarray([(start, end) for start, end, _ in said]).reshape(-1, 2)
    scale = ticks(spoken.unit)
    labels = [mood_at(mood, start, end) if mood is not None else "" for start, end, _ in said]
    return {
        "count": len(said),
        "start": pool.add(np.round(span[:, 0] * scale), "u4"),
        "end": pool.add(np.round(span[:, 1] * scale), "u4"),
        "text": [text for _, _, text in said],
        "moods": labels,
    }
