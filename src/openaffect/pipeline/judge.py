"""What judges a generated text: how much of the emotion asked for is in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from openaffect.generate._emotion import EMOTIONS, Target
from openaffect.generate._request import TextRequest
from openaffect.preprocess.text_sentences import sentences
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
    shown = [_shown(found, request) for found in _found(texts[:considered], request, judge)]
    return texts[int(np.argmax(np.mean(shown, axis=1)))]


def judgement(text: str, request: TextRequest, judge: Judge | None) -> dict[str, Any]:
    """Return the scores of a text, as the result tells them; none without a judge.

    Of an arc each target is judged in its own part of the text, told under ``stages``, and the
    scores of the whole are the means.
    """
    if judge is None:
        return {}
    (found,) = _found([text], request, judge)
    shown = _shown(found, request)
    reached = [
        judge.reached(row, target) for row, target in zip(found, request.targets, strict=True)
    ]
    whole, stages = found[0], []
    if len(found) > 1:
        whole = judge([text])[0]
        parts = parts_of(text, len(found))
        stages = [
            {
                "emotion": str(target), "text": part,
                "target": round(value, 4), "intensity_reached": round(intensity, 4),
            }
            for target, part, value, intensity in zip(
                request.targets, parts, shown, reached, strict=True
            )
        ]  # fmt: skip
    return {
        "target": round(float(np.mean(shown)), 4),
        "intensity_reached": round(float(np.mean(reached)), 4),
        **({"stages": stages} if stages else {}),
        "emotions": {
            name: round(float(value), 4) for name, value in zip(EMOTIONS, whole, strict=True)
        },
        "judge": judge.recognizer.card.name,
    }


def parts_of(text: str, count: int) -> list[str]:
    """Cut a text into ``count`` parts of near equal length, one for each target of an arc.

    Parts end where sentences do, or words where the sentences are too few. What has fewer words
    than parts has empty parts at its end; what is not cut stays as it is.
    """
    if count == 1:
        return [text]
    text = text.strip()
    ends = [end for _, end in sentences(text)]
    if len(ends) < count:
        ends = [match.end() for match in re.finditer(r"\S+", text)]
    ends += [len(text)] * (count - len(ends))
    cuts, begun = [0], 0
    for number in range(1, count):
        due = len(text) * number / count
        free = range(begun, len(ends) - count + number)
        best = min(free, key=lambda place: abs(ends[place] - due))
        cuts.append(ends[best])
        begun = best + 1
    return [text[start:end].strip() for start, end in pairwise([*cuts, len(text)])]


def _found(texts: Sequence[str], request: TextRequest, judge: Judge) -> NDArray[np.float64]:
    """Return (N, S, 7) probabilities of N texts in the parts of S targets, 0 without a word."""
    count = len(request.targets)
    parts = [part for text in texts for part in parts_of(text, count)]
    said = np.array([[bool(part.strip())] for part in parts])
    return (judge(parts) * said).reshape(len(texts), count, -1)


def _shown(found: NDArray[np.float64], request: TextRequest) -> list[float]:
    """Return how much of each target is in its part, of (S, 7) probabilities."""
    targets = (target.vector() for target in request.targets)
    return [float(row @ target) for row, target in zip(found, targets, strict=True)]
