"""Measure a video of two faces, voice and words from end to end, and where the time goes.

    python benchmarks/video.py --out benchmarks/results/video.md

Made: ``_duet.py``'s clip (640 x 480, 25 frames a second, two faces that talk in turns), its
subtitles in place of a transcript. Each row is ``openaffect analyze`` in fresh processes as a user
starts it, from start to exit, the best of the repeats; the bar is real time. Then the processor
time of every stage, and eight such clips in one and in two worker processes.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import _machine
from _process import ONE_THREAD, Ended, run
from _table import publish

HERE = Path(__file__).parent
EVERY = ("0.2", "all")
CLIPS = 8


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=20.0, help="of the clip (default: 20)")
    parser.add_argument("--repeats", type=int, default=3, help="of each row (default: 3)")
    parser.add_argument("--made", type=Path, help="a folder of _duet.py, in place of a new one")
    parser.add_argument("--out", type=Path, help="write the table there as well")
    args = parser.parse_args()
    facts = _machine.facts()
    with tempfile.TemporaryDirectory(prefix="openaffect-video-") as scratch:
        folder = args.made or Path(scratch)
        if args.made is None:
            print("making the clip ...", file=sys.stderr)
            command = [sys.executable, str(HERE / "_duet.py"), scratch]
            subprocess.run([*command, "--seconds", str(args.seconds)], check=True)
        table = "\n".join(_document(facts, folder, Path(scratch), args)) + "\n"
    publish(table, args.out)
    return 0


def _document(
    facts: list[tuple[str, str]], folder: Path, scratch: Path, args: argparse.Namespace
) -> Iterator[str]:
    yield "# Video of two faces, voice and words"
    yield ""
    yield "| machine | |"
    yield "|---|---|"
    for name, value in facts:
        yield f"| {name} | {'the command’s own choice' if name == 'Threads' else value} |"
    yield ""
    stages = {every: _stages(folder, every) for every in EVERY}
    seconds = stages["all"]["seconds"]
    yield f"{seconds:.0f} s, 640 x 480, 25 frames a second; {', '.join(stages['all']['timelines'])}"
    yield ""
    yield "| frames looked at | time | times real time | bar | | peak memory |"
    yield "|---|--:|--:|---|---|--:|"
    for every in EVERY:
        print(f"every {every} ...", file=sys.stderr)
        ended = [
            _analyze([folder / "duet.mp4"], folder, scratch, every) for _ in range(args.repeats)
        ]
        best = min(each.seconds for each in ended)
        met = "met" if best <= seconds else "**missed**"
        yield (
            f"| {_named(every)} | {best:.1f} s | {seconds / best:.1f} | ≥ 1 | {met} "
            f"| {max(each.peak for each in ended) / 1e6:.0f} MB |"
        )
    yield ""
    yield from _profile(stages)
    yield from _jobs(folder, scratch)


def _named(every: str) -> str:
    return "every one" if every == "all" else f"one in {every} s (as by default)"


def _analyze(
    clips: list[Path], folder: Path, scratch: Path, every: str, *more: str, words: bool = True
) -> Ended:
    out = scratch / "out"
    command = [sys.executable, "-m", "openaffect", "analyze", *map(str, clips), "--quiet"]
    command += ["--every", every, "--no-transcript", "--out", str(out), *more]
    if words:
        command += ["--words", str(folder / "duet.srt")]
    ended = run(command)
    if ended.code:
        sys.exit(f"openaffect analyze failed: {ended.errors.strip() or ended.code}")
    shutil.rmtree(out)
    return ended


def _stages(folder: Path, every: str) -> dict[str, Any]:
    print(f"stages, every {every} ...", file=sys.stderr)
    command = [sys.executable, str(HERE / "_stages.py"), str(folder / "duet.mp4")]
    ended = run([*command, str(folder / "duet.srt"), every], environment=ONE_THREAD)
    if ended.code:
        sys.exit(f"_stages.py failed: {ended.errors.strip()}")
    found: dict[str, Any] = json.loads(ended.output)
    return found


def _profile(stages: dict[str, dict[str, Any]]) -> Iterator[str]:
    yield "## Where the time goes"
    yield ""
    yield "| stage | every frame: ms a frame | share | by default: ms a frame | share |"
    yield "|---|--:|--:|--:|--:|"
    dense, sparse = stages["all"], stages["0.2"]
    named = sorted(dense["stages"], key=lambda name: -dense["stages"][name])
    for name in named:
        cells = []
        for found in (dense, sparse):
            spent = found["stages"].get(name, 0.0)
            cells += [f"{1000 * spent / found['frames']:.2f}", f"{spent / found['whole']:.1%}"]
        yield f"| {name} | {' | '.join(cells)} |"
    totals = []
    for found in (dense, sparse):
        told = sum(found["stages"].values())
        totals += [f"{1000 * found['whole'] / found['frames']:.2f}", f"{told / found['whole']:.1%}"]
    yield f"| the whole process | {' | '.join(totals)} |"
    yield ""
    yield (
        "Processor time on one thread, per frame looked at (two faces each), loading included; the "
        "last row's share is what the stages account for. A machine with two cores has 80 ms of it "
        "a frame in real time."
    )
    yield ""


def _jobs(folder: Path, scratch: Path) -> Iterator[str]:
    clips = []
    for number in range(CLIPS):
        clips.append(scratch / f"clip{number}.mp4")
        shutil.copyfile(folder / "duet.mp4", clips[-1])
    yield f"## {CLIPS} clips, `--jobs`"
    yield ""
    yield "| jobs | time | clips a minute | against one job |"
    yield "|--:|--:|--:|--:|"
    first = None
    for jobs in (1, 2):
        print(f"jobs {jobs} ...", file=sys.stderr)
        ended = _analyze(clips, folder, scratch, "0.2", "--jobs", str(jobs), words=False)
        first = first or ended.seconds
        rate = 60 * CLIPS / ended.seconds
        yield f"| {jobs} | {ended.seconds:.1f} s | {rate:.1f} | {first / ended.seconds:.2f} |"
    yield ""
    yield (
        "One job looks at as many frames at once as there are cores, so that a second one gains "
        "only what runs on one thread in each: loading, decoding, tracking, writing."
    )


if __name__ == "__main__":
    sys.exit(main())
