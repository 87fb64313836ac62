"""Measure how drawn people are followed, and what is read off their eyes and faces.

    python benchmarks/people.py --out benchmarks/results/people.md

Simulated: ``_heads.py``'s drawn people, nobody is filmed. Numbers: four clips of three people each
(odd seeds from 401; the limits were chosen on even ones) with four shots, an occlusion, somebody
who leaves and returns and somebody who joins, five frames a second; tracked by motion alone and
with looks and cuts, on the same detections. Signals: one clip of two people at 25 frames a second
with blinks, long closures, brief movements (0.32 s) and slow ones that must not count.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import _heads
import numpy as np
from _table import publish
from numpy.typing import NDArray

from openaffect.metrics.tracking import identity_f1, identity_switches, paired
from openaffect.pipeline.faces import Faces
from openaffect.pipeline.follow import Follower
from openaffect.pipeline.people_signals import signals
from openaffect.preprocess.track import Tracker
from openaffect.types import Timeline
from openaffect.types.schemes import ARKIT52, HEAD_POSE

Finder = Callable[[NDArray[np.uint8]], Faces]
Cast = list[tuple[int, _heads.Look]]
"""Who is in a frame, by seed, and how."""

RATE, SECONDS = 5, 14.0
DENSE_RATE, DENSE_SECONDS = 25, 12.0
EYED = (431, 433)
BLINKS = {431: (0.8, 2.6, 5.1, 9.6), 433: (1.5, 4.4, 7.0, 10.8)}
SHUT = {431: (6.5, 8.1), 433: (8.6, 9.6)}
BRIEF = {431: (3.6, 10.6), 433: (2.7, 5.8)}
SLOW = {431: (4.0, 4.8), 433: (10.0, 10.6)}
_NEAR = 0.15


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clips", type=int, default=4, help="of three people each (default: 4)")
    parser.add_argument("--frames", type=Path, help="folder for a few of the drawn frames")
    parser.add_argument("--out", type=Path, help="write the tables there as well")
    args = parser.parse_args()
    from openaffect.pipeline.kit import Kit
    from openaffect.pipeline.notes import Notes
    from openaffect.pipeline.options import Options

    parts = Kit(Options(modality="face", threads=1)).faces(Notes())
    assert parts is not None
    lines = [
        "# Drawn people, followed (simulated)",
        "",
        f"`python benchmarks/people.py --clips {args.clips}`; IDF1 and identity switches on",
        "the same detections; before: by motion alone, after: with looks, memory and cuts.",
        "The limit of likeness was chosen on other people; that of a cut on frames of these clips.",
        "",
        "| clip | faces shown | IDF1 before | after | switches before | after |",
        "|---|--:|--:|--:|--:|--:|",
        *numbers(parts.find, args.clips, args.frames),
        "",
        *read_off(parts.find, args.frames),
    ]
    table = "\n".join(lines) + "\n"
    publish(table, args.out)
    return 0


@dataclass(frozen=True)
class Shown:
    """One frame: when, who is where, and what was found in it."""

    time: float
    cast: Cast
    faces: Faces

    def places(self) -> NDArray[np.float64]:
        """Return the (M, 4) true boxes, of the head from ear to ear."""
        rows = [
            (at.x - at.size / 2, at.y - 0.4 * at.size, at.x + at.size / 2, at.y + 0.6 * at.size)
            for _, at in self.cast
        ]
        return np.array(rows).reshape(-1, 4)


def numbers(find: Finder, clips: int, folder: Path | None) -> Iterator[str]:
    """Yield a row of the table of identities for each clip, and one for all."""
    sums = np.zeros(5)
    for clip in range(clips):
        people = (401 + 6 * clip, 403 + 6 * clip, 405 + 6 * clip)
        times = np.arange(round(SECONDS * RATE)) / RATE
        frames = [(float(time), *story(float(time), people, clip)) for time in times]
        seen = list(filmed(find, frames, folder, f"clip{clip}", every=12))
        tracker, follower = Tracker(), Follower(Tracker())
        before = [tracker.update(one.time, one.faces.box) for one in seen]
        after = [
            follower.follow(one.time, one.faces.box, one.faces.looks, one.faces.glance)
            for one in seen
        ]
        scores = [judged(seen, found) for found in (before, after)]
        count = sum(len(one.cast) for one in seen)
        row = np.array([count, *(s[0] for s in scores), *(s[1] for s in scores)])
        sums += row
        yield _row(", ".join(map(str, people)), row)
    sums[1:3] /= clips
    yield _row("**all** (IDF1: mean)", sums)


def _row(title: str, row: NDArray[np.float64]) -> str:
    return f"| {title} | {row[0]:.0f} | {row[1]:.3f} | {row[2]:.3f} | {row[3]:.0f} | {row[4]:.0f} |"


def judged(seen: list[Shown], found: list[NDArray[np.int64]]) -> tuple[float, float]:
    """Return IDF1 and switches."""
    truth, numbered = paired(
        (
            ([who for who, _ in one.cast], one.places(), subjects, one.faces.box)
            for one, subjects in zip(seen, found, strict=True)
        ),
        least=0.3,
    )
    return identity_f1(truth, numbered), identity_switches(truth, numbered)


def story(time: float, people: tuple[int, int, int], clip: int) -> tuple[Cast, int, float | None]:
    """Return who is in a frame, its background, and where a board hides what is behind it."""
    one, two, three = people
    sway = 12 * np.sin(2.1 * time + clip)
    turn = 15 * np.sin(0.9 * time + 2 * clip)
    left = _heads.Look(x=180 + sway, y=230, size=130, yaw=turn, gaze=(turn, 0))
    right = left.at(x=460 - sway, yaw=-turn, gaze=(-turn, 0))
    near = left.at(x=320 + sway, y=250, size=200)
    seed = 10 * clip
    if time < 3:
        return [(one, left), (two, right)], seed, None
    if time < 5:
        return [(two, near)], seed + 1, None
    if time < 7:
        return [(two, left), (one, right)], seed, None
    if time < 9:
        board = 180 + sway if 7.6 <= time < 8.6 else None
        return [(two, left), (one, right)], seed, board
    if time < 12:
        joins = [(three, right)] if time >= 10 else []
        return [(two, left), *joins], seed, None
    return [(three, left), (one, right)], seed + 2, None


def filmed(
    find: Finder,
    frames: Sequence[tuple[float, Cast, int, float | None]],
    folder: Path | None,
    name: str,
    every: int,
) -> Iterator[Shown]:
    """Draw and look at frames, two at once."""

    def one(number: int) -> Shown:
        time, cast, seed, board = frames[number]
        picture = _heads.scene(seed)
        for who, look in cast:
            _heads.draw(picture, _heads.person(who), look, light=0.4 * (-1) ** seed)
        if board is not None:
            picture[60:, int(board) - 80 : int(board) + 80] = (96, 92, 84)
        picture = _heads.finish(picture, number)
        if folder is not None and number % every == 0:
            import cv2

            folder.mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(folder / f"{name}-{number:03d}.png"), picture[..., ::-1])
        hidden = [] if board is None else [who for who, at in cast if abs(at.x - board) < 80]
        return Shown(time, [pair for pair in cast if pair[0] not in hidden], find(picture))

    with ThreadPoolExecutor(2) as pool:
        yield from pool.map(one, range(len(frames)))


def read_off(find: Finder, folder: Path | None) -> Iterator[str]:
    """Yield the table of blinks, closures and brief movements."""
    times = np.arange(round(DENSE_SECONDS * DENSE_RATE)) / DENSE_RATE
    frames = [
        (float(t), [(who, acted(who, float(t), side)) for side, who in enumerate(EYED)], 77, None)
        for t in times
    ]
    seen = list(filmed(find, frames, folder, "signals", every=33))
    found = signals(measured(seen), {})
    shut = {who: [frame[1][side][1].blink for frame in frames] for side, who in enumerate(EYED)}
    yield from (
        f"Signals, {len(seen)} frames of two people at {DENSE_RATE} a second:",
        "",
        "| signal | true | found of them | found in all |",
        "|---|--:|--:|--:|",
    )
    for label, truth in (
        ("blink", BLINKS),
        ("long_closure", {who: [sum(span) / 2] for who, span in SHUT.items()}),
        ("micro_expression_candidate", BRIEF),
    ):
        yield matched(found["face.events"], label, truth)
    yield from ("", "| PERCLOS | true | found |", "|---|--:|--:|")
    engagement = found["face.engagement"]
    for side, who in enumerate(EYED):
        rows = engagement.extra["subject"] == side
        value = engagement.column("perclos")[rows].mean()
        yield f"| person {who} | {np.mean(np.array(shut[who]) >= 0.8):.3f} | {value:.3f} |"


def acted(who: int, time: float, side: int) -> _heads.Look:
    """Return how a person of the dense clip is at a time."""
    blink = max(
        float(np.interp(time, [at, at + 0.12, at + 0.16, at + 0.32], [0, 1, 1, 0]))
        for at in BLINKS[who]
    )
    start, end = SHUT[who]
    blink = max(blink, float(np.interp(time, [start, start + 0.12, end - 0.12, end], [0, 1, 1, 0])))
    smile = max(
        float(np.interp(time, [at, at + 0.16, at + 0.32], [0, 0.7, 0])) for at in BRIEF[who]
    )
    on, full = SLOW[who]
    smile = max(smile, float(np.interp(time, [on, full, full + 0.4, full + 1], [0, 0.8, 0.8, 0])))
    return _heads.Look(
        x=180 + 280 * side, size=150, yaw=5 * np.sin(time), blink=blink,
        expression={"mouthSmile_L": smile, "mouthSmile_R": smile},
    )  # fmt: skip


def measured(seen: list[Shown]) -> dict[str, Timeline]:
    """Return what the pipeline would have measured; subject 0 is at the left, 1 at the right."""
    rows: list[tuple[float, int, Any, Any, Any, float]] = []
    for one in seen:
        middles = one.faces.box[:, [0, 2]].mean(axis=1)
        assert one.faces.blendshapes is not None
        for row, middle in enumerate(middles):
            side = int(middle > 320)
            if np.abs(middles[(middles > 320) == bool(side)] - middle).max() == 0:
                rows.append((
                    one.time, side, one.faces.box[row], one.faces.pose[row],
                    one.faces.blendshapes[row], float(one.faces.quality[row]),
                ))  # fmt: skip
    times, sides, boxes, poses, weights, quality = (
        list(column) for column in zip(*rows, strict=True)
    )
    span = np.column_stack([times, np.array(times) + 1 / DENSE_RATE])
    extra = {"box": np.array(boxes), "subject": np.array(sides), "quality": np.array(quality)}
    shared: dict[str, Any] = {"extra": extra, "coverage": [[0, DENSE_SECONDS]]}
    return {
        "face.blendshapes": Timeline(ARKIT52, np.array(weights), span, **shared),
        "face.pose": Timeline(HEAD_POSE, np.array(poses), span, **shared),
    }


def matched(events: Timeline, label: str, truth: dict[int, Any]) -> str:
    """Return a row: how many of the true events have one whose apex lies within them."""
    chosen = events.select(events.column(label) > 0)
    hits = total = 0
    for side, who in enumerate(EYED):
        spans = chosen.span[chosen.extra["subject"] == side]
        total += len(truth[who])
        for at in truth[who]:
            inside = (spans[:, 0] - _NEAR <= at + 0.16) & (at + 0.16 <= spans[:, 1] + _NEAR)
            hits += bool(inside.any())
    return f"| `{label}` | {total} | {hits} | {len(chosen)} |"


if __name__ == "__main__":
    sys.exit(main())
