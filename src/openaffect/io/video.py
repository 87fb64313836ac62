"""Frames of a video, one at a time, with the times that the container gives them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from openaffect.types import InvalidValueError, MediaError, VideoFrame

from .container import decoded_frames, open_container, seconds, stream_of, zero_of
from .rotation import orientation, stored_size, upright

if TYPE_CHECKING:
    from av.container import InputContainer

MAXIMUM_PIXELS = 100_000_000
_SEEK_BACK = (0.0, 10.0, 60.0, float("inf"))  # seconds before the start, tried in turn
_INSTANT = 1e-6  # seconds: two times nearer than this are one


@dataclass(slots=True)
class _Decoded:
    """A decoded frame not yet turned into an array: ``time`` and ``duration`` in seconds."""

    frame: Any
    time: float
    duration: float
    index: int


def read_frames(
    path: str | Path, *, every: float | None = None, start: float = 0.0
) -> Iterator[VideoFrame]:
    """Yield the upright pictures of a video in order, holding two at a time.

    Parameters
    ----------
    path: a video file.
    every: seconds; only the frame shown at each multiple of it is yielded, each frame once.
        ``None`` yields all.
    start: seconds; frames that end before are left out. ``index`` then counts from the key frame
        where decoding began.

    Times are presentation timestamps, so variable frame rates are right; a stream without any (raw
    H.264) counts by its nominal rate. Frames whose time does not advance are dropped. Pictures are
    turned and mirrored by the display matrix and non-square pixels are made square.

    Raises
    ------
    MediaError
        at once when nothing can be decoded; after the last good frame when the file is damaged or
        cut short.
    InvalidValueError
        when ``every`` is not positive or ``start`` is negative.
    """
    if every is not None and not (every > 0 and math.isfinite(every)):
        raise InvalidValueError(f"every is {every}; give a positive number of seconds, or None")
    if not (start >= 0 and math.isfinite(start)):
        raise InvalidValueError(f"start is {start}; give seconds from the beginning, 0 or more")
    return _read(Path(path), every, start)


def _read(path: Path, every: float | None, start: float) -> Iterator[VideoFrame]:
    with open_container(path) as container:
        stream = _video_stream(container, path)
        wanted = _Wanted(every, start)
        for decoded in _timed(container, stream, path, start):
            if wanted.takes(decoded):
                yield VideoFrame(
                    image=_array(decoded.frame, stream, path),
                    time=decoded.time,
                    duration=decoded.duration,
                    index=decoded.index,
                )


class _Wanted:
    """Picks the frames shown at the multiples of ``every``, or all that end after ``start``."""

    def __init__(self, every: float | None, start: float) -> None:
        self._every, self._start = every, start
        self._next = 0 if every is None else math.ceil(start / every - _INSTANT)

    def takes(self, decoded: _Decoded) -> bool:
        end = decoded.time + decoded.duration
        if self._every is None:
            return end > self._start + _INSTANT or decoded.time >= self._start
        if self._next * self._every + _INSTANT >= end:
            return False
        self._next = max(self._next + 1, math.ceil((end - _INSTANT) / self._every))
        return True


def _video_stream(container: InputContainer, path: Path) -> Any:
    stream = stream_of(container, "video")
    if stream is None:
        raise MediaError(f"{path} holds no video; it has sound only or nothing that can be decoded")
    stream.codec_context.thread_count = 1
    _check_size(stream.codec_context.width, stream.codec_context.height, path)
    return stream


def _check_size(width: int, height: int, path: Path) -> None:
    if width * height > MAXIMUM_PIXELS:
        raise MediaError(
            f"{path}: its pictures are {width} x {height}, more than "
            f"{MAXIMUM_PIXELS // 1_000_000} megapixels; scale it down first"
        )


def _timed(container: InputContainer, stream: Any, path: Path, start: float) -> Iterator[_Decoded]:
    """Yield frames with the time until the next, one behind the decoder."""
    zero = zero_of(container)
    rate = float(stream.average_rate or stream.guessed_rate or 25)
    if start > 0:
        _seek_before(container, stream, start, zero)
    clock = _Clock(zero)
    held: _Decoded | None = None
    damage: MediaError | None = None
    frames = enumerate(decoded_frames(container, stream, path))
    while True:
        try:
            index, frame = next(frames)
        except StopIteration:
            break
        except MediaError as error:
            damage = error
            break
        time = clock.time(frame)
        if time is None:
            time = held.time + 1 / rate if held else 0.0
        if held is not None and time <= held.time + _INSTANT:
            continue
        if held is not None:
            held.duration = time - held.time
            yield held
        held = _Decoded(frame, time, _own_duration(frame) or 1 / rate, index)
    if held is not None:
        yield held
    if damage is not None:
        raise damage
    if held is None and start == 0:
        raise MediaError(f"{path} holds no picture that can be decoded")


class _Clock:
    """The time of each frame: its presentation time, or its decoding time where that runs better.

    AVI has no presentation times; what is guessed for them runs back at every reordered picture.
    So each clock's steps back are counted, as FFmpeg's own best-effort timestamp does.
    """

    def __init__(self, zero: float) -> None:
        self._zero = zero
        self._faults = [0, 0]
        self._last: list[int | None] = [None, None]

    def time(self, frame: Any) -> float | None:
        """Return seconds from the start of the file, ``None`` without any timestamp."""
        stamps = (frame.pts, frame.dts)
        for which, stamp in enumerate(stamps):
            last = self._last[which]
            if stamp is not None:
                self._faults[which] += last is not None and stamp <= last
                self._last[which] = stamp
        trusted = 1 if self._faults[0] > self._faults[1] else 0
        stamp = stamps[trusted] if stamps[trusted] is not None else stamps[1 - trusted]
        if stamp is None or not frame.time_base:
            return None
        return seconds(stamp, frame.time_base) - self._zero


def _seek_before(container: InputContainer, stream: Any, start: float, zero: float) -> None:
    """Seek so that the first frame decoded is shown at ``start`` or before.

    Some containers' indexes lead to a place from which nothing can be decoded until later; then
    the search goes on further back, at last from the beginning.
    """
    import av

    for back in _SEEK_BACK:
        target = max(0.0, start - back)
        container.seek(int((target + zero) * 1_000_000))
        if target == 0:
            return
        try:
            first = next(container.decode(stream), None)
        except av.FFmpegError:
            continue
        time = None if first is None else _Clock(zero).time(first)
        if time is not None and time <= start:
            container.seek(int((target + zero) * 1_000_000))
            return


def _own_duration(frame: Any) -> float:
    return seconds(frame.duration, frame.time_base) if frame.duration and frame.time_base else 0.0


def _array(frame: Any, stream: Any, path: Path) -> NDArray[np.uint8]:
    _check_size(frame.width, frame.height, path)
    width, height = stored_size(frame, stream)
    picture = frame.reformat(width=width, height=height, format="rgb24", threads=1)
    return upright(picture.to_ndarray(), *orientation(frame))
