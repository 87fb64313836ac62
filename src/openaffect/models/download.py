"""Fetching one address into one file: bounded, resumable, verified, put in place at once."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import ssl
import time
import urllib.error
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from openaffect.types import (
    IntegrityError,
    OutputError,
    Progress,
    WeightsUnavailableError,
    no_progress,
)

from .addresses import open_address, shown
from .digests import sha256_of
from .disk import disk

SLOWEST_RATE = 16_000
"""Bytes a second: with ``GRACE_SECONDS``, how long a transfer may take in all."""
GRACE_SECONDS = 120.0
RETRY_PAUSES = (0.5, 2.0, 5.0)
"""Seconds before each further try that follows one which brought nothing."""
_CHUNK = 1 << 18


@dataclass(frozen=True, slots=True)
class Target:
    """What to fetch: ``url`` into ``path``, of ``sha256`` and at most ``limit`` bytes."""

    url: str
    path: Path
    sha256: str
    limit: int
    cafile: str = ""

    @property
    def part(self) -> Path:
        """Where what has come so far is kept."""
        return self.path.with_name(f".{self.path.name}.part")


class _InterruptedError(Exception):
    """The transfer broke off; what came is kept, and another try may go on from there."""


def download(target: Target, *, what: str, progress: Progress = no_progress) -> None:
    """Fetch ``target.url`` into ``target.path``.

    What came of a broken transfer stays beside the path as ``.<name>.part`` and is gone on with
    (HTTP Range) now or by a later call. The path itself only ever holds the verified file.

    Raises
    ------
    WeightsUnavailableError
        when the address cannot be had: refused, absent, unreachable, or too slow.
    IntegrityError
        when what came is larger than the limit or of another SHA-256.
    OutputError
        when the disk refuses.
    """
    resumed = _size(target.part) > 0
    if not (resumed and sha256_of(target.part) == target.sha256):
        _transfer(target, what, progress)
        if resumed and sha256_of(target.part) != target.sha256:
            target.part.unlink()
            _transfer(target, what, progress)
    if (found := sha256_of(target.part)) != target.sha256:
        target.part.unlink()
        raise IntegrityError(
            f"{shown(target.url)}: came with SHA-256 {found}, but the card says {target.sha256}; "
            "it was thrown away"
        )
    with disk(target.path):
        target.part.replace(target.path)


def _transfer(target: Target, what: str, progress: Progress) -> None:
    """Bring the part file to its full length, trying again where a transfer breaks off."""
    deadline = time.monotonic() + GRACE_SECONDS + target.limit / SLOWEST_RATE
    pauses = iter(RETRY_PAUSES)
    while True:
        before = _size(target.part)
        try:
            _attempt(target, what, progress, deadline)
            return
        except _InterruptedError as error:
            if _size(target.part) > before:
                pauses = iter(RETRY_PAUSES)
            pause = next(pauses, None)
            if pause is None or time.monotonic() > deadline:
                raise WeightsUnavailableError(
                    f"{shown(target.url)}: the transfer broke off ({error}); "
                    f"{_size(target.part)} bytes are kept and the next try goes on from there"
                ) from error
            time.sleep(pause)


def _attempt(target: Target, what: str, progress: Progress, deadline: float) -> None:
    """Ask once for what is missing and append it to the part file."""
    have = _size(target.part)
    headers = {"Accept-Encoding": "identity", "User-Agent": "openaffect"}
    if have:
        headers["Range"] = f"bytes={have}-"
    with (
        _network(target),
        open_address(target.url, headers=headers, cafile=target.cafile) as response,
    ):
        if have and response.status != 206:
            have = 0
        elif have and _range_start(response) != have:
            target.part.unlink()
            raise _InterruptedError("the server answered another range")
        total = _total(response, have)
        _check_limit(target, total or 0)
        with disk(target.path):
            handle = target.part.open("ab" if have else "wb")
        with handle:
            for done in _copied(response, handle, target, have):
                progress(what, done, total)
                have = done
                if time.monotonic() > deadline:
                    raise _InterruptedError("slower than the slowest rate allowed")
            with disk(target.path):
                handle.flush()
                os.fsync(handle.fileno())
    if total is not None and have < total:
        raise _InterruptedError(f"{have} of {total} bytes came")


def _copied(response: Any, handle: IO[bytes], target: Target, done: int) -> Iterator[int]:
    """Write what comes, yielding the bytes there are after each chunk."""
    while chunk := response.read(_CHUNK):
        done += len(chunk)
        if done > target.limit:
            handle.close()
            _check_limit(target, done)
        with disk(target.path):
            handle.write(chunk)
        yield done


def _check_limit(target: Target, size: int) -> None:
    if size > target.limit:
        target.part.unlink(missing_ok=True)
        raise IntegrityError(
            f"{shown(target.url)}: brings at least {size} bytes, more than the {target.limit} "
            "allowed; it was thrown away"
        )


def _range_start(response: Any) -> int | None:
    """Return where the answered range begins, from ``Content-Range: bytes 5-9/10``."""
    text = (response.headers.get("Content-Range") or "").removeprefix("bytes ")
    start = text.partition("-")[0]
    return int(start) if start.isdigit() else None


def _total(response: Any, have: int) -> int | None:
    length = response.headers.get("Content-Length") or ""
    return have + int(length) if length.isdigit() else None


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


@contextlib.contextmanager
def _network(target: Target) -> Iterator[None]:
    """Turn urllib's failures into ours: what may pass is tried again, what may not is said."""
    try:
        yield
    except urllib.error.HTTPError as error:
        if error.code == 416:
            target.part.unlink(missing_ok=True)
        elif error.code not in (408, 429) and error.code < 500:
            raise WeightsUnavailableError(
                f"{shown(target.url)}: the server answered HTTP {error.code} {error.reason}"
            ) from error
        raise _InterruptedError(f"HTTP {error.code}") from error
    except OutputError:
        raise
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", None)
        if isinstance(reason, socket.gaierror | ssl.SSLCertVerificationError):
            raise WeightsUnavailableError(
                f"{shown(target.url)}: cannot be reached ({reason})"
            ) from error
        raise _InterruptedError(str(error) or type(error).__name__) from error
