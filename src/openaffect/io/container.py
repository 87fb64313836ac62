"""One door to FFmpeg's containers, through PyAV: opening, clocks and damage.

Only local files are opened, by a fixed list of demuxers: no address, device, playlist or picture
sequence is reachable from a file's content. Times are presentation timestamps less the container's
own start, so the first thing shown or heard is at 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from openaffect.types import MediaError, OpenAffectError

from .signature import refusal, signature
from .sources import existing_file, head

if TYPE_CHECKING:
    from av.container import InputContainer

_DEMUXERS = (
    "mov,matroska,webm,avi,mpegts,mpeg,mpegvideo,flv,asf,ogg,mxf,nut,dv,ivf,rm,h264,hevc,m4v,av1,"
    "obu,wav,w64,mp3,flac,aac,aiff,caf,au,amr,ac3,eac3,ape,wv,tta,mpc,mpc8,voc,gsm,dsf"
)
_PATIENCE = 60.0  # seconds to wait for a read before giving up
_SLACK = (2.0, 0.05)  # seconds, and share of the stated length, that a stream may end early
_PIPED = 0x7FFF0000  # a WAV stating this many bytes or more was written to a pipe, size unknown
# Containers whose stated length is written down rather than guessed from the bit rate.
_STATING = frozenset({"mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm", "wav", "avi", "flac", "w64"})


@contextmanager
def open_container(path: str | Path) -> Iterator[InputContainer]:
    """Open a local audio or video file for the length of a ``with`` block.

    Raises :class:`SourceNotFoundError` or :class:`MediaError`; whatever FFmpeg or PyAV raises
    inside the block leaves it as a :class:`MediaError` that names the file.
    """
    import av

    source = existing_file(path)
    first = head(source)
    if signature(first) == "image":
        raise MediaError(f"{source} is a picture, not audio or video; use read_image")
    if what := refusal(first):
        raise MediaError(f"{source} is {what}")
    with decoding(source):
        container = av.open(
            f"file:{source.absolute()}",
            mode="r",
            container_options={"protocol_whitelist": "file", "format_whitelist": _DEMUXERS},
            timeout=_PATIENCE,
            **_metadata_option(av.__version__),
        )
        with container:
            yield container


def _metadata_option(version: str) -> dict[str, Any]:
    """Let tags of an unknown encoding pass: PyAV does so by itself from version 19 on."""
    return {"metadata_errors": "replace"} if int(version.partition(".")[0]) < 19 else {}


@contextmanager
def decoding(source: Path) -> Iterator[None]:
    """Turn every error of a decoder into a :class:`MediaError` that names the file.

    Decoders raise whatever they like on damaged data, so this catches widely.
    """
    try:
        yield
    except OpenAffectError:
        raise
    except Exception as error:
        detail = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise MediaError(
            f"{source} cannot be decoded: {detail}; it is damaged, cut short or of an unknown kind"
        ) from error


def stream_of(container: InputContainer, kind: Literal["video", "audio"]) -> Any | None:
    """Return the best stream of a kind or ``None``.

    Cover art is no video; a stream without a decoder counts as absent.
    """
    best = container.streams.best(kind)
    if best is None or best.codec_context is None:
        return None
    return None if kind == "video" and _is_cover(best) else best


def _is_cover(stream: Any) -> bool:
    from av.stream import Disposition

    cover = Disposition.attached_pic | Disposition.timed_thumbnails
    return bool(stream.disposition & cover)


def zero_of(container: InputContainer) -> float:
    """Return the container's own start in seconds: what is subtracted from every timestamp."""
    return (container.start_time or 0) / 1_000_000


def seconds(stamp: int, base: Any) -> float:
    """Return a timestamp in units of ``base`` (a fraction of a second) in seconds."""
    return float(stamp * base.numerator / base.denominator)


def last_time(container: InputContainer) -> float:
    """Return when the last packet of any stream ends, in seconds, by reading them all."""
    container.seek(container.start_time or 0)
    end, zero = 0.0, zero_of(container)
    for packet in container.demux():
        if packet.pts is not None and packet.time_base:
            end = max(end, seconds(packet.pts + (packet.duration or 0), packet.time_base) - zero)
    return end


def decoded_frames(container: InputContainer, stream: Any, source: Path) -> Iterator[Any]:
    """Yield the frames of a stream in presentation order.

    A packet that cannot be decoded is passed over and counted. When everything that could be
    decoded has been yielded, damage is raised: a :class:`MediaError` says how many packets were
    lost, or that the container ended before the length it states.
    """
    import av

    lost, end = 0, 0.0
    cause: Exception | None = None
    zero = zero_of(container)
    demuxed = container.demux(stream)
    while True:
        try:
            packet = next(demuxed)
        except StopIteration:
            break
        except av.FFmpegError as error:
            lost, cause = lost + 1, error
            break
        try:
            frames = packet.decode()
        except av.FFmpegError as error:
            lost, cause = lost + 1, error
            continue
        for frame in frames:
            end = max(end, _end_of(frame) - zero)
            yield frame
    stated = _stated_length(container, stream) - zero
    if end > 0 and not stated > 0 and container.format.name in _STATING and container.duration:
        stated = container.duration / 1_000_000
        if _short(end, stated):  # another stream may be the long one
            end = max(end, last_time(container))
    _report_damage(source, stream.type, lost, cause, end, stated)
    if container.format.name == "wav":
        _check_riff_size(source)


def _end_of(frame: Any) -> float:
    """Return when a frame ends in the stream's own clock, in seconds; 0 without a timestamp."""
    stamp = frame.pts if frame.pts is not None else frame.dts
    if stamp is None or not frame.time_base:
        return 0.0
    if hasattr(frame, "sample_rate"):
        return seconds(stamp, frame.time_base) + float(frame.samples / (frame.sample_rate or 1))
    return seconds(stamp + (frame.duration or 0), frame.time_base)


def _stated_length(container: Any, stream: Any) -> float:
    """Return when the stream ends as the container states it, in its own clock; 0 if unstated."""
    if container.format.name not in _STATING:
        return 0.0
    if stream.duration and stream.time_base:
        return seconds(stream.duration + (stream.start_time or 0), stream.time_base)
    return 0.0


def _short(end: float, stated: float) -> bool:
    return end < stated - max(_SLACK[0], _SLACK[1] * stated)


def _report_damage(
    source: Path, kind: str, lost: int, cause: Exception | None, end: float, stated: float
) -> None:
    if end > 0 and _short(end, stated):
        raise MediaError(
            f"{source}: the {kind} ends at {end:.2f} s of the stated {stated:.2f} s; the file is "
            "cut short"
        ) from cause
    if lost:
        raise MediaError(
            f"{source}: {lost} {kind} packet(s) could not be decoded, the last good one ends at "
            f"{end:.2f} s; the file is damaged or cut short"
        ) from cause


def _check_riff_size(source: Path) -> None:
    """Compare a WAV's stated size with its real one: FFmpeg believes the real one in silence."""
    stated = int.from_bytes(head(source, 8)[4:], "little")
    real = source.stat().st_size
    if real < stated + 8 < _PIPED:
        raise MediaError(
            f"{source}: {real} bytes are left of the stated {stated + 8}; the file is cut short"
        )
