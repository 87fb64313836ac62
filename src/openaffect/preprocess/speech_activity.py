"""Where somebody speaks: Silero's voice activity network over a stream, then hysteresis.

The network (Silero Team, "Silero VAD", 2021-2025, MIT) gives a probability for each 32 ms of sound
at 16 kHz and carries its state along. Here it is its sequence form that is run: many frames a call,
inputs ``input`` (n, 576: 64 samples of the frame before, then the 512 of the frame), ``h`` and
``c`` (1, 1, 128), outputs ``speech_probs`` (n,), ``hn`` and ``cn``. Blocks of any size give the
same probabilities.

Probabilities become segments by two thresholds: speech begins at ``onset`` and ends where the
probability stays under ``release`` for ``minimum_silence`` seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from openaffect.types import AudioChunk, InvalidValueError, Session

RATE = 16_000
"""Samples a second."""
FRAME = 512
"""Samples that one probability speaks of: 32 ms."""

_CONTEXT = 64
_STATE = (1, 1, 128)
_BLOCK = 512
_STEP = FRAME / RATE
_LARGEST_GAP = 0.1


@dataclass(frozen=True, slots=True)
class SegmentRules:
    """How probabilities become segments.

    onset, release: probabilities at which speech begins and under which it may end, 0..1.
    minimum_speech: seconds; shorter speech is left out.
    minimum_silence: seconds; a shorter gap does not end a segment.
    maximum_speech: seconds; longer speech is cut at its least likely frame, so that a stream's
        memory is bounded.
    padding: seconds added before and after, at most half of ``minimum_silence``.
    """

    onset: float = 0.5
    release: float = 0.35
    minimum_speech: float = 0.25
    minimum_silence: float = 0.3
    maximum_speech: float = 30.0
    padding: float = 0.1

    def __post_init__(self) -> None:
        for item in fields(self):
            if not getattr(self, item.name) >= 0:
                raise InvalidValueError(
                    f"{item.name} is {getattr(self, item.name)}; it must be 0 or more"
                )
        if not self.release <= self.onset <= 1:
            raise InvalidValueError(
                f"release {self.release} and onset {self.onset} must satisfy release <= onset <= 1"
            )
        if 2 * self.padding > self.minimum_silence:
            raise InvalidValueError(
                f"padding {self.padding} s is more than half of minimum_silence "
                f"{self.minimum_silence} s: neighbours would overlap"
            )
        if self.maximum_speech < max(1.0, 2 * self.minimum_speech):
            raise InvalidValueError(
                f"maximum_speech is {self.maximum_speech} s; it must be at least 1 s and twice "
                f"minimum_speech ({self.minimum_speech} s)"
            )


@dataclass(frozen=True, slots=True, eq=False)
class Activity:
    """What one stretch of sound told.

    start: time of the first probability in seconds.
    probabilities: (n,) float32 in [0, 1], one every 32 ms from ``start``.
    segments: (m, 2) float64 seconds, speech that ended by now, padded, in order.
    confidence: (m,) float32, mean probability within each segment.
    settled: time in seconds before which no later segment begins.
    """

    start: float
    probabilities: NDArray[np.float32]
    segments: NDArray[np.float64]
    confidence: NDArray[np.float32]
    settled: float


class ActivityDetector:
    """Finds speech in a stream that arrives in chunks of any size.

    :meth:`feed` each chunk in order, then :meth:`finish` once. The answers, joined, do not depend
    on how the stream was cut.
    """

    def __init__(self, session: Session, rules: SegmentRules | None = None) -> None:
        self._network = _Network(session)
        self._segmenter = _Segmenter(rules or SegmentRules())
        self._pending = np.zeros(0, np.float32)
        self._begin: float | None = None
        self._received = 0

    def feed(self, chunk: AudioChunk) -> Activity:
        """Take the next chunk, 16 kHz, starting where the last one ended."""
        self._check(chunk)
        self._received += len(chunk.samples)
        sound = np.concatenate([self._pending, chunk.samples.astype(np.float32, copy=False)])
        whole = len(sound) // FRAME * FRAME
        self._pending = sound[whole:].copy()
        first = self._segmenter.frames
        probabilities = self._network.run(sound[:whole].reshape(-1, FRAME))
        return self._activity(first, probabilities, self._segmenter.push(probabilities))

    def finish(self) -> Activity:
        """Take the rest, filled up with silence to a whole frame, and end the open segment."""
        first = self._segmenter.frames
        probabilities = np.zeros(0, np.float32)
        if len(self._pending):
            last = np.pad(self._pending, (0, FRAME - len(self._pending)))
            probabilities = self._network.run(last.reshape(1, FRAME))
            self._pending = self._pending[:0]
        found = self._segmenter.push(probabilities)
        return self._activity(first, probabilities, found + self._segmenter.finish())

    def _activity(
        self, first: int, probabilities: NDArray[np.float32], found: list[_Found]
    ) -> Activity:
        begin = self._begin or 0.0
        spans = np.array([(start, end) for start, end, _ in found], np.float64).reshape(-1, 2)
        spans = np.clip(spans, 0.0, self._received / RATE) + begin
        return Activity(
            start=begin + first * _STEP,
            probabilities=probabilities,
            segments=spans,
            confidence=np.array([confidence for _, _, confidence in found], np.float32),
            settled=begin + max(0.0, self._segmenter.settled),
        )

    def _check(self, chunk: AudioChunk) -> None:
        if chunk.rate != RATE:
            raise InvalidValueError(
                f"speech activity needs sound at {RATE} Hz; got {chunk.rate} Hz, resample first"
            )
        if self._begin is None:
            self._begin = chunk.start
        expected = self._begin + self._received / RATE
        if abs(chunk.start - expected) > _LARGEST_GAP:
            raise InvalidValueError(
                f"a chunk starts at {chunk.start:.3f} s; expected {expected:.3f} s, where the one "
                "before ended: fill gaps with silence, or use a detector for each stretch"
            )


def speech_segments(
    chunks: Iterable[AudioChunk], session: Session, rules: SegmentRules | None = None
) -> Iterator[Activity]:
    """Yield what each chunk of a stream tells, and at last what its end tells.

    Memory does not grow with the stream. A stream of no chunks yields one empty answer.
    """
    detector = ActivityDetector(session, rules)
    for chunk in chunks:
        yield detector.feed(chunk)
    yield detector.finish()


class _Network:
    """The recurrent network with its state."""

    def __init__(self, session: Session) -> None:
        needed = {"input", "h", "c"}
        if set(session.inputs) != needed:
            raise InvalidValueError(
                f"the voice activity network has inputs {list(session.inputs)}; expected "
                f"{sorted(needed)}, the 16 kHz sequence form of Silero VAD"
            )
        self._session = session
        self._hidden = np.zeros(_STATE, np.float32)
        self._cell = np.zeros(_STATE, np.float32)
        self._context = np.zeros(_CONTEXT, np.float32)

    def run(self, frames: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return one probability for each of (n, 512) frames that follow the last ones."""
        blocks = [self._block(frames[at : at + _BLOCK]) for at in range(0, len(frames), _BLOCK)]
        return np.concatenate(blocks) if blocks else np.zeros(0, np.float32)

    def _block(self, frames: NDArray[np.float32]) -> NDArray[np.float32]:
        tails = np.concatenate([self._context[None], frames[:-1, -_CONTEXT:]])
        feeds = {
            "input": np.concatenate([tails, frames], axis=1),
            "h": self._hidden,
            "c": self._cell,
        }
        answer = self._session.run(feeds)
        self._hidden, self._cell = answer["hn"], answer["cn"]
        self._context = frames[-1, -_CONTEXT:].copy()
        return np.asarray(answer["speech_probs"], np.float32).reshape(-1)


