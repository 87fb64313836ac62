"""The door for paths: what is given as input must be a readable file with something in it."""

from __future__ import annotations

import os
from pathlib import Path

from openaffect.types import MediaError, SourceNotFoundError


def existing_file(path: str | os.PathLike[str]) -> Path:
    """Return ``path`` as a :class:`~pathlib.Path` to a regular file of at least one byte.

    Raises
    ------
    SourceNotFoundError
        when nothing is there.
    MediaError
        when it is a folder, a device, empty, or may not be read.
    """
    source = Path(path)
    try:
        if not source.exists():
            raise SourceNotFoundError(f"{source} does not exist; check the path and its spelling")
        if source.is_dir():
            raise MediaError(f"{source} is a folder; give a file in it")
        if not source.is_file():
            raise MediaError(f"{source} is no regular file (a device, socket or pipe)")
        size = source.stat().st_size
    except (OSError, ValueError) as error:
        if isinstance(error, (MediaError, SourceNotFoundError)):
            raise
        raise MediaError(f"{str(source)!r} cannot be opened: {error}") from error
    if size == 0:
        raise MediaError(f"{source} is empty (0 bytes)")
    if not os.access(source, os.R_OK):
        raise MediaError(f"{source} may not be read; check its permissions")
    return source


def head(path: Path, size: int = 4096) -> bytes:
    """Return the first ``size`` bytes of a file; raises :class:`MediaError`."""
    try:
        with path.open("rb") as file:
            return file.read(size)
    except OSError as error:
        raise MediaError(f"{path} cannot be read: {error}") from error
