"""What makes a file of this folder a kind of plot, and what all of them are asked with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from openaffect.types import Analysis, InvalidValueError, Progress, Timeline, no_progress

if TYPE_CHECKING:
    from openaffect.pipeline.run import Models


def _silence(text: str) -> None:
    """Say nothing."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be drawn.

    result: an analysis, or the JSON form of an analysis or an evaluation. media: the analysed file,
    where it is not where the analysis says. at: the moment in seconds, subject: the person, label:
    the emotion; each found by itself where ``None``. anonymize: no face is to be seen. progress and
    notice: told how far it is, and of what is left out.
    """

    result: Analysis | Mapping[str, Any]
    media: Path | None = None
    at: float | None = None
    subject: int | None = None
    label: str | None = None
    anonymize: bool = False
    progress: Progress = no_progress
    notice: Callable[[str], None] = _silence

    def analysis(self) -> Analysis:
        """Return the analysis, or raise :class:`InvalidValueError` where it is none."""
        if isinstance(self.result, Analysis):
            return self.result
        return Analysis.from_dict(self.result)

    def file(self, analysis: Analysis) -> Path:
        """Return where the analysed file is."""
        return self.media or Path(analysis.source)

    def hides(self, analysis: Analysis) -> bool:
        """Tell whether no face is to be seen."""
        return self.anonymize or bool(analysis.facts.get("anonymize"))

    def models(self, modality: str) -> Models:
        """Return what sees, hears and reads, for a plot that has to ask again."""
        from openaffect.pipeline import analyze
        from openaffect.pipeline.options import Options

        return analyze.Kit(Options(modality=modality, transcript=False))

    def compare(self, timeline: Timeline, row: int, answer: Timeline) -> None:
        """Give notice where a model asked again says something else than the result's row."""
        before, now = timeline.best()[row], answer.best()[0]
        if before != now:
            self.notice(
                f"the model says {now} now, the result says {before}: another version made it; "
                "analyse the file again"
            )

    def row(self, timeline: Timeline, name: str) -> int:
        """Return the row asked for by ``at`` and ``subject``; the surest one where neither is set.

        Raises :class:`InvalidValueError` when there is none.
        """
        fits = np.ones(len(timeline), dtype=bool)
        if self.subject is not None:
            subjects = timeline.extra.get("subject", np.full(len(timeline), -1))
            fits &= subjects == self.subject
        if self.at is not None:
            fits &= (timeline.span[:, 0] <= self.at) & (self.at <= timeline.span[:, 1])
        if not fits.any():
            asked = [
                f"{what} {value:g}"
                for what, value in (("second", self.at), ("person", self.subject))
                if value is not None
            ]
            raise InvalidValueError(
                f"{name} has no row of {' and '.join(asked) or 'anybody'}; it has "
                f"{len(timeline)} rows"
            )
        certain = timeline.scores.max(axis=1)
        abstain = timeline.extra.get("abstain", np.zeros(len(timeline), dtype=bool))
        return int(np.argmax(np.where(fits, certain - 2.0 * abstain, -np.inf)))


@dataclass(frozen=True, slots=True)
class Plot:
    """One kind of plot; its name is that of its file.

    title: what it shows, for a person. draw: makes the matplotlib figure, and raises
    :class:`InvalidValueError` where the result has nothing of that kind.
    """

    title: str
    draw: Callable[[Wanted], Any]


def timeline_of(analysis: Analysis, name: str, kind: str) -> Timeline:
    """Return a timeline with rows, or raise :class:`InvalidValueError` naming what is missing."""
    timeline = analysis.timelines.get(name)
    if timeline is None or not len(timeline):
        raise InvalidValueError(
            f"{analysis.source} has no {name}, which a plot of kind {kind!r} draws; it has: "
            f"{', '.join(analysis.timelines) or 'nothing'}"
        )
    return timeline
