"""The built-in mappings between schemes, each with its source."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .mapping import SchemeMapping
from .scheme import Scheme
from .schemes import (
    EKMAN7,
    EMODB7,
    EMPATHETIC32,
    GOEMOTIONS28,
    PRIMARY8,
    RAVDESS8,
    SENTIMENT3,
    SPEECH9,
    XED9,
)

_GOEMOTIONS = "Demszky et al., 2020, GoEmotions, the official groupings"

GOEMOTIONS_TO_EKMAN = SchemeMapping(
    GOEMOTIONS28,
    EKMAN7,
    {
        "anger": ("anger", "annoyance", "disapproval"),
        "disgust": ("disgust",),
        "fear": ("fear", "nervousness"),
        "happiness": (
            "joy", "amusement", "approval", "excitement", "gratitude", "love", "optimism",
            "relief", "pride", "admiration", "desire", "caring",
        ),
        "sadness": ("sadness", "disappointment", "embarrassment", "grief", "remorse"),
        "surprise": ("surprise", "realization", "confusion", "curiosity"),
        "neutral": ("neutral",),
    },
    _GOEMOTIONS,
)  # fmt: skip

GOEMOTIONS_TO_SENTIMENT = SchemeMapping(
    GOEMOTIONS28,
    SENTIMENT3,
    {
        "positive": GOEMOTIONS_TO_EKMAN.groups["happiness"],
        "negative": (
            *GOEMOTIONS_TO_EKMAN.groups["fear"],
            *GOEMOTIONS_TO_EKMAN.groups["sadness"],
            *GOEMOTIONS_TO_EKMAN.groups["disgust"],
            *GOEMOTIONS_TO_EKMAN.groups["anger"],
        ),
        "neutral": ("neutral",),
    },
    _GOEMOTIONS + "; its fourth group, ambiguous, is dropped",
)

_SAME = "same names; a class that the target lacks is dropped"


def _by_name(source: Scheme, target: Scheme) -> SchemeMapping:
    shared = [label for label in target.labels if label in source.labels]
    return SchemeMapping(source, target, {label: (label,) for label in shared}, _SAME)


EMODB_TO_PRIMARY = _by_name(EMODB7, PRIMARY8)
RAVDESS_TO_PRIMARY = SchemeMapping(
    RAVDESS8,
    PRIMARY8,
    {
        **{label: (label,) for label in PRIMARY8.labels if label in RAVDESS8.labels},
        "neutral": ("neutral", "calm"),
    },
    "Livingstone and Russo, 2018: calm is a second baseline, perceptually close to neutral",
)
SPEECH_TO_PRIMARY = SchemeMapping(
    SPEECH9,
    PRIMARY8,
    {
        **{label: (label,) for label in PRIMARY8.labels if label in SPEECH9.labels},
        "neutral": ("neutral", "calm"),
    },
    "as RAVDESS to primary8; boredom is dropped",
)
EKMAN_TO_PRIMARY = _by_name(EKMAN7, PRIMARY8)
XED_TO_EKMAN = SchemeMapping(
    XED9,
    EKMAN7,
    {
        **{label: (label,) for label in EKMAN7.labels if label in XED9.labels},
        "happiness": ("joy",),
    },
    "Plutchik, 1980, shares six emotions with Ekman; anticipation and trust are dropped",
)
EMPATHETIC_TO_PRIMARY = SchemeMapping(
    EMPATHETIC32,
    PRIMARY8,
    {
        "anger": ("angry", "annoyed", "furious"),
        "disgust": ("disgusted",),
        "fear": ("afraid", "anxious", "apprehensive", "terrified"),
        "happiness": (
            "caring", "content", "excited", "grateful", "hopeful", "impressed", "joyful", "proud",
        ),
        "sadness": (
            "ashamed", "devastated", "disappointed", "embarrassed", "guilty", "lonely", "sad",
        ),
        "surprise": ("surprised",),
    },
    "each by the emotion of GoEmotions that it is a word for (guilty for remorse, impressed for "
    "admiration, hopeful for optimism ...), grouped as " + _GOEMOTIONS + "; those without such a "
    "word are dropped",
)  # fmt: skip

MAPPINGS: tuple[SchemeMapping, ...] = (
    GOEMOTIONS_TO_EKMAN,
    GOEMOTIONS_TO_SENTIMENT,
    EMODB_TO_PRIMARY,
    RAVDESS_TO_PRIMARY,
    SPEECH_TO_PRIMARY,
    EKMAN_TO_PRIMARY,
    XED_TO_EKMAN,
    EMPATHETIC_TO_PRIMARY,
)


def chain(
    source: Scheme,
    arrived: Callable[[Scheme], bool],
    mappings: Sequence[SchemeMapping] = MAPPINGS,
) -> tuple[SchemeMapping, ...] | None:
    """Return the shortest chain of ``mappings`` from ``source`` to where ``arrived`` says yes.

    Empty where the source is there already, None where no chain leads there.
    """
    chains: list[tuple[Scheme, tuple[SchemeMapping, ...]]] = [(source, ())]
    seen = {source.name}
    while chains:
        reached, taken = chains.pop(0)
        if arrived(reached):
            return taken
        for mapping in mappings:
            if mapping.source == reached and mapping.target.name not in seen:
                seen.add(mapping.target.name)
                chains.append((mapping.target, (*taken, mapping)))
    return None
