"""Cutting a stream of sound: into windows of one length, or into the stretches that are asked for.

Both cutters take chunks of any size, give the same pieces however the stream was chunked, and hold
no more than one piece and one chunk.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from openaffect.types import AudioChunk, InvalidValueError, Session

from .speech_activity import ActivityDetector, SegmentRules


class WindowCutter:
    """Cuts windows of ``length`` seconds, one every ``hop`` seconds, the tail included.

    The last window ends where the stream ends: when the stream goes on past the last whole window,
    one more of full length is laid against its end. A stream shorter than ``length`` is one window,
    an empty one none.
    """

    def __init__(self, *, length: float, hop: float) -> None:
        if not 0 < hop <= length:
            raise InvalidValueError(
                f"windows of {length} s every {hop} s: need 0 < hop <= length, or sound is skipped"
            )
        self._length, self._hop = length, hop
        self._buffer = _Buffer()
        self._next = 0
        self._covered = 0

    def feed(self, chunk: AudioChunk) -> list[AudioChunk]:
        """Take the next chunk; return the windows that it completes."""
        self._buffer.add(chunk)
        size, step = self._samples(chunk.rate)
        done = []
        while self._next + size <= self._buffer.end:
            done.append(self._buffer.piece(self._next, self._next + size))
            self._covered = self._next + size
            self._next += step
        self._buffer.forget(min(self._next, self._buffer.end - size))
        return done

    def finish(self) -> list[AudioChunk]:
        """Return the window of what no window has held yet, if there is any."""
        end = self._buffer.end
        if self._covered >= end:
            return []
        size, _ = self._samples(self._buffer.rate)
        return [self._buffer.piece(max(0, end - size), end)]

    def _samples(self, rate: int) -> tuple[int, int]:
        return max(1, round(self._length * rate)), max(1, round(self._hop * rate))


class SegmentCutter:
    """Keeps a stream's sound for as long as a segment of it may still be asked for."""

    def __init__(self) -> None:
        self._buffer = _Buffer()

    def feed(self, chunk: AudioChunk) -> None:
        """Take the next chunk."""
        self._buffer.add(chunk)

    def take(self, start: float, end: float) -> AudioChunk:
        """Return the sound from ``start`` to ``end`` in seconds of the stream's clock.

        Raises :class:`InvalidValueError` when a part of it was forgotten or has not come yet.
        """
        return self._buffer.piece(self._buffer.sample(start), self._buffer.sample(end))

    def forget(self, before: float) -> None:
        """Let go of what was before that time, in seconds."""
        if self._buffer.rate:
            self._buffer.forget(self._buffer.sample(before))


def windows(chunks: Iterable[AudioChunk], *, length: float, hop: float) -> Iterator[AudioChunk]:
    """Yield the windows of a stream; see :class:`WindowCutter`. Lengths in seconds."""
    cutter = WindowCutter(length=length, hop=hop)
    for chunk in chunks:
        yield from cutter.feed(chunk)
    yield from cutter.finish()


def utterances(
    chunks: Iterable[AudioChunk], session: Session, rules: SegmentRules | None = None
) -> Iterator[AudioChunk]:
    """Yield each stretch of speech of a stream as its own chunk; silence yields nothing.

    ``session`` is that of the voice activity network, see :mod:`.speech_activity`.
    """
    detector, cutter = ActivityDetector(session, rules), SegmentCutter()
    for chunk in chunks:
        cutter.feed(chunk)
        activity = detector.feed(chunk)
        for start, end in activity.segments:
            yield cutter.take(start, end)
        cutter.forget(activity.settled)
    for start, end in detector.finish().segments:
        yield cutter.take(start, end)


class _Buffer:
    """The last samples of a stream, addressed by their number from the stream's beginning."""

    def __init__(self) -> None:
        self._samples: NDArray[np.float32] = np.zeros(0, np.float32)
        self._first = 0
        self._start = 0.0
        self.rate = 0

    @property
    def end(self) -> int:
        """Number of the sample that comes next."""
        return self._first + len(self._samples)

    def add(self, chunk: AudioChunk) -> None:
        if not self.rate:
            self.rate, self._start = chunk.rate, chunk.start
        if chunk.rate != self.rate:
            raise InvalidValueError(
                f"a chunk at {chunk.rate} Hz follows one at {self.rate} Hz; resample to one rate"
            )
        self._samples = np.concatenate([self._samples, chunk.samples])

    def sample(self, time: float) -> int:
        return round((time - self._start) * self.rate)

    def piece(self, begin: int, end: int) -> AudioChunk:
        if not self._first <= begin <= end <= self.end:
            raise InvalidValueError(
                f"samples {begin} to {end} are not held; held are {self._first} to {self.end}"
            )
        samples = self._samples[begin - self._first : end - self._first].copy()
        return AudioChunk(samples=samples, start=self._start + begin / self.rate, rate=self.rate)

    def forget(self, before: int) -> None:
        drop = min(max(0, before - self._first), len(self._samples))
        self._samples = self._samples[drop:].copy() if drop else self._samples
        self._first += drop
