"""Slips of typing and hesitations, put into a text on request, and taken out again.

The four slips are Damerau's: a letter too many, one missing, a wrong one, two swapped ("A technique
for computer detection and correction of spelling errors", CACM 7, 1964); a wrong letter is a
neighbour on a QWERTY keyboard. Hesitations are the fillers of English (Clark and Fox Tree, "Using
*uh* and *um* in spontaneous speaking", Cognition 84, 2002).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from openaffect.types import InvalidValueError

HIGHEST = 0.5
"""Of both rates: more is no text any more."""
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_FILLERS = ("um", "uh", "well", "I mean", "you know", "hmm")
_SHORTEST = 4
"""Letters of a word that slips."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change: ``made`` stands at character ``at`` of the changed text, for ``meant``."""

    at: int
    made: str
    meant: str


def slipped(
    text: str, *, slips: float = 0.0, hesitations: float = 0.0, seed: int = 0
) -> tuple[str, tuple[Change, ...]]:
    """Return a text with slips and hesitations, and the changes in order.

    Parameters
    ----------
    slips: share of the words that are mistyped, in [0, 0.5]; only words of small letters, at least
        four, are, so that names and numbers stay. hesitations: of the words that one stands before.
    seed: of the choice of places and kinds.

    The changes are as near to the asked rates as whole numbers are, and as there are places.
    """
    for name, value in (("slips", slips), ("hesitations", hesitations)):
        if not 0 <= value <= HIGHEST:
            raise InvalidValueError(f"{name} is {value}; give 0 to {HIGHEST:g} of the words")
    generator = np.random.default_rng(seed)
    words = list(_WORD.finditer(text))
    able = [word for word in words if len(word[0]) >= _SHORTEST and word[0].islower()]
    edits = {
        word.start(): (word[0], _mistyped(word[0], generator))
        for word in _drawn(able, slips * len(words), generator)
    }
    places = [word for word in words if _may_pause(text, word.start())]
    fillers = dict(
        _pause(text, word.start(), _FILLERS[int(generator.integers(len(_FILLERS)))])
        for word in _drawn(places, hesitations * len(words), generator)
    )
    return _applied(text, edits, fillers)


def undone(text: str, changes: Sequence[Change]) -> str:
    """Return the text as it was before :func:`slipped`."""
    for change in reversed(changes):
        end = change.at + len(change.made)
        text = text[: change.at] + change.meant + text[end:]
    return text


def rates(text: str, changes: Sequence[Change]) -> tuple[float, float]:
    """Return the shares of slips and of hesitations among the words of the undone text."""
    words = len(_WORD.findall(undone(text, changes)))
    pauses = sum(not change.meant for change in changes)
    return (len(changes) - pauses) / max(words, 1), pauses / max(words, 1)


def _drawn(
    places: Sequence[re.Match[str]], wanted: float, generator: np.random.Generator
) -> list[re.Match[str]]:
    """Return so many of the places, in order; half a place is drawn for."""
    count = int(wanted) + int(generator.random() < wanted - int(wanted))
    chosen = generator.permutation(len(places))[: min(count, len(places))]
    return [places[number] for number in sorted(chosen)]


def _may_pause(text: str, start: int) -> bool:
    """Tell whether a word follows a space within a sentence, not a hyphen or a quote."""
    return start > 1 and text[start - 1] == " " and text[start - 2] not in " \n.!?…"


def _pause(text: str, start: int, filler: str) -> tuple[int, str]:
    """Return where a filler is put before a word, and what: between commas, where none stands."""
    comma = "," if text[start - 2].isalnum() else ""
    return start - 1, f"{comma} {filler},"


def _applied(
    text: str, edits: dict[int, tuple[str, str]], fillers: dict[int, str]
) -> tuple[str, tuple[Change, ...]]:
    pieces: list[str] = []
    changes: list[Change] = []
    length, place = 0, 0
    for start in sorted({*edits, *fillers}):
        pieces.append(text[place:start])
        length, place = length + len(pieces[-1]), start
        here = [(fillers[start], "")] if start in fillers else []
        here += [edits[start][::-1]] if start in edits else []
        for made, meant in here:
            changes.append(Change(length, made, meant))
            pieces.append(made)
            length, place = length + len(made), place + len(meant)
    return "".join([*pieces, text[place:]]), tuple(changes)


def _mistyped(word: str, generator: np.random.Generator) -> str:
    """Return a word with one slip; its first letter stays, as readers need it most."""
    place = int(generator.integers(1, len(word) - 1))
    kind = int(generator.integers(4))
    if kind == 0:
        return word[:place] + word[place] + word[place:]
    if kind == 1:
        return word[:place] + word[place + 1 :]
    if kind == 2 and word[place] != word[place + 1]:
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    row = next((keys for keys in _KEYS if word[place] in keys), "")
    if not row:
        return word[:place] + word[place + 1 :]
    at = row.index(word[place])
    near = row[at + 1] if at + 1 < len(row) else row[at - 1]
    return word[:place] + near + word[place + 1 :]
