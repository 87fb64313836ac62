"""What a study keeps of one recording: whom it is about, shares, means and windows."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from openaffect.types.analysis import Analysis
from openaffect.types.errors import InvalidValueError
from openaffect.types.scheme import Kind
from openaffect.types.timeline import Timeline, Unit

from .evaluate_rows import Row
from .people_summary import TimeShare, share_of_time
from .study_windows import NOBODY, Windows, windows

ENDINGS = (".emotion", ".affect", ".ekman", ".sentiment", ".strength", ".engagement", ".dynamic")
"""How the names of the timelines end that a study takes."""


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """One recording of a participant.

    cells: its row of the table. subject: whom the summary is about, :data:`NOBODY` where no
    person is told apart; people: how many were seen. shares: by emotion timeline, the subject's.
    affect: by timeline, (valence, arousal), the subject's means by length. windows: of everybody.
    """

    cells: Mapping[str, str]
    subject: int
    people: int
    shares: Mapping[str, TimeShare]
    affect: Mapping[str, tuple[float, float]]
    windows: tuple[Windows, ...]

    @property
    def file(self) -> str:
        """What the table calls it."""
        return self.cells["file"]

    @property
    def participant(self) -> str:
        """Who it is of."""
        return self.cells["participant"]

    def counts(self, one: Windows) -> bool:
        """Tell whether windows are the subject's, or of nobody where the stream lacks them."""
        if one.subject == self.subject:
            return True
        own = any(w.stream == one.stream and w.subject == self.subject for w in self.windows)
        return one.subject == NOBODY and not own


def recording_of(row: Row, analysis: Analysis, every: float) -> Recording:
    """Return what a study keeps of an analysis, in windows of ``every`` seconds.

    Raises :class:`InvalidValueError` when the row's subject was not seen in it.
    """
    lines = {n: line for n, line in analysis.timelines.items() if n.endswith(ENDINGS)}
    people = _people(lines)
    subject = _subject(row.get("subject", ""), people)
    mine = {name: _mine(line, subject) for name, line in lines.items()}
    named = (Kind.CATEGORIES, Kind.MULTILABEL)
    return Recording(
        cells=row,
        subject=subject,
        people=len(people),
        shares={n: share_of_time(line) for n, line in mine.items() if line.scheme.kind in named},
        affect={n: _means(line) for n, line in mine.items() if n.endswith(".affect")},
        windows=tuple(_all_windows(lines, every)),
    )


def _all_windows(lines: Mapping[str, Timeline], every: float) -> Iterator[Windows]:
    for name, line in lines.items():
        yield from windows(name, line, every)


def _people(lines: Mapping[str, Timeline]) -> list[int]:
    """Return the people told apart, those longest on screen first."""
    for name in ("face.emotion", *lines):
        if name in lines and "subject" in lines[name].extra:
            line = lines[name]
            who, place = np.unique(line.extra["subject"], return_inverse=True)
            lasts = np.diff(line.span).ravel() if line.unit is Unit.SECONDS else np.ones(len(line))
            seconds = np.bincount(place, lasts, len(who))
            order = np.argsort(-seconds, kind="stable")
            if found := [int(one) for one in who[order] if one != NOBODY]:
                return found
    return []


def _subject(cell: str, people: list[int]) -> int:
    if not cell:
        return people[0] if people else NOBODY
    if cell not in map(str, people):
        known = ", ".join(map(str, sorted(people))) or "nobody"
        raise InvalidValueError(f"subject {cell!r} was not seen in it; it has {known}")
    return int(cell)


def _mine(line: Timeline, subject: int) -> Timeline:
    """Return the subject's rows, or those of nobody in particular where there are none."""
    if "subject" not in line.extra:
        return line
    subjects = line.extra["subject"]
    return line.select(subjects == (subject if (subjects == subject).any() else NOBODY))


def _means(line: Timeline) -> tuple[float, float]:
    """Return mean valence and arousal by length, without rows that abstain or lack either."""
    if not {"valence", "arousal"} <= set(line.scheme.labels):
        return math.nan, math.nan
    pair = np.stack([line.column("valence"), line.column("arousal")], axis=1).astype(np.float64)
    abstain = np.asarray(line.extra.get("abstain", np.zeros(len(line))), dtype=bool)
    lasts = np.diff(line.span).ravel() if line.unit is Unit.SECONDS else np.ones(len(line))
    weight = np.where(np.isfinite(pair).all(axis=1) & ~abstain, lasts, 0.0)
    if weight.sum() <= 0:
        return math.nan, math.nan
    valence, arousal = np.average(np.nan_to_num(pair), axis=0, weights=weight).tolist()
    return valence, arousal
