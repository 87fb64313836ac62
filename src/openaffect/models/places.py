"""Where a weight file may already lie on this machine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from openaffect.types import Card, InvalidValueError, WeightFile

from .catalogue import Catalogue, installed
from .digests import Stamps
from .sources import wheel_parts


class Places:
    """Looks for files; fetches and changes nothing.

    Parameters
    ----------
    root: the cache, with a folder a card.
    local: folders that are looked in before it.
    catalogue: the cards and their folders; by default what is installed.
    """

    def __init__(self, root: Path, local: Sequence[Path], catalogue: Catalogue | None) -> None:
        self.root = root
        self.local = tuple(local)
        self.stamps = Stamps(root / ".stamps")
        self._catalogue = catalogue

    def cards(self) -> Catalogue:
        """Return the catalogue."""
        return self._catalogue or installed()

    def home(self, card: Card) -> Path:
        """Return the card's folder in the cache, there or not."""
        if "/" in card.name or "\\" in card.name or card.name.startswith("."):
            raise InvalidValueError(f"card {card.name!r}: the name cannot be a folder's name")
        return self.root / card.name

    def locate(self, card: Card, file: WeightFile) -> Path | None:
        """Return the first place that holds the file, verified, or None."""
        for path in self._places(card, file):
            if self.stamps.matches(path, size=file.size, sha256=file.sha256):
                return path
        return None

    def damaged(self, card: Card, file: WeightFile) -> bool:
        """Hash the file anew where it lies; tell whether some copy of it is not what it was."""
        taken = self.locate(card, file)
        paths = {path for path in (taken, self.own_path(card, file)) if path and path.is_file()}
        return not all(
            self.stamps.matches(path, size=file.size, sha256=file.sha256, again=True)
            for path in paths
        )

    def _places(self, card: Card, file: WeightFile) -> Iterator[Path]:
        """Yield where the whole file may lie."""
        home = self.home(card)
        for folder in self.local:
            yield folder / home.name / file.name
            yield folder / file.name
            if file.source.startswith("package:") and len(file.wheel_sha256) == 1:
                yield folder / wheel_parts(file)[0].member
        yield self.own_path(card, file)
        for other in self.cards().cards.values():
            for twin in other.files:
                if twin.sha256 == file.sha256 and other.name != card.name:
                    yield self.own_path(other, twin)

    def own_path(self, card: Card, file: WeightFile) -> Path:
        """Return where the card itself puts the file: in the cache, or beside the card."""
        if file.source.startswith("file:"):
            return self._beside(card, file)
        return self.home(card) / file.name

    def _beside(self, card: Card, file: WeightFile) -> Path:
        path = Path(file.source.removeprefix("file:"))
        if path.is_absolute():
            return path
        if ".." in path.parts:
            raise InvalidValueError(
                f"card {card.name!r}: {file.source!r} leads out of the card's folder"
            )
        folder = self.cards().folders.get(card.name)
        if folder is None:
            raise InvalidValueError(
                f"card {card.name!r} is not installed, so {file.source!r} has no folder to start "
                "from; give the store the catalogue that the card was read from"
            )
        return folder / path

    def unpacked(self, file: WeightFile) -> list[Path]:
        """Return the parts as they lie unpacked in one of the local folders, if they all do."""
        parts = wheel_parts(file)
        for folder in self.local:
            paths = [folder / part.member for part in parts]
            here = all(path.is_file() for path in paths)
            if here and sum(path.stat().st_size for path in paths) == file.size:
                return paths
        return []
