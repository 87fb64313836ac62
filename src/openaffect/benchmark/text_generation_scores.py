"""What generated texts are worth: emotion by judges apart, perplexity, variety, speed, bars."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.metrics.bootstrap import bootstrap_interval
from openaffect.metrics.text_diversity import distinct, self_bleu
from openaffect.types import LanguageModel, Progress, no_progress

from .scoring import Figure
from .text_generation import Cell, Plan, Speed
from .text_generation_set import EMOTIONS
from .text_judges import TextJudge

_SURPRISE_ROWS = 4
"""Texts of a cell whose perplexity is taken: reading costs more than judging."""


@dataclass(frozen=True, slots=True, eq=False)
class Judgement:
    """What one judge says of one way.

    hit: share of texts at full intensity whose best emotion is the one asked for, mean over the
    emotions, with the interval of prompts drawn again; unsteered: the same of the unsteered texts;
    gain: their paired difference. by_emotion: hit of each. rising: share of prompt and emotion
    cells whose mean score over the seeds rises with every step; even: the share that would by
    chance, see :func:`even_knob`. recall: the judge's own on labelled text. curve: (steps,) mean
    score of the emotion asked for.
    """

    judge: str
    hit: Figure
    unsteered: Figure
    gain: Figure
    by_emotion: Mapping[str, float]
    rising: float
    even: float
    recall: float
    curve: tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """One way of steering with all that was measured of it.

    perplexity: at every step, under the untouched model, given the prompt. distinct_2, self_bleu:
    steered at full intensity over unsteered, sets of one text a prompt. words: a text.
    """

    way: str
    model: str
    judgements: tuple[Judgement, ...]
    perplexity: tuple[float, ...]
    distinct_2: float
    self_bleu: float
    words: tuple[float, float]
    speed: Speed | None
    plan: Plan

    def bars(self) -> dict[str, tuple[float, float, bool]]:
        """Return what is asked for: value, bar, and whether it is kept."""
        found: dict[str, tuple[float, float, bool]] = {}
        for one in self.judgements:
            assert one.hit.value is not None
            least = 0.9 * one.recall
            found[f"hit, {one.judge}"] = one.hit.value, least, one.hit.value >= least
            found[f"rising cells, {one.judge}"] = one.rising, 0.9, one.rising >= 0.9
        ratio = self.perplexity[-1] / self.perplexity[0]
        found["perplexity, times unsteered"] = ratio, 1.3, ratio <= 1.3
        found["distinct-2, times unsteered"] = self.distinct_2, 0.85, self.distinct_2 >= 0.85
        found["self-BLEU, times unsteered"] = self.self_bleu, 1.1, self.self_bleu <= 1.1
        if self.speed is not None:
            fast, memory = self.speed.tokens_per_second, self.speed.memory / 1e9
            first = self.speed.first_token
            found["tokens a second"] = fast, 20.0, fast >= 20
            found["first token, s"] = first, 1.0, first <= 1
            found["memory, GB"] = memory, 1.2, memory <= 1.2
        return found


def score(
    way: str,
    cells: Sequence[Cell],
    judges: Sequence[TextJudge],
    model: LanguageModel,
    plan: Plan,
    speed: Speed | None = None,
    progress: Progress = no_progress,
) -> Scored:
    """Judge the cells of one way; ``model`` is the one that was steered, as it is by itself."""
    table = {(cell.prompt, cell.emotion, cell.intensity): cell.texts for cell in cells}
    steered = [_full(table, plan, emotion) for emotion in EMOTIONS]
    plain = [table[prompt, "", 0.0] for prompt in plan.prompts]
    variety = [(_variety(rows), _variety(plain)) for rows in steered]
    first, last = _variety_ratio(variety)
    return Scored(
        way=way,
        model=model.card.name,
        judgements=tuple(_judged(table, judge, plan) for judge in judges),
        perplexity=tuple(
            _perplexity(table, model, plan, step, f"{way}: perplexity", progress)
            for step in plan.intensities
        ),
        distinct_2=first,
        self_bleu=last,
        words=(_words(plain), float(np.mean([_words(rows) for rows in steered]))),
        speed=speed,
        plan=plan,
    )


Table = Mapping[tuple[str, str, float], tuple[str, ...]]


def _judged(table: Table, judge: TextJudge, plan: Plan) -> Judgement:
    """Score every text once: (prompts, emotions, steps, seeds) of the emotion asked for."""
    scores, right = _scores(table, judge, plan)
    hits, unsteered = right[:, :, -1].mean(axis=-1), right[:, :, 0].mean(axis=-1)
    means = scores.mean(axis=-1)
    rising = (np.diff(means, axis=-1) > 0).all(axis=-1)
    return Judgement(
        judge=judge.name,
        hit=_figure(hits),
        unsteered=_figure(unsteered),
        gain=_figure(hits - unsteered),
        by_emotion=dict(zip(EMOTIONS, hits.mean(axis=0).tolist(), strict=True)),
        rising=float(rising.mean()),
        even=even_knob(scores),
        recall=float(judge.recall.mean()),
        curve=tuple(means.mean(axis=(0, 1)).tolist()),
    )


def even_knob(scores: NDArray[np.float64], draws: int = 4000) -> float:
    """Return how often a knob with equal steps of the same reach would be seen to rise throughout.

    From (prompts, emotions, steps, seeds) scores: each emotion's mean goes evenly from its first
    step to its last, and means over the seeds scatter as texts of one cell do. With one seed, where
    that is not seen, NaN. So the share that rises tells an uneven knob from too few texts.
    """
    emotions, steps, seeds = scores.shape[1:]
    if seeds < 2:
        return math.nan
    ends = scores[:, :, [0, -1]].mean(axis=(0, 3))
    spread = np.sqrt(scores.var(axis=-1, ddof=1).mean(axis=0) / seeds)
    even = np.linspace(ends[:, 0], ends[:, 1], steps, axis=1)
    chance = np.random.default_rng(0).standard_normal((draws, emotions, steps))
    return float((np.diff(even + spread * chance, axis=-1) > 0).all(axis=-1).mean())


def _scores(
    table: Table, judge: TextJudge, plan: Plan
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    shape = len(plan.prompts), len(EMOTIONS), len(plan.intensities), plan.seeds
    scores, right = np.zeros(shape), np.zeros(shape, bool)
    for row, prompt in enumerate(plan.prompts):
        for step, intensity in enumerate(plan.intensities):
            unsteered = judge(table[prompt, "", 0.0]) if intensity == 0 else None
            for column, emotion in enumerate(EMOTIONS):
                texts = table[prompt, emotion if intensity else "", intensity]
                said = judge(texts) if unsteered is None else unsteered
                scores[row, column, step] = said[:, column]
                written = np.array([bool(text.strip()) for text in texts])
                right[row, column, step] = (said.argmax(axis=1) == column) & written
    return scores, right


def _figure(values: NDArray[Any]) -> Figure:
    """Return the mean of (prompts, emotions) values, prompts drawn again for the interval."""
    found = bootstrap_interval(lambda rows: float(values[rows].mean()), len(values))
    return Figure(found.value, found.low, found.high)


def _perplexity(
    table: Table,
    model: LanguageModel,
    plan: Plan,
    intensity: float,
    what: str,
    progress: Progress,
) -> float:
    total, count = 0.0, 0
    for number, prompt in enumerate(plan.prompts):
        before = len(model.encode(prompt))
        for emotion in EMOTIONS if intensity else ("",):
            for text in table[prompt, emotion, intensity][:_SURPRISE_ROWS]:
                if text.strip():
                    found = model.log_probabilities(f"{prompt} {text.strip()}")[before:]
                    total, count = total - float(found.sum()), count + len(found)
        progress(f"{what} at {intensity:g}", number + 1, len(plan.prompts))
    return math.exp(total / max(count, 1))


def _full(table: Table, plan: Plan, emotion: str) -> list[tuple[str, ...]]:
    return [table[prompt, emotion, plan.intensities[-1]] for prompt in plan.prompts]


def _variety(rows: Sequence[tuple[str, ...]]) -> tuple[float, float]:
    """Return distinct-2 and self-BLEU of sets of one text a prompt, mean over the seeds.

    All sets hold equally many words, or the longer one would look less varied.
    """
    seconds, blue = [], []
    for texts in zip(*rows, strict=True):
        written = [text for text in texts if len(text.split()) > 1]
        seconds.append(distinct([" ".join(text.split()[:_WORDS]) for text in written], order=2))
        blue.append(self_bleu(written))
    return float(np.mean(seconds)), float(np.mean(blue))


_WORDS = 20
"""Words of a text that count for distinct-2, so that length does not decide."""


def _variety_ratio(
    pairs: Sequence[tuple[tuple[float, float], tuple[float, float]]],
) -> tuple[float, float]:
    steered, plain = np.array([one for one, _ in pairs]), np.array([one for _, one in pairs])
    ratios = steered.mean(axis=0) / plain.mean(axis=0)
    return float(ratios[0]), float(ratios[1])


def _words(rows: Sequence[tuple[str, ...]]) -> float:
    return float(np.mean([len(text.split()) for texts in rows for text in texts]))
