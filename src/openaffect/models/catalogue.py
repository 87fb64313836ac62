"""The cards that are installed here: which there are, and in which folder each lives.

A folder is the registry: cards of others' weights, and of models without weights, stand in
``models/cards``, our own in ``openaffect/weights``, and any installed package adds its folder by an
entry point of the group ``openaffect.cards`` whose value is the package's name. No package is
imported to list its cards. The user's own folders, those of ``OPENAFFECT_WEIGHTS``, come last.
"""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from openaffect.types import (
    Card,
    InvalidValueError,
    OpenAffectError,
    UnknownNameError,
    did_you_mean,
)

ENTRY_POINTS = "openaffect.cards"
MOST_FILES, MOST_BYTES = 1000, 2_000_000
"""How many JSON files of a user's folder are looked into, and how large a card may be there."""
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
                f"no card is called {name!r}{did_you_mean(name, self.cards)} "
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


def read_catalogue(folders: Iterable[Path], own: Collection[Path] = ()) -> Catalogue:
    """Read every ``NAME.json`` of the folders, in order; of two cards of a name the first stays.

    A card that cannot be read is left out and named in ``problems``: one broken plug-in does not
    take the others away. ``own`` are folders of the user's, read after the others: JSON there that
    is no card is passed over, as is a copy of a card, and at most ``MOST_FILES`` files of at most
    ``MOST_BYTES`` are read.
    """
    cards: dict[str, Card] = {}
    homes: dict[str, Path] = {}
    problems: list[str] = []
    for folder, path in _paths(folders, own, problems):
        try:
            card = read_card(path)
        except OpenAffectError as error:
            problems.append(f"{path}: {error}")
            continue
        if card.name not in cards:
            cards[card.name] = card
            homes[card.name] = folder
        elif card != cards[card.name] or folder not in own:
            problems.append(f"{path}: a card called {card.name!r} is already in {homes[card.name]}")
    return Catalogue(cards, homes, tuple(problems))


def _paths(
    folders: Iterable[Path], own: Collection[Path], problems: list[str]
) -> Iterator[tuple[Path, Path]]:
    """Yield each folder with each file that is to be read as a card."""
    for folder in folders:
        for path in sorted(folder.glob("*.json")):
            if "." not in path.stem:  # else a model's own file beside its card, a tokenizer for one
                yield folder, path
    for folder in own:
        found = sorted(path for path in folder.glob("*.json") if "." not in path.stem)
        if len(found) > MOST_FILES:
            problems.append(
                f"{folder}: holds {len(found)} JSON files; only the first {MOST_FILES} by name are "
                "looked into for cards"
            )
        for path in found[:MOST_FILES]:
            if _may_be_card(path):
                yield folder, path


def _may_be_card(path: Path) -> bool:
    """Tell whether the file names what every card names, or cannot be opened to see."""
    try:
        if path.stat().st_size > MOST_BYTES:
            return False
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return True
    return all(f'"{key}"' in text for key in ("name", "task", "modality", "licence"))


@functools.lru_cache(maxsize=8)
def _catalogue(own: tuple[Path, ...]) -> Catalogue:
    return read_catalogue(_installed_folders(), own)


def installed() -> Catalogue:
    """Return the catalogue of everything installed, read once a process and setting."""
    return _catalogue(own_folders())


def own_folders() -> tuple[Path, ...]:
    """Return the folders that ``OPENAFFECT_WEIGHTS`` names, there or not."""
    names = os.environ.get("OPENAFFECT_WEIGHTS", "").split(os.pathsep)
    return tuple(Path(name).expanduser() for name in names if name)


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
