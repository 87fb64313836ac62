"""SHA-256 of files, and stamps that spare hashing a file again while size and time agree."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from pathlib import Path

_CHUNK = 1 << 20


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in lower-case hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while chunk := handle.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


class Stamps:
    """Remembers in ``folder`` which file had which digest at which size and time.

    A folder that cannot be written only costs hashing again.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def matches(self, path: Path, *, size: int, sha256: str, again: bool = False) -> bool:
        """Tell whether ``path`` is a file of that size and digest.

        The digest is computed when no stamp agrees with the file's present size and time, or when
        ``again`` is set.
        """
        try:
            facts = path.stat()
        except OSError:
            return False
        if not path.is_file() or facts.st_size != size:
            return False
        stamp = {"size": facts.st_size, "time": facts.st_mtime_ns, "sha256": sha256}
        if not again and self._read(path) == stamp:
            return True
        if sha256_of(path) != sha256:
            with contextlib.suppress(OSError):
                self._file(path).unlink(missing_ok=True)
            return False
        self._write(path, stamp)
        return True

    def _file(self, path: Path) -> Path:
        key = hashlib.sha256(os.fsencode(path.absolute())).hexdigest()[:32]
        return self._folder / f"{key}.json"

    def _read(self, path: Path) -> object:
        try:
            return json.loads(self._file(path).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def _write(self, path: Path, stamp: dict[str, object]) -> None:
        target = self._file(path)
        draft = target.with_suffix(f".{os.getpid()}.part")
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            draft.write_text(json.dumps(stamp), encoding="utf-8")
            draft.replace(target)
