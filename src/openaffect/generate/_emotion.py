"""Which emotion is asked for: a name, a blend, a point of valence and arousal, or an arc."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from openaffect.types import InvalidValueError, UnknownNameError, did_you_mean
from openaffect.types.mappings import EMPATHETIC_TO_PRIMARY, GOEMOTIONS_TO_EKMAN

EMOTIONS = ("anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral")
"""Ekman's six and neutral, in the order of the scheme ``ekman7``."""
_ALSO = {
    **{
        label: name
        for mapping in (EMPATHETIC_TO_PRIMARY, GOEMOTIONS_TO_EKMAN)
        for name, labels in mapping.groups.items()
        for label in labels
    },
    "happy": "happiness", "glad": "happiness", "delighted": "happiness", "amused": "happiness",
    "relieved": "happiness", "cheerful": "happiness", "rage": "anger", "fury": "anger",
    "irritated": "anger", "scared": "fear", "frightened": "fear", "worried": "fear",
    "nervous": "fear", "anxiety": "fear", "worry": "fear", "terror": "fear", "horror": "fear",
    "unhappy": "sadness", "depressed": "sadness", "heartbroken": "sadness", "sorrow": "sadness",
    "loneliness": "sadness", "revolted": "disgust", "revulsion": "disgust", "shocked": "surprise",
    "shock": "surprise", "amazed": "surprise", "astonished": "surprise",
    "astonishment": "surprise", "calm": "neutral",
}  # fmt: skip
"""Other names: adjectives and synonyms, GoEmotions' labels by their official grouping (joy, relief
...), and those of EmpatheticDialogues as they are mapped."""
_SOME = "joy, love, relief, annoyed, worried, lonely"
_PLACES = {
    "anger": (-0.51, 0.59), "disgust": (-0.60, 0.35), "fear": (-0.64, 0.60),
    "happiness": (0.76, 0.48), "sadness": (-0.63, -0.27), "surprise": (0.40, 0.67),
    "neutral": (0.0, 0.0),
}  # fmt: skip
"""Valence and arousal of the names, from Russell and Mehrabian, "Evidence for a three-factor theory
of emotions", Journal of Research in Personality 11, 1977 (anger, disgust, fear, joy, sadness,
surprise), neutral the origin."""
_POINT = re.compile(
    r"\s*(valence|arousal)\s*[:=]\s*([-+.\d]+)\s*,\s*(valence|arousal)\s*[:=]\s*([-+.\d]+)\s*",
    re.IGNORECASE,
)
_AXES = ("valence", "arousal")


@dataclass(frozen=True, slots=True)
class Target:
    """A blend of emotions: shares by name, each above 0, in sum 1."""

    shares: Mapping[str, float]

    def __post_init__(self) -> None:
        total = sum(self.shares.values())
        object.__setattr__(
            self, "shares", MappingProxyType({k: v / total for k, v in self.shares.items()})
        )

    @property
    def best(self) -> str:
        """Return the emotion with the largest share."""
        return max(self.shares, key=lambda name: self.shares[name])

    def vector(self) -> np.ndarray:
        """Return the (7,) shares in the order of :data:`EMOTIONS`."""
        return np.array([self.shares.get(name, 0.0) for name in EMOTIONS])

    def __str__(self) -> str:
        if len(self.shares) == 1:
            return self.best
        return ",".join(f"{name}:{share:.2g}" for name, share in self.shares.items())


def parse(text: str) -> tuple[Target, ...]:
    """Return the targets that a text names, one after another; most name one.

    ``joy``; ``joy:.6,surprise:.4`` a blend; ``valence:.5,arousal:-.2`` a point of the circumplex,
    as the blend of the two nearest names; ``neutral->fear->relief`` an arc.

    Raises
    ------
    UnknownNameError
        for a name that is none of the emotions; the known ones and the nearest are named.
    InvalidValueError
        for shares out of range, a name given twice, opposite poles blended, or nothing at all.
    """
    parts = [part.strip() for part in re.split(r"->|→", text)]
    if not all(parts):
        raise InvalidValueError(f"emotion {text!r} names nothing; give one of {_known()}")
    return tuple(_target(part) for part in parts)


def name_of(word: str) -> str:
    """Return the emotion that a word names, by its own or another common name."""
    plain = word.strip().casefold()
    plain = _ALSO.get(plain, plain)
    if plain not in EMOTIONS:
        known = (*EMOTIONS, *_ALSO)
        raise UnknownNameError(
            f"no emotion is called {word.strip()!r}{did_you_mean(plain, known)} Known: {_known()}; "
            f"and other names of these, such as {_SOME}"
        )
    return plain


def _target(text: str) -> Target:
    if any(axis in text.casefold() for axis in _AXES):
        return _at_point(text)
    shares: dict[str, float] = {}
    for part in text.split(","):
        word, colon, share = part.partition(":")
        if not word.strip():
            raise InvalidValueError(
                f"emotion {text!r} has a part without a name; write a blend as joy:.6,surprise:.4"
            )
        name = name_of(word)
        if name in shares:
            raise InvalidValueError(f"emotion {text!r} names {name} twice")
        shares[name] = _number(share, 0.0, text) if colon else 1.0
    if sum(shares.values()) <= 0:
        raise InvalidValueError(f"emotion {text!r}: the shares add up to nothing")
    if shares.get("happiness") and shares.get("sadness") == shares.get("happiness"):
        raise InvalidValueError(
            f"emotion {text!r} asks for happiness and sadness in equal parts, which cancel; make "
            "one the larger, or write an arc: sadness->happiness"
        )
    return Target({name: share for name, share in shares.items() if share > 0})


def _at_point(text: str) -> Target:
    point = _POINT.fullmatch(text)
    places = {point[1].casefold(): point[2], point[3].casefold(): point[4]} if point else {}
    if set(places) != set(_AXES):
        raise InvalidValueError(
            f"emotion {text!r} is no point of the circumplex; give both, as valence:.5,arousal:-.2"
        )
    valence, arousal = (_number(places[axis], -1.0, text) for axis in _AXES)
    return _nearest(valence, arousal)


def _nearest(valence: float, arousal: float) -> Target:
    """Return the blend of the two names nearest to a point, by inverse distance."""
    away = {
        name: float(np.hypot(valence - place[0], arousal - place[1]))
        for name, place in _PLACES.items()
    }
    first, second = sorted(away, key=lambda name: away[name])[:2]
    if away[first] < 1e-9:
        return Target({first: 1.0})
    return Target({first: 1 / away[first], second: 1 / away[second]})


def _number(text: str, low: float, whole: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not low <= value <= 1:
        raise InvalidValueError(f"emotion {whole!r}: {text!r} is no number from {low:g} to 1")
    return value


def _known() -> str:
    return ", ".join(EMOTIONS)
