"""Members of zip archives (wheels, ``.task`` bundles), read within bounds and never unpacked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from openaffect.types import IntegrityError

_CHUNK = 1 << 20
MEMBER_LIMIT = 1 << 30
"""Bytes that one member read whole may have."""


def read_chunks(archive: Path, member: str, *, limit: int) -> Iterator[bytes]:
    """Yield the content of one member in chunks.

    Parameters
    ----------
    archive: a zip file.
    member: the exact name of the entry; nothing is written, so no name can lead elsewhere.
    limit: bytes; an entry that says or turns out to be larger is refused.

    Raises
    ------
    IntegrityError
        when the file is no zip archive, lacks the entry, or breaks the bound.
    """
    import zipfile
    import zlib

    try:
        with zipfile.ZipFile(archive) as opened:
            facts = opened.getinfo(member)
            if facts.file_size > limit:
                raise IntegrityError(
                    f"{archive}: {member} unpacks to {facts.file_size} bytes, more than the "
                    f"{limit} that its card allows"
                )
            with opened.open(facts) as handle:
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
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError) as error:
        raise IntegrityError(f"{archive}: not readable as a zip archive: {error}") from error


def read_member(archive: Path, member: str) -> bytes:
    """Return the whole content of one member of at most ``MEMBER_LIMIT`` bytes."""
    return b"".join(read_chunks(archive, member, limit=MEMBER_LIMIT))
