"""A video written picture by picture, beside the sound of the file it is made from.

Sound is carried over packet by packet, untouched, where players expect its codec in the container
(in MP4 AAC, MP3, Opus, AC-3, FLAC or ALAC; in Matroska anything), else it is encoded as AAC.
``docs/decisions/annotated-video.md`` says which encoder writes the pictures, and why.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.types import InvalidValueError

from .container import decoded_frames, open_container, seconds, stream_of, zero_of
from .output import atomic

CONTAINERS = {".mp4": "mp4", ".m4v": "mp4", ".mov": "mov", ".mkv": "matroska"}
"""The muxer of each suffix."""
ENCODERS: dict[str, dict[str, str]] = {
    "libx264": {"preset": "veryfast", "crf": "20", "bf": "0"},
    "libopenh264": {"b": "4000000"},
    "mpeg4": {"qscale": "3", "flags": "+qscale"},
}
"""Encoders by preference, with their options; the last one is FFmpeg's own and always there."""
_PLAYED = frozenset({"aac", "ac3", "alac", "eac3", "flac", "mp3", "opus"})
"""Sound that players expect in an MP4; its muxer takes more."""
_AAC_RATES = (48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000)
_FINEST = 1_000_000
_COARSE = Fraction(1, 90_000)
_MPEG4_FINEST = 65_535
_HIGH_DEFINITION = 720
_BT601, _BT709, _LIMITED = 6, 1, 1


class VideoWriter:
    """Takes upright pictures in order of time; made by :func:`video_writer`."""

    def __init__(self, file: Any, kind: str, source: Path, stack: ExitStack) -> None:
        import av

        self._kind = kind
        self._output: Any = stack.enter_context(av.open(file, "w", format=kind))
        self._codec = encoder()
        with open_container(source) as container:
            self._clock = _clock(stream_of(container, "video"), self._codec)
        self._source = source
        self._video: Any = None
        self._sound = self._heard()
        self._waiting: tuple[float, Any] | None = None
        self._last = -1

    def write(self, image: NDArray[np.uint8], time: float, duration: float) -> None:
        """Write an (H, W, 3) RGB picture shown at ``time`` for ``duration``, in seconds.

        All have the size of the first; an odd side gets its last row or column once more.
        """
        import av

        if self._video is None:
            self._start(image)
        self._hear(time)
        frame = av.VideoFrame.from_ndarray(_even(image), format="rgb24")
        frame = frame.reformat(format="yuv420p", dst_colorspace=self._colour(), threads=1)
        frame.pts = max(self._last + 1, round(time / self._clock))
        frame.time_base, frame.duration = self._clock, max(1, round(duration / self._clock))
        self._last = frame.pts
        self._output.mux(self._video.encode(frame))

    def finish(self) -> None:
        """Write what the encoder still holds, and the rest of the sound."""
        if self._video is not None:
            self._output.mux(self._video.encode(None))
            self._hear(float("inf"))

    def _start(self, image: NDArray[np.uint8]) -> None:
        height, width = image.shape[:2]
        self._video = self._output.add_stream(self._codec, options=dict(ENCODERS[self._codec]))
        self._video.width, self._video.height = width + width % 2, height + height % 2
        self._video.pix_fmt = "yuv420p"
        self._video.time_base = self._clock
        context = self._video.codec_context
        context.time_base = self._clock
        context.color_range, context.colorspace = _LIMITED, self._colour()
        self._waiting = next(self._sound, None)

    def _colour(self) -> int:
        return _BT709 if self._video.height >= _HIGH_DEFINITION else _BT601

    def _hear(self, until: float) -> None:
        """Write the sound up to a time, so that pictures and sound lie beside each other."""
        while True:
            self._waiting = self._waiting or next(self._sound, None)
            if self._waiting is None or self._waiting[0] > until:
                return
            self._output.mux(self._waiting[1])
            self._waiting = None

    def _heard(self) -> Iterator[tuple[float, Any]]:
        """Yield (time in seconds, packet) of the sound; its stream is there after the first."""
        with open_container(self._source) as container:
            track = stream_of(container, "audio")
            if track is None:
                return
            if self._takes(track.codec_context.codec.canonical_name):
                yield from self._copied(container, track)
            else:
                yield from self._encoded(container, track)

    def _takes(self, codec: str) -> bool:
        known = codec in self._output.supported_codecs
        return known and (self._kind != "mp4" or codec in _PLAYED)

    def _copied(self, container: Any, track: Any) -> Iterator[tuple[float, Any]]:
        written = self._output.add_stream_from_template(track)
        zero = zero_of(container)
        for packet in container.demux(track):
            if packet.dts is None:
                continue
            shift = round(zero / packet.time_base)
            packet.dts -= shift
            if packet.pts is not None:
                packet.pts -= shift
            packet.stream = written
            yield seconds(packet.dts, packet.time_base), packet

    def _encoded(self, container: Any, track: Any) -> Iterator[tuple[float, Any]]:
        import av

        context = track.codec_context
        rate = context.sample_rate if context.sample_rate in _AAC_RATES else _AAC_RATES[0]
        written = self._output.add_stream("aac", rate=rate)
        written.layout = "mono" if context.channels == 1 else "stereo"
        resampler = av.AudioResampler(format="fltp", layout=written.layout, rate=rate)
        zero = zero_of(container)
        for frame in chain(decoded_frames(container, track, self._source), (None,)):
            if frame is not None and frame.pts is not None:
                frame.pts -= round(zero / frame.time_base)
            for part in resampler.resample(frame):
                for packet in written.encode(part):
                    yield seconds(packet.dts, packet.time_base), packet
        for packet in written.encode(None):
            yield seconds(packet.dts, packet.time_base), packet


def encoder() -> str:
    """Return the first of :data:`ENCODERS` that the installed PyAV has."""
    import av

    return next(name for name in ENCODERS if name in av.codecs_available)


@contextmanager
def video_writer(target: str | Path, source: str | Path) -> Iterator[VideoWriter]:
    """Give a writer of the video that ``source`` becomes; the file appears whole or not at all.

    Raises
    ------
    InvalidValueError
        for a suffix that is none of :data:`CONTAINERS`.
    MediaError
        when the source's sound cannot be read.
    OutputError
        when the place cannot be written.
    """
    place = Path(target)
    kind = CONTAINERS.get(place.suffix.lower())
    if kind is None:
        raise InvalidValueError(
            f"{place} has no suffix that a video is written under; give one of "
            f"{', '.join(CONTAINERS)}"
        )
    with atomic(place) as file, ExitStack() as stack:
        writer = VideoWriter(file, kind, Path(source), stack)
        yield writer
        writer.finish()


def _clock(stream: Any, codec: str) -> Fraction:
    """Return the unit of time: the source's own, so that its timestamps stay what they are."""
    base = Fraction(stream.time_base) if stream is not None and stream.time_base else _COARSE
    if base.denominator > _FINEST:
        base = _COARSE
    if codec == "mpeg4" and base.denominator > _MPEG4_FINEST:
        return Fraction(1, 1000)
    return base


def _even(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the picture with even sides, which the encoders' half-size colour asks for."""
    below, right = image.shape[0] % 2, image.shape[1] % 2
    if below or right:
        image = np.pad(image, ((0, below), (0, right), (0, 0)), mode="edge")
    return np.ascontiguousarray(image)
