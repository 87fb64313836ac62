"""Make a clip of two faces that talk in turns: whose turn it is, and what is said, is known.

    python benchmarks/_duet.py FOLDER [--seconds 60] [--both]

writes ``duet.mp4`` (640 x 480, 25 frames a second, with sound), ``duet.srt`` (what is said) and
``duet.json`` (the turns: who, start, end). The faces are scikit-image's astronaut and its mirror
image, retouched; the jaw of whoever speaks follows the loudness of a free voice. ``--both`` lets
the listener's mouth move too, by another part of the sound: a chewing listener.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT, FRAME_RATE, RATE = 640, 480, 25, 24_000
SENTENCES = (
    "What a wonderful surprise! I never thought that we would really get there.",
    "I am not so sure. Yesterday you said that you were afraid of it.",
    "That was yesterday, and today I could not be happier about it.",
    "Well, I am sad that my sister could not come. She would have loved this.",
    "She is terribly angry with me, and I do not even know why.",
    "Honestly, that is disgusting. Nobody should have to listen to such words.",
)
_PAUSE = 0.7


@dataclass(frozen=True, slots=True)
class Turn:
    """who: 0 at the picture's left, 1 at its right. start, end: seconds."""

    who: int
    start: float
    end: float
    text: str


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=60.0, help="(default: 60)")
    parser.add_argument("--both", action="store_true", help="let the listener's mouth move too")
    parser.add_argument("--seed", type=int, default=0, help="of the voice and the turns")
    args = parser.parse_args()
    make(args.folder, args.seconds, both=args.both, seed=args.seed)


def make(folder: Path, seconds: float, *, both: bool = False, seed: int = 0) -> tuple[Turn, ...]:
    """Write the three files into ``folder`` and return the turns."""
    from openaffect.cli._clip import write_clip

    sound, turns = spoken(seconds, seed)
    folder.mkdir(parents=True, exist_ok=True)
    pictures = duet(sound, turns, both=both)
    write_clip(folder / "duet.mp4", pictures, frame_rate=FRAME_RATE, samples=sound, rate=RATE)
    (folder / "duet.srt").write_text(subtitles(turns), encoding="utf-8")
    told = [{"who": turn.who, "start": turn.start, "end": turn.end} for turn in turns]
    (folder / "duet.json").write_text(json.dumps(told), encoding="utf-8")
    return turns


def spoken(seconds: float, seed: int) -> tuple[NDArray[np.float32], tuple[Turn, ...]]:
    """Return the sound, (T,) at ``RATE``, and the turns in it; whose turn it is is drawn."""
    from openaffect.types import need

    voice = need("hibari", extra="demo").Hibari()
    draw = np.random.default_rng(seed)
    said: dict[str, Any] = {}
    sound = np.zeros(round(seconds * RATE), np.float32)
    turns: list[Turn] = []
    at = _PAUSE
    for number in range(10_000):
        text = SENTENCES[(number + seed) % len(SENTENCES)]
        if text not in said:
            said[text] = np.asarray(voice(text, seed=seed), np.float32)
        samples = said[text]
        first = round(at * RATE)
        if first + len(samples) > len(sound):
            break
        sound[first : first + len(samples)] = samples
        end = at + len(samples) / RATE
        turns.append(Turn(int(draw.integers(2)), at, end, text))
        at = end + _PAUSE
    return sound, tuple(turns)


def duet(
    sound: NDArray[np.float32], turns: tuple[Turn, ...], *, both: bool
) -> Iterator[NDArray[np.uint8]]:
    """Yield the (480, 640, 3) pictures."""
    import cv2
    from skimage import data

    from openaffect.cli._talking_face import frames, mouth_opening

    opening = mouth_opening(sound, RATE)
    time = np.arange(len(opening)) / FRAME_RATE
    turned = np.roll(opening, 5 * FRAME_RATE + 11)
    mouths = []
    for who in (0, 1):
        speaks = np.zeros(len(opening), bool)
        for turn in turns:
            speaks |= (turn.who == who) & (time >= turn.start - 0.04) & (time <= turn.end + 0.2)
        mouths.append(np.where(speaks, opening, turned if both else 0.0).astype(np.float32))
    photograph = data.astronaut()
    other = np.clip(photograph * np.array([0.86, 0.82, 0.72]) + 6, 0, 255).astype(np.uint8)
    for left, right in zip(frames(photograph, mouths[0]), frames(other, mouths[1]), strict=True):
        halves = [cv2.resize(half, (HEIGHT, HEIGHT))[:, 75:395] for half in (left, right)]
        yield np.ascontiguousarray(np.hstack([halves[0], halves[1][:, ::-1]]))


def subtitles(turns: tuple[Turn, ...]) -> str:
    """Return the turns as SubRip text."""
    blocks = [
        f"{number}\n{_clock(turn.start)} --> {_clock(turn.end)}\n{turn.text}\n"
        for number, turn in enumerate(turns, start=1)
    ]
    return "\n".join(blocks)


def _clock(seconds: float) -> str:
    whole = round(seconds * 1000)
    return (
        f"{whole // 3_600_000:02}:{whole // 60_000 % 60:02}:{whole // 1000 % 60:02},"
        f"{whole % 1000:03}"
    )


if __name__ == "__main__":
    main()
