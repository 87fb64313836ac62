"""Rewriting judged: is the emotion there, is the meaning kept?"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from openaffect.metrics.bootstrap import bootstrap_interval
from openaffect.types import Generated, Progress, no_progress

from .scoring import Figure
from .text_generation_set import EMOTIONS, SYNONYMS
from .text_judges import TextJudge

SENTENCES = (
    "Maria put the two suitcases in the hall.",
    "The bus to Leeds leaves at half past six.",
    "My neighbour has painted his fence green.",
    "We had dinner with Tom and his parents on Sunday.",
    "The new manager wants to see us on Friday.",
    "I left my keys at the office yesterday.",
    "They are building 40 flats behind the station.",
    "Our teacher moved the exam to next week.",
    "The doctor called about the results.",
    "Anna did not answer the letter.",
    "The shop on Mill Road closes at eight.",
    "My brother brought his guitar to the party.",
    "There was a note under the door this morning.",
    "The plumber came three hours later than he said.",
    "We walked home through the park.",
    "Ben told everybody about the plan.",
    "The cat slept on the laundry again.",
    "She found the photographs in a box in the attic.",
    "The company moves to Dublin in March.",
    "I have to work on Saturday.",
)
"""Twenty plain sentences, with names, numbers and a negation; tuning must not look at them."""

Rewrite = Callable[[str, str, int], Generated]
"""A sentence, an emotion and a seed to its rewriting at full intensity."""


@dataclass(frozen=True, slots=True, eq=False)
class Rewritten:
    """What rewriting is worth.

    hits: by judge, the share that is taken for the emotion asked for, with the interval of
    sentences drawn again; unnamed: the same where a text that names the emotion (or a synonym)
    counts as none; source: of the sentences as they were. similarity: cosine of meaning to the
    source, mean and 5th percentile. changed: share of texts that differ from the source.
    """

    hits: dict[str, Figure]
    unnamed: dict[str, Figure]
    source: dict[str, float]
    similarity: Figure
    lowest: float
    changed: float
    texts: tuple[tuple[str, str, str], ...]

    def bars(self) -> dict[str, tuple[float, float, bool]]:
        """Return what is asked for: value, bar, and whether it is kept."""
        assert self.similarity.value is not None
        found = {"similarity": (self.similarity.value, 0.75, self.similarity.value >= 0.75)}
        for kind, hits in (("hit", self.hits), ("hit, unnamed", self.unnamed)):
            for judge, hit in hits.items():
                assert hit.value is not None
                found[f"{kind}, {judge}"] = hit.value, 0.7, hit.value >= 0.7
        return found


def score_rewriting(
    rewrite: Rewrite,
    judges: Sequence[TextJudge],
    sentences: Sequence[str] = SENTENCES,
    progress: Progress = no_progress,
) -> Rewritten:
    """Rewrite every sentence with every emotion and judge what comes."""
    results: list[Generated] = []
    for number, sentence in enumerate(sentences):
        results += [rewrite(sentence, emotion, number) for emotion in EMOTIONS]
        progress("rewriting", number + 1, len(sentences))
    texts = [result.text for result in results]
    wanted = np.arange(len(texts)) % len(EMOTIONS)
    named = np.array(
        [
            _names(EMOTIONS[place]).search(text) is not None
            for text, place in zip(texts, wanted, strict=True)
        ]
    )
    similarity = np.array([float(result.scores["similarity"]) for result in results])
    source = [sentence for sentence in sentences for _ in EMOTIONS]
    hits, unnamed, before = {}, {}, {}
    for judge in judges:
        right = judge(texts).argmax(axis=1) == wanted
        hits[judge.name] = _figure(right, len(sentences))
        unnamed[judge.name] = _figure(right & ~named, len(sentences))
        before[judge.name] = float((judge(source).argmax(axis=1) == wanted).mean())
    return Rewritten(
        hits=hits,
        unnamed=unnamed,
        source=before,
        similarity=_figure(similarity, len(sentences)),
        lowest=float(np.quantile(similarity, 0.05)),
        changed=float(np.mean([text != old for text, old in zip(texts, source, strict=True)])),
        texts=tuple(
            (old, EMOTIONS[place], text)
            for old, place, text in zip(source, wanted, texts, strict=True)
        ),
    )


def _names(emotion: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(SYNONYMS[emotion])})\b", re.IGNORECASE)


def _figure(values: np.ndarray, sentences: int) -> Figure:
    table = values.reshape(sentences, -1).astype(np.float64)
    found = bootstrap_interval(lambda rows: float(table[rows].mean()), sentences)
    return Figure(found.value, found.low, found.high)
