"""Thumbnails of people at their peaks, cut from the recording when they are to be shown."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from openaffect.pipeline.people_summary import Peak, SubjectSummary
from openaffect.types import Analysis

_ROOM = 0.25
"""Around the face's box, as a share of it."""


def thumbnails(
    analysis: Analysis, people: Sequence[SubjectSummary], path: str | Path, *, side: int = 96
) -> dict[tuple[int, Peak], NDArray[np.uint8]]:
    """Return a (side, side, 3) uint8 RGB picture of each person at each peak.

    Keys are the subject and the peak. Nothing is returned for an analysis that was asked for
    anonymised, and a peak whose frame cannot be found again is left out.
    Raises :class:`~openaffect.types.MediaError` when the file cannot be read.
    """
    from openaffect.io.video import read_frames

    emotion = analysis.timelines.get("face.emotion")
    if emotion is None or analysis.facts.get("anonymize") or "box" not in emotion.extra:
        return {}
    wanted = sorted(
        ((peak.time, one.subject, peak) for one in people for peak in one.peaks),
        key=lambda item: item[:2],
    )
    found = {}
    for time, subject, peak in wanted:
        rows = np.flatnonzero(
            (emotion.extra["subject"] == subject) & (np.abs(emotion.span[:, 0] - time) < 1e-6)
        )
        frame = next(iter(read_frames(path, every=None, start=time)), None)
        if len(rows) and frame is not None:
            found[subject, peak] = _cut(frame.image, emotion.extra["box"][rows[0]], side)
    return found


def _cut(image: NDArray[np.uint8], box: NDArray[np.floating], side: int) -> NDArray[np.uint8]:
    from openaffect.preprocess.face_warp import cut, square_to_picture

    middle = np.asarray([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2], np.float64)
    wide = max(float(box[2] - box[0]), float(box[3] - box[1]), 1.0) * (1 + 2 * _ROOM)
    return cut(image, square_to_picture(middle, wide, 0.0, side), side, replicate=True)
