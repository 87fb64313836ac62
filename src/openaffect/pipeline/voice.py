"""A recording heard once, from beginning to end: who speaks when, how, and what.

Sound comes in chunks; speech is cut out of it, recognised and transcribed as it ends, and written
to the spill every minute. Nothing is recognised where nobody speaks, and no more sound is held than
the longest utterance and the group of utterances that is transcribed at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.preprocess.speech_activity import Activity, ActivityDetector
from openaffect.preprocess.speech_reliability import reliability
from openaffect.preprocess.speech_windows import SegmentCutter, WindowCutter
from openaffect.recognize._voice import VoiceNetwork, heard_once
from openaffect.types.media import AudioChunk
from openaffect.types.protocols import Progress, Recognizer, Session
from openaffect.types.schemes import SPEECH_ACTIVITY, TRANSCRIPT
from openaffect.types.timeline import Timeline, Unit, concatenate

from .prefetch import prefetch
from .rows import BATCH, placed, recognized
from .speakers import EMBEDDING, SpeakerParts
from .spill import Spill

STREAM = "speech"
_PART = 60.0
_LONGEST = 28.0
_PAUSE = 2.0

Transcribe = Callable[[NDArray[np.float32], float], Timeline]
"""Called with samples at 16 kHz and the time of the first: rows of words in seconds."""


@dataclass(frozen=True, slots=True)
class VoiceParts:
    """What hears. ``windowed`` recognisers by timeline name, any may be missing.

    activity: the session of the voice activity network, and the name of its card.
    window, hop: seconds, of the windows that the recognisers hear.
    speakers: tells voices apart; left out without.
    transcribe: writes down what is said; left out without. ``transcript_card`` names its card.
    """

    activity: Session
    activity_card: str
    windowed: dict[str, Recognizer]
    window: float
    hop: float
    transcribe: Transcribe | None = None
    transcript_card: str = ""
    speakers: SpeakerParts | None = None

    @property
    def hearers(self) -> dict[str, tuple[Recognizer, float, float]]:
        """Every recogniser by timeline name, with its window and hop in seconds."""
        heard = {name: (each, self.window, self.hop) for name, each in self.windowed.items()}
        if self.speakers is not None:
            own = self.speakers
            heard[EMBEDDING] = (own.recognizer, own.window, own.hop)
        return heard


def listen(
    chunks: Iterator[AudioChunk],
    parts: VoiceParts,
    spill: Spill,
    progress: Progress,
    duration: float | None,
) -> None:
    """Hear a recording into ``spill``, from where the spill ends.

    Speech is looked for from the beginning even then (it takes a hundredth of the time), so that
    the answer is the same; what was recognised is not recognised again.
    """
    if spill.finished(STREAM):
        return
    listener = _Listener(parts, spill, progress)
    detector = ActivityDetector(parts.activity)
    for chunk in prefetch(chunks, ahead=2):
        listener.feed(chunk, detector.feed(chunk))
        progress(STREAM, chunk.end, duration)
    listener.finish(detector.finish())
    spill.finish(STREAM)


@dataclass(frozen=True, slots=True, eq=False)
class _Pieces:
    """N windows: (T,) samples each, (start, end) in seconds, the extras of their rows."""

    samples: list[NDArray[np.float32]]
    span: list[tuple[float, float]]
    extra: dict[str, NDArray[Any]]


class _Listener:
    """What has been heard since the last part, and the sound still needed."""

    def __init__(self, parts: VoiceParts, spill: Spill, progress: Progress) -> None:
        self._parts, self._hearers = parts, parts.hearers
        self._together = _together(self._hearers)
        self._spill = spill
        self._progress = progress
        self._cutter = SegmentCutter()
        last = list(spill.parts(STREAM))[-1:]
        self._next: float | None = last[0].state["next"] if last else None
        self._count: int = last[0].state["utterances"] if last else 0
        self._end = 0.0
        self._group: tuple[float, float] | None = None
        self._begin()

    def _begin(self) -> None:
        self._segments: list[tuple[float, float, float]] = []
        self._windows: dict[str, list[Timeline]] = {name: [] for name in self._hearers}
        self._words: list[Timeline] = []

    def feed(self, chunk: AudioChunk, activity: Activity) -> None:
        """Take the next chunk with what is known of speech by now."""
        if self._next is None:
            self._next = chunk.start
        self._end = chunk.end
        self._cutter.feed(chunk)
        self._hear(activity)
        if activity.settled - self._next >= _PART:
            self._flush(activity.settled)
        kept = activity.settled if self._group is None else self._group[0]
        self._cutter.forget(min(kept, activity.settled))

    def finish(self, activity: Activity) -> None:
        """Take what the end of the recording tells."""
        self._hear(activity)
        self._flush(max(self._end, self._next or 0.0))

    def _hear(self, activity: Activity) -> None:
        fresh = [
            (start, end, float(confidence))
            for (start, end), confidence in zip(
                activity.segments.tolist(), activity.confidence, strict=True
            )
            if self._next is None or start >= self._next - 1e-6
        ]
        self._segments += fresh
        self._recognize([(start, end) for start, end, _ in fresh])
        if self._parts.transcribe is not None:
            for start, end, _ in fresh:
                self._gather(start, end)
            if self._group and activity.settled - self._group[1] > _PAUSE:
                self._transcribe()

    def _recognize(self, segments: list[tuple[float, float]]) -> None:
        cut: dict[tuple[float, float], _Pieces] = {}
        for names in self._together:
            _, window, hop = self._hearers[names[0]]
            if (window, hop) not in cut:
                cut[window, hop] = self._pieces(segments, window, hop)
            pieces = cut[window, hop]
            if not pieces.samples:
                continue
            for name, whole in zip(names, self._told(names, pieces.samples), strict=True):
                line = placed(whole, pieces.span, Unit.SECONDS, extra=pieces.extra)
                self._windows[name].append(line)
        self._count += len(segments)

    def _told(self, names: list[str], samples: list[NDArray[np.float32]]) -> list[Timeline]:
        """Return what each of some hearers of one network says; it runs once for all of them."""
        recognizers = [self._hearers[name][0] for name in names]
        if len(recognizers) == 1:
            return [recognized(recognizers[0], samples, self._progress)]
        networks = [each for each in recognizers if isinstance(each, VoiceNetwork)]
        parts = [
            heard_once(networks, samples[start : start + BATCH])
            for start in range(0, len(samples), BATCH)
        ]
        return [concatenate(lines) for lines in zip(*parts, strict=True)]

    def _pieces(self, segments: list[tuple[float, float]], window: float, hop: float) -> _Pieces:
        """Cut utterances into windows, and rate each; once for all that hear windows so long."""
        heard: list[tuple[int, AudioChunk]] = []
        for number, (start, end) in enumerate(segments, self._count):
            cutter = WindowCutter(length=window, hop=hop)
            found = cutter.feed(self._cutter.take(start, end)) + cutter.finish()
            heard += [(number, piece) for piece in found]
        rated = [reliability(piece.samples) for _, piece in heard]
        return _Pieces(
            samples=[piece.samples for _, piece in heard],
            span=[(piece.start, piece.end) for _, piece in heard],
            extra={
                "utterance": np.asarray([number for number, _ in heard], dtype=np.int64),
                "quality": np.asarray(rated, dtype=np.float32),
            },
        )

    def _gather(self, start: float, end: float) -> None:
        """Add an utterance to the group that is transcribed at once."""
        if self._group is not None:
            if start - self._group[1] <= _PAUSE and end - self._group[0] <= _LONGEST:
                self._group = (self._group[0], end)
                return
            self._transcribe()
        self._group = (start, end)

    def _transcribe(self) -> None:
        assert self._group is not None and self._parts.transcribe is not None
        sound = self._cutter.take(*self._group)
        self._group = None
        self._words.append(self._parts.transcribe(sound.samples, sound.start))
        self._progress("transcript", sound.end, None)

    def _flush(self, position: float) -> None:
        """Write what was heard up to ``position`` as one part."""
        if self._group is not None:
            self._transcribe()
        covered = [(self._next or 0.0, position)]
        found = {"speech.activity": self._activity(covered)}
        found |= {name: self._windowed(name, covered) for name in self._hearers}
        if self._parts.transcribe is not None:
            found["speech.transcript"] = self._transcript(covered)
        self._spill.append(STREAM, found, {"next": position, "utterances": self._count})
        self._next = position
        self._begin()

    def _activity(self, covered: list[tuple[float, float]]) -> Timeline:
        return Timeline(
            scheme=SPEECH_ACTIVITY,
            scores=np.asarray([c for _, _, c in self._segments], np.float32).reshape(-1, 1),
            span=np.asarray([(s, e) for s, e, _ in self._segments]).reshape(-1, 2),
            coverage=np.asarray(covered),
            model=self._parts.activity_card,
        )

    def _windowed(self, name: str, covered: list[tuple[float, float]]) -> Timeline:
        lines = self._windows[name] or [self._hearers[name][0]([])]
        whole = concatenate(lines)
        return placed(whole, whole.span, Unit.SECONDS, coverage=covered)

    def _transcript(self, covered: list[tuple[float, float]]) -> Timeline:
        empty = Timeline.empty(TRANSCRIPT, coverage=covered, model=self._parts.transcript_card)
        return concatenate([empty, *self._words])


def _together(hearers: dict[str, tuple[Recognizer, float, float]]) -> list[list[str]]:
    """Return the names in groups that one run of one network on the same windows answers."""
    groups: list[list[str]] = []
    for name, (recognizer, *windows) in hearers.items():
        for group in groups:
            first, *others = hearers[group[0]]
            if (
                isinstance(first, VoiceNetwork)
                and first.shares_network(recognizer)
                and windows == others
            ):
                group.append(name)
                break
        else:
            groups.append([name])
    return groups
