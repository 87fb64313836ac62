"""The lines of a dialogue, each read with what was said before it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from openaffect.recognize._talk import checked_line
from openaffect.types.errors import InvalidValueError, UnknownNameError
from openaffect.types.protocols import DialogueRecognizer, Line, Progress, no_progress
from openaffect.types.timeline import Timeline, Unit, concatenate

from .rows import placed, recognized, texts
from .spill import Spill
from .words import STREAM, Sentences, TextParts, read

if TYPE_CHECKING:
    from openaffect.types.protocols import Recognizer

TASKS = ("text.dialogue", "text.situation")
"""What reads a line with those before it, the first choice first."""
MOST_SPEAKERS = 10_000
_PART = 1024
Row = tuple[int, str, str]
"""A line with its row in the table: (row, speaker, text)."""


def read_dialogue(
    lines: Iterable[Line],
    *,
    model: str | None = None,
    license: Literal["any", "permissive"] = "any",
    device: str = "cpu",
    threads: int = 0,
    progress: Progress = no_progress,
) -> Timeline:
    """Recognise the emotion of each line of a dialogue, in the light of what was said before it.

    Parameters
    ----------
    lines: (speaker, text) in the order in which they were said, of one dialogue; read once, a part
        at a time, so that a generator may be as long as it likes.
    model: a card's name or a task; by default the best that reads lines in context
        (``text.dialogue``, else ``text.situation``), else ``text.emotion``, which reads each line
        by itself.
    license, device, threads, progress: as of :func:`openaffect.load`.

    Returns
    -------
    A timeline of one row a line, in order: ``extra`` holds ``subject`` (the number of the speaker,
    from 0 as first heard), ``speaker`` (the name) and ``text``.

    Raises
    ------
    InvalidValueError
        for a line that is no pair of strings, named by its index, and for more than 10,000
        speakers.
    UnknownNameError, LicenceError, WeightsUnavailableError
        as :func:`openaffect.load`.
    """
    if isinstance(lines, (str, bytes)) or not hasattr(lines, "__iter__"):
        raise InvalidValueError(
            f"a dialogue is a list of (speaker, text); got one {type(lines).__name__}"
        )
    reader = _loaded(model, license=license, device=device, threads=threads, progress=progress)
    found = []
    said = ((index, *checked_line(line, index)) for index, line in enumerate(lines))
    done = 0
    for block, before, subjects in parts_of(said, _context(reader)):
        done += len(block)
        timeline = _read_block(reader, block, before)
        found.append(placed(timeline, timeline.span, Unit.WHOLE, extra=_extras(block, subjects)))
        progress("text", done, None)
    return concatenate(found) if found else _nothing(reader)


def read_lines(
    rows: Iterable[Row],
    parts: TextParts,
    readers: Mapping[str, DialogueRecognizer],
    spill: Spill,
    progress: Progress,
) -> None:
    """Read a dialogue into ``spill``, from where it ends: a row a line, in each of the timelines.

    The line's row in the table stands in the extra ``row``, who said it in ``subject`` (-1 where
    the table does not say) and ``speaker``.
    """
    if spill.finished(STREAM):
        return
    done = sum(part.state["sentences"] for part in spill.parts(STREAM))
    context = max((reader.context for reader in readers.values()), default=0)
    seen = 0
    for block, before, subjects in parts_of(rows, context):
        seen += len(block)
        if seen <= done:
            continue
        extra = _extras(block, subjects)
        extra["row"] = np.asarray([row for row, _, _ in block], dtype=np.int64)
        told = extra.pop("text").tolist()
        spans = np.zeros((len(block), 2))
        found = read(Sentences(told, spans, Unit.WHOLE, (), extra), parts, no_progress)
        for name, reader in readers.items():
            timeline = _read_block(reader, block, before)
            extras = {"text": texts(told), **extra}
            found[name] = placed(timeline, spans, Unit.WHOLE, extra=extras)
        spill.append(STREAM, found, {"sentences": len(block)})
        progress("text", seen, None)
    if not seen:
        empty = read(Sentences([], np.zeros((0, 2)), Unit.WHOLE), parts, no_progress)
        spill.append(STREAM, empty, {"sentences": 0})
    spill.finish(STREAM)


def parts_of(
    rows: Iterable[Row], context: int
) -> Iterator[tuple[list[Row], list[Line], list[int]]]:
    """Cut a dialogue: (lines, at most ``context`` lines before them, numbers of their speakers)."""
    before: deque[Line] = deque(maxlen=context)
    known: dict[str, int] = {}
    rest = iter(rows)
    while block := list(islice(rest, _PART)):
        subjects = [
            known.setdefault(speaker, len(known)) if speaker else -1 for _, speaker, _ in block
        ]
        if len(known) > MOST_SPEAKERS:
            raise InvalidValueError(
                f"the dialogue has more than {MOST_SPEAKERS:,} speakers, the last of them "
                f"{block[-1][1][:40]!r}; is that who speaks, or what is said?"
            )
        yield block, list(before), subjects
        before.extend((speaker, text) for _, speaker, text in block)


def _loaded(model: str | None, **settings: Any) -> Recognizer:
    """Return the model of that name, or the first that is installed of those that read lines."""
    from .load import load

    if model is not None:
        return load(model, **settings)
    for task in TASKS:
        try:
            return load(task, **settings)
        except UnknownNameError:
            continue
    return load("text.emotion", **settings)


def _context(reader: Recognizer) -> int:
    return reader.context if isinstance(reader, DialogueRecognizer) else 0


def _read_block(reader: Recognizer, block: Sequence[Row], before: Sequence[Line]) -> Timeline:
    """Return one row a line of the block."""
    if not isinstance(reader, DialogueRecognizer):
        return recognized(reader, [text for _, _, text in block], no_progress)
    kept = list(before[max(0, len(before) - reader.context) :])
    said = [(speaker, text) for _, speaker, text in block]
    return reader.lines([*kept, *said], start=len(kept))


def _extras(block: Sequence[Row], subjects: Sequence[int]) -> dict[str, Any]:
    return {
        "text": texts([text for _, _, text in block]),
        "subject": np.asarray(subjects, dtype=np.int64),
        "speaker": texts([speaker for _, speaker, _ in block]),
    }


def _nothing(reader: Recognizer) -> Timeline:
    empty = reader([])
    return placed(empty, empty.span, Unit.WHOLE, extra=_extras((), ()))
