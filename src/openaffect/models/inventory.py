"""What is installed and what is cached, as facts for a listing."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from openaffect.types import Card

from .catalogue import installed
from .store import Store


class Listed(NamedTuple):
    """One card's line: ``size`` in bytes, ``path`` a folder or None, ``cached`` all files here."""

    name: str
    task: str
    licence: str
    commercial: bool
    size: int
    cached: bool
    path: Path | None


def listing(store: Store | None = None) -> tuple[Listed, ...]:
    """Return a line for every installed card, sorted by task and name. Fetches nothing."""
    store = store or Store()
    cards = sorted(installed().cards.values(), key=lambda card: (card.task, card.name))
    return tuple(_line(card, store) for card in cards)


def _line(card: Card, store: Store) -> Listed:
    paths = [store.locate(card, file.role) for file in card.files]
    here = [path for path in paths if path is not None]
    return Listed(
        name=card.name,
        task=card.task,
        licence=card.licence,
        commercial=card.commercial,
        size=card.size,
        cached=len(here) == len(paths),
        path=here[0].parent if here else None,
    )
