"""Decoded media, as the readers hand it on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class VideoFrame:
    """One picture of a video.

    image: (H, W, 3) uint8 RGB, upright (the container's rotation is already applied).
    time: presentation time in seconds from the start of the file, from the container's PTS.
    duration: seconds until the next frame is shown.
    index: the frame's number in decoding order, from 0.
    """

    image: NDArray[np.uint8]
    time: float
    duration: float
    index: int


@dataclass(frozen=True, slots=True, eq=False)
class AudioChunk:
    """A stretch of sound.

    samples: (T,) float32 mono at ``rate`` in [-1, 1].
    start: time of the first sample in seconds from the start of the file, from the PTS.
    rate: samples a second.
    """

    samples: NDArray[np.float32]
    start: float
    rate: int

    @property
    def end(self) -> float:
        """Time after the last sample, in seconds."""
        return self.start + len(self.samples) / self.rate


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """What a container says of itself; zero where a stream is absent.

    duration in seconds; width and height in pixels as shown; rotation in degrees clockwise;
    frame_rate nominal, in frames a second; sample_rate in Hz.
    """

    modality: str
    duration: float = 0.0
    width: int = 0
    height: int = 0
    rotation: int = 0
    frame_rate: float = 0.0
    sample_rate: int = 0
    channels: int = 0
    has_video: bool = False
    has_audio: bool = False
    codec: str = ""
