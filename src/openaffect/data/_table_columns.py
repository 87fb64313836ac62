"""Which columns of a user's own table mean what: as named, else guessed by their names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from openaffect.types import (
    BUILT_IN,
    InvalidValueError,
    Kind,
    UnknownNameError,
    did_you_mean,
    nearest,
)

from ._label_words import WORDS

GUESSES: dict[str, tuple[str, ...]] = {
    "path": (
        "path", "file", "filepath", "filename", "media", "video", "videopath", "audio",
        "audiopath", "wav", "clip", "imagepath", "picture", "image",
    ),
    "image": ("image", "picture", "pixels", "img"),
    "text": (
        "text", "sentence", "utterance", "tweet", "comment", "content", "transcript",
        "transcription", "review",
    ),
    "label": ("label", "emotion", "class", "category", "sentiment", "target"),
    "labels": ("labels", "emotions"),
    "subject": (
        "subject", "subjectid", "speaker", "speakerid", "actor", "actorid", "person", "personid",
        "participant", "participantid", "user", "userid", "author",
    ),
    "split": ("split", "partition", "subset", "usage"),
    "start": ("start", "starttime", "begin", "onset"),
    "end": ("end", "endtime", "stop"),
    "key": ("key", "id"),
}  # fmt: skip
"""Names by which a column is known, the likeliest first; case, spaces and ``_-`` do not count."""
QUANTITIES = frozenset(
    label
    for scheme in BUILT_IN.values()
    if scheme.kind in (Kind.DIMENSIONS, Kind.INTENSITIES)
    for label in scheme.labels
) | {"intensity"}
"""Names of columns that are quantities when nothing else is said: valence, AU12, ..."""
_MARKS = frozenset(
    label
    for scheme in BUILT_IN.values()
    if scheme.kind in (Kind.CATEGORIES, Kind.MULTILABEL)
    for label in scheme.labels
) | set(WORDS)


@dataclass(frozen=True, slots=True)
class TableColumns:
    """Names of columns; None is guessed by :data:`GUESSES`, the empty text is no column.

    path: of a media file, relative to the table's folder. image: encoded pictures (parquet only).
    text. label: one label a row. labels: several in one cell, a list or joined by ``|``, ``;`` or
    ``,``. marks: one column a label, 1 where it holds and 0 or empty where not. values: quantities.
    subject, split: as of an item. start, end: seconds of the part of the file that is meant. key:
    unique a row; else the row's number.
    """

    path: str | None = None
    image: str | None = None
    text: str | None = None
    label: str | None = None
    labels: str | None = None
    marks: tuple[str, ...] | None = None
    values: tuple[str, ...] | None = None
    subject: str | None = None
    split: str | None = None
    start: str | None = None
    end: str | None = None
    key: str | None = None

    def __str__(self) -> str:
        """Return ``path=file, label=emotion`` of the columns that are there."""
        pairs = ((field.name, getattr(self, field.name)) for field in fields(self))
        return ", ".join(
            f"{name}={column if isinstance(column, str) else '+'.join(column)}"
            for name, column in pairs
            if column
        )

    @property
    def taken(self) -> frozenset[str]:
        """The columns that have a meaning."""
        chosen = (getattr(self, field.name) for field in fields(self))
        return frozenset(
            name
            for item in chosen
            for name in ([item] if isinstance(item, str) else item or ())
            if name
        )


def named_columns(**columns: str | tuple[str, ...] | None) -> TableColumns:
    """Return the columns by keyword; :class:`UnknownNameError` names the nearest for a typo."""
    known = [field.name for field in fields(TableColumns)]
    if wrong := [name for name in columns if name not in known]:
        raise UnknownNameError(
            f"a table has no {wrong[0]!r} column to name{nearest(wrong[0], known)}; "
            f"known: {', '.join(known)}"
        )
    return TableColumns(**columns)  # type: ignore[arg-type]


def resolve(
    given: TableColumns, header: Sequence[str], *, table: str, pictures: Sequence[str] = ()
) -> TableColumns:
    """Return ``given`` with the columns that it leaves open guessed from ``header``.

    ``pictures`` are the columns that hold bytes. Raises :class:`UnknownNameError` for a named
    column that the header lacks, and :class:`InvalidValueError` when neither media nor text are
    found, or of start and end only one.
    """
    for name in sorted(given.taken - set(header)):
        raise UnknownNameError(
            f"{table} has no column {name!r}{did_you_mean(name, header)} "
            f"It has: {', '.join(header)}"
        )
    chosen: dict[str, Any] = {field.name: getattr(given, field.name) for field in fields(given)}
    free = [name for name in header if name not in given.taken]
    for meaning in ("image", *(name for name in GUESSES if name != "image")):
        if chosen[meaning] is None:
            able = [name for name in free if (name in pictures) == (meaning == "image")]
            chosen[meaning] = _guess(GUESSES[meaning], able)
            free = [name for name in free if name != chosen[meaning]]
    if chosen["values"] is None:
        chosen["values"] = tuple(name for name in free if name in QUANTITIES)
        free = [name for name in free if name not in QUANTITIES]
    if chosen["marks"] is None:
        marks = tuple(name for name in free if name.casefold() in _MARKS)
        labelled = chosen["label"] or chosen["labels"]
        chosen["marks"] = marks if len(marks) > 1 and not labelled else ()
    if not (chosen["path"] or chosen["image"] or chosen["text"]):
        raise InvalidValueError(
            f"{table} has no column known as path, image or text; it has {', '.join(header)}: "
            "name one, as path='...' or text='...'"
        )
    if bool(chosen["start"]) != bool(chosen["end"]):
        raise InvalidValueError(
            f"{table}: start={chosen['start']!r} and end={chosen['end']!r}; name both columns or, "
            "with start='' and end='', none"
        )
    return TableColumns(**chosen)


def _guess(names: Sequence[str], columns: Sequence[str]) -> str:
    """Return the column that has the first of the names that any has."""
    plain = {_plain(column): column for column in reversed(columns)}
    return next((plain[name] for name in names if name in plain), "")


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]", "", name).casefold()
