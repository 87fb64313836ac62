"""What an analysis found, as rows for a person or for another program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from openaffect.types import Analysis, Kind, Timeline

COLUMNS = ("timeline", "rows", "people", "found")
LINE_COLUMNS = ("file", "timeline", "start", "end", "subject", "label", "score", "text")
_SPOKEN = ("face.emotion", "speech.emotion", "text.emotion", "fused.emotion")
_MOST_CONFLICTS = 3
_MOST_ITEMS = 8


def overview(summary: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return a table row of one record of ``pipeline.summary.summarize``."""
    if isinstance(summary["mean"], Mapping):
        found = ", ".join(f"{label} {value:.2f}" for label, value in summary["mean"].items())
    else:
        found = f"{summary['label']} {summary['mean']:.2f}" if summary["label"] else ""
    if not summary["rows"]:
        found = "none" if "conflicts" in summary else "nobody and nothing"
    elif "conflicts" in summary:
        longest = list(summary["conflicts"].items())[:_MOST_CONFLICTS]
        found = "; ".join(f"{text} {seconds:.1f} s" for text, seconds in longest)
    elif summary.get("streams"):
        said = [f"{name} {share:.0%}" for name, share in summary["streams"].items()]
        found += f", from {', '.join(said)} of the time"
    return summary["timeline"], summary["rows"], summary["subjects"] or "", found


def sentence(summaries: tuple[Mapping[str, Any], ...]) -> str:
    """Return one line: what the face, the voice, the words and all together say on average."""
    found = [
        f"{line['timeline'].partition('.')[0]} {line['label']} {line['mean']:.2f}"
        for line in summaries
        if line["timeline"] in _SPOKEN and line["label"]
    ]
    return ", ".join(found) or "no face, no voice, no words"


def items(analysis: Analysis) -> list[tuple[Any, ...]] | None:
    """Return table rows (item, found, second, third) of a still's faces or a text's sentences.

    ``None`` for recordings and where there are too many to show one by one.
    """
    name = "face.emotion" if "face.emotion" in analysis.timelines else "text.emotion"
    timeline = analysis.timelines.get(name)
    if timeline is None or str(timeline.unit) == "s" or not 0 < len(timeline) <= _MOST_ITEMS:
        return None
    return [
        (_item_name(timeline, row, name), *_ranked(timeline, row)) for row in range(len(timeline))
    ]


def _item_name(timeline: Timeline, row: int, name: str) -> str:
    texts = timeline.extra.get("text")
    if texts is not None:
        words = " ".join(str(texts[row]).split())
        return words if len(words) <= 60 else words[:59] + "…"
    return f"{name.partition('.')[0]} {row}"


def _ranked(timeline: Timeline, row: int) -> list[str]:
    order = np.argsort(-timeline.scores[row], kind="stable")[:3]
    return [f"{timeline.scheme.labels[k]} {timeline.scores[row, k]:.2f}" for k in order]


def lines(analysis: Analysis) -> Iterator[tuple[Any, ...]]:
    """Yield one line (the values of ``LINE_COLUMNS``) a row of each timeline with labels."""
    for name, timeline in analysis.timelines.items():
        if timeline.scheme.kind not in (Kind.CATEGORIES, Kind.MULTILABEL):
            continue
        for row, record in enumerate(timeline.rows(file=analysis.source)):
            score = record[record["label"]] if record["label"] else None
            yield (
                analysis.source, name, record["start"], record["end"], record["subject"],
                record["label"], score, _words(timeline, row),
            )  # fmt: skip


def _words(timeline: Timeline, row: int) -> str:
    """Return what a row says in words; the emotion of a role behind them."""
    texts, emotions = timeline.extra.get("text"), timeline.extra.get("emotion")
    words = "" if texts is None else str(texts[row])
    return words if emotions is None else f"{words} ({emotions[row]})"
