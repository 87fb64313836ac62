"""Make what the benchmarks analyse: a frame with one face, a minute of voice, a clip of both.

    python benchmarks/_made.py FOLDER [--picture FILE] [--speech FILE]

writes ``frame.png`` (640 x 480), ``voice.wav`` (60 s, 16 kHz), ``clip.mp4`` (20 s, 25 frames a
second, with sound) and ``made.json``, which says what they were made from.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 640, 480
RATE = 16_000
VOICE_SECONDS, CLIP_SECONDS, FRAME_RATE = 60, 20, 25


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--picture", type=Path, help="a picture of one face")
    parser.add_argument("--speech", type=Path, help="a recording of somebody who speaks")
    args = parser.parse_args()
    from openaffect.io.audio import write_wav
    from openaffect.io.image import write_image

    picture, picture_source = _picture(args.picture)
    frame = framed(picture)
    voice, voice_source = _voice(args.speech)
    args.folder.mkdir(parents=True, exist_ok=True)
    write_image(args.folder / "frame.png", frame)
    write_wav(args.folder / "voice.wav", voice, RATE)
    _write_clip(args.folder / "clip.mp4", frame, voice)
    made = {"picture": picture_source, "voice": voice_source}
    (args.folder / "made.json").write_text(json.dumps(made), encoding="utf-8")


def data_folder() -> Path | None:
    """Return the folder of local test data: ``OPENAFFECT_DATA`` or beside the repository."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    named = os.environ.get("OPENAFFECT_DATA")
    folder = Path(named) if named else beside
    return folder if folder.is_dir() else None


def _picture(given: Path | None) -> tuple[NDArray[np.uint8], str]:
    from openaffect.io.image import read_image

    if given is not None:
        return read_image(given), given.name
    try:
        from skimage import data

        return data.astronaut(), "scikit-image's astronaut"
    except ImportError:
        still = data_folder() and data_folder() / "media" / "still_portrait_512.jpg"
        if still and still.is_file():
            return read_image(still), still.name
    raise SystemExit("no face to look at: pip install scikit-image, or give --picture FILE")


def framed(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return (480, 640, 3): the upper part of the picture, scaled to fill the frame."""
    import cv2

    height, width = picture.shape[:2]
    scale = max(WIDTH / width, HEIGHT / height)
    size = (max(WIDTH, round(width * scale)), max(HEIGHT, round(height * scale)))
    large = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    left = (size[0] - WIDTH) // 2
    return np.ascontiguousarray(large[:HEIGHT, left : left + WIDTH])


def swayed(frame: NDArray[np.uint8], count: int) -> Iterator[NDArray[np.uint8]]:
    """Yield ``count`` frames in which the picture sways by a few pixels and degrees."""
    import cv2

    height, width = frame.shape[:2]
    for number in range(count):
        time = number / FRAME_RATE
        angle = 2.0 * np.sin(2 * np.pi * 0.31 * time)
        matrix = cv2.getRotationMatrix2D((width / 2, height), float(angle), 1.0)
        matrix[:, 2] += 4 * np.sin(2 * np.pi * np.array([0.43, 0.29]) * time)
        yield cv2.warpAffine(frame, matrix, (width, height), borderMode=cv2.BORDER_REFLECT_101)


def _voice(given: Path | None) -> tuple[NDArray[np.float32], str]:
    from openaffect.io.audio import load_audio

    folder = data_folder()
    local = folder / "media" / "talking_256_60s.mp4" if folder else None
    for path in (given, local):
        if path is not None and (path == given or path.is_file()):
            return _minute(load_audio(path, rate=RATE).samples), path.name
    return made_voice(), "made: pulses through formants, in phrases"


def _minute(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.resize(samples, VOICE_SECONDS * RATE).astype(np.float32)


def made_voice(seed: int = 0) -> NDArray[np.float32]:
    """Return a minute of vowels: a gliding pulse train through formants, loud by the syllable."""
    from numpy.random import default_rng

    random = default_rng(seed)
    phrases: list[NDArray[np.float64]] = []
    while sum(map(len, phrases)) < VOICE_SECONDS * RATE:
        phrases += [_syllable(random) for _ in range(int(random.integers(6, 14)))]
        phrases.append(1e-4 * random.standard_normal(int(RATE * random.uniform(0.3, 0.8))))
    return _minute(np.concatenate(phrases).astype(np.float32))


def _syllable(random: np.random.Generator) -> NDArray[np.float64]:
    count = int(RATE * random.uniform(0.12, 0.26))
    pitch = np.linspace(*random.uniform(95, 180, 2), count)
    pulses = np.diff(np.floor(np.cumsum(pitch) / RATE), prepend=0.0)
    time = np.arange(int(0.03 * RATE)) / RATE
    formants = ((random.uniform(300, 800), 70), (random.uniform(900, 2200), 100), (2600, 150))
    answer = sum(
        np.exp(-np.pi * width * time) * np.sin(2 * np.pi * place * time)
        for place, width in formants
    )
    breath = 0.02 * random.standard_normal(count)
    return 0.2 * np.convolve(pulses + breath, answer)[:count] * np.hanning(count)


def _write_clip(path: Path, frame: NDArray[np.uint8], voice: NDArray[np.float32]) -> None:
    from openaffect.cli._clip import write_clip

    write_clip(
        path,
        swayed(frame, CLIP_SECONDS * FRAME_RATE),
        frame_rate=FRAME_RATE,
        samples=voice[: CLIP_SECONDS * RATE],
        rate=RATE,
    )


if __name__ == "__main__":
    main()
