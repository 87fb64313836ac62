"""Members of archives, read within bounds and never unpacked.

Zip archives (wheels, ``.task`` bundles), and ``.tar.gz`` where a package comes as source only.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from openaffect.types import IntegrityError

_CHUNK = 1 << 20
MEMBER_LIMIT = 1 << 30
"""Bytes that one member read whole may have."""


def read_chunks(archive: Path, member: str, *, limit: int) -> Iterator[bytes]:
    """Yield the content of one member in chunks.

    Parameters
    ----------
    archive: a zip file, or a ``.tar.gz``.
    member: the exact name of the entry; nothing is written, so no name can lead elsewhere.
    limit: bytes; an entry that says or turns out to be larger is refused.

    Raises
    ------
    IntegrityError
        when the file is no such archive, lacks the entry, or breaks the bound.
    """
    import gzip
    import tarfile
    import zipfile
    import zlib

    tar = archive.name.endswith(".tar.gz")
    try:
        with (_tar_entry if tar else _zip_entry)(archive, member) as (handle, size):
            if size > limit:
                raise IntegrityError(
                    f"{archive}: {member} unpacks to {size} bytes, more than the {limit} that "
                    "its card allows"
                )
            left = limit
            while chunk := handle.read(min(_CHUNK, left + 1)):
                left -= len(chunk)
                if left < 0:
                    raise IntegrityError(
                        f"{archive}: {member} unpacks to more than the {limit} bytes that "
                        "its card allows"
                    )
                yield chunk
    except KeyError:
        raise IntegrityError(f"{archive}: holds no entry {member!r}") from None
    except IntegrityError:
        raise
    except (
        zipfile.BadZipFile, tarfile.TarError, gzip.BadGzipFile, zlib.error, RuntimeError, EOFError,
    ) as error:  # fmt: skip
        kind = "tar" if tar else "zip"
        raise IntegrityError(f"{archive}: not readable as a {kind} archive: {error}") from error


@contextmanager
def _zip_entry(archive: Path, member: str) -> Iterator[tuple[IO[bytes], int]]:
    import zipfile

    with zipfile.ZipFile(archive) as opened:
        facts = opened.getinfo(member)
        with opened.open(facts) as handle:
            yield handle, facts.file_size


@contextmanager
def _tar_entry(archive: Path, member: str) -> Iterator[tuple[IO[bytes], int]]:
    import tarfile

    with tarfile.open(archive, "r:gz") as opened:
        facts = opened.getmember(member)
        handle = opened.extractfile(facts)
        if handle is None:
            raise KeyError(member)
        with handle:
            yield handle, facts.size


def read_member(archive: Path, member: str) -> bytes:
    """Return the whole content of one member of at most ``MEMBER_LIMIT`` bytes."""
    return b"".join(read_chunks(archive, member, limit=MEMBER_LIMIT))
