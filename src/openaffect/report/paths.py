"""Where each face is at any moment, between the frames that were looked at too."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openaffect.types import Timeline

_TOUCHING = 1e-3
HIDING = 0.5
"""Seconds before, after and between sightings for which a face that is to be hidden stays so."""


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """One face at one moment: box (4,) pixels, subject, scores (K,), the timeline's row."""

    box: NDArray[np.float64]
    subject: int
    scores: NDArray[np.float32]
    row: int


class FacePaths:
    """Boxes and scores of a face timeline in seconds, interpolated for each subject.

    Between two rows that follow each other without a pause, box and scores move evenly from one to
    the next; where the boxes do not overlap (a cut, another person) the earlier stays.
    """

    def __init__(self, timeline: Timeline) -> None:
        self._line = timeline
        subjects = timeline.extra.get("subject", np.zeros(len(timeline), dtype=int))
        boxes = timeline.extra.get("box", np.zeros((len(timeline), 4)))
        self._boxes = np.asarray(boxes, dtype=np.float64)
        self._rows: dict[int, NDArray[np.intp]] = {}
        for subject in np.unique(subjects):
            rows = np.flatnonzero(subjects == subject)
            self._rows[int(subject)] = rows[np.argsort(timeline.span[rows, 0], kind="stable")]
        self._starts = {who: timeline.span[rows, 0] for who, rows in self._rows.items()}

    def at(self, time: float) -> list[Sight]:
        """Return the faces shown at ``time`` (seconds), by subject."""
        found = []
        for subject, rows in self._rows.items():
            place = int(np.searchsorted(self._starts[subject], time + 1e-6, side="right")) - 1
            if place < 0 or time >= self._line.span[rows[place], 1] - 1e-6:
                continue
            found.append(self._between(subject, rows, place, time))
        return found

    def every(self) -> list[Sight]:
        """Return all faces of a still."""
        return [
            Sight(self._boxes[row], subject, self._line.scores[row], int(row))
            for subject, rows in self._rows.items()
            for row in rows
        ]

    def hiding(self, time: float) -> NDArray[np.float64]:
        """Return the (M, 4) boxes to hide at ``time``: those of all sightings near in time.

        Half a second around counts, so a face that was missed in a frame or two stays hidden; two
        places of one face are both covered, and all between them.
        """
        boxes = []
        for subject, rows in self._rows.items():
            starts, ends = self._starts[subject], self._line.span[rows, 1]
            first = int(np.searchsorted(starts, time, side="right")) - 1
            near = [
                place
                for place in (first, first + 1)
                if 0 <= place < len(rows) and starts[place] - HIDING <= time <= ends[place] + HIDING
            ]
            if near:
                some = self._boxes[rows[near]]
                boxes.append([*some[:, :2].min(axis=0), *some[:, 2:].max(axis=0)])
        return np.asarray(boxes, dtype=np.float64).reshape(-1, 4)

    def _between(self, subject: int, rows: NDArray[np.intp], place: int, time: float) -> Sight:
        row = int(rows[place])
        box, scores = self._boxes[row], self._line.scores[row]
        if place + 1 < len(rows):
            after = int(rows[place + 1])
            begun, then = self._line.span[row, 0], self._line.span[after, 0]
            follows = then - self._line.span[row, 1] <= _TOUCHING and then > begun
            if follows and _overlap(box, self._boxes[after]):
                share = (time - begun) / (then - begun)
                box = (1 - share) * box + share * self._boxes[after]
                scores = (1 - share) * scores + share * self._line.scores[after]
        return Sight(box, subject, scores, row)


def _overlap(one: NDArray[np.float64], other: NDArray[np.float64]) -> bool:
    sides = np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2])
    return bool((sides > 0).all())
