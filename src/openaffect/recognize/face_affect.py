"""Valence and arousal derived from recognised emotions: not measured on the face itself.

Each emotion has a place in the plane, and a face lies at the mean of the places, weighed by the
emotions' probabilities. The places are mean ratings of the words by people:

- Russell and Mehrabian, "Evidence for a three-factor theory of emotions", Journal of Research in
  Personality 11(3), 1977, table of 151 terms, pleasure and arousal: angry, disgusted, fearful,
  happy, sad, surprised (as widely reprinted; the printed table itself was not at hand);
- contempt is not in use from that table: it is taken as Plutchik's blend of anger and disgust
  ("Emotion: A Psychoevolutionary Synthesis", 1980), at the mean of their places, a reasoned guess
  and no rating;
- neutral is the origin by definition.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.types import Card, InvalidValueError, Session, Timeline, Weights
from openaffect.types.schemes import PRIMARY8, VALENCE_AROUSAL

from ._base import BatchRecognizer
from .face_emotion import FaceEmotion

COORDINATES: dict[str, tuple[float, float]] = {
    "anger": (-0.51, 0.59),
    "disgust": (-0.60, 0.35),
    "fear": (-0.64, 0.60),
    "happiness": (0.81, 0.51),
    "sadness": (-0.63, -0.27),
    "surprise": (0.40, 0.67),
    "contempt": (-0.555, 0.47),
    "neutral": (0.0, 0.0),
}
"""Valence and arousal of each label of ``primary8``, in [-1, 1]."""

_PLACES = np.array([COORDINATES[label] for label in PRIMARY8.labels])


class FaceAffect(BatchRecognizer):
    """Crops of faces to valence and arousal, by way of the emotion network.

    The card's file and ``preprocessing`` are those of a ``face_emotion`` card, with the network's
    columns named in ``preprocessing["emotions"]`` (the order of ``primary8`` when absent).
    """

    modality = "face"

    def __init__(self, weights: Weights) -> None:
        super().__init__(weights)
        self._emotion = FaceEmotion(_EmotionWeights(weights))

    def prepare(self, item: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return what the emotion network reads."""
        return self._emotion.prepare(item)

    def encode(self, batch: Sequence[NDArray[Any]]) -> NDArray[Any]:
        """Return (N, 2) valence and arousal."""
        return np.asarray(self._emotion.scores(batch) @ _PLACES)


def affect_from_emotion(timeline: Timeline) -> Timeline:
    """Return valence and arousal of each row of a ``primary8`` timeline.

    Spans, extras and coverage stay; ``model`` becomes ``"derived from"`` the emotions' model.
    Raises :class:`InvalidValueError` for another scheme.
    """
    if timeline.scheme != PRIMARY8:
        raise InvalidValueError(
            f"affect is derived from {PRIMARY8.name!r}; the timeline is {timeline.scheme.name!r}"
        )
    return Timeline(
        scheme=VALENCE_AROUSAL,
        scores=timeline.scores @ _PLACES,
        span=timeline.span,
        unit=timeline.unit,
        extra=timeline.extra,
        coverage=timeline.coverage,
        model=f"derived from {timeline.model}" if timeline.model else "",
    )


class _EmotionWeights:
    """The same files under a card that names emotions."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        card = weights.card
        emotions = tuple(card.preprocessing.get("emotions", PRIMARY8.labels))
        self.card = Card.from_dict(
            {**card.to_dict(), "scheme": PRIMARY8.name, "labels": emotions, "thresholds": {}}
        )

    def path(self, role: str) -> str:
        return self._weights.path(role)

    def session(self, role: str) -> Session:
        return self._weights.session(role)


RECOGNIZER = FaceAffect
