"""What of a sampled text can be learnt, and how much of each emotion two recognisers find in it."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import cache, partial
from multiprocessing import get_context
from typing import Any

import numpy as np

from openaffect.generate._felt import shares
from openaffect.generate._phrases import NAMES
from openaffect.generate._wording import Wording
from openaffect.metrics.text_diversity import n_grams

_LEAST_WORDS = 6
_MOST_PROCESSES = 16
_WORDS = re.compile(r"[\w'’]+|[^\w\s]")
Judged = tuple[str, list[float]]
"""What can be learnt of a text, empty for nothing, and its shares of the seven emotions."""


def words(text: str) -> list[str]:
    """Return the words and marks of a text, in small letters."""
    return _WORDS.findall(text.casefold())


def learnable(opening: str, text: str, named: Callable[[str], bool]) -> str:
    """Return a text up to its last whole sentence; empty where it cannot be learnt from.

    That is a text which names an emotion, says a run of three words twice, is coarse or very short.
    """
    wording = Wording(opening, NAMES)
    text = wording.cut(text.split("\n")[0]).strip()
    found = words(text)
    runs = n_grams(found, 3)
    if len(found) < _LEAST_WORDS or len(set(runs)) < len(runs) or named(text):
        return ""
    return "" if wording.refuses("", text, (), 0) else text


def judged(texts: Sequence[tuple[str, str]]) -> list[Judged]:
    """Judge texts, each behind its opening.

    The shares are the geometric means of what ``text-emotion`` and ``text-tfidf-lr`` give.
    """
    from ._emotional_text import named

    kept = [learnable(opening, text, named) for opening, text in texts]
    some = [text for text in kept if text]
    found = [shares(reader(some)) for reader in _readers()] if some else []
    felt = iter(np.sqrt(np.prod(found, axis=0)).tolist() if some else ())
    return [(text, next(felt) if text else []) for text in kept]


@contextmanager
def judges() -> Iterator[Callable[[Sequence[tuple[str, str]]], Callable[[], list[Judged]]]]:
    """Open processes that judge texts, as many as there are cores to spare; none, without one.

    What is handed out takes texts and returns what gives the answer when it is called.
    """
    cores = (
        os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)
    )
    spare = min(len(cores), _MOST_PROCESSES) - 2
    if spare <= 0:
        yield lambda texts: partial(judged, texts)
        return
    with ProcessPoolExecutor(spare, get_context("spawn"), _begin) as pool:
        try:
            yield lambda texts: pool.submit(judged, texts).result
        finally:
            pool.shutdown(cancel_futures=True)


def _cores() -> int:
    """Return how many cores this process may use, or those of the machine where that is unknown."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _begin() -> None:
    """Leave Ctrl-C to the process that asked."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@cache
def _readers() -> tuple[Any, Any]:
    from openaffect import load

    return load("text.emotion", threads=1), load("text-tfidf-lr", threads=1)
