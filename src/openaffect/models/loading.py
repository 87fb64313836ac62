"""From a name to a recogniser that is ready to be called."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

from openaffect.types import (
    Card,
    InvalidValueError,
    LicenceError,
    Progress,
    Recognizer,
    UnknownNameError,
    did_you_mean,
    no_progress,
)

from .catalogue import Catalogue, installed
from .registry import Registry
from .store import Store
from .weights import CardWeights

Licences = Literal["any", "permissive"]
"""``permissive`` keeps to cards whose licence allows commercial use."""
DEFAULT_TASKS = {"face": "face.emotion", "speech": "speech.emotion", "text": "text.emotion"}
"""What a modality's bare name stands for."""


def no_notice(message: str) -> None:
    """Say nothing: the default for ``notice``."""


class Loader:
    """Loads recognisers by a card's name, a task or a modality.

    Parameters
    ----------
    registry: lists the implementations (stage ``recognize``).
    store: where weights come from.
    threads, device: of every session; device is ``cpu`` or ``cuda``.
    license: ``any`` or ``permissive``.
    notice: called with a sentence when a model is loaded whose licence forbids commercial use.
    progress: told of downloads.
    catalogue: the cards to choose from; by default what is installed.
    """

    def __init__(
        self,
        registry: Registry,
        store: Store,
        threads: int = 1,
        device: str = "cpu",
        license: Licences = "any",
        *,
        notice: Callable[[str], None] = no_notice,
        progress: Progress = no_progress,
        catalogue: Catalogue | None = None,
    ) -> None:
        if license not in ("any", "permissive"):
            raise InvalidValueError(f"license {license!r} is neither 'any' nor 'permissive'")
        self._registry = registry
        self._store = store
        self._threads = threads
        self._device = device
        self._license = license
        self._notice = notice
        self._progress = progress
        self._catalogue = catalogue

    def load(self, name: str, *, threads: int | None = None) -> Recognizer:
        """Return the recogniser of a card's name, a task (``face.emotion``) or a modality.

        ``threads`` a session, where it is to have another number than the others.

        Raises
        ------
        UnknownNameError
            when nothing is called so; the nearest is named.
        LicenceError
            when the licence setting excludes it.
        InvalidValueError
            when the card is a part of other models and does nothing alone.
        """
        card = self.card(name)
        if not card.implementation:
            raise InvalidValueError(
                f"card {card.name!r} ({card.task}) is a part that other models use; it cannot be "
                "loaded as a recogniser"
            )
        recognizer = self._registry.implementation("recognize", card.implementation)
        built: Recognizer = recognizer(self.weights(card, threads=threads))
        return built

    def weights(self, name: str | Card, *, threads: int | None = None) -> CardWeights:
        """Return the weights of a card, for a recogniser or for a preprocessing step.

        ``threads`` as in :meth:`load`.
        """
        card = name if isinstance(name, Card) else self.card(name)
        if not card.commercial:
            self._notice(f"{card.name}: the licence of its weights is {card.licence}")
        count = threads or self._threads
        return CardWeights(card, self._store, count, self._device, self._progress)

    @property
    def threads(self) -> int:
        """Return how many threads a session gets."""
        return self._threads

    @property
    def problems(self) -> tuple[str, ...]:
        """What was wrong with cards that were left out."""
        return (self._catalogue or installed()).problems

    def card(self, name: str) -> Card:
        """Return the card that ``name`` stands for, within the licence setting."""
        cards = (self._catalogue or installed()).cards
        if name in cards:
            return self._allowed(cards[name])
        task = DEFAULT_TASKS.get(name, name)
        candidates = [card for card in cards.values() if card.task == task]
        if not candidates:
            known = sorted({*cards, *DEFAULT_TASKS, *_tasks(cards.values())} - {name})
            raise UnknownNameError(
                f"no card, task or modality is called {name!r}{did_you_mean(name, known)} "
                f"Known: {', '.join(known)}"
            )
        permitted = [card for card in candidates if self._permits(card)]
        if not permitted:
            return self._allowed(candidates[0])
        return max(permitted, key=lambda card: (card.rank, card.commercial, card.name))

    def names_of(self, task: str) -> list[str]:
        """Return the names of the cards for a task, in order."""
        cards = (self._catalogue or installed()).cards.values()
        return sorted(card.name for card in cards if card.task == task)

    def _permits(self, card: Card) -> bool:
        return card.commercial or self._license == "any"

    def _allowed(self, card: Card) -> Card:
        if not self._permits(card):
            raise LicenceError(
                f"card {card.name!r}: its licence ({card.licence}) does not allow commercial use, "
                "and the licence setting is 'permissive'; set it to 'any' or take another card"
            )
        return card


def _tasks(cards: Iterable[Card]) -> set[str]:
    return {card.task for card in cards if card.implementation}
