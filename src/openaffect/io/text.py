"""Text files."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Literal

from openaffect.types import MediaError

from .signature import refusal, signature
from .sources import existing_file

MAXIMUM_BYTES = 64 * 1024 * 1024
# The longer mark first: UTF-32's little-endian mark begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def read_text(path: str | Path, *, errors: Literal["strict", "replace"] = "strict") -> str:
    """Return a text file's characters as they stand, line ends and all, without byte order mark.

    UTF-8 unless a byte order mark says UTF-16 or UTF-32. ``errors="replace"`` puts U+FFFD where
    bytes are invalid.

    Raises
    ------
    SourceNotFoundError
        when the file does not exist.
    MediaError
        when it is empty, larger than 64 MB, not text, or (``"strict"``) has invalid bytes; the
        message names the first one's offset.
    """
    source = existing_file(path)
    size = source.stat().st_size
    if size > MAXIMUM_BYTES:
        raise MediaError(
            f"{source} has {size / 1e6:.0f} MB; at most {MAXIMUM_BYTES / 1e6:.0f} MB are read as "
            "one text: split it"
        )
    try:
        data = source.read_bytes()
    except OSError as error:
        raise MediaError(f"{source} cannot be read: {error}") from error
    if what := refusal(data[:4096]):
        raise MediaError(f"{source} is {what}")
    return decode(data, source, errors)


def decode(data: bytes, source: Path, errors: Literal["strict", "replace"] = "strict") -> str:
    """Return bytes as text by their byte order mark, else UTF-8; raises :class:`MediaError`."""
    mark, encoding = next(((m, e) for m, e in _MARKS if data.startswith(m)), (b"", "utf-8"))
    try:
        text = data[len(mark) :].decode(encoding, errors)
    except UnicodeDecodeError as error:
        offset = error.start + len(mark)
        hint = "it looks like sound or pictures" if signature(data[:4096]) else "save it as UTF-8"
        raise MediaError(
            f"{source} is not valid {encoding.upper()} at byte {offset} (0x{data[offset]:02x}); "
            f'{hint}, or read it with errors="replace"'
        ) from error
    if errors == "strict" and (at := text.find("\x00")) >= 0:
        raise MediaError(f"{source} holds a NUL at character {at}; it is not text")
    return text
