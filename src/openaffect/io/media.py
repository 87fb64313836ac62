"""What a file says of itself, without decoding more than one frame."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from openaffect.types import MediaError, MediaFacts

from .container import last_time, open_container, stream_of
from .rotation import clockwise_degrees, shown_size
from .signature import signature
from .sources import existing_file, head

if TYPE_CHECKING:
    from av.container import InputContainer


def probe(path: str | Path) -> MediaFacts:
    """Return the facts of a picture, a sound or a video.

    ``modality`` is ``image``, ``audio`` or ``video`` (a video may be silent: ``has_audio``).

    Raises
    ------
    SourceNotFoundError
        when the file does not exist.
    MediaError
        when it is empty, damaged, or neither picture, sound nor video.
    """
    source = existing_file(path)
    if signature(head(source)) == "image":
        from .image import image_facts

        return image_facts(source)
    with open_container(source) as container:
        video, audio = stream_of(container, "video"), stream_of(container, "audio")
        speaking = audio if video is None else video
        if speaking is None:
            raise MediaError(f"{source} holds neither sound nor pictures that can be decoded")
        shown = _picture(container, video, source) if video is not None else {}
        if audio is not None and not audio.codec_context.sample_rate:
            raise MediaError(f"{source}: the sound states no sample rate; it is damaged")
        return MediaFacts(
            modality="video" if video is not None else "audio",
            duration=_duration(container),
            sample_rate=audio.codec_context.sample_rate if audio is not None else 0,
            channels=audio.codec_context.channels if audio is not None else 0,
            has_video=video is not None,
            has_audio=audio is not None,
            codec=speaking.codec_context.name,
            **shown,
        )


def _picture(container: InputContainer, stream: Any, source: Path) -> dict[str, Any]:
    for frame in container.decode(stream):
        width, height = shown_size(frame, stream)
        rate = stream.average_rate or stream.guessed_rate or 0
        return {
            "width": width,
            "height": height,
            "rotation": clockwise_degrees(frame),
            "frame_rate": float(rate),
        }
    raise MediaError(f"{source} has a video stream without a single picture; it is cut short")


def _duration(container: InputContainer) -> float:
    """Return the length in seconds; where none is stated, every packet's time is read."""
    if container.duration is not None and container.duration > 0:
        return container.duration / 1_000_000
    return last_time(container)
