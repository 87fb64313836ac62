"""Probes: sentences of ours that ask for one thing each, and what a model makes of them.

The sentences stand in ``probes/text.csv`` with what is expected of each, written before any model
was asked: ``negative``, ``positive`` (of the three sentiments) or one of Ekman's labels must be the
best of its scheme; with ``not`` before it, it must not be the best. They probe, they do not
measure: the shares are of these sentences alone.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from openaffect.types import Recognizer, UnknownNameError, did_you_mean
from openaffect.types.mappings import GOEMOTIONS_TO_EKMAN, GOEMOTIONS_TO_SENTIMENT

KINDS = ("negation", "emoji", "slang", "sarcasm")
_FILE = Path(__file__).parent / "probes" / "text.csv"
_MAPPINGS = (GOEMOTIONS_TO_SENTIMENT, GOEMOTIONS_TO_EKMAN)


@dataclass(frozen=True, slots=True)
class Probe:
    """One sentence, what it probes, and what is expected."""

    kind: str
    text: str
    expected: str


@dataclass(frozen=True, slots=True)
class Probed:
    """A probe with the best label that it got of the scheme it asks about."""

    probe: Probe
    found: str
    passed: bool


def probes(kinds: Sequence[str] = KINDS) -> list[Probe]:
    """Return the committed probes of these kinds, in the order of the file."""
    for kind in kinds:
        if kind not in KINDS:
            raise UnknownNameError(
                f"no probes are called {kind!r}{did_you_mean(kind, KINDS)} "
                f"Kinds: {', '.join(KINDS)}"
            )
    with _FILE.open(encoding="utf-8", newline="") as stream:
        return [Probe(**row) for row in csv.DictReader(stream) if row["kind"] in kinds]


def probe(recognizer: Recognizer, asked: Sequence[Probe]) -> list[Probed]:
    """Ask a recogniser of ``goemotions28``; one answer a probe, in order."""
    whole = recognizer([item.text for item in asked])
    best = {mapping.target: mapping.apply(whole).timeline.best() for mapping in _MAPPINGS}
    answers = []
    for row, item in enumerate(asked):
        label = item.expected.removeprefix("not ")
        found = next(names[row] for scheme, names in best.items() if label in scheme.labels)
        answers.append(Probed(item, found, (found == label) != item.expected.startswith("not ")))
    return answers


def shares(answers: Sequence[Probed]) -> list[tuple[str, int, int]]:
    """Return (kind, passed, asked) of each kind that was asked."""
    return [
        (kind, sum(item.passed for item in group), len(group))
        for kind in KINDS
        if (group := [item for item in answers if item.probe.kind == kind])
    ]
