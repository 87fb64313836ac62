"""What has to be said beside the timelines of one analysis."""

from __future__ import annotations

from openaffect.types.card import Card


class Notes:
    """Warnings and cards of one analysis, each once, in the order they came up."""

    def __init__(self) -> None:
        self._warnings: dict[str, None] = {}
        self._cards: dict[str, Card] = {}

    def warn(self, sentence: str) -> None:
        """Add a sentence for a person."""
        self._warnings[sentence] = None

    def used(self, card: Card) -> None:
        """Add the card of a model that spoke."""
        self._cards[card.name] = card

    @property
    def warnings(self) -> tuple[str, ...]:
        """The sentences."""
        return tuple(self._warnings)

    @property
    def cards(self) -> tuple[Card, ...]:
        """The cards."""
        return tuple(self._cards.values())

    def models(self) -> str:
        """Return a text that differs whenever the models do."""
        return " ".join(
            f"{card.name}:{','.join(file.sha256 for file in card.files)}" for card in self.cards
        )
