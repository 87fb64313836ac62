"""Measure how peak memory grows with the length of a video: one minute against sixty.

    python benchmarks/memory.py [--minutes 60] [--every 1] [--out benchmarks/results/memory.md]
    python benchmarks/memory.py --duet --every 1 --out benchmarks/results/memory-two-faces.md

A clip of 640 x 480 with sound is repeated without encoding it again, to one minute and to
``--minutes``; ``openaffect analyze`` looks at both, each in a fresh process, with the same options,
and writes its tables. The difference of their peaks is to stay within 200 MB. ``--duet`` takes a
clip of two faces with subtitles (``_duet.py``) and gives these as ``--words``.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import _machine
from _process import Ended, run
from _table import publish

HERE = Path(__file__).parent
BAR = 200e6


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=60.0, help="of the long one (default: 60)")
    parser.add_argument("--every", default="1", help="seconds between frames looked at, or all")
    parser.add_argument("--format", default="csv,json", help="of the results (default: csv,json)")
    parser.add_argument("--transcript", action="store_true", help="write down what is said as well")
    parser.add_argument("--duet", action="store_true", help="two faces, and words as well")
    parser.add_argument("--picture", type=Path, help="a picture of one face")
    parser.add_argument("--speech", type=Path, help="a recording of somebody who speaks")
    parser.add_argument("--out", type=Path, help="write the table there as well")
    args = parser.parse_args()
    facts = _machine.facts()
    with tempfile.TemporaryDirectory(prefix="openaffect-memory-") as folder:
        clip = _clip(Path(folder), args)
        measured = []
        for minutes in (1.0, args.minutes):
            print(f"{minutes:g} min ...", file=sys.stderr)
            measured.append((minutes, *_analyzed(clip, minutes, args)))
    table = "\n".join(_document(facts, measured, args)) + "\n"
    publish(table, args.out)
    return 0


def _clip(folder: Path, args: argparse.Namespace) -> Path:
    if args.duet:
        command = [sys.executable, str(HERE / "_duet.py"), str(folder), "--seconds", "20"]
        subprocess.run(command, check=True)
        return folder / "duet.mp4"
    command = [sys.executable, str(HERE / "_made.py"), str(folder)]
    for name in ("picture", "speech"):
        if getattr(args, name) is not None:
            command += [f"--{name}", str(getattr(args, name))]
    subprocess.run(command, check=True)
    return folder / "clip.mp4"


def _analyzed(clip: Path, minutes: float, args: argparse.Namespace) -> tuple[Ended, float]:
    """Return how the analysis ended and the size of its results in bytes."""
    film, out = clip.with_name("film.mp4"), clip.with_name("out")
    subprocess.run(
        [sys.executable, str(HERE / "_repeated.py"), clip, film, str(60 * minutes)], check=True
    )
    command = [sys.executable, "-m", "openaffect", "analyze", str(film), "--quiet"]
    command += ["--every", args.every, "--format", args.format, "--out", str(out)]
    if args.duet:
        command += ["--words", str(film.with_suffix(".srt"))]
    ended = run(command if args.transcript else [*command, "--no-transcript"])
    if ended.code:
        sys.exit(f"openaffect analyze failed: {ended.errors.strip() or ended.code}")
    written = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    shutil.rmtree(out)
    film.unlink()
    return ended, written


def _document(
    facts: list[tuple[str, str]],
    measured: list[tuple[float, Ended, float]],
    args: argparse.Namespace,
) -> Iterator[str]:
    threads = "the command's own choice"
    yield "# Memory"
    yield ""
    yield "| machine | |"
    yield "|---|---|"
    for name, value in facts:
        yield f"| {name} | {threads if name == 'Threads' else value} |"
    yield ""
    what = "two faces, with sound and words" if args.duet else "one face, with sound"
    yield f"640 x 480, 25 frames a second, {what}; every {args.every} s; {args.format}; " + (
        "with transcript." if args.transcript else "no transcript."
    )
    yield ""
    yield "| video | time | times real time | results | peak memory |"
    yield "|--:|--:|--:|--:|--:|"
    for minutes, ended, written in measured:
        yield (
            f"| {minutes:g} min | {ended.seconds:.0f} s | {60 * minutes / ended.seconds:.1f} "
            f"| {written / 1e6:.1f} MB | {ended.peak / 1e6:.0f} MB |"
        )
    more = measured[1][1].peak - measured[0][1].peak
    verdict = "met" if more <= BAR else "**missed**"
    yield ""
    yield f"The long one takes {more / 1e6:.0f} MB more; bar ≤ {BAR / 1e6:.0f} MB: {verdict}."


if __name__ == "__main__":
    sys.exit(main())
