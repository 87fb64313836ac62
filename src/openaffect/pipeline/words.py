"""Sentences, wherever they come from: a document, a table's column, a transcript."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openaffect.types.mappings import MAPPINGS
from openaffect.types.protocols import Progress, Recognizer
from openaffect.types.schemes import EKMAN7, SENTIMENT3
from openaffect.types.timeline import Timeline, Unit

from .rows import placed, recognized, texts
from .spill import Spill

STREAM = "text"
_PART = 1024
_DERIVED = {EKMAN7: "text.ekman", SENTIMENT3: "text.sentiment"}

Split = Callable[[str], Sequence[tuple[int, int]]]
"""Cuts a text into sentences: spans in characters."""


@dataclass(frozen=True, slots=True)
class TextParts:
    """What reads a sentence. ``recognizers`` by timeline name, any may be missing.

    ``roles`` finds who feels what about whom, where that was asked for.
    """

    split: Split
    recognizers: dict[str, Recognizer]
    roles: Callable[[Sentences], Timeline] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Sentences:
    """Sentences with their places: ``text`` N strings, ``span`` (N, 2) in ``unit``, extras."""

    text: Sequence[str]
    span: ArrayLike
    unit: Unit
    coverage: ArrayLike = ()
    extra: dict[str, Any] = field(default_factory=dict)


def read(sentences: Sentences, parts: TextParts, progress: Progress) -> dict[str, Timeline]:
    """Return the timelines of some sentences, those that follow from others included."""
    found: dict[str, Timeline] = {}
    for name, recognizer in parts.recognizers.items():
        whole = recognized(recognizer, sentences.text, progress, name)
        extra = {"text": texts(sentences.text), **sentences.extra}
        line = placed(
            whole, sentences.span, sentences.unit, coverage=sentences.coverage, extra=extra
        )
        found[name] = line
        if name == "text.emotion":
            found |= _derived(line)
    if parts.roles is not None:
        found["text.roles"] = parts.roles(sentences)
    return found


def read_document(text: str, parts: TextParts, spill: Spill, progress: Progress) -> None:
    """Read a document into ``spill``: a row a sentence, spans in characters."""
    spans = parts.split(text)
    places = ((index, text[start:end], (start, end)) for index, (start, end) in enumerate(spans))
    _read_parts(places, Unit.CHARACTERS, parts, spill, progress, len(spans))


def read_column(
    rows: Iterable[tuple[int, str]], parts: TextParts, spill: Spill, progress: Progress
) -> None:
    """Read a table's column into ``spill``: a row a row, its number in the extra ``row``."""
    places = ((number, text, (0.0, 0.0)) for number, text in rows)
    _read_parts(places, Unit.WHOLE, parts, spill, progress, None)


def read_transcript(
    transcript: Timeline, parts: TextParts, progress: Progress
) -> dict[str, Timeline]:
    """Return the timelines of a transcript's sentences, spans in seconds.

    A sentence may run over several rows of the transcript; where it begins or ends within one, the
    time is read off in proportion to the characters. The extra ``quality`` is the transcript's
    confidence in the middle of the sentence.
    """
    joined, characters, seconds = _clock(transcript)
    spans = parts.split(joined)
    edges = np.asarray(spans, dtype=np.float64).reshape(-1, 2)
    starts = np.interp(edges[:, 0] + 0.5, characters, seconds) if len(edges) else edges[:, 0]
    ends = np.interp(edges[:, 1] - 0.5, characters, seconds) if len(edges) else edges[:, 1]
    told = [joined[start:end] for start, end in spans]
    quality = np.interp((starts + ends) / 2, *_confidence(transcript)) if len(edges) else starts
    sentences = Sentences(
        text=told,
        span=np.column_stack([starts, np.maximum(starts, ends)]),
        unit=Unit.SECONDS,
        coverage=transcript.coverage,
        extra={"quality": quality.astype(np.float32)},
    )
    return read(sentences, parts, progress)


def _confidence(transcript: Timeline) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return knots in seconds and the confidence there, steady within a row of the transcript."""
    order = np.argsort(transcript.span[:, 0], kind="stable")
    return transcript.span[order].reshape(-1), np.repeat(transcript.scores[order, 0], 2)


def _clock(transcript: Timeline) -> tuple[str, NDArray[np.float64], NDArray[np.float64]]:
    """Return the text and matching knots in characters and seconds, both rising."""
    pieces: list[str] = []
    characters: list[float] = []
    seconds: list[float] = []
    at, latest = 0, 0.0
    for text, (start, end) in zip(
        transcript.extra.get("text", ()), transcript.span.tolist(), strict=True
    ):
        words = text.strip()
        if not words:
            continue
        start, end = max(start, latest), max(end, latest)
        characters += [at, at + len(words)]
        seconds += [start, end]
        pieces.append(words)
        at, latest = at + len(words) + 1, end
    return " ".join(pieces), np.asarray(characters), np.asarray(seconds)


def _derived(emotion: Timeline) -> dict[str, Timeline]:
    """Return the coarser timelines that the built-in mappings read off this one."""
    return {
        _DERIVED[mapping.target]: mapping.apply(emotion).timeline
        for mapping in MAPPINGS
        if mapping.source == emotion.scheme and mapping.target in _DERIVED
    }


def _read_parts(
    places: Iterator[tuple[int, str, tuple[float, float]]],
    unit: Unit,
    parts: TextParts,
    spill: Spill,
    progress: Progress,
    total: int | None,
) -> None:
    """Read sentences a part at a time, from where the spill ends."""
    if spill.finished(STREAM):
        return
    done = sum(part.state["sentences"] for part in spill.parts(STREAM))
    places = islice(places, done, None)

    def tell(what: str, count: float, of: float | None) -> None:
        progress("text", done + count, total)

    while True:
        block = list(islice(places, _PART))
        if not block and done:
            break
        numbers, sentences, spans = zip(*block, strict=True) if block else ((), (), ())
        covered = [(spans[0][0], spans[-1][1])] if block and unit is Unit.CHARACTERS else []
        extra = {"row": np.asarray(numbers, dtype=np.int64)} if unit is Unit.WHOLE else {}
        found = read(Sentences(sentences, spans, unit, covered, extra), parts, tell)
        spill.append(STREAM, found, {"sentences": len(block)})
        done += len(block)
        if len(block) < _PART:
            break
    spill.finish(STREAM)
