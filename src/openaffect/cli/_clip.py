"""Writing a short clip of pictures and sound."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.io.video_write import encoder
from openaffect.types import OutputError

_SOUND_RATE = 48_000


def write_clip(
    path: Path,
    pictures: Iterable[NDArray[np.uint8]],
    *,
    frame_rate: int,
    samples: NDArray[np.float32],
    rate: int,
) -> None:
    """Write an .mp4 file, whole or not at all.

    pictures: (H, W, 3) uint8 RGB, H and W even, ``frame_rate`` a second. samples: (T,) mono in
    [-1, 1] at ``rate`` Hz. Raises :class:`OutputError` when the file cannot be written.
    """
    import av

    draft = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with av.open(str(draft), "w", format="mp4") as container:
            sound = container.add_stream("aac", rate=_SOUND_RATE)
            sound.layout = "mono"
            _write_pictures(container, pictures, frame_rate)
            _write_sound(container, samples, rate, sound)
        draft.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        raise OutputError(
            f"the clip {path} cannot be written: {error.strerror or error}; name a folder that you "
            "may write to"
        ) from error


def _write_pictures(container: Any, pictures: Iterable[NDArray[np.uint8]], frame_rate: int) -> None:
    import av

    stream = container.add_stream(encoder(), rate=frame_rate)
    stream.pix_fmt = "yuv420p"
    stream.bit_rate = 1_500_000
    for number, picture in enumerate(pictures):
        if number == 0:
            stream.height, stream.width = picture.shape[:2]
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
        frame.pts = number
        frame.time_base = Fraction(1, frame_rate)
        container.mux(stream.encode(frame))
    container.mux(stream.encode())


def _write_sound(container: Any, samples: NDArray[np.float32], rate: int, stream: Any) -> None:
    import av

    resampler = av.AudioResampler(format="fltp", layout="mono", rate=_SOUND_RATE)
    frame = av.AudioFrame.from_ndarray(samples[None].astype(np.float32), "fltp", "mono")
    frame.sample_rate = rate
    frame.pts = 0
    frame.time_base = Fraction(1, rate)
    for part in [*resampler.resample(frame), *resampler.resample(None)]:
        container.mux(stream.encode(part))
    container.mux(stream.encode())
