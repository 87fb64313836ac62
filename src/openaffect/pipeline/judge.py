"""What judges a generated text: how much of the emotion asked for is in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from openaffect.generate._emotion import EMOTIONS, Target
from openaffect.generate._request import TextRequest
from openaffect.types import Recognizer
from openaffect.types.mappings import GOEMOTIONS_TO_EKMAN

if TYPE_CHECKING:
    from openaffect.models.loading import Loader


@dataclass(frozen=True, slots=True)
class Judge:
    """Tells how much of each emotion is in a text, by a recogniser of ``goemotions28``."""

    recognizer: Recognizer

    def reached(self, found: np.ndarray, target: Target) -> float:
        """Return the intensity that (7,) probabilities of one text stand for, in [0, 1].

        .5 is the card's threshold of an emotion, where it is just there, and 1 a probability of 1;
        straight lines lie between. Of a blend it is the mean by shares.
        """
        limits = self.recognizer.card.calibration.get("thresholds", {}).get("ekman7", {})
        total = 0.0
        for name, share in target.shares.items():
            value, limit = float(found[EMOTIONS.index(name)]), float(limits.get(name, 0.5))
            total += share * float(np.interp(value, [0, limit, 1], [0, 0.5, 1]))
        return total

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        """Return (N, 7) probabilities of :data:`EMOTIONS`, independent of each other."""
        return np.asarray(
            GOEMOTIONS_TO_EKMAN.apply(self.recognizer(list(texts))).timeline.scores, np.float64
        )


def text_judge(loading: Loader) -> Judge:
    """Return the judge over the default recogniser of emotion in text."""
    return Judge(loading.load("text.emotion"))


def chosen(texts: Sequence[str], request: TextRequest, judge: Judge | None) -> str:
    """Return the best candidate by the judge; the stronger, the more of them are looked at."""
    considered = 1 + round(max(request.intensity, 0) * (len(texts) - 1))
    if considered == 1 or judge is None:
        return texts[0]
    scores = judge(texts[:considered]) @ request.targets[-1].vector()
    return texts[int(np.argmax(scores))]


def judgement(text: str, request: TextRequest, judge: Judge | None) -> dict[str, Any]:
    """Return the scores of a text, as the result tells them; none without a judge."""
    if judge is None:
        return {}
    found = judge([text])[0]
    return {
        "target": round(float(found @ request.targets[-1].vector()), 4),
        "intensity_reached": round(judge.reached(found, request.targets[-1]), 4),
        "emotions": {
            name: round(float(value), 4) for name, value in zip(EMOTIONS, found, strict=True)
        },
        "judge": judge.recognizer.card.name,
    }