_Found = tuple[float, float, float]
"""Start and end in seconds from the stream's beginning, mean probability."""


class _Segmenter:
    """Hysteresis over probabilities, one frame after the other."""

    def __init__(self, rules: SegmentRules) -> None:
        self._rules = rules
        self._speech: list[float] = []
        self._first = 0
        self._quiet: int | None = None
        self._continues = False
        self.frames = 0

    @property
    def settled(self) -> float:
        """Seconds before which no later segment begins."""
        if self._speech:
            return self._first * _STEP - (0.0 if self._continues else self._rules.padding)
        return self.frames * _STEP - self._rules.padding

    def push(self, probabilities: NDArray[np.float32]) -> list[_Found]:
        """Return the segments that end within these frames."""
        found: list[_Found] = []
        for probability in probabilities.tolist():
            self._step(probability, found)
            self.frames += 1
        return found

    def finish(self) -> list[_Found]:
        """Return the segment that the stream's end ends, if one was open."""
        found: list[_Found] = []
        if self._speech:
            self._close(self.frames if self._quiet is None else self._quiet, found)
        return found

    def _step(self, probability: float, found: list[_Found]) -> None:
        rules, now = self._rules, self.frames
        if not self._speech:
            if probability < rules.onset:
                return
            self._first = now
        self._speech.append(probability)
        if probability >= rules.onset:
            self._quiet = None
        elif probability < rules.release:
            self._quiet = now if self._quiet is None else self._quiet
            if (now + 1 - self._quiet) * _STEP >= rules.minimum_silence:
                self._close(self._quiet, found)
        if len(self._speech) * _STEP >= rules.maximum_speech:
            self._cut(found)

    def _close(self, end: int, found: list[_Found]) -> None:
        spoken = self._speech[: end - self._first]
        if spoken and (self._continues or len(spoken) * _STEP >= self._rules.minimum_speech):
            found.append(self._padded(end, spoken, after=self._rules.padding))
        self._speech, self._quiet, self._continues = [], None, False

    def _cut(self, found: list[_Found]) -> None:
        half = len(self._speech) // 2
        at = half + int(np.argmin(self._speech[half:]))
        found.append(self._padded(self._first + at, self._speech[:at], after=0.0))
        self._first += at
        self._speech = self._speech[at:]
        self._continues = True
        if self._quiet is not None:
            self._quiet = max(self._quiet, self._first)

    def _padded(self, end: int, spoken: list[float], *, after: float) -> _Found:
        before = 0.0 if self._continues else self._rules.padding
        return (
            self._first * _STEP - before,
            end * _STEP + after,
            float(np.mean(spoken)),
        )
