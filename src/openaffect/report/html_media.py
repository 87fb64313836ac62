"""What a report shows of the recording itself: embedded, linked, or left out and why."""

from __future__ import annotations

import base64
import io
import math
import mimetypes
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from openaffect.types import Analysis, MediaError, Timeline, VideoFrame

from .faces import hide_faces

MOST_EMBEDDED = 64 * 2**20
"""Bytes of the largest recording that goes into the page."""
_FRAMES = 40
_NEAR = 120.0
"""Seconds up to which a recording's frames are read in one go, and not one by one."""
_ABOUT = 0.5
"""Seconds around a still whose boxes are hidden in it: a face may have been missed just then."""
_BLOCK = 3 * 2**18
_LEFT_OUT = "The recording is left out, because it would show the faces."


@dataclass(frozen=True, slots=True)
class Shown:
    """The recording as the page has it.

    kind: ``video``, ``audio``, ``image`` or empty. how: ``embedded``, ``linked``, ``frames`` (some
    stills of it) or ``none``. address: of the linked file, from the report. note: a sentence on why
    it is not embedded. frames: (seconds, data address) of stills. file: what is embedded.
    """

    kind: str = ""
    how: str = "none"
    type: str = ""
    address: str = ""
    note: str = ""
    frames: Sequence[tuple[float, str]] = ()
    file: Path | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return JSON values; the file's content is written by :func:`base64_pieces`."""
        return {
            "kind": self.kind,
            "how": self.how,
            "type": self.type,
            "address": self.address,
            "note": self.note,
            "frames": [[round(time, 3), picture] for time, picture in self.frames],
        }


def shown(analysis: Analysis, media: Path | None, report: Path, *, anonymize: bool) -> Shown:
    """Return how the page shows the recording.

    Pictures are always embedded, with mosaics over the faces where ``anonymize``. A sound or video
    is embedded up to :data:`MOST_EMBEDDED` bytes, beyond that linked. An anonymised video is never
    embedded nor linked: the faces would be in the file; some of its frames are, with mosaics.

    Raises
    ------
    MediaError, SourceNotFoundError
        when the file cannot be read.
    """
    kind = str(analysis.facts.get("modality", ""))
    if kind not in ("video", "audio", "image"):
        return Shown()
    if media is None:
        return Shown(kind, note="The recording is not part of this page.")
    from openaffect.io.sources import existing_file

    file = existing_file(media)
    if anonymize and kind != "audio" and _boxed(analysis) is None:
        return Shown(kind, note=f"{_LEFT_OUT} Nobody looked for the faces, so none can be hidden.")
    if kind == "image":
        from openaffect.io.image import read_image

        picture = read_image(file)
        if anonymize:
            picture = _hidden(analysis, picture, None)
        return Shown(kind, "embedded", frames=[(0.0, picture_address(picture, 1600))])
    guessed = mimetypes.guess_type(file.name)[0] or ""
    if kind == "video" and anonymize:
        return _anonymous(analysis, file)
    size = file.stat().st_size
    if size <= MOST_EMBEDDED:
        return Shown(kind, "embedded", guessed, file=file)
    address = _relative(file, report)
    note = (
        f"The recording ({size / 2**20:.0f} MB) is too large to be part of this page; it is played "
        "from the file beside it."
    )
    frames = _stills(analysis, file, anonymize=False) if kind == "video" else ()
    if address:
        return Shown(kind, "linked", guessed, address, note, frames)
    return Shown(kind, "frames", guessed, note=note.partition(";")[0] + ".", frames=frames)


def _anonymous(analysis: Analysis, file: Path) -> Shown:
    stills = _stills(analysis, file, anonymize=True)
    note = f"{_LEFT_OUT} These stills have the faces hidden."
    return Shown("video", "frames", frames=stills, note=note)


def base64_pieces(file: Path) -> Iterator[bytes]:
    """Yield a file as base64, a piece at a time; raises :class:`MediaError`."""
    try:
        with file.open("rb") as source:
            yield from _encoded(source)
    except OSError as error:
        raise MediaError(f"{file} cannot be read: {error.strerror or error}") from error


def _encoded(source: BinaryIO) -> Iterator[bytes]:
    while block := source.read(_BLOCK):
        yield base64.b64encode(block)


def picture_address(image: NDArray[np.uint8], longest: int, quality: int = 82) -> str:
    """Return an (H, W, 3) picture as a data address, its longer side at most ``longest`` pixels."""
    from PIL import Image

    picture = Image.fromarray(np.ascontiguousarray(image))
    picture.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    picture.save(file, format="JPEG", quality=quality, optimize=True)
    return "data:image/jpeg;base64," + base64.b64encode(file.getvalue()).decode("ascii")


def _relative(file: Path, report: Path) -> str:
    """Return the address of a file as seen from the report; empty where there is no way."""
    try:
        way = os.path.relpath(file.resolve(), report.resolve().parent)
    except ValueError:
        return ""
    return quote(Path(way).as_posix())


def _stills(analysis: Analysis, file: Path, *, anonymize: bool) -> list[tuple[float, str]]:
    """Return some frames, spread evenly, with the time of each in seconds."""
    found = []
    for frame in _spread(analysis, file):
        image = _hidden(analysis, frame.image, frame.time) if anonymize else frame.image
        found.append((frame.time, picture_address(image, 640, 72)))
    return found


def _spread(analysis: Analysis, file: Path) -> Iterator[VideoFrame]:
    from openaffect.io.video import read_frames

    from .frames import shown_frames

    duration = float(analysis.facts.get("duration", 0.0))
    if 0 < duration <= _NEAR:
        every = float(analysis.facts.get("every") or 0.2)
        yield from read_frames(file, every=every * math.ceil(duration / _FRAMES / every))
    else:
        yield from shown_frames(analysis, file, _FRAMES)


def _boxed(analysis: Analysis) -> Timeline | None:
    """Return a timeline that says where the faces are; none where nobody looked for them."""
    return next((line for line in analysis.timelines.values() if "box" in line.extra), None)


def _hidden(analysis: Analysis, image: NDArray[np.uint8], time: float | None) -> NDArray[np.uint8]:
    """Return the picture with the faces hidden: all of a still, or those seen about ``time``."""
    faces = _boxed(analysis)
    if faces is None:
        return image
    boxes = faces.extra["box"]
    if time is not None:
        near = (faces.span[:, 0] <= time + _ABOUT) & (faces.span[:, 1] >= time - _ABOUT)
        boxes = boxes[near]
    return hide_faces(image, boxes)
