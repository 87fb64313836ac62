"""Subtitles of an analysis: what is said, and the emotion of that moment."""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openaffect.types.analysis import Analysis
from openaffect.types.timeline import Timeline, Unit

from .stretches import UNSURE, milliseconds, plain, stretches

LINE = 42
"""Characters a line of subtitles, as broadcasters have it; two lines a cue."""
_FELT = ("fused.emotion", "speech.emotion", "text.ekman", "face.emotion")
_SHOWN = ("fused.emotion", "face.emotion", "speech.utterances", "speech.emotion")
_GLIMPSE = 500
"""Milliseconds that a cue of a moment without length is shown, where the next leaves room."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One subtitle: from ``start`` to ``end`` in milliseconds, start < end.

    label: the emotion, ``unsure`` or empty. score: in [0, 1], NaN without. text: what is said,
    on one line, empty where it is not known. who: whose it is, empty where nobody in particular.
    """

    start: int
    end: int
    label: str
    score: float
    text: str = ""
    who: str = ""

    @property
    def tag(self) -> str:
        """What is felt, ``[happiness .82]``; empty where it is not known."""
        if not self.label:
            return ""
        if np.isnan(self.score):
            return f"[{self.label}]"
        share = f"{self.score:.2f}"
        return f"[{self.label} {share[1:] if share.startswith('0') else share}]"

    def lines(self) -> list[str]:
        """Return the words cut into lines; one empty line where there are none."""
        return textwrap.wrap(self.text, LINE, break_on_hyphens=False) or [""]


def cues(analysis: Analysis) -> list[Cue]:
    """Return the subtitles in order of time.

    With a transcript each cue holds at most two lines of words; a longer phrase is cut, its time
    shared by characters. Without one the cues are stretches of one emotion, all together where
    that is known, else of the faces, else of the voice; where nobody was seen or heard there is
    none. Cues of one ``who`` do not overlap; cues of different people may.
    """
    spoken = analysis.timelines.get("speech.transcript")
    if spoken is not None and len(spoken) and "text" in spoken.extra:
        return _ordered([*_spoken(analysis, spoken)])
    for name in _SHOWN:
        timeline = analysis.timelines.get(name)
        if timeline is not None and len(timeline) and timeline.unit is Unit.SECONDS:
            return _ordered([*_felt(timeline)])
    return []


def one_at_a_time(shown: Sequence[Cue]) -> list[tuple[int, int, list[Cue]]]:
    """Return (start, end, the cues of that time): cut wherever a cue begins or ends."""
    edges = sorted({edge for cue in shown for edge in (cue.start, cue.end)})
    order = sorted(shown, key=lambda cue: cue.start)
    parts: list[tuple[int, int, list[Cue]]] = []
    current: list[Cue] = []
    place = 0
    for start, end in itertools.pairwise(edges):
        current = [cue for cue in current if cue.end > start]
        while place < len(order) and order[place].start <= start:
            current.append(order[place])
            place += 1
        if current:
            parts.append((start, end, sorted(current, key=lambda cue: cue.who)))
    return parts


def _spoken(analysis: Analysis, spoken: Timeline) -> Iterator[Cue]:
    felt = next(
        (analysis.timelines[name] for name in _FELT if len(analysis.timelines.get(name, ()))), None
    )
    for (start, end), text in zip(spoken.span.tolist(), spoken.extra["text"], strict=True):
        words = plain(str(text))
        lines = textwrap.wrap(words, LINE, break_on_hyphens=False)
        pieces = [" ".join(lines[at : at + 2]) for at in range(0, len(lines), 2)]
        done, total = 0, sum(map(len, pieces))
        for piece in pieces:
            first = start + (end - start) * done / total
            done += len(piece)
            last = start + (end - start) * done / total
            label, score = ("", float("nan")) if felt is None else emotion_at(felt, first, last)
            yield Cue(milliseconds(first), milliseconds(last), label, score, piece)


def _felt(timeline: Timeline) -> Iterator[Cue]:
    found = stretches(timeline)
    several = len({one.subject for one in found}) > 1
    for one in found:
        who = f"person {one.subject}" if several and one.subject >= 0 else ""
        start, end = milliseconds(one.start), milliseconds(one.end)
        yield Cue(start, end, one.label, one.score, who=who)


def emotion_at(timeline: Timeline, start: float, end: float) -> tuple[str, float]:
    """Return the best label between two times and its mean score.

    Rows count by overlap. What belongs to nobody in particular goes first; of several people
    nobody can tell whose moment it is, and the label is empty, as where there is no row at all.
    ``unsure`` where every row abstains.
    """
    end = max(end, start + 1e-3)
    overlap = np.minimum(timeline.span[:, 1], end) - np.maximum(timeline.span[:, 0], start)
    rows = np.flatnonzero(overlap > 0)
    subjects = timeline.extra.get("subject", np.full(len(timeline), -1))[rows]
    people = np.unique(subjects)
    if not len(rows) or (len(people) > 1 and -1 not in people):
        return "", float("nan")
    rows = rows[subjects == people[0]]
    abstain = timeline.extra.get("abstain", np.zeros(len(timeline), dtype=bool))[rows]
    rows = rows[~np.asarray(abstain, dtype=bool)]
    if not len(rows):
        return UNSURE, float("nan")
    return _best(timeline, rows, overlap[rows])


def _best(
    timeline: Timeline, rows: NDArray[np.intp], weight: NDArray[np.float64]
) -> tuple[str, float]:
    mean = np.average(timeline.scores[rows], axis=0, weights=weight)
    column = int(np.argmax(mean))
    return timeline.scheme.labels[column], float(mean[column])


def _ordered(found: list[Cue]) -> list[Cue]:
    """Sort by time and keep the cues of one person apart, each a millisecond long at least."""
    apart: list[Cue] = []
    for who in sorted({cue.who for cue in found}):
        mine = sorted((cue for cue in found if cue.who == who), key=lambda cue: cue.start)
        latest = 0
        for place, cue in enumerate(mine):
            start = max(latest, cue.start)
            end = cue.end if cue.end > cue.start else start + _GLIMPSE
            if place + 1 < len(mine):
                end = min(end, mine[place + 1].start)
            latest = max(start + 1, end)
            apart.append(Cue(start, latest, cue.label, cue.score, cue.text, cue.who))
    return sorted(apart, key=lambda cue: (cue.start, cue.who))
