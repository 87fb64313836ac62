"""Lines of a dialogue with what was said before them, as what a network reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.types import InvalidValueError, Line

OWN, OTHER = 0, 1
"""Token types: what the speaker of the judged line said, and what anybody else said."""


def joined(
    lines: Sequence[Sequence[int]], speakers: Sequence[object], most: int
) -> NDArray[np.int64]:
    """Return (2, L) ids and token types of the last line with those before it, L at most ``most``.

    Each line comes as its ids, start and end marks included; the start marks of all but the first
    are dropped, so that lines are parted by one mark. Lines are taken from the last one backwards
    as long as they fit whole; the last one is cut where it alone is too long.
    """
    judged = speakers[-1]
    kept = [list(lines[-1][:most])]
    kinds = [OWN]
    room = most - len(kept[0])
    for ids, speaker in zip(reversed(lines[:-1]), reversed(speakers[:-1]), strict=True):
        if len(ids) - 1 > room:
            break
        kept.append(list(ids))
        kinds.append(OWN if speaker == judged else OTHER)
        room -= len(ids) - 1
    pieces = [ids if row == 0 else ids[1:] for row, ids in enumerate(reversed(kept))]
    marks = [kind for ids, kind in zip(pieces, reversed(kinds), strict=True) for _ in ids]
    return np.array([[token for ids in pieces for token in ids], marks], np.int64)


def window(lines: Sequence[Line], start: int, context: int) -> tuple[list[Line], int]:
    """Return the lines that are read for those from ``start`` on, and where these begin in them.

    Raises :class:`InvalidValueError` for a ``start`` outside the lines and, with the index, for a
    line that is no pair of strings.
    """
    if not 0 <= start <= len(lines):
        raise InvalidValueError(f"start is {start}; the dialogue has {len(lines)} lines")
    first = max(0, start - context)
    said = [checked_line(line, index) for index, line in enumerate(lines[first:], first)]
    return said, start - first


def checked_line(line: Any, index: int) -> Line:
    """Return the line as a pair of strings, or raise :class:`InvalidValueError` that names it."""
    if isinstance(line, (tuple, list)) and [type(part) for part in line] == [str, str]:
        return line[0], line[1]
    raise InvalidValueError(
        f"line {index} of the dialogue is {type(line).__name__} {str(line)[:60]!r}; expected "
        "(speaker, text), two strings"
    )
