"""What the disk refuses, said with the remedy."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from openaffect.types import OutputError


@contextlib.contextmanager
def disk(path: Path) -> Iterator[None]:
    """Turn a refusal of the disk into :class:`OutputError` with the remedy."""
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"{path}: cannot be written ({error.strerror or error}); free some space there, or "
            "name another folder in OPENAFFECT_CACHE"
        ) from error
