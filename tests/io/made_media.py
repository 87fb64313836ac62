"""Media that the tests make themselves: nothing here comes from a file."""

from __future__ import annotations

import io
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

MILLISECOND = Fraction(1, 1000)


def tone(frequency: float, seconds: float, rate: int, amplitude: float = 0.5) -> np.ndarray:
    """(T,) float32 sine."""
    time = np.arange(round(seconds * rate)) / rate
    return (amplitude * np.sin(2 * np.pi * frequency * time)).astype(np.float32)


def level_of(image: np.ndarray) -> int:
    """The grey level a frame made by `grey_frames` carries."""
    return round(float(image.mean()))


def grey_frames(levels: Sequence[int], size: tuple[int, int] = (64, 48)) -> list[np.ndarray]:
    """(H, W, 3) flat pictures, one a level."""
    width, height = size
    return [np.full((height, width, 3), level, np.uint8) for level in levels]


def write_video(
    path: Path,
    frames: Sequence[np.ndarray],
    times: Sequence[float],
    *,
    codec: str = "mpeg4",
    rotation: int = 0,
    flip: bool = False,
    sound: tuple[np.ndarray, int, float] | None = None,
    format: str | None = None,
    shape: Fraction | None = None,
    options: dict[str, str] | None = None,
    clock: Fraction = MILLISECOND,
) -> Path:
    """Write frames at explicit times in seconds; ``sound`` is (samples (T,), rate, start)."""
    with av.open(str(path), "w", format=format) as container:
        stream: Any = container.add_stream(codec, rate=25, options=options)
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.codec_context.time_base = clock
        stream.codec_context.bit_rate = 4_000_000
        if shape is not None:
            stream.codec_context.sample_aspect_ratio = shape
        if rotation or flip:
            stream.set_display_rotation(rotation, hflip=flip)
        track: Any = None
        if sound is not None:
            track = container.add_stream("aac", rate=sound[1], layout="mono")
        for image, time in zip(frames, times, strict=True):
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = round(time / clock), clock
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if sound is not None:
            samples, rate, start = sound
            for begin in range(0, len(samples), 1024):
                part = audio_frame(samples[begin : begin + 1024], rate, "fltp")
                part.pts = begin + round(start * rate)
                container.mux(track.encode(part))
            container.mux(track.encode(None))
    return path


def audio_frame(samples: np.ndarray, rate: int, format: str = "flt") -> av.AudioFrame:
    """A mono frame."""
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples[None]), format, "mono")
    frame.sample_rate, frame.time_base = rate, Fraction(1, rate)
    return frame


def write_audio(
    path: Path,
    channels: np.ndarray,
    rate: int,
    *,
    codec: str = "pcm_s16le",
    layout: str = "mono",
    sample_format: str = "s16",
    starts: Sequence[tuple[int, int]] | None = None,
) -> Path:
    """Write (C, T) samples; ``starts`` gives (first sample, presentation sample) of stretches."""
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(codec, rate=rate, layout=layout)
        ends = [begin for begin, _ in starts[1:]] if starts else []
        stretches = starts or [(0, 0)]
        for (begin, shown), end in zip(stretches, [*ends, channels.shape[1]], strict=True):
            for at in range(begin, end, 1024):
                part = channels[:, at : min(at + 1024, end)]
                frame = av.AudioFrame.from_ndarray(
                    _packed(part, sample_format), sample_format, layout
                )
                frame.sample_rate, frame.time_base = rate, Fraction(1, rate)
                frame.pts = shown + at - begin
                container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def _packed(part: np.ndarray, sample_format: str) -> np.ndarray:
    scale, kind = {
        "s16": (32767, np.int16),
        "s32": (2**31 - 256, np.int32),
        "flt": (1, np.float32),
        "dbl": (1, np.float64),
        "fltp": (1, np.float32),
        "s16p": (32767, np.int16),
    }[sample_format]
    values = (part * scale).astype(kind)
    if sample_format.endswith("p"):
        return np.ascontiguousarray(values)
    return np.ascontiguousarray(values.T.reshape(1, -1))


def float_wav(samples: np.ndarray, rate: int = 16_000) -> bytes:
    """A RIFF file of 32-bit floats, written by hand so that it can hold NaN."""
    data = samples.astype("<f4").tobytes()
    header = io.BytesIO()
    header.write(b"RIFF" + (36 + len(data)).to_bytes(4, "little") + b"WAVEfmt ")
    header.write((16).to_bytes(4, "little") + (3).to_bytes(2, "little"))
    header.write((1).to_bytes(2, "little") + rate.to_bytes(4, "little"))
    header.write((rate * 4).to_bytes(4, "little") + (4).to_bytes(2, "little"))
    header.write((32).to_bytes(2, "little") + b"data" + len(data).to_bytes(4, "little"))
    return header.getvalue() + data
