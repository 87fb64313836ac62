"""What a report says in words: the input, the people, what was looked at, the models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from openaffect.pipeline.people_summary import Peak, SubjectSummary
from openaffect.pipeline.spans import merge_spans
from openaffect.types import Analysis, Card, Timeline, Unit

from .colours import LINE_COLOURS, emotion_colour, emotion_colour_on_dark, subject_colour
from .page import cut
from .text import broad

_MOST_SENTENCES = 5_000
_LOOKED = (
    ("face.emotion", "Faces", "somebody in sight for", "nobody in sight", "video"),
    ("speech.activity", "Voice", "speech for", "nobody speaks", "audio"),
    ("speech.transcript", "Words", "words for", "no words", "audio"),
)
_ACT = (
    "Regulation (EU) 2024/1689 (the AI Act) bans inferring emotions of people at work and in "
    "education, but for medical or safety reasons (Article 5(1)(f)); other emotion recognition "
    "from biometric data is high-risk (Annex III, 1(c)), and people are to be told of it (Article "
    "50(3))."
)
_EXPRESSION = (
    "Estimates of expression as annotators saw it, not of feeling: a smile is not joy, and a still "
    "face is not calm. People differ by culture, age, health and habit. Never decide about a "
    "person by them."
)


def title(analysis: Analysis) -> str:
    """Return the input's name: a file's without its folders, a sentence as it is."""
    if analysis.facts.get("modality") == "text" and any(map(str.isspace, analysis.source)):
        return analysis.source
    return Path(analysis.source).name or analysis.source


def facts(analysis: Analysis) -> list[str]:
    """Return short phrases on the input: what it is, how long, how large."""
    given = analysis.facts
    kind = str(given.get("modality", "input"))
    found = [{"audio": "sound recording", "image": "picture"}.get(kind, kind)]
    if given.get("duration"):
        found.append(duration(float(given["duration"])))
    if given.get("width"):
        found.append(f"{given['width']} × {given['height']} pixels")
    if given.get("frame_rate"):
        found.append(f"{float(given['frame_rate']):g} pictures a second")
    if given.get("every"):
        found.append(f"looked at every {float(given['every']):g} s")
    if given.get("characters"):
        found.append(f"{given['characters']} characters")
    if given.get("column"):
        found.append(f"column {given['column']!r}")
    if given.get("anonymize"):
        found.append("anonymised")
    return found


def duration(seconds: float) -> str:
    """Return ``9.7 s``, ``3 min 20 s`` or ``1 h 02 min``."""
    if seconds < 120:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def coverage(analysis: Analysis) -> list[str]:
    """Return a sentence a stream: what was looked at and what was there.

    "Nobody there" and "not analysed" are told apart.
    """
    given = analysis.facts
    long = float(given.get("duration") or 0.0)
    said = []
    for name, title, there, nobody, medium in _LOOKED:
        timeline = analysis.timelines.get(name)
        if timeline is None:
            if long and given.get(f"has_{medium}", given.get("modality") == medium):
                said.append(f"{title}: not analysed.")
        elif timeline.unit is Unit.SECONDS:
            looked = _length(timeline.coverage)
            much = duration(looked) + (f" of {duration(long)}" if long - looked > 0.5 else "")
            found = f"{there} {duration(_length(timeline.span))}" if len(timeline) else nobody
            said.append(f"{title}: looked at {much}; {found}.")
    if given.get("modality") == "image":
        faces = analysis.timelines.get("face.emotion")
        count = "not analysed" if faces is None else _count(len(faces), "face", "no face found")
        said.append(f"Faces: {count}.")
    if not analysis.timelines:
        said.append("Nothing was analysed.")
    return said


def _count(number: int, what: str, none: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}" if number else none


def _length(spans: Any) -> float:
    merged = merge_spans(spans)
    return float((merged[:, 1] - merged[:, 0]).sum())


def people(
    found: Sequence[SubjectSummary], thumbnails: Mapping[tuple[int, Peak], str]
) -> list[dict[str, Any]]:
    """Return what the page shows of each person: shares, changes, path and peaks."""
    return [_person(one, thumbnails) for one in found]


def _person(one: SubjectSummary, thumbnails: Mapping[tuple[int, Peak], str]) -> dict[str, Any]:
    changes: list[tuple[str, str, int]] = [
        (one.labels[before], one.labels[after], int(one.transitions[before, after]))
        for before, after in np.argwhere(one.transitions).tolist()
    ]
    return {
        "subject": one.subject,
        "name": f"person {one.subject}",
        "colour": subject_colour(one.subject),
        "seconds": round(one.seconds, 2),
        "unsure": round(one.unsure, 2),
        "present": np.round(one.present, 3).tolist(),
        "share": {label: round(value, 4) for label, value in one.share.items()},
        "changes": sorted(changes, key=lambda change: -change[2])[:6],
        "path": np.round(one.affect[:: max(1, len(one.affect) // 3600)], 3).tolist(),
        "peaks": [
            {
                "time": round(peak.time, 3),
                "label": peak.label,
                "score": round(peak.score, 3),
                "picture": thumbnails.get((one.subject, peak), ""),
            }
            for peak in one.peaks
        ],
    }


def sentences(analysis: Analysis) -> tuple[list[dict[str, Any]], int]:
    """Return the sentences (or a table's rows) with their moods, and how many there are in all."""
    lines = analysis.timelines
    mood = next((lines[n] for n in ("text.ekman", "text.emotion") if n in lines), None)
    if mood is None:
        mood = next((line for name, line in lines.items() if name.startswith("text.")), None)
    if mood is None or "text" not in mood.extra:
        return [], 0
    from .html_lanes import placed_rows

    rows = placed_rows(mood)
    fine = lines.get("text.emotion")
    number = rows.extra.get("row")
    shown = rows.select(np.arange(min(len(rows), _MOST_SENTENCES)))
    records = [
        {
            "start": round(float(shown.span[place, 0]), 3),
            "end": round(float(shown.span[place, 1]), 3),
            "text": _spoken(shown, place),
            "label": record["label"],
            "score": round(float(shown.scores[place].max()), 3),
            "fine": _fine(fine, place),
            **({} if number is None else {"row": int(number[place])}),
        }
        for place, record in enumerate(shown.rows())
    ]
    return records, len(rows)


def _spoken(timeline: Timeline, row: int) -> str:
    """Return the words of a row, after the name of who spoke them where that is told."""
    speakers = timeline.extra.get("speaker")
    words = str(timeline.extra["text"][row])
    return words if speakers is None or not speakers[row] else f"{speakers[row]}: {words}"


def _fine(timeline: Timeline | None, row: int) -> list[list[Any]]:
    """Return the three strongest of the fine labels of a row, those that matter at all."""
    if timeline is None:
        return []
    order = np.argsort(-timeline.scores[row], kind="stable")[:3]
    return [
        [timeline.scheme.labels[column], round(float(timeline.scores[row, column]), 3)]
        for column in order.tolist()
        if timeline.scores[row, column] >= 0.1
    ]


def faces(analysis: Analysis) -> list[dict[str, Any]]:
    """Return the faces of a still picture: box in pixels, label and the score of each label."""
    timeline = analysis.timelines.get("face.emotion")
    if timeline is None or timeline.unit is not Unit.WHOLE:
        return []
    boxes = timeline.extra.get("box", np.zeros((len(timeline), 4)))
    subjects = timeline.extra.get("subject", np.arange(len(timeline)))
    return [
        {
            "subject": int(subjects[row]),
            "name": f"face {int(subjects[row])}",
            "colour": subject_colour(int(subjects[row])),
            "box": np.round(boxes[row], 1).tolist(),
            "label": record["label"],
            "scores": {label: round(record[label], 4) for label in timeline.scheme.labels},
        }
        for row, record in enumerate(timeline.rows())
    ]


def conflicts(analysis: Analysis) -> list[dict[str, Any]]:
    """Return the stretches where the streams disagree, in words."""
    timeline = analysis.timelines.get("fused.conflict")
    if timeline is None:
        return []
    texts = timeline.extra.get("text")
    subjects = timeline.extra.get("subject")
    return [
        {
            "start": round(float(timeline.span[row, 0]), 3),
            "end": round(float(timeline.span[row, 1]), 3),
            "text": str(texts[row]) if texts is not None else "the streams disagree",
            "score": round(float(np.nan_to_num(timeline.scores[row]).max()), 3),
            "subject": -1 if subjects is None else int(subjects[row]),
        }
        for row in range(len(timeline))
    ]


def card(one: Card) -> dict[str, Any]:
    """Return what the page says of a model."""
    scores = [text for score in one.scores if (text := _score(score))]
    return {
        "name": one.name,
        "task": one.task,
        "licence": one.licence,
        "commercial": one.commercial,
        "data": list(one.training_data),
        "paper": one.paper,
        "provenance": one.provenance,
        "scores": scores[:8],
        "limits": list(one.limits),
        "intended": list(one.intended_use),
        "forbidden": list(one.forbidden_use),
    }


def _score(score: Mapping[str, Any]) -> str:
    """Return a measured figure as a phrase; one that is no single number is left to the card."""
    value = score.get("value")
    if not isinstance(value, int | float) or not score.get("data"):
        return ""
    said = f"{score.get('measure', 'score')} {value:.3g}"
    interval = score.get("interval")
    if isinstance(interval, list | tuple) and len(interval) == 2:
        said += f" [{interval[0]:.3g}, {interval[1]:.3g}]"
    baseline = score.get("baseline")
    if isinstance(baseline, Mapping) and isinstance(baseline.get("value"), int | float):
        said += f"; {baseline.get('name', 'baseline')} {baseline['value']:.3g}"
    return f"{said} ({score['data']})"


def law() -> list[str]:
    """Return what a reader has to know before using the result."""
    return [_EXPRESSION, _ACT]


def colours(labels: Sequence[str]) -> dict[str, list[str]]:
    """Return the colour of each label on a light and on a dark page."""
    return {label: [emotion_colour(broad(label)), emotion_colour_on_dark(broad(label))]
            for label in labels}  # fmt: skip


def line_colours() -> list[list[str]]:
    """Return the colours of lines on a light and on a dark page."""
    return [list(pair) for pair in LINE_COLOURS]


def short(text: str) -> str:
    """Return a title that fits a browser's tab."""
    return cut(" ".join(text.split()), 80)
