"""A video or a picture with what was found drawn into it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from openaffect.pipeline.prefetch import prefetch
from openaffect.types import Analysis, InvalidValueError, Progress, no_progress

from .painter import Painter

_AHEAD = 8
"""Frames decoded ahead."""


def annotated_suffix(analysis: Analysis) -> str:
    """Return ``.mp4`` or ``.png``: what the annotated input is written as unless said.

    Raises :class:`InvalidValueError` for an input without pictures.
    """
    modality = analysis.facts.get("modality")
    if modality not in ("video", "image"):
        raise InvalidValueError(
            f"{analysis.source} has no pictures to draw into; a recording or a text can be "
            "drawn by `openaffect plot`"
        )
    return ".mp4" if modality == "video" else ".png"


def annotate(
    analysis: Analysis,
    media: str | Path,
    target: str | Path,
    *,
    anonymize: bool = False,
    progress: Progress = no_progress,
) -> Path:
    """Draw boxes, emotions and subtitles into the input of an analysis, and return the new file.

    Parameters
    ----------
    analysis: of a video or a still.
    media: the input itself.
    target: the new file: .mp4, .mov or .mkv for a video, which keeps its timestamps and its sound,
        upright and with square pixels; .png for a still.
    anonymize: hide every face found; also where the analysis was asked to.
    progress: called with ``"annotate"`` and seconds.

    Raises
    ------
    InvalidValueError
        for an input without pictures or a suffix that is none of these.
    MediaError, SourceNotFoundError
        when the input cannot be read; nothing is written then.
    OutputError
        when the file cannot be written.
    """
    suffix = annotated_suffix(analysis)
    place = Path(target)
    painter = Painter(analysis, anonymize=anonymize or bool(analysis.facts.get("anonymize")))
    if place.exists() and place.samefile(media):
        raise InvalidValueError(f"{place} is the input itself; give another name")
    if suffix == ".png":
        _still(painter, media, place)
    else:
        _video(painter, Path(media), place, float(analysis.facts.get("duration", 0)), progress)
    return place


def _still(painter: Painter, media: str | Path, place: Path) -> None:
    from PIL import Image

    from openaffect.io.image import read_image
    from openaffect.io.output import atomic

    if place.suffix.lower() != ".png":
        raise InvalidValueError(f"{place}: an annotated picture is written as .png")
    picture = Image.fromarray(painter.paint(read_image(media).copy(), 0.0))
    with atomic(place) as file:
        picture.save(file, "PNG")


def _video(painter: Painter, media: Path, place: Path, duration: float, progress: Progress) -> None:
    from openaffect.io.video import read_frames
    from openaffect.io.video_write import video_writer

    with (
        video_writer(place, media) as writer,
        closing(prefetch(read_frames(media), ahead=_AHEAD)) as frames,  # type: ignore[type-var]
    ):
        for frame in frames:
            writer.write(painter.paint(frame.image, frame.time), frame.time, frame.duration)
            progress("annotate", frame.time + frame.duration, duration or None)
