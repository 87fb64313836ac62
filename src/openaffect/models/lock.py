"""A lock between processes (and threads) on one file, given back when its holder dies."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from openaffect.types import WeightsUnavailableError

LOCK_SECONDS = 3600.0
"""Seconds that one process waits for another to finish a download."""
_POLL = 0.05
"""Seconds between two tries to take the lock."""


@contextlib.contextmanager
def held(path: Path, *, timeout: float) -> Iterator[None]:
    """Hold the lock file ``path`` while the block runs.

    Parameters
    ----------
    path: the lock file; it is made when absent and never removed, since removing it would let two
        holders lock two different files of one name.
    timeout: seconds to wait for another holder.

    Raises
    ------
    WeightsUnavailableError
        when another process held it all that time.
    """
    with path.open("a+b") as handle:
        deadline = time.monotonic() + timeout
        while not _try_lock(handle):
            if time.monotonic() > deadline:
                raise WeightsUnavailableError(
                    f"another process has held {path} for {timeout:.0f} s; wait for it to finish "
                    "or end it, then try again"
                )
            time.sleep(_POLL)
        try:
            yield
        finally:
            _unlock(handle)


if sys.platform == "win32":
    import msvcrt

    def _try_lock(handle: IO[bytes]) -> bool:
        handle.seek(0)
        try:
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(handle: IO[bytes]) -> None:
        handle.seek(0)
        msvcrt.locking(handle.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_lock(handle: IO[bytes]) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(handle: IO[bytes]) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)
