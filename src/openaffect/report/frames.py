"""The frames that a picture shows."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from openaffect.types import Analysis, VideoFrame

_COUNT = 5


def shown_frames(analysis: Analysis, path: str | Path, count: int = _COUNT) -> list[VideoFrame]:
    """Return a still's picture, or ``count`` frames of a video spread over its length.

    Each is moved to the nearest moment at which a face was seen. Recordings and texts have none.
    Raises :class:`~openaffect.types.MediaError` when the file cannot be read.
    """
    modality = analysis.facts.get("modality")
    if modality == "image":
        from openaffect.io.image import read_image

        return [VideoFrame(read_image(path), 0.0, 0.0, 0)]
    if modality != "video":
        return []
    from openaffect.io.video import read_frames

    frames = []
    for time in moments(analysis, count):
        frame = next(iter(read_frames(path, every=None, start=time)), None)
        if frame is not None:
            frames.append(frame)
    return frames


def moments(analysis: Analysis, count: int) -> list[float]:
    """Return at most ``count`` times in seconds, spread evenly and moved to where faces are."""
    duration = float(analysis.facts.get("duration", 0.0))
    evenly = [duration * (number + 0.5) / count for number in range(count)]
    faces = analysis.timelines.get("face.emotion")
    if faces is None or not len(faces):
        return evenly
    seen = faces.span[:, 0]
    return sorted({float(seen[np.argmin(np.abs(seen - time))]) for time in evenly})
