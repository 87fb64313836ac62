"""Sound as mono float32 at one rate, streamed, on the container's clock."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from openaffect.types import AudioChunk, InvalidValueError, MediaError, OutputError

from .container import decoded_frames, open_container, seconds, stream_of, zero_of
from .output import atomic
from .resample import Resampler

if TYPE_CHECKING:
    from av.container import InputContainer

Samples = NDArray[np.float32]

LONGEST_WHOLE = 4 * 3600.0  # seconds that load_audio holds at most: 920 MB at 16 kHz
_JITTER = 0.03  # seconds a timestamp may differ from the count of samples before it is believed
_LONGEST_JUMP = 3600.0  # seconds; a longer leap of the timestamps is damage
_PREROLL = 0.25  # seconds decoded, and as many resampled, before a start: both have a memory
_INSTANT = 1e-6  # seconds: a start nearer to 0 than this is the container's rounding
_BLOCK = 1.0  # seconds of silence put in at a time
_HIGHEST_RATE = 768_000
_FULL_SCALE = {"u1": 2.0**7, "i2": 2.0**15, "i4": 2.0**31}


def read_audio(
    path: str | Path, *, rate: int = 16_000, chunk: float = 30.0, start: float = 0.0
) -> Iterator[AudioChunk]:
    """Yield the sound of a file in pieces, holding one piece at a time.

    Parameters
    ----------
    path: an audio file, or a video with sound.
    rate: samples a second of what is yielded; resampling is band-limited.
    chunk: seconds a piece; the last may be shorter.
    start: seconds; where the first piece begins, to the sample. Sound that begins later than
        ``start`` gives a first piece that begins where the sound does.

    All channels are averaged. Gaps between timestamps become silence, overlaps are left out, so a
    sample's time is its place. Values beyond full scale are clipped to [-1, 1].

    Raises
    ------
    MediaError
        for a NaN or infinity, for timestamps that leap, and when nothing can be decoded; after the
        last good piece when the file is damaged or cut short.
    InvalidValueError
        when ``rate`` or ``chunk`` is not positive or ``start`` is negative.
    """
    if not 1_000 <= rate <= _HIGHEST_RATE:
        raise InvalidValueError(f"rate is {rate}; give samples a second, 1000 to {_HIGHEST_RATE}")
    if not (chunk > 0 and math.isfinite(chunk)):
        raise InvalidValueError(f"chunk is {chunk}; give a positive number of seconds")
    if not (start >= 0 and math.isfinite(start)):
        raise InvalidValueError(f"start is {start}; give seconds from the beginning, 0 or more")
    return _read(Path(path), rate, max(1, round(chunk * rate)), start)


def load_audio(path: str | Path, *, rate: int = 16_000) -> AudioChunk:
    """Return the whole sound of a file as :func:`read_audio` streams it.

    Raises :class:`MediaError` also when it is longer than four hours; stream that.
    """
    parts: list[AudioChunk] = []
    for part in read_audio(path, rate=rate, chunk=60.0):
        parts.append(part)
        if part.end - parts[0].start > LONGEST_WHOLE:
            raise MediaError(
                f"{path} is longer than {LONGEST_WHOLE / 3600:.0f} hours; stream it by read_audio"
            )
    samples = np.concatenate([part.samples for part in parts])
    return AudioChunk(samples=samples, start=parts[0].start, rate=rate)


def write_wav(path: str | Path, samples: Samples, rate: int) -> Path:
    """Write (T,) float samples in [-1, 1] as a 16-bit mono WAV, whole or not at all.

    Raises :class:`InvalidValueError` for another shape or a NaN, :class:`OutputError` when the
    place cannot be written.
    """
    import wave

    array = np.asarray(samples, dtype=np.float32)
    if array.ndim != 1:
        raise InvalidValueError(f"samples have shape {array.shape}; expected (T,)")
    if not np.isfinite(array).all():
        raise InvalidValueError("samples hold a NaN or infinity; only finite numbers are sound")
    pcm = np.clip(np.rint(array * 32768.0), -32768, 32767).astype("<i2")
    try:
        with atomic(path) as file, wave.open(file, "wb") as wav:
            wav.setnchannels(1)
            wav.setsampwidth(2)
            wav.setframerate(int(rate))
            wav.writeframes(pcm.tobytes())
    except wave.Error as error:
        raise OutputError(f"{path} cannot be written as WAV: {error}") from error
    return Path(path)


def _read(path: Path, rate: int, size: int, start: float) -> Iterator[AudioChunk]:
    pieces = _Pieces(rate, size)
    damage: MediaError | None = None
    source = _resampled(path, rate, start)
    while True:
        try:
            time, samples = next(source)
        except StopIteration:
            break
        except MediaError as error:
            damage = error
            break
        yield from pieces.add(time, samples)
    yield from pieces.rest()
    if damage is not None:
        raise damage
    if not pieces.begun and start == 0:
        raise MediaError(f"{path} has a sound track without a single sample; it is cut short")


class _Pieces:
    """Cuts a stream of samples into chunks of equal size."""

    def __init__(self, rate: int, size: int) -> None:
        self._rate, self._size = rate, size
        self._held: list[Samples] = []
        self._count = self._done = 0
        self._start: float | None = None

    @property
    def begun(self) -> bool:
        return self._start is not None

    def add(self, time: float, samples: Samples) -> Iterator[AudioChunk]:
        if self._start is None:
            self._start = time
        self._held.append(samples)
        self._count += len(samples)
        while self._count >= self._size:
            yield self._take(self._size)

    def rest(self) -> Iterator[AudioChunk]:
        if self._count:
            yield self._take(self._count)

    def _take(self, size: int) -> AudioChunk:
        joined = np.concatenate(self._held)
        piece, left = joined[:size].copy(), joined[size:].copy()
        self._held, self._count = [left], len(left)
        start = (self._start or 0.0) + self._done / self._rate
        self._done += size
        return AudioChunk(samples=piece, start=start, rate=self._rate)


def _resampled(path: Path, rate: int, start: float) -> Iterator[tuple[float, Samples]]:
    """Yield (time of the first sample ever, samples) at ``rate``; the time never changes."""
    begin: float | None = None
    skip = 0
    for time, samples in _whole_rate(path, rate, max(0.0, start - _PREROLL)):
        if begin is None:
            skip = max(0, round((start - time) * rate))
            begin = time + skip / rate
            begin = 0.0 if abs(begin) < _INSTANT else begin
        skipped = min(skip, len(samples))
        skip -= skipped
        if len(samples) > skipped:
            yield begin, np.clip(samples[skipped:], -1.0, 1.0)


def _whole_rate(path: Path, rate: int, start: float) -> Iterator[tuple[float, Samples]]:
    resampler: Resampler | None = None
    begin = 0.0
    for time, samples, source_rate in _continuous(path, start):
        if resampler is None:
            resampler, begin = Resampler(source_rate, rate), time
        elif source_rate != resampler.source_rate:
            yield begin, resampler.finish()
            resampler = Resampler(source_rate, rate)
        yield begin, resampler.feed(samples)
    if resampler is not None:
        yield begin, resampler.finish()


def _continuous(path: Path, start: float) -> Iterator[tuple[float, Samples, int]]:
    """Yield (time, mono samples, rate) without gap or overlap, from ``start`` on."""
    position: float | None = None
    for stamp, samples, rate in _mono(path, start):
        time = stamp if stamp is not None else (position if position is not None else 0.0)
        if position is None:
            skipped = round(max(0.0, start - time) * rate)
            if skipped >= len(samples):
                continue
            position, samples = time + skipped / rate, samples[skipped:]
            time = position
        drift = time - position
        if abs(drift) > _LONGEST_JUMP:
            raise MediaError(
                f"{path}: the timestamps of the sound leap from {position:.2f} s to {time:.2f} s; "
                "the file is damaged or several were joined; write it anew with an editor"
            )
        if drift > _JITTER:
            yield from _silence(position, drift, rate)
            position += round(drift * rate) / rate
        elif drift < -_JITTER:
            samples = samples[round(-drift * rate) :]
        if len(samples):
            yield position, samples, rate
        position += len(samples) / rate


def _silence(position: float, length: float, rate: int) -> Iterator[tuple[float, Samples, int]]:
    left, block = round(length * rate), round(_BLOCK * rate)
    while left > 0:
        yield position, np.zeros(min(left, block), np.float32), rate
        left -= block
        position += _BLOCK


def _mono(path: Path, start: float) -> Iterator[tuple[float | None, Samples, int]]:
    """Yield (time or None, averaged samples, rate) of each decoded frame."""
    with open_container(path) as container:
        stream = stream_of(container, "audio")
        if stream is None:
            raise MediaError(f"{path} holds no sound; it is a silent video or cannot be decoded")
        stream.codec_context.thread_count = 1
        zero = zero_of(container)
        if start > _PREROLL:
            _seek(container, stream, start - _PREROLL, zero)
        for frame in decoded_frames(container, stream, path):
            if not 0 < frame.sample_rate <= _HIGHEST_RATE:
                raise MediaError(f"{path}: a sample rate of {frame.sample_rate} Hz is damage")
            time = None if frame.pts is None else seconds(frame.pts, frame.time_base) - zero
            yield time, _average(frame, time, path), frame.sample_rate


def _seek(container: InputContainer, stream: Any, target: float, zero: float) -> None:
    container.seek(int((target + zero) / float(stream.time_base)), stream=stream)


def _average(frame: Any, time: float | None, path: Path) -> Samples:
    """Return the (T,) mean over channels in [-1, 1] full scale."""
    array = frame.to_ndarray()
    channels = max(1, frame.layout.nb_channels)
    if frame.format.is_packed:
        array = array.reshape(-1, channels).T
    kind = array.dtype.str[1:]
    if kind == "u1":
        array = array.astype(np.float32) - 128.0
    with np.errstate(invalid="ignore", over="ignore"):
        mono = array.mean(axis=0, dtype=np.float64) / _FULL_SCALE.get(kind, 1.0)
    if not np.isfinite(mono).all():
        raise MediaError(
            f"{path}: the sound holds a NaN or infinity near {time or 0.0:.3f} s; it is damaged, "
            "export it again"
        )
    bounded: Samples = np.clip(mono, -8.0, 8.0).astype(np.float32)
    return bounded
