"""Which medium a file is, and which files a folder or pattern stands for."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from openaffect.types import InvalidValueError, MediaError, OpenAffectError, SourceNotFoundError

from .media import probe
from .signature import looks_like_text, refusal, signature
from .sources import existing_file, head

Kind = Literal["image", "audio", "video", "text", "table"]

TABLE_SUFFIXES = frozenset({".csv", ".tsv", ".jsonl", ".ndjson"})
TEXT_SUFFIXES = frozenset({".txt", ".md", ".text"})
IMAGE_SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".avif", ".heic", ".jp2"}
)
VIDEO_SUFFIXES = frozenset(
    {".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".ts", ".mts", ".flv"}
    | {".wmv", ".ogv", ".3gp", ".mxf"}
)
AUDIO_SUFFIXES = frozenset(
    {".wav", ".mp3", ".m4a", ".aac", ".flac", ".ogg", ".oga", ".opus", ".aif", ".aiff", ".caf"}
    | {".wma", ".amr", ".au", ".wv"}
)
_SUFFIXES = IMAGE_SUFFIXES | VIDEO_SUFFIXES | AUDIO_SUFFIXES | TABLE_SUFFIXES | TEXT_SUFFIXES
_ADDRESS = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]+://")


def kind_of(path: str | Path) -> Kind:
    """Return what a file is by its content; only text and table are told apart by the suffix.

    Raises
    ------
    SourceNotFoundError
        when the file does not exist.
    MediaError
        when it is empty, damaged at its beginning, or of no known kind.
    """
    source = existing_file(path)
    suffix = source.suffix.lower()
    first = head(source)
    sign = signature(first)
    if sign == "image":
        return "image"
    if sign == "refused":
        raise MediaError(f"{source} is {refusal(first)}")
    if sign == "container":
        return _sound_or_video(source)
    if looks_like_text(first) or suffix in TEXT_SUFFIXES | TABLE_SUFFIXES:
        return "table" if suffix in TABLE_SUFFIXES else "text"
    try:
        return _sound_or_video(source)
    except MediaError as error:
        raise MediaError(
            f"{source} is of no known kind: neither picture, sound, video, text nor table"
        ) from error


def find(inputs: Iterable[str | Path]) -> Iterator[Path]:
    """Yield the files that inputs stand for, each once, in order; folders are sorted.

    A file stands for itself. A folder stands for the media, texts and tables in it and below it:
    media by content or suffix, texts and tables by suffix; hidden entries are left out and links
    are followed once. A pattern (``*``, ``?``, ``[``, ``**``) stands for what it matches.

    Raises
    ------
    SourceNotFoundError
        when nothing is there, a pattern matches nothing, or a folder holds nothing to analyse.
    InvalidValueError
        for an address: nothing is fetched from a network here.
    """
    seen: set[str] = set()
    for given in inputs:
        for path in _expand(given):
            real = os.path.realpath(path)
            if real not in seen:
                seen.add(real)
                yield path


def _sound_or_video(source: Path) -> Kind:
    return "video" if probe(source).has_video else "audio"


def _expand(given: str | Path) -> Iterator[Path]:
    text = os.fspath(given)
    if _ADDRESS.match(text):
        raise InvalidValueError(f"{text} is an address; download it and give the file")
    path = Path(text)
    if _exists(path):
        yield from _folder(path) if path.is_dir() else (path,)
        return
    if not glob.has_magic(text):
        raise SourceNotFoundError(f"{text} does not exist; check the path and its spelling")
    matches = sorted(glob.glob(text, recursive=True))  # noqa: PTH207 - absolute patterns too
    files = [Path(match) for match in matches if not Path(match).is_dir()]
    if not files:
        raise SourceNotFoundError(f"nothing matches {text}; check the pattern")
    yield from files


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError) as error:
        raise SourceNotFoundError(f"{str(path)!r} is no usable path: {error}") from error


def _folder(folder: Path) -> Iterator[Path]:
    found = False
    for path in _walk(folder):
        if _analysable(path):
            found = True
            yield path
    if not found:
        raise SourceNotFoundError(
            f"{folder} holds no picture, sound, video, text or table; name the files to read"
        )


def _walk(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder in sorted order, entering each real folder once."""
    entered: set[tuple[int, int]] = set()
    for here, folders, files in os.walk(folder, followlinks=True):
        status = Path(here).stat()
        if (status.st_dev, status.st_ino) in entered:
            folders.clear()
            continue
        entered.add((status.st_dev, status.st_ino))
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(here, name) for name in sorted(files) if not name.startswith("."))


def _analysable(path: Path) -> bool:
    if path.suffix.lower() in _SUFFIXES:
        return True
    try:
        return signature(head(existing_file(path))) in ("image", "container")
    except OpenAffectError:
        return False
