"""Faces in a picture, and people through a video."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openaffect.types.media import VideoFrame
from openaffect.types.protocols import Progress, Recognizer
from openaffect.types.scheme import Scheme
from openaffect.types.schemes import ARKIT52, FACS_AU, HEAD_POSE, PRIMARY8
from openaffect.types.timeline import Timeline, Unit, concatenate

from .follow import Follower, Tracker
from .prefetch import prefetch
from .rows import BATCH, placed
from .spill import Spill
from .spread import spread

STREAM = "face"
LEAST_QUALITY = 0.2
"""Below this quality of a face (0 to 1) its rows of emotion abstain."""
_PART = 30.0
_AHEAD = 4


@dataclass(frozen=True, slots=True, eq=False)
class Faces:
    """The N faces of one picture.

    box: (N, 4) float32 pixels x0, y0, x1, y1. quality: (N,) float32 in [0, 1]. pose: (N, 3) float32
    degrees. crops: N pictures (H, W, 3) uint8, aligned. blendshapes: (N, 52) float32, or ``None``
    where they are not measured. looks: (N, D) float32 descriptions to know people again by, and
    glance: (18, 32) uint8, the whole picture in miniature, or ``None`` where nobody is followed.
    """

    box: NDArray[np.float32]
    quality: NDArray[np.float32]
    pose: NDArray[np.float32]
    crops: Sequence[NDArray[np.uint8]]
    blendshapes: NDArray[np.float32] | None = None
    looks: NDArray[np.float32] | None = None
    glance: NDArray[np.uint8] | None = None

    def __len__(self) -> int:
        return len(self.box)


@dataclass(frozen=True, slots=True)
class FaceParts:
    """What sees.

    find: from a picture to its faces. tracker: makes a new tracker. emotion: recognises crops, may
    be missing. affect: from a timeline of emotion to one of valence and arousal. action_units: from
    (N, 52) blendshapes to (N, 21) intensities. mesh_card, blendshape_card: what made the geometry.
    workers: threads that find faces at once, each in a frame of its own; the result is the same.
    """

    find: Callable[[NDArray[np.uint8]], Faces]
    tracker: Callable[[], Tracker]
    emotion: Recognizer | None
    affect: Callable[[Timeline], Timeline]
    action_units: Callable[[NDArray[Any]], NDArray[Any]]
    mesh_card: str = ""
    blendshape_card: str = ""
    workers: int = 1


def look(image: NDArray[np.uint8], parts: FaceParts) -> dict[str, Timeline]:
    """Return the timelines of one picture: unit ``whole``, one row a face, subjects 0 to N - 1."""
    faces = parts.find(image)
    seen = _Seen((0.0, 0.0), faces, np.arange(len(faces), dtype=np.int64))
    return _recognized([seen], parts, Unit.WHOLE)


def watch(
    frames: Callable[[float], Iterator[VideoFrame]],
    parts: FaceParts,
    spill: Spill,
    progress: Progress,
    *,
    every: float | None,
    duration: float | None,
) -> None:
    """Look at a video into ``spill``, from where the spill ends.

    ``frames`` is called with the time to start from, in seconds. Frames are decoded in a second
    thread, at most a few ahead, and ``parts.workers`` are looked at at once; faces are recognised
    together across frames in one more thread, and written away every half minute. A row lasts until
    the next frame looked at.
    """
    if spill.finished(STREAM):
        return
    follower = Follower(parts.tracker())
    start = _resumed(follower, spill)

    def find(seen: tuple[VideoFrame, float]) -> Faces:
        return parts.find(seen[0].image)

    with ThreadPoolExecutor(1, thread_name_prefix="openaffect-recognize") as pool:
        strip = _Strip(parts, spill, pool, follower)
        frames_ahead = _spanned(prefetch(_from(frames, start), ahead=_AHEAD), every)
        for (frame, end), faces in spread(find, frames_ahead, workers=parts.workers):
            subjects = follower.follow(frame.time, faces.box, faces.looks, faces.glance)
            strip.add(_Seen((frame.time, end), faces, subjects))
            progress(STREAM, end, duration)
        strip.write()
    spill.finish(STREAM)


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """The faces of one frame: its span in seconds and the subject of each face."""

    span: tuple[float, float]
    faces: Faces
    subjects: NDArray[np.int64]


class _Strip:
    """Frames since the last part; at most two batches of crops are held."""

    def __init__(self, parts: FaceParts, spill: Spill, pool: Executor, follower: Follower) -> None:
        self._parts = parts
        self._follower = follower
        self._spill = spill
        self._pool = pool
        self._begin()

    def _begin(self) -> None:
        self._start: float | None = None
        self._end = 0.0
        self._waiting: list[_Seen] = []
        self._found: list[Future[dict[str, Timeline]]] = []

    def add(self, seen: _Seen) -> None:
        """Take the next frame; recognise when a batch is full, write when a part is."""
        if self._start is None:
            self._start = seen.span[0]
        self._end = seen.span[1]
        self._waiting.append(seen)
        if sum(len(item.faces) for item in self._waiting) >= BATCH:
            self._recognize()
        if self._end - self._start >= _PART:
            self.write()

    def write(self) -> None:
        """Write what was seen since the last part as one part."""
        if self._start is None:
            return
        if self._waiting:
            self._recognize()
        parts = [found.result() for found in self._found]
        covered = [(self._start, self._end)]
        lines = {name: concatenate([part[name] for part in parts]) for name in parts[0]}
        self._spill.append(
            STREAM,
            {name: placed(t, t.span, t.unit, coverage=covered) for name, t in lines.items()},
            {"next": self._end, "people": self._follower.state()},
        )
        self._begin()

    def _recognize(self) -> None:
        if self._found:
            self._found[-1].result()
        task = partial(_recognized, self._waiting, self._parts, Unit.SECONDS)
        self._found.append(self._pool.submit(task))
        self._waiting = []


def _from(
    frames: Callable[[float], Iterator[VideoFrame]], start: float | None
) -> Iterator[VideoFrame]:
    """Yield frames from exactly ``start`` on; where seeking misses it, from the beginning."""
    if start is None:
        yield from frames(0.0)
        return
    ahead = frames(start)
    for frame in ahead:
        if frame.time > start + 1e-6:
            break
        if frame.time >= start - 1e-6:
            yield frame
            yield from ahead
            return
    yield from (frame for frame in frames(0.0) if frame.time >= start - 1e-6)


def _spanned(
    frames: Iterator[VideoFrame], every: float | None
) -> Iterator[tuple[VideoFrame, float]]:
    """Yield each frame with the time of the next; the last lasts as long as it is shown."""
    held: VideoFrame | None = None
    for frame in frames:
        if held is not None:
            yield held, frame.time
        held = frame
    if held is not None:
        lasts = held.duration if every is None else min(held.duration, every)
        yield held, held.time + lasts


def _resumed(follower: Follower, spill: Spill) -> float | None:
    """Let the follower know whom it knew, and return the time to go on from."""
    start = None
    state = None
    for part in spill.parts(STREAM):
        start, state = part.state["next"], part.state["people"]
    if state is not None:
        follower.restore(state)
    return start


def _recognized(seen: list[_Seen], parts: FaceParts, unit: Unit) -> dict[str, Timeline]:
    """Return the timelines of some frames, one row a face, in order of time."""
    span = np.asarray([item.span for item in seen for _ in range(len(item.faces))])
    quality = np.concatenate([item.faces.quality for item in seen])
    extra = {
        "box": np.concatenate([item.faces.box for item in seen]),
        "subject": np.concatenate([item.subjects for item in seen]),
        "quality": quality,
    }

    def line(scheme: Scheme, scores: ArrayLike, model: str) -> Timeline:
        table = np.asarray(scores, dtype=np.float32).reshape(-1, len(scheme))
        return Timeline(scheme, table, span, unit=unit, extra=extra, model=model)

    found: dict[str, Timeline] = {}
    if parts.emotion is not None:
        whole = parts.emotion([crop for item in seen for crop in item.faces.crops])
        unsure = np.asarray(whole.extra.get("abstain", np.zeros(len(whole))), dtype=bool)
        abstain = unsure | (quality < LEAST_QUALITY)
        found["face.emotion"] = placed(whole, span, unit, extra={**extra, "abstain": abstain})
        if whole.scheme == PRIMARY8:
            found["face.affect"] = parts.affect(found["face.emotion"])
    pose = np.concatenate([item.faces.pose for item in seen])
    found["face.pose"] = line(HEAD_POSE, pose, parts.mesh_card)
    shapes = [item.faces.blendshapes for item in seen if item.faces.blendshapes is not None]
    if shapes:
        weights = np.concatenate(shapes)
        found["face.blendshapes"] = line(ARKIT52, weights, parts.blendshape_card)
        units = parts.action_units(weights)
        found["face.action_units"] = line(FACS_AU, units, parts.blendshape_card)
    return found
