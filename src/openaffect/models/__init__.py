"""Cards of models, their weights, and what runs them.

The module is also callable: ``openaffect.models()`` returns the installed cards by name.
"""

from __future__ import annotations

import sys
from types import ModuleType

from openaffect.types import Card

from .catalogue import installed
from .inventory import Listed, listing
from .loading import Loader
from .registry import Registry
from .store import Store
from .weights import CardWeights

__all__ = ["CardWeights", "Listed", "Loader", "Registry", "Store", "card", "cards", "listing"]


def cards() -> dict[str, Card]:
    """Return every installed card by name, sorted."""
    return dict(sorted(installed().cards.items()))


def card(name: str) -> Card:
    """Return the card called ``name``; raises :class:`UnknownNameError` with the nearest."""
    return installed().card(name)


class _CallableModule(ModuleType):
    def __call__(self) -> dict[str, Card]:
        return cards()


sys.modules[__name__].__class__ = _CallableModule
