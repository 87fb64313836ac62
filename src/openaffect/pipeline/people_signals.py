"""Eyes, gaze, brief events and engagement of the people of a video, from what was measured of them.

All of it is computed when a recording has been seen whole, from the blendshapes and the pose of
every look: a person's open eyes are known only then, and nothing has to be kept while it runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.preprocess.eye_events import DENSE, LONG, closures, perclos
from openaffect.preprocess.face_eyes import eye_closure, gaze, open_weight
from openaffect.preprocess.micro_expressions import DENSE as MICRO_DENSE
from openaffect.preprocess.micro_expressions import candidates
from openaffect.types.schemes import ARKIT52, ENGAGEMENT, EYES, FACE_EVENTS, GAZE
from openaffect.types.timeline import Timeline, Unit

from .rows import texts

WINDOW = 60.0
"""Seconds of a row of engagement; the last is as long as what is left."""
ON_CAMERA = 15.0
"""Degrees from the camera within which a gaze counts as looking into it."""
AWAY, AWAY_LEAST = 25.0, 0.5
"""Degrees from the camera, and for how many seconds at least, that count as looking away."""
_CLOSED = 0.6
_BRIEF = (
    "brow", "cheekSquint", "noseSneer", "mouthSmile", "mouthFrown", "mouthDimple", "mouthPress",
    "mouthStretch", "mouthUpperUp",
)  # fmt: skip
_MICRO = tuple(ARKIT52.index(name) for name in ARKIT52.labels if name.startswith(_BRIEF))
_NEAR_BLINK = 0.1


def signals(found: Mapping[str, Timeline], facts: dict[str, Any]) -> dict[str, Timeline]:
    """Return ``face.eyes``, ``face.gaze``, ``face.events`` and ``face.engagement``.

    Nothing without blendshapes (the 468-point mesh has no irises) or for a still picture. What the
    looks were too far apart for is NaN or absent, never a false rate; ``facts`` are told so.
    """
    shapes, pose = found.get("face.blendshapes"), found.get("face.pose")
    if shapes is None or pose is None or shapes.unit is not Unit.SECONDS:
        return {}
    weights, subjects = shapes.scores, shapes.extra["subject"]
    closure = np.zeros((len(shapes), 2), np.float32)
    events: list[_Event] = []
    windows: list[tuple[tuple[float, float], int, list[float]]] = []
    sights = gaze(weights, pose.scores)
    sparse = False
    for subject in np.unique(subjects).tolist():
        rows = np.flatnonzero(subjects == subject)
        rows = rows[np.argsort(shapes.span[rows, 0], kind="stable")]
        blinks = [ARKIT52.index("eyeBlinkLeft"), ARKIT52.index("eyeBlinkRight")]
        closure[rows] = eye_closure(weights[rows], open_weight(weights[rows][:, blinks]))
        one = _Person(
            subject, shapes.span[rows], closure[rows].mean(axis=1), sights[rows],
            pose.scores[rows], weights[rows],
        )  # fmt: skip
        sparse |= not one.dense
        mine = list(one.events())
        events += mine
        windows += one.windows([event for event in mine if event.label == "blink"])
    if sparse:
        facts["blinks"] = (
            "not counted: frames lie too far apart to see what lasts 0.1 to 0.4 s; look at every "
            "frame (--every all)"
        )
    extra = {name: shapes.extra[name] for name in ("box", "subject", "quality")}

    def line(scheme: Any, scores: NDArray[Any]) -> Timeline:
        return Timeline(
            scheme, scores, shapes.span, extra=extra, coverage=shapes.coverage, model=shapes.model
        )

    return {
        "face.eyes": line(EYES, closure),
        "face.gaze": line(GAZE, sights),
        "face.events": _events(events, shapes),
        "face.engagement": Timeline(
            ENGAGEMENT,
            np.array([values for _, _, values in windows], np.float32),
            np.array([span for span, _, _ in windows]).reshape(-1, 2),
            extra={"subject": np.array([who for _, who, _ in windows], np.int64)},
            coverage=shapes.coverage,
            model=shapes.model,
        ),
    }


class _Event:
    """One event: label, subject, onset, apex, offset in seconds, clearness in [0, 1], words."""

    def __init__(
        self, label: str, subject: int, times: tuple[float, float, float], score: float, text: str
    ) -> None:
        self.label, self.subject, self.score, self.text = label, subject, score, text
        self.onset, self.apex, self.offset = times


def _events(events: list[_Event], shapes: Timeline) -> Timeline:
    events = sorted(events, key=lambda event: (event.onset, event.subject, event.label))
    scores = np.zeros((len(events), len(FACE_EVENTS)), np.float32)
    for row, event in enumerate(events):
        scores[row, FACE_EVENTS.index(event.label)] = min(event.score, 1.0)
    return Timeline(
        FACE_EVENTS,
        scores,
        np.array([(event.onset, event.offset) for event in events]).reshape(-1, 2),
        extra={
            "subject": np.array([event.subject for event in events], np.int64),
            "apex": np.array([event.apex for event in events], np.float64),
            "text": texts([event.text for event in events]),
        },
        coverage=shapes.coverage,
        model=shapes.model,
    )


class _Person:
    """One person's rows in order of time."""

    def __init__(
        self,
        subject: int,
        span: NDArray[np.float64],
        closure: NDArray[np.float32],
        sight: NDArray[np.float32],
        pose: NDArray[np.float32],
        weights: NDArray[np.float32],
    ) -> None:
        self._subject, self._span, self._closure = subject, span, closure
        self._pose, self._weights = pose, weights
        yaw, pitch = np.radians(sight.T.astype(np.float64))
        self._off = np.degrees(np.arccos(np.clip(np.cos(yaw) * np.cos(pitch), -1, 1)))
        self._off[closure >= _CLOSED] = np.nan
        steps = np.diff(span[:, 0])
        self._step = float(np.median(steps)) if len(steps) else np.inf
        self.dense = self._step <= DENSE

    def events(self) -> Iterator[_Event]:
        """Yield blinks, long closures, looks away, and candidates of micro-expressions."""
        start = self._span[:, 0]
        shut = closures(start, self._closure)
        for one in shut:
            long = one.lasts >= LONG
            if long or self.dense:
                label = "long_closure" if long else "blink"
                times = (one.onset, one.apex, one.offset)
                yield _Event(label, self._subject, times, one.depth, f"{one.lasts:.2f} s")
        yield from self._away()
        if self._step > MICRO_DENSE:
            return
        for brief in candidates(start, self._weights[:, _MICRO]):
            near = any(
                one.onset - _NEAR_BLINK <= brief.apex <= one.offset + _NEAR_BLINK for one in shut
            )
            if not near:
                names = ", ".join(ARKIT52.labels[_MICRO[column]] for column in brief.columns[:4])
                times = (brief.onset, brief.apex, brief.offset)
                yield _Event(
                    "micro_expression_candidate", self._subject, times, brief.energy, names
                )

    def _away(self) -> Iterator[_Event]:
        away = self._off > AWAY
        edges = np.flatnonzero(np.diff(np.concatenate([[0], away.astype(np.int8), [0]])))
        for first, stop in edges.reshape(-1, 2).tolist():
            onset, offset = float(self._span[first, 0]), float(self._span[stop - 1, 1])
            whole = float((self._span[first:stop, 1] - self._span[first:stop, 0]).sum())
            if offset - onset >= AWAY_LEAST and whole >= 0.9 * (offset - onset):
                apex = first + int(np.argmax(self._off[first:stop]))
                text = f"{self._off[apex]:.0f} degrees"
                times = (onset, float(self._span[apex, 0]), offset)
                yield _Event("gaze_away", self._subject, times, 1.0, text)

    def windows(
        self, blinks: list[_Event]
    ) -> Iterator[tuple[tuple[float, float], int, list[float]]]:
        """Yield (span, subject, values of the scheme ``engagement``) of each window seen in."""
        start, end = self._span.T
        for number in np.unique(np.floor(start / WINDOW + 1e-9)).tolist():
            low, high = number * WINDOW, (number + 1) * WINDOW
            rows = np.flatnonzero((start >= low - 1e-9) & (start < high - 1e-9))
            seen = float((end[rows] - start[rows]).sum())
            count = sum(low <= blink.apex < high for blink in blinks)
            off, lasts = self._off[rows], end[rows] - start[rows]
            known = np.isfinite(off)
            total = float(lasts[known].sum())
            yield (
                (float(start[rows[0]]), float(end[rows[-1]])),
                self._subject,
                [
                    perclos(start[rows], end[rows], self._closure[rows]),
                    count * 60 / seen if self.dense and seen > 0 else np.nan,
                    float(lasts[known & (off <= ON_CAMERA)].sum()) / total if total else np.nan,
                    self._motion(rows),
                ],
            )

    def _motion(self, rows: NDArray[np.int_]) -> float:
        """Return degrees a second between looks about a fifth of a second apart, the mean."""
        stride = max(1, round(0.2 / self._step)) if np.isfinite(self._step) else 1
        picked = rows[::stride]
        gaps = np.diff(self._span[picked, 0])
        near = (gaps > 0) & (gaps < 1.0)
        if not near.any():
            return float("nan")
        turned = np.abs((np.diff(self._pose[picked], axis=0) + 180) % 360 - 180).max(axis=1)
        return float(turned[near].sum() / gaps[near].sum())
