"""What is done to the emotion of one recording after it was recognised and before it is fused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from openaffect.types.errors import InvalidValueError
from openaffect.types.schemes import PRIMARY8
from openaffect.types.timeline import Timeline

from .dynamics import dynamic
from .neutral_baseline import AUTO, corrected, estimated, read_baseline
from .notes import Notes
from .options import Options
from .smoothing import RAW, smooth, stated_lag

_SMOOTHED = ("face.emotion", "speech.emotion")


def steadied(
    found: Mapping[str, Timeline], options: Options, facts: dict[str, Any], notes: Notes
) -> dict[str, Timeline]:
    """Return the course of each face, and what the options change: resting faces off, smoothed.

    ``facts`` are told what was done; what could not be done is noted. Valence and arousal, where
    they are derived from the face's or the voice's emotion, follow it.
    """
    changed: dict[str, Timeline] = {}
    faces = found.get("face.emotion")
    if options.baseline is not None and faces is not None:
        known = None if options.baseline == AUTO else read_baseline(options.baseline)
        try:
            outcome = corrected(
                faces,
                estimated(faces) if known is None else known,
                abstain_below=_limit(faces, notes),
            )
            changed["face.emotion"] = outcome.timeline
            facts["baseline"] = {"from": options.baseline, "subjects": outcome.told}
            for sentence in outcome.warnings:
                notes.warn(sentence)
        except InvalidValueError as error:
            notes.warn(f"the baseline is left out: {error}")
    steady = changed.get("face.emotion", faces)
    if steady is not None and steady.scheme == PRIMARY8:
        changed["face.dynamic"] = dynamic(steady)
    if options.smooth is not None:
        for name in _SMOOTHED:
            if name in found:
                changed[name] = smooth(changed.get(name, found[name]), options.smooth)
        facts["smooth"] = {
            "seconds": options.smooth,
            "form": "centred",
            "lag": stated_lag(options.smooth, causal=False),
        }
    for stream in ("face", "speech"):
        if f"{stream}.emotion" in changed and f"{stream}.affect" in found:
            changed[f"{stream}.affect"] = _affect(changed[f"{stream}.emotion"])
    return changed


def _limit(timeline: Timeline, notes: Notes) -> float | None:
    """Return the best score below which the timeline's recogniser abstains, as its card says."""
    for card in notes.cards:
        if card.name == timeline.model:
            found: float | None = card.calibration.get("abstain_below")
            return found
    return None


def _affect(emotion: Timeline) -> Timeline:
    from openaffect.recognize._affect import affect_from_emotion

    extra = {name: values for name, values in emotion.extra.items() if name != RAW}
    return affect_from_emotion(replace(emotion, extra=extra))
