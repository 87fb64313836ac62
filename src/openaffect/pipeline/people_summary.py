"""What each person of a recording did over its time, in a few numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.types.analysis import Analysis
from openaffect.types.timeline import Timeline, Unit

from .spans import merge_spans

SEPARATION = 2.0
"""Seconds by which two peaks of a person lie apart at least."""
_CALM = frozenset({"neutral", "calm"})
"""Labels whose high score is no peak."""


@dataclass(frozen=True, slots=True)
class Peak:
    """A moment of strong expression: seconds, label, and the label's score in [0, 1]."""

    time: float
    label: str
    score: float


@dataclass(frozen=True, slots=True, eq=False)
class SubjectSummary:
    """One person of a recording.

    Fields
    ------
    subject: the number in ``extra["subject"]``.
    seconds: on screen; ``unsure`` seconds of them the recogniser abstained.
    present: (M, 2) float64, the stretches on screen in seconds.
    labels: the K labels of ``face.emotion``.
    share: label to its share of the time that was not abstained from; sums to 1, or every share is
        0 where there was none.
    transitions: (K, K) int64, how often the row's label gave way to the column's.
    affect: (N, 3) float64: time in seconds, valence, arousal, the mean of each second on screen.
    peaks: the strongest moments, in order of time.
    """

    subject: int
    seconds: float
    unsure: float
    present: NDArray[np.float64]
    labels: tuple[str, ...]
    share: Mapping[str, float]
    transitions: NDArray[np.int64]
    affect: NDArray[np.float64]
    peaks: tuple[Peak, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return JSON values."""
        return {
            "subject": self.subject,
            "seconds": self.seconds,
            "unsure": self.unsure,
            "present": self.present.tolist(),
            "labels": list(self.labels),
            "share": dict(self.share),
            "transitions": self.transitions.tolist(),
            "affect": self.affect.tolist(),
            "peaks": [
                {"time": peak.time, "label": peak.label, "score": peak.score} for peak in self.peaks
            ],
        }


@dataclass(frozen=True, slots=True, eq=False)
class TimeShare:
    """What some rows of an emotion timeline say, by how long they say it.

    seconds: of all rows, or their number where the timeline does not count in seconds; ``unsure``
        of them abstain. share: label to its share of the others; sums to 1, or every share is 0
        where there are none.
    """

    seconds: float
    unsure: float
    share: Mapping[str, float]


def share_of_time(rows: Timeline) -> TimeShare:
    """Return how the time of the rows is shared out among their best labels."""
    labels = rows.scheme.labels
    seconds = rows.unit is Unit.SECONDS
    lasts = rows.span[:, 1] - rows.span[:, 0] if seconds else np.ones(len(rows))
    known = _known(rows)
    best = rows.scores.argmax(axis=1)
    time = np.bincount(best[known], weights=lasts[known], minlength=len(labels))
    share = time / time.sum() if time.sum() > 0 else time
    return TimeShare(
        seconds=float(lasts.sum()),
        unsure=float(lasts[~known].sum()),
        share=dict(zip(labels, share.tolist(), strict=True)),
    )


def summaries(
    analysis: Analysis, *, hold: float = 0.5, step: float = 1.0, peaks: int = 5
) -> list[SubjectSummary]:
    """Return a summary of each person seen in a video, those longest on screen first.

    Parameters
    ----------
    hold: seconds for which a label has to last to count as a change to it; a shorter flicker
        belongs to what was before it.
    step: seconds over which valence and arousal are averaged.
    peaks: how many of the strongest moments a person, at least :data:`SEPARATION` apart.

    Pictures, sound and texts have no people over time: an empty list.
    """
    emotion = analysis.timelines.get("face.emotion")
    if emotion is None or emotion.unit is not Unit.SECONDS or "subject" not in emotion.extra:
        return []
    affect = analysis.timelines.get("face.affect")
    found = []
    for subject in np.unique(emotion.extra["subject"]).tolist():
        rows = _of(emotion, subject)
        path = np.zeros((0, 3)) if affect is None else _path(_of(affect, subject), step)
        found.append(_summary(subject, rows, path, hold, peaks))
    return sorted(found, key=lambda one: (-one.seconds, one.subject))


def _of(timeline: Timeline, subject: int) -> Timeline:
    rows = np.flatnonzero(timeline.extra["subject"] == subject)
    return timeline.select(rows[np.argsort(timeline.span[rows, 0], kind="stable")])


def _summary(
    subject: int, rows: Timeline, path: NDArray[np.float64], hold: float, peaks: int
) -> SubjectSummary:
    labels = rows.scheme.labels
    known = _known(rows)
    best = rows.scores.argmax(axis=1)
    shared = share_of_time(rows)
    changes = np.zeros((len(labels), len(labels)), np.int64)
    for before, after in _changes(best[known], rows.span[known], hold):
        changes[before, after] += 1
    return SubjectSummary(
        subject=subject,
        seconds=shared.seconds,
        unsure=shared.unsure,
        present=merge_spans(rows.span),
        labels=labels,
        share=shared.share,
        transitions=changes,
        affect=path,
        peaks=_peaks(rows.select(known), peaks),
    )


def _known(rows: Timeline) -> NDArray[np.bool_]:
    return ~np.asarray(rows.extra.get("abstain", np.zeros(len(rows))), dtype=bool)


def _changes(
    best: NDArray[np.int_], span: NDArray[np.float64], hold: float
) -> list[tuple[int, int]]:
    """Return (before, after) of the changes between labels that lasted ``hold`` seconds.

    A stretch is broken where the person was away: nothing is said of what happened meanwhile.
    """
    found: list[tuple[int, int]] = []
    held: int | None = None
    start = 0
    for row in range(1, len(best) + 1):
        ends = row == len(best)
        away = not ends and span[row, 0] > span[row - 1, 1] + hold
        if ends or away or best[row] != best[start]:
            if span[row - 1, 1] - span[start, 0] >= hold - 1e-6:
                label = int(best[start])
                if held is not None and label != held:
                    found.append((held, label))
                held = label
            start = row
        if away:
            held = None
    return found


def _path(affect: Timeline, step: float) -> NDArray[np.float64]:
    """Return (N, 3) time, valence and arousal, the mean of each ``step`` in which there are any."""
    columns = [affect.scheme.index(name) for name in ("valence", "arousal")]
    values = affect.scores[:, columns].astype(np.float64)
    measured = np.isfinite(values).all(axis=1)
    cells, place = np.unique(np.floor(affect.span[measured, 0] / step + 1e-9), return_inverse=True)
    sums = np.zeros((len(cells), 2))
    np.add.at(sums, place, values[measured])
    counts = np.bincount(place, minlength=len(cells))[:, None]
    return np.column_stack([(cells + 0.5) * step, sums / np.maximum(counts, 1)])


def _peaks(rows: Timeline, most: int) -> tuple[Peak, ...]:
    """Return the strongest rows whose best label is an emotion, apart from each other."""
    best = rows.scores.argmax(axis=1)
    score = rows.scores.max(axis=1, initial=0.0)
    middle = rows.span.mean(axis=1)
    emotional = [row for row in range(len(rows)) if rows.scheme.labels[best[row]] not in _CALM]
    taken: list[int] = []
    for row in sorted(emotional, key=lambda one: (-score[one], one)):
        if len(taken) == most:
            break
        if all(abs(middle[row] - middle[other]) >= SEPARATION for other in taken):
            taken.append(row)
    return tuple(
        Peak(float(rows.span[row, 0]), rows.scheme.labels[best[row]], float(score[row]))
        for row in sorted(taken)
    )
