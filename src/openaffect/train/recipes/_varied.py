"""Sampled texts that are worth learning and share little with each other."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.metrics.text_diversity import n_grams

from ._text_judging import words

_PRICES = {2: 1.0, 3: 3.0, 4: 3.0}
"""How much a text's worth falls where it shares a run of so many words."""
_SEEN = 16


@dataclass(frozen=True, slots=True)
class Sample:
    """A text that a model wrote.

    Fields
    ------
    opening: its number. feeling: the number of the emotion asked for. text: what came behind the
        opening. chance: the share of the emotion by the judges. surprise: nats a token under the
        untouched model, without a heading.
    """

    opening: int
    feeling: int
    text: str
    chance: float
    surprise: float = 0.0

    @property
    def worth(self) -> float:
        """log(chance + .001) - surprise."""
        return float(np.log(self.chance + 1e-3) - self.surprise)


def chosen(texts: Sequence[Sample], each: int, seed: int) -> list[Sample]:
    """Return at most ``each`` texts of an opening and feeling: worth much, sharing little.

    Openings take turns, twice, in an order drawn by ``seed``; of each the sixteen texts are looked
    at that are worth most by themselves. What a text shares is the mean, over its runs of two to
    four words, of the natural log of one more than the number of texts taken for its feeling that
    have the run, times the run's price.
    """
    random = np.random.default_rng(seed)
    groups: dict[tuple[int, int], set[Sample]] = defaultdict(set)
    for item in texts:
        groups[item.feeling, item.opening].add(item)
    keys = sorted(groups)
    ranked = {
        key: sorted(groups[key], key=lambda item: (-item.worth, item.text))[:_SEEN] for key in keys
    }
    numbers: dict[Any, int] = defaultdict(lambda: len(numbers))
    runs = {item: _priced(item, numbers) for key in keys for item in ranked[key]}
    had = np.zeros(len(numbers))
    picked: dict[tuple[int, int], list[Sample]] = {}
    for _ in range(2):
        for place in random.permutation(len(keys)):
            key = keys[place]
            for item in picked.get(key, ()):
                had[runs[item][0]] -= 1
            left, mine = list(ranked[key]), list[Sample]()
            while left and len(mine) < each:
                shared = [runs[item][1] @ np.log1p(had[runs[item][0]]) for item in left]
                best = int(np.argmax([item.worth for item in left] - np.array(shared)))
                mine.append(left.pop(best))
                had[runs[mine[-1]][0]] += 1
            picked[key] = mine
    return [item for mine in picked.values() for item in mine]


def shared_runs(texts: Sequence[tuple[Hashable, int, str]]) -> list[float]:
    """Return, of each text, what it shares in runs of three words with its feeling's others.

    The mean over its different runs of the share of other openings that have the run too. texts:
    each with its opening and the number of its feeling before it.
    """
    threes = [set(n_grams(words(text), 3)) for *_, text in texts]
    once = {
        (opening, feeling, run)
        for (opening, feeling, _), some in zip(texts, threes, strict=True)
        for run in some
    }
    had = Counter((feeling, run) for _, feeling, run in once)
    openings = Counter(feeling for feeling, _ in {(one[1], one[0]) for one in texts})
    return [
        float(np.mean([had[feeling, run] - 1 for run in some] or [0]))
        / max(openings[feeling] - 1, 1)
        for some, (_, feeling, _) in zip(threes, texts, strict=True)
    ]


def _priced(item: Sample, numbers: dict[Any, int]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the numbers of a text's runs under its feeling, and what one shared costs."""
    found = words(item.text)
    runs = sorted({run for length in _PRICES for run in n_grams(found, length)})
    prices = np.array([_PRICES[len(run)] for run in runs]) / max(len(runs), 1)
    return np.array([numbers[item.feeling, run] for run in runs], np.int64), prices
