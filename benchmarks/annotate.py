"""Measure how fast a video is annotated on this machine.

    python benchmarks/annotate.py --size 640x480 --seconds 20

Makes a clip with sound, two moving faces looked at five times a second, words and four streams,
draws all of it into the video, and prints frames a second by the clock and by processor time: what
is decoded, drawn, encoded and written is all in it. The bar is 20 frames a second of 640 x 480 on
two cores.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import Any

import _machine
import numpy as np
from numpy.typing import NDArray

from openaffect.report.annotate import annotate
from openaffect.types import Analysis, Timeline
from openaffect.types.schemes import EKMAN7, EMODB7, PRIMARY8, TRANSCRIPT

RATE, VOICE = 25, 24_000
WORDS = "What a wonderful surprise! I never thought that we would really get there."


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", default="640x480", help="(default: 640x480)")
    parser.add_argument("--seconds", type=float, default=20.0, help="(default: 20)")
    parser.add_argument("--anonymize", action="store_true", help="hide the faces as well")
    args = parser.parse_args()
    width, height = (int(side) for side in args.size.split("x"))
    for name, value in _machine.facts():
        print(f"{name}: {value}")
    with tempfile.TemporaryDirectory(prefix="openaffect-annotate-") as folder:
        clip = Path(folder) / "clip.mp4"
        _write(clip, width, height, args.seconds)
        found = _analysis(width, height, args.seconds)
        begun, busy = time.perf_counter(), time.process_time()
        annotate(found, clip, clip.with_name("drawn.mp4"), anonymize=args.anonymize)
        wall, spent = time.perf_counter() - begun, time.process_time() - busy
    frames = args.seconds * RATE
    print(f"{frames:.0f} frames of {width} x {height}: {frames / wall:.1f} frames/s by the clock")
    print(f"{frames / spent:.1f} frames a second of processor time, one core")


def _write(path: Path, width: int, height: int, seconds: float) -> None:
    from openaffect.cli._clip import write_clip

    rng = np.random.default_rng(0)
    ground = rng.integers(40, 200, (height // 8 + 1, width // 8 + 1, 3), dtype=np.uint8)
    ground = ground.repeat(8, axis=0).repeat(8, axis=1)[:height, :width]
    pictures = (np.roll(ground, number, axis=1) for number in range(round(seconds * RATE)))
    time_axis = np.arange(round(seconds * VOICE)) / VOICE
    sound = (0.3 * np.sin(2 * np.pi * 220 * time_axis)).astype(np.float32)
    write_clip(path, pictures, frame_rate=RATE, samples=sound, rate=VOICE)


def _analysis(width: int, height: int, seconds: float) -> Analysis:
    rng = np.random.default_rng(0)
    looks, windows = _spans(seconds, 0.2), _spans(seconds, 3.0)
    side = height / 4
    places = [0.2 * width, 0.6 * width]
    sway = 0.1 * width * np.sin(looks[:, :1])
    box = np.concatenate([[[x, side, x + side, 2 * side]] + sway * [[1, 0, 1, 0]] for x in places])
    who = np.repeat([0, 1], len(looks))
    extra = {"box": box, "subject": who}
    words: Any = np.full(len(windows), WORDS, object)
    lines = {
        "face.emotion": Timeline(
            PRIMARY8, _shares(rng, len(box), 8), np.tile(looks, (2, 1)), extra=extra
        ),
        "speech.emotion": Timeline(EMODB7, _shares(rng, len(windows), 7), windows),
        "speech.transcript": Timeline(
            TRANSCRIPT, np.full((len(windows), 1), 0.9), windows, extra={"text": words}
        ),
        "text.ekman": Timeline(EKMAN7, _shares(rng, len(windows), 7), windows),
        "fused.emotion": Timeline(PRIMARY8, _shares(rng, len(looks), 8), looks),
    }
    return Analysis("clip.mp4", {"modality": "video", "duration": seconds}, lines)


def _spans(seconds: float, step: float) -> NDArray[np.float64]:
    starts = np.arange(0, seconds, step)
    return np.column_stack([starts, starts + step])


def _shares(rng: np.random.Generator, rows: int, labels: int) -> NDArray[np.float64]:
    return rng.dirichlet(np.full(labels, 0.3), rows)


if __name__ == "__main__":
    main()
