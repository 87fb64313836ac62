"""What makes a file of this folder a format."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from openaffect.types.analysis import Analysis


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write an analysis; its name is that of its file.

    title: what it is, for a person. write: ``write(analysis, folder, name)`` writes files whose
    names begin with ``name`` into the folder, each whole or not at all, and returns their names
    within it. timed: it needs times in seconds, which a still or a text does not have.
    """

    title: str
    write: Callable[[Analysis, Path, str], Sequence[str]]
    timed: bool
