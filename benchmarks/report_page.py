"""Measure how large the page of an hour is, and how soon a browser shows it.

    python benchmarks/report_page.py --out benchmarks/results/report-page.md

The hour is made: two faces looked at five times a second (emotion, affect, head pose, blendshapes,
action units, boxes), a voice rated every second, a sentence each five seconds with its moods, all
of random numbers, without a recording. Shown: from the start of the navigation until the page has
drawn two pictures with every lane on it, in headless Chromium, a fresh profile each time.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import _machine
import numpy as np
from _table import publish

from openaffect.report.html import html_report
from openaffect.types import Analysis, Scheme, Timeline
from openaffect.types.schemes import (
    ARKIT52,
    EKMAN7,
    EMODB7,
    FACS_AU,
    HEAD_POSE,
    PRIMARY8,
    TRANSCRIPT,
    VALENCE_AROUSAL,
)

sys.path.insert(0, str(Path(__file__).parents[1]))

HOUR, RATE, FACES = 3600.0, 5, 2
WORDS = ("how", "nice", "to", "see", "you", "I", "am", "so", "very", "glad", "sad", "afraid")
EVERY_LANE = (
    "document.querySelectorAll('.lanes .plot canvas').length"
    " === Data.lanes.filter(lane => lane.shown).length"
)
SHOWN = (
    "new Promise(done => requestAnimationFrame(() => requestAnimationFrame("
    "() => done(performance.now()))))"
)


def main() -> None:
    """Print the table, and write it where ``--out`` says."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeats", type=int, default=7, help="openings (default: 7)")
    parser.add_argument("--page", type=Path, help="where to leave the page (default: nowhere)")
    parser.add_argument("--out", type=Path, help="write the table there as well")
    arguments = parser.parse_args()
    lines = ["# The page of an hour", "", "| machine | |", "|---|---|"]
    lines += [f"| {name} | {value} |" for name, value in _machine.facts() if name != "Threads"]
    with tempfile.TemporaryDirectory() as folder:
        page = arguments.page or Path(folder) / "hour.html"
        began = time.perf_counter()
        html_report(hour(), page)
        wrote = time.perf_counter() - began
        shown, worked = zip(*(opened(page) for _ in range(arguments.repeats)), strict=True)
        size = page.stat().st_size / 1e6
    lines += [
        "",
        "| what | unit | figure | spread | bar |",
        "|---|---|--:|---|---|",
        f"| shown in headless Chromium | s | {figure(shown)} | ≤ 2 |",
        f"| — work of the page's thread, by processor time | s | {figure(worked)} | |",
        f"| size of the page | MB | {size:.1f} | | |",
        f"| written | s | {wrote:.1f} | | |",
    ]
    publish("\n".join(lines) + "\n", arguments.out)


def figure(times: Sequence[float]) -> str:
    """Return the median and the spread."""
    return f"{median(times):.2f} | {min(times):.2f} to {max(times):.2f}"


def hour() -> Analysis:
    """Return the analysis of an hour that nobody recorded."""
    random = np.random.default_rng(0)
    looks = int(HOUR * RATE)
    who = {"subject": np.repeat(np.arange(FACES), looks)}
    box = random.integers(0, 200, (FACES * looks, 2)) + np.array([[0, 0]])
    boxes = {"box": np.hstack([box, box + 90]).astype(float)}
    said = np.array(
        [" ".join(random.choice(WORDS, 12)) + "." for _ in range(int(HOUR / 5))], object
    )

    def faces(scheme: Scheme, scores: np.ndarray) -> Timeline:
        spans = np.tile(seconds(looks, 1 / RATE), (FACES, 1))
        return Timeline(scheme, scores, spans, extra=who | boxes, coverage=[[0, HOUR]])

    def shares(scheme: Scheme, count: int) -> np.ndarray:
        return random.dirichlet(np.full(len(scheme), 0.3), count)

    rows = FACES * looks
    spoken = {"extra": {"text": said}, "coverage": [[0, HOUR]]}
    lines = {
        "face.emotion": faces(PRIMARY8, shares(PRIMARY8, rows)),
        "face.affect": faces(VALENCE_AROUSAL, random.uniform(-1, 1, (rows, 2))),
        "face.pose": faces(HEAD_POSE, random.normal(0, 10, (rows, 3))),
        "face.blendshapes": faces(ARKIT52, random.random((rows, len(ARKIT52)))),
        "face.action_units": faces(FACS_AU, 5 * random.random((rows, len(FACS_AU)))),
        "speech.emotion": Timeline(EMODB7, shares(EMODB7, int(HOUR)), seconds(int(HOUR), 1.0)),
        "speech.transcript": Timeline(
            TRANSCRIPT, np.full((len(said), 1), 0.9), seconds(len(said), 5.0), **spoken
        ),
        "text.ekman": Timeline(
            EKMAN7, shares(EKMAN7, len(said)), seconds(len(said), 5.0), **spoken
        ),
        "fused.emotion": Timeline(PRIMARY8, shares(PRIMARY8, int(HOUR)), seconds(int(HOUR), 1.0)),
    }
    facts = {"modality": "video", "duration": HOUR, "width": 640, "height": 480}
    return Analysis("hour.mp4", facts, lines)


def seconds(count: int, step: float) -> np.ndarray:
    """Return ``count`` spans of ``step`` seconds that touch."""
    return np.column_stack([np.arange(count), np.arange(count) + 1]) * step


def opened(page: Path) -> tuple[float, float]:
    """Return the seconds until the page is shown, and of the processor in the page's thread."""
    from tests.browser import Browser

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(profile)
        try:
            tab = browser.page("about:blank", ready=False)
            tab.call("Performance.enable", timeDomain="threadTicks")
            tab.call("Page.navigate", url=page.resolve().as_uri())
            tab.until("document.documentElement?.dataset.ready === 'true'")
            tab.until(EVERY_LANE)
            shown = float(tab.run(SHOWN)) / 1000
            measured = tab.call("Performance.getMetrics")["metrics"]
            return shown, {one["name"]: one["value"] for one in measured}["TaskDuration"]
        finally:
            browser.close()


if __name__ == "__main__":
    main()
