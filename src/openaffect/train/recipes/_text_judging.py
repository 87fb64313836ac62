"""What of a sampled text can be learnt, and how much of each emotion two recognisers find in it."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from types import TracebackType
from typing import Any, Self

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


class JudgePool:
    """Judges texts in as many processes as there are cores to spare; in this one if none is."""

    def __init__(self) -> None:
        spare = min(len(os.sched_getaffinity(0)), _MOST_PROCESSES) - 2
        self._pool = None
        if spare > 0:
            self._pool = ProcessPoolExecutor(
                spare, mp_context=get_context("spawn"), initializer=_begin
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def __call__(self, texts: Sequence[tuple[str, str]]) -> Callable[[], list[Judged]]:
        """Return what gives the answer when it is called."""
        if self._pool is not None:
            return self._pool.submit(judged, texts).result
        found = judged(texts)
        return lambda: found


def _begin() -> None:
    """Leave Ctrl-C to the process that asked."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@cache
def _readers() -> tuple[Any, Any]:
    from openaffect import load

    return load("text.emotion", threads=1), load("text-tfidf-lr", threads=1)
