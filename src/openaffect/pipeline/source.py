"""What an input is: a file, or a sentence given as it stands."""

from __future__ import annotations

import re
from pathlib import Path

from openaffect.types.errors import MediaError, SourceNotFoundError

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_SHOWN = 60


def path_of(source: str | Path, modality: str | None = None) -> Path | None:
    """Return the file that ``source`` names, or ``None`` when it is a sentence.

    A :class:`~pathlib.Path` is always a file. A string is the file of that name where there is one;
    otherwise it is a sentence if ``modality`` is ``text``, or if it holds white space and does not
    end like a file's name.

    Raises
    ------
    SourceNotFoundError
        when it can only be a file and there is none, or is empty.
    MediaError
        for an address on the network: nothing is downloaded unasked.
    """
    if isinstance(source, Path) or _exists(source):
        path = Path(source)
        if not _exists(path):
            raise SourceNotFoundError(f"there is no file {str(path)!r}; check the path")
        return path
    if _URL.match(source) and not re.search(r"\s", source):
        raise MediaError(f"{source!r} is an address; download it first and give the file")
    if source.strip() and (modality == "text" or _is_prose(source)):
        return None
    raise SourceNotFoundError(
        f"there is no file {source!r}; check the path, or give modality 'text' for a sentence"
    )


def title_of(source: str | Path) -> str:
    """Return how results name the input: its path, or the beginning of a sentence."""
    text = str(source)
    if isinstance(source, Path) or _exists(source) or not _is_prose(text):
        return text
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


def _is_prose(text: str) -> bool:
    return bool(re.search(r"\s", text.strip())) and not _SUFFIX.search(text.rstrip())


def _exists(source: str | Path) -> bool:
    try:
        return bool(str(source)) and Path(source).exists()
    except (OSError, ValueError):
        return False
