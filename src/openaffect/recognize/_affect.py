"""Valence and arousal derived from recognised emotions: not measured on the face or voice itself.

Each emotion has a place in the plane, and a row lies at the mean of the places, weighed by the
emotions' probabilities. The places are mean ratings of the words by people:

- Russell and Mehrabian, "Evidence for a three-factor theory of emotions", Journal of Research in
  Personality 11(3), 1977, table of 151 terms, pleasure and arousal: angry, bored, disgusted,
  fearful, happy, sad, surprised, and relaxed for calm (as widely reprinted; the printed table
  itself was not at hand);
- contempt is not in use from that table: it is taken as Plutchik's blend of anger and disgust
  ("Emotion: A Psychoevolutionary Synthesis", 1980), at the mean of their places, a reasoned guess
  and no rating;
- neutral is the origin by definition.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from openaffect.types import Card, InvalidValueError, Kind, Scheme, Session, Timeline, Weights
from openaffect.types.schemes import PRIMARY8, VALENCE_AROUSAL

from ._base import BatchRecognizer

COORDINATES: dict[str, tuple[float, float]] = {
    "anger": (-0.51, 0.59),
    "boredom": (-0.65, -0.62),
    "calm": (0.68, -0.46),
    "disgust": (-0.60, 0.35),
    "fear": (-0.64, 0.60),
    "happiness": (0.81, 0.51),
    "sadness": (-0.63, -0.27),
    "surprise": (0.40, 0.67),
    "contempt": (-0.555, 0.47),
    "neutral": (0.0, 0.0),
}
"""Valence and arousal of each emotion, in [-1, 1]."""


class DerivedAffect:
    """Items to valence and arousal, by way of the emotion network.

    A subclass names ``modality`` and ``recognizer``, the class that recognises the emotions. The
    card's file and ``preprocessing`` are those of such a card; ``preprocessing["emotion_scheme"]``
    names its scheme (``primary8`` when absent) and ``preprocessing["emotions"]`` the network's
    columns (the order of the scheme when absent).
    """

    modality: ClassVar[str]
    recognizer: ClassVar[type[BatchRecognizer]]

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.card = weights.card
        self.scheme: Scheme = VALENCE_AROUSAL
        if self.card.scheme != VALENCE_AROUSAL.name:
            raise InvalidValueError(
                f"card {self.card.name!r} has scheme {self.card.scheme!r}; affect is derived in "
                f"{VALENCE_AROUSAL.name!r}"
            )
        self._emotion = self.recognizer(_EmotionWeights(weights))

    def __call__(self, batch: Sequence[Any], /) -> Timeline:
        """Place every item; an empty batch gives a timeline of no rows."""
        return replace(affect_from_emotion(self._emotion(batch)), model=self.card.name)


def affect_from_emotion(timeline: Timeline) -> Timeline:
    """Return valence and arousal of each row of an emotion timeline.

    Spans, extras and coverage stay; ``model`` becomes ``"derived from"`` the emotions' model.
    Raises :class:`InvalidValueError` for a scheme that is no categories with places in
    :data:`COORDINATES`.
    """
    scheme = timeline.scheme
    if scheme.kind is not Kind.CATEGORIES or not set(scheme.labels) <= set(COORDINATES):
        raise InvalidValueError(
            f"affect is derived from one emotion of {', '.join(COORDINATES)}; the timeline is "
            f"{scheme.name!r}, {scheme.kind} of {', '.join(scheme.labels)}"
        )
    return Timeline(
        scheme=VALENCE_AROUSAL,
        scores=(timeline.scores @ _places(scheme)).astype(np.float32),
        span=timeline.span,
        unit=timeline.unit,
        extra=timeline.extra,
        coverage=timeline.coverage,
        model=f"derived from {timeline.model}" if timeline.model else "",
    )


def _places(scheme: Scheme) -> NDArray[np.float64]:
    """Return the (K, 2) places of a scheme's labels."""
    return np.array([COORDINATES[label] for label in scheme.labels])


class _EmotionWeights:
    """The same files under a card that names emotions."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        card, facts = weights.card, weights.card.preprocessing
        changed: dict[str, Any] = {
            "scheme": facts.get("emotion_scheme", PRIMARY8.name),
            "labels": tuple(facts.get("emotions", ())),
            "thresholds": {},
        }
        self.card = Card.from_dict({**card.to_dict(), **changed})

    def path(self, role: str) -> str:
        return self._weights.path(role)

    def session(self, role: str) -> Session:
        return self._weights.session(role)
