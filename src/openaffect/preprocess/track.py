"""Give faces stable identities through a video.

Each face is carried forward at its own speed and matched to the new boxes by overlap, all pairs at
once at the least total cost (Bewley et al., "Simple Online and Realtime Tracking", ICIP 2016, with
a steady-speed filter in place of the Kalman filter). Overlap is the generalised kind (Rezatofighi
et al., CVPR 2019), which also ranks boxes that do not touch. Where looks are given, people who left
or whom a cut moved are known again by them alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.types import InvalidValueError

from .known_people import LEAST_LIKENESS, KnownPeople

_LEAST_OVERLAP = -0.35
_LEAST_MOVING = 0.5
_FOLLOW = 0.5
_REMEMBER = 0.9


@dataclass(slots=True)
class _Track:
    subject: int
    box: NDArray[np.float64]
    speed: NDArray[np.float64]
    time: float
    descriptor: NDArray[np.float64] | None = None

    def at(self, time: float, hold: float) -> NDArray[np.float64]:
        """Return where the box is expected; speed is trusted for ``hold`` seconds."""
        shift = self.speed * min(time - self.time, hold)
        return self.box + np.tile(shift, 2)


class Tracker:
    """Numbers faces from 0, a new number for each newcomer.

    gap: seconds for which a face that was lost is still expected where it was going. After that, or
    after a cut, it is known again by its looks, where these are given, and else a newcomer.
    people: how many people's looks are remembered; those away longest are forgotten first.
    """

    def __init__(self, *, gap: float = 1.0, people: int = 64) -> None:
        if not gap >= 0:
            raise InvalidValueError(f"gap is {gap}; expected seconds, 0 or more")
        if people < 1:
            raise InvalidValueError(f"people is {people}; at least 1 is remembered")
        self._gap = gap
        self._known = KnownPeople(people)
        self._tracks: list[_Track] = []
        self._time = -np.inf
        self._next = 0

    def update(
        self,
        time: float,
        boxes: NDArray[np.floating],
        descriptors: NDArray[np.floating] | None = None,
        *,
        cut: bool = False,
    ) -> NDArray[np.int64]:
        """Return the (N,) subject of each box of one frame.

        Parameters
        ----------
        time: seconds; each call's must be later than the one before.
        boxes: (N, 4) pixels x0, y0, x1, y1, N may be 0.
        descriptors: (N, D) of appearance, any length; where given, a pair whose cosine is below 0.5
            is never one person, and the cosine weighs as much as the overlap. A box that nobody
            moved to is somebody seen before from a cosine of 0.88.
        cut: a cut lies before this frame: where faces were before it says nothing.

        Raises :class:`InvalidValueError` for other shapes or a time that does not advance.
        """
        places, looks = self._checked(time, boxes, descriptors)
        self._time = time
        kept = () if cut else self._tracks
        self._tracks = [track for track in kept if time - track.time <= self._gap]
        expected = np.array([t.at(time, self._gap / 4) for t in self._tracks]).reshape(-1, 4)
        gain = generalised_overlap(expected, places)
        allowed = gain > _LEAST_OVERLAP
        if looks is not None:
            likeness = self._likeness(looks)
            allowed &= likeness > _LEAST_MOVING
            gain = gain + likeness
        subjects = np.full(len(places), -1, np.int64)
        for row, column in assign(np.where(allowed, 4 - gain, 1e3)):
            if allowed[row, column]:
                subjects[column] = self._tracks[row].subject
                self._move(self._tracks[row], time, places[column], looks, column)
        if looks is not None:
            self._recognise(subjects, looks)
        for column in np.flatnonzero(subjects < 0).tolist():
            subjects[column] = self._next
            self._next += 1
        moved = {track.subject for track in self._tracks if track.time == time}
        for column, subject in enumerate(subjects.tolist()):
            look = None if looks is None else looks[column]
            if subject not in moved:
                self._tracks = [track for track in self._tracks if track.subject != subject]
                self._tracks.append(_Track(subject, places[column], np.zeros(2), time, look))
            if look is not None:
                self._known.see(subject, look, time)
        return subjects

    def state(self) -> dict[str, Any]:
        """Return JSON values from which :meth:`restore` goes on exactly as this tracker would."""
        return {
            "time": self._time if np.isfinite(self._time) else None,
            "next": self._next,
            "known": self._known.state(),
            "tracks": [
                [
                    track.subject,
                    track.box.tolist(),
                    track.speed.tolist(),
                    track.time,
                    None if track.descriptor is None else track.descriptor.tolist(),
                ]
                for track in self._tracks
            ],
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a :meth:`state`."""
        self._time = -np.inf if state["time"] is None else float(state["time"])
        self._next = int(state["next"])
        self._known.restore(state["known"])
        self._tracks = [
            _Track(
                subject,
                np.array(box, np.float64),
                np.array(speed, np.float64),
                time,
                None if look is None else np.array(look, np.float64),
            )
            for subject, box, speed, time, look in state["tracks"]
        ]

    def _recognise(self, subjects: NDArray[np.int64], looks: NDArray[np.float64]) -> None:
        """Give boxes without a subject (-1) to people seen before who are not in this frame."""
        columns = np.flatnonzero(subjects < 0)
        people, likeness = self._known.likeness(looks[columns], set(subjects.tolist()))
        for row, place in assign(1 - np.where(likeness >= LEAST_LIKENESS, likeness, -1.0)):
            if likeness[row, place] >= LEAST_LIKENESS:
                subjects[columns[place]] = people[row]

    def _checked(
        self, time: float, boxes: NDArray[np.floating], descriptors: NDArray[np.floating] | None
    ) -> tuple[NDArray[np.float64], NDArray[np.float64] | None]:
        if not time > self._time:
            raise InvalidValueError(f"time {time} s does not come after {self._time} s")
        places: NDArray[np.float64] = np.array(boxes, np.float64)
        if places.size == 0:
            places = places.reshape(0, 4)
        if places.ndim != 2 or places.shape[1] != 4:
            raise InvalidValueError(f"boxes have shape {places.shape}; expected (N, 4)")
        if descriptors is None:
            return places, None
        looks: NDArray[np.float64] = np.array(descriptors, np.float64)
        if looks.ndim != 2 or len(looks) != len(places):
            raise InvalidValueError(
                f"descriptors have shape {looks.shape}; expected ({len(places)}, D), one a box"
            )
        return places, looks / np.maximum(np.linalg.norm(looks, axis=1, keepdims=True), 1e-12)

    def _likeness(self, looks: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (tracks, N) cosines; 1 where a track was never described."""
        table = np.ones((len(self._tracks), len(looks)))
        for row, track in enumerate(self._tracks):
            if track.descriptor is not None:
                table[row] = looks @ track.descriptor
        return table

    def _move(
        self,
        track: _Track,
        time: float,
        box: NDArray[np.float64],
        looks: NDArray[np.float64] | None,
        column: int,
    ) -> None:
        moved = (box - track.box).reshape(2, 2).mean(axis=0) / (time - track.time)
        track.speed = _FOLLOW * moved + (1 - _FOLLOW) * track.speed
        track.box, track.time = box, time
        if looks is not None:
            old = looks[column] if track.descriptor is None else track.descriptor
            mixed = _REMEMBER * old + (1 - _REMEMBER) * looks[column]
            track.descriptor = mixed / max(float(np.linalg.norm(mixed)), 1e-12)


def generalised_overlap(
    first: NDArray[np.float64], second: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the (M, N) generalised intersection over union of boxes, in (-1, 1].

    Rezatofighi et al. (2019), algorithm 1: intersection over union, less the share of the smallest
    box around both that belongs to neither.
    """
    low = np.maximum(first[:, None, :2], second[None, :, :2])
    high = np.minimum(first[:, None, 2:], second[None, :, 2:])
    common = np.prod(np.clip(high - low, 0, None), axis=2)
    areas = [np.prod(boxes[:, 2:] - boxes[:, :2], axis=1) for boxes in (first, second)]
    union = np.maximum(areas[0][:, None] + areas[1][None, :] - common, 1e-9)
    low = np.minimum(first[:, None, :2], second[None, :, :2])
    high = np.maximum(first[:, None, 2:], second[None, :, 2:])
    around = np.maximum(np.prod(high - low, axis=2), 1e-9)
    return np.asarray(common / union - (around - union) / around)


def assign(cost: NDArray[np.float64]) -> list[tuple[int, int]]:
    """Return the pairs (row, column) of least total cost, each row and column used once at most.

    The Hungarian method by shortest augmenting paths (Jonker and Volgenant, "A shortest augmenting
    path algorithm for dense and sparse linear assignment problems", Computing 38, 1987). All of the
    shorter side is paired; pairs come in the order of the rows.
    """
    if cost.shape[0] > cost.shape[1]:
        return sorted((row, column) for column, row in assign(cost.T))
    rows, columns = cost.shape
    row_price, column_price = np.zeros(rows), np.zeros(columns)
    owner = np.full(columns, -1)
    for row in range(rows):
        column, before = _augment(cost, row, owner, row_price, column_price)
        while column >= 0:
            previous = before[column]
            owner[column] = row if previous < 0 else owner[previous]
            column = previous
    return sorted((int(owner[c]), int(c)) for c in np.flatnonzero(owner >= 0))


def _augment(
    cost: NDArray[np.float64],
    start: int,
    owner: NDArray[np.int_],
    row_price: NDArray[np.float64],
    column_price: NDArray[np.float64],
) -> tuple[int, NDArray[np.int_]]:
    """Find the cheapest path from row ``start`` to a free column, and update the prices.

    Returns that column and, for each column, the one before it on its path (-1 for none).
    """
    columns = cost.shape[1]
    distance, before = np.full(columns, np.inf), np.full(columns, -1)
    done = np.zeros(columns, bool)
    row, reached, last = start, 0.0, -1
    while True:
        through = reached + cost[row] - row_price[row] - column_price
        shorter = ~done & (through < distance)
        distance[shorter], before[shorter] = through[shorter], last
        last = int(np.argmin(np.where(done, np.inf, distance)))
        reached = float(distance[last])
        if owner[last] < 0:
            break
        done[last] = True
        row = int(owner[last])
    for column in np.flatnonzero(done):
        row_price[owner[column]] += reached - distance[column]
        column_price[column] -= reached - distance[column]
    row_price[start] += reached
    return last, before
