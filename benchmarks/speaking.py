"""Measure whether the one who speaks is told from two faces in sight, on made clips.

    python benchmarks/speaking.py --out benchmarks/results/speaking.md

``_duet.py``'s clips (simulated: one photograph and its mirror image, mouths moved by the voice's
loudness), with seeds that were not looked at when the limits of ``pipeline/lips.py`` were chosen;
in the second the listener's mouth moves as much as the speaker's.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import _duet
import numpy as np
from _table import publish

CLIPS = (("the listener's mouth is still", 3, False), ("both mouths move", 4, True))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=24.0, help="of each clip (default: 24)")
    parser.add_argument("--out", type=Path, help="write the table there as well")
    args = parser.parse_args()
    lines = [
        "# Who speaks, on made clips of two faces",
        "",
        f"`python benchmarks/speaking.py --seconds {args.seconds:g}`; five frames a second.",
        "",
        "| clip | speech | right | wrong | nobody named |",
        "|---|--:|--:|--:|--:|",
    ]
    for title, seed, both in CLIPS:
        with tempfile.TemporaryDirectory(prefix="openaffect-speaking-") as folder:
            turns = _duet.make(Path(folder), args.seconds, both=both, seed=seed)
            spoken, right, wrong = judged(Path(folder) / "duet.mp4", turns)
        shares = [right / spoken, wrong / spoken, 1 - (right + wrong) / spoken]
        told = " | ".join(f"{share:.1%}" for share in shares)
        lines.append(f"| {title} | {spoken:.1f} s | {told} |")
    table = "\n".join(lines) + "\n"
    publish(table, args.out)
    return 0


def judged(clip: Path, turns: tuple[_duet.Turn, ...]) -> tuple[float, float, float]:
    """Return seconds of speech, of it given to whoever speaks, and to the other."""
    from openaffect import analyze
    from openaffect.pipeline.lips import speaking

    analysis = analyze(clip, transcript=False)
    pose, activity = analysis["face.pose"], analysis["speech.activity"]
    middle, subject = pose.extra["box"][:, [0, 2]].mean(axis=1), pose.extra["subject"]
    side = {
        int(who): int(middle[subject == who].mean() > _duet.WIDTH / 2) for who in np.unique(subject)
    }
    found = speaking(analysis["face.blendshapes"], activity)
    right = wrong = 0.0
    for (start, end), who in zip(found.span.tolist(), found.extra["subject"], strict=True):
        at = (start + end) / 2
        truth = [turn.who for turn in turns if turn.start <= at <= turn.end]
        if truth == [side[int(who)]]:
            right += end - start
        else:
            wrong += end - start
    return float((activity.span @ [-1, 1]).sum()), right, wrong


if __name__ == "__main__":
    sys.exit(main())
