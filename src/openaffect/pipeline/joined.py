"""Face, voice and words of one recording, joined: fused, compared, and said which were there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from openaffect.types.errors import InvalidValueError
from openaffect.types.timeline import Timeline, Unit

from .conflict import conflicts
from .fusion import fuse
from .lips import speaking
from .notes import Notes

STREAMS = ("face", "speech", "text")


def joined(
    found: Mapping[str, Timeline], facts: dict[str, Any], notes: Notes
) -> dict[str, Timeline]:
    """Return ``fused.emotion`` and ``fused.conflict`` of the emotion timelines found in seconds.

    ``facts`` are told under ``streams`` in which share of the fused rows each stream had a say,
    0 where it was not there.
    """
    streams = {
        name: found[name]
        for name in (f"{stream}.emotion" for stream in STREAMS)
        if name in found and found[name].unit is Unit.SECONDS
    }
    if not streams:
        return {}
    who = _who(found)
    try:
        fused = fuse(streams, speaking=who)
        answer = {"fused.emotion": fused}
        if len(streams) > 1:
            answer["fused.conflict"] = conflicts(streams, speaking=who)
    except InvalidValueError as error:
        notes.warn(f"fused.emotion is left out: {error}")
        return {}
    facts["streams"] = shares(fused)
    return answer


def shares(fused: Timeline) -> dict[str, float]:
    """Return the share of rows in which face, speech and text each had a say, in [0, 1]."""
    told = {stream: fused.extra.get(f"weight_{stream}") for stream in STREAMS}
    return {
        stream: round(float(np.mean(weights > 0)), 4) if weights is not None and len(weights) else 0
        for stream, weights in told.items()
    }


def _who(found: Mapping[str, Timeline]) -> Timeline | None:
    """Return who is seen to speak, where mouths were measured and speech was looked for."""
    shapes, activity = found.get("face.blendshapes"), found.get("speech.activity")
    if shapes is None or activity is None or "subject" not in shapes.extra:
        return None
    return speaking(shapes, activity)
