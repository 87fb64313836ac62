"""What the parts of the house expect of each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from numpy.typing import NDArray

from .card import Card
from .timeline import Timeline

Progress = Callable[[str, float, float | None], None]
"""Called with (what is done, amount done, total or None): the core knows no screen."""


Line = tuple[str, str]
"""A line of a dialogue: who speaks, and what they say."""


def no_progress(what: str, done: float, total: float | None) -> None:
    """Report nothing: the default for every ``progress`` argument."""


@runtime_checkable
class Session(Protocol):
    """A loaded network: named arrays in, named arrays out."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]

    def run(self, feeds: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        """Run the network once; keys are names in ``inputs``, the answer's in ``outputs``."""
        ...


class Weights(Protocol):
    """Hands a recogniser the files and sessions of its card."""

    card: Card

    def path(self, role: str) -> str:
        """Return the verified local path of the file with that role."""
        ...

    def session(self, role: str) -> Session:
        """Return a session over the file with that role; the same one each time."""
        ...


@runtime_checkable
class Recognizer(Protocol):
    """A callable from a batch of prepared inputs to a timeline of that length and order.

    Faces: list of (H, W, 3) uint8 RGB crops, any size. Speech: list of (T,) float32 at 16 kHz in
    [-1, 1]. Text: list of str. Row i of the answer speaks of input i; its unit is ``whole``.
    """

    card: Card

    def __call__(self, batch: Sequence[Any], /) -> Timeline:
        """Recognise every item of the batch."""
        ...


@runtime_checkable
class DialogueRecognizer(Recognizer, Protocol):
    """A recogniser of texts that also reads a line of a dialogue with what was said before it.

    ``context``: how many lines before a line it reads at most.
    """

    context: int

    def lines(self, lines: Sequence[Line], start: int = 0) -> Timeline:
        """Recognise the lines from ``start`` on, one row a line, its unit ``whole``.

        A row follows from its line and at most ``context`` lines before it, never from later ones.
        """
        ...
