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

    ``facts`` are told under ``streams`` in which share of the time each stream had a say, 0 where
    it was not there.
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
    """Return the share in [0, 1] of the time fused in which face, speech and text had a say."""
    cells, cell = np.unique(fused.span[:, 0], return_inverse=True)
    told = {}
    for stream in STREAMS:
        weights = fused.extra.get(f"weight_{stream}", np.zeros(len(fused)))
        heard = len(np.unique(cell[np.asarray(weights) > 0]))
        told[stream] = round(heard / max(1, len(cells)), 4)
    return told


def told(conflict: Timeline) -> dict[str, float]:
    """Return the seconds of each kind of conflict in its own words, the longest first."""
    seconds: dict[str, float] = {}
    for text, (start, end) in zip(conflict.extra["text"], conflict.span.tolist(), strict=True):
        seconds[text] = round(seconds.get(text, 0.0) + end - start, 3)
    return dict(sorted(seconds.items(), key=lambda item: -item[1]))


def _who(found: Mapping[str, Timeline]) -> Timeline | None:
    """Return who is seen to speak, where mouths were measured and speech was looked for."""
    shapes, activity = found.get("face.blendshapes"), found.get("speech.activity")
    if shapes is None or activity is None or "subject" not in shapes.extra:
        return None
    return speaking(shapes, activity)
