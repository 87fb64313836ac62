"""The cards that are installed here: which there are, and in which folder each lives.

A folder is the registry: cards of others' weights, and of models without weights, stand in
``models/cards``, our own in ``openaffect/weights``, and any installed package adds its folder by an
entry point of the group ``openaffect.cards`` whose value is the package's name. No package is
imported to list its cards.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from openaffect.types import Card, InvalidValueError, OpenAffectError, UnknownNameError, nearest

ENTRY_POINTS = "openaffect.cards"
_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Cards by name, the folder of each, and what was wrong with cards that were left out."""

    cards: Mapping[str, Card]
    folders: Mapping[str, Path]
    problems: tuple[str, ...] = ()

    def card(self, name: str) -> Card:
        """Return the card called ``name``; raises :class:`UnknownNameError` with the nearest."""
        try:
            return self.cards[name]
        except KeyError:
            raise UnknownNameError(
                f"no card is called {name!r}{nearest(name, self.cards)} "
                f"Installed: {', '.join(sorted(self.cards))}"
            ) from None


def read_card(path: Path) -> Card:
    """Read one card from its JSON file; an error names the file."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InvalidValueError(f"card {path}: not readable as JSON: {error}") from error
    if not isinstance(data, dict):
        raise InvalidValueError(f"card {path}: the file holds {type(data).__name__}, not an object")
    return Card.from_dict(data)


def read_catalogue(folders: Iterable[Path]) -> Catalogue:
    """Read every ``NAME.json`` of the folders, in order; of two cards of a name the first stays.

    A card that cannot be read is left out and named in ``problems``: one broken plug-in does not
    take the others away.
    """
    cards: dict[str, Card] = {}
    homes: dict[str, Path] = {}
    problems: list[str] = []
    for folder in folders:
        for path in sorted(folder.glob("*.json")):
            if "." in path.stem:  # a model's own file beside its card, a tokenizer for one
                continue
            try:
                card = read_card(path)
            except OpenAffectError as error:
                problems.append(f"{path}: {error}")
                continue
            if card.name in cards:
                problems.append(
                    f"{path}: a card called {card.name!r} is already in {homes[card.name]}"
                )
                continue
            cards[card.name] = card
            homes[card.name] = folder
    return Catalogue(cards, homes, tuple(problems))


@functools.lru_cache(maxsize=1)
def installed() -> Catalogue:
    """Return the catalogue of everything installed, read once a process."""
    return read_catalogue(_installed_folders())


def _installed_folders() -> Iterator[Path]:
    yield _HERE / "cards"
    yield _HERE.parent / "weights"
    from importlib.metadata import entry_points

    for point in entry_points(group=ENTRY_POINTS):
        yield from package_folders(point.value)


def package_folders(package: str) -> list[Path]:
    """Return the folders of a package without importing it; none when it is not installed."""
    import importlib.util

    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        return []
    locations = spec.submodule_search_locations if spec else None
    return [Path(location) for location in locations or ()]
