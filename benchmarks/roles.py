"""Who feels what about whom, on sentences marked by hand.

    python benchmarks/roles.py --out benchmarks/results/roles.md

The sentences stand in tests/preprocess/samples/roles.tsv, all written for this package before the
rules: one half was looked at while the rules were made, the other measured once they stood. Both
are by whoever wrote the rules, short and clean, so the figures are far better than on found text.
Beside the rules: every word of the same table is a cue, what stands before it feels, and what
stands behind it is the target.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from openaffect.metrics.bootstrap import bootstrap_interval
from openaffect.preprocess.text_roles import CUES, TABLES, Frame, roles

SENTENCES = Path(__file__).parents[1] / "tests" / "preprocess" / "samples" / "roles.tsv"
ROLES = {"e": "experiencer", "c": "cue", "t": "target", "b": "cause"}
Found = set[tuple[str, int, int]]


def marked(part: str) -> list[tuple[str, str, Found]]:
    """Return (emotion, sentence, {(role, start, end)}) of each sentence of a part."""
    rows = []
    for line in SENTENCES.read_text(encoding="utf-8").splitlines():
        which, emotion, text = line.split("\t")
        if which == part:
            rows.append((emotion, *unmarked(text)))
    return rows


def unmarked(text: str) -> tuple[str, Found]:
    """Return the sentence without its marks, and where they stood."""
    plain, at, gold = "", 0, set()
    for match in re.finditer(r"\{([ectb]) ([^}]+)\}", text):
        plain += text[at : match.start()]
        gold.add((ROLES[match.group(1)], len(plain), len(plain) + len(match.group(2))))
        plain += match.group(2)
        at = match.end()
    return plain + text[at:], gold


def simple(sentence: str) -> list[Frame]:
    """Return the baseline's frames."""
    frames = []
    for kind, pattern in CUES.items():
        for match in pattern.finditer(sentence):
            end = len(sentence.rstrip(" .!?"))
            before, after = (0, match.start() - 1), (match.end() + 1, end)
            frames.append(
                Frame(
                    TABLES[kind][match.group().lower()],
                    match.span(),
                    before if before[1] > 0 else None,
                    after if after[0] < end else None,
                )
            )
    return frames


def counts(
    rows: Sequence[tuple[str, str, Found]], read: Callable[[str], list[Frame]], role: str
) -> NDArray[np.int64]:
    """(N, 3) right, found and marked of each sentence: one role, or ``any``."""
    table = []
    for _, sentence, gold in rows:
        found = {(name, *place) for frame in read(sentence) for name, place in frame.parts()}
        mine = {item for item in found if role in (item[0], "any")}
        theirs = {item for item in gold if role in (item[0], "any")}
        table.append((len(mine & theirs), len(mine), len(theirs)))
    return np.array(table)


def scores(table: NDArray[np.int64]) -> tuple[float, float, float]:
    """Precision, recall and F1 of counts summed."""
    right, found, told = table.sum(axis=0).tolist()
    precision, recall = right / max(1, found), right / max(1, told)
    return precision, recall, 2 * right / max(1, found + told)


def report(part: str) -> list[str]:
    """Return the Markdown rows of a part."""
    rows = marked(part)
    lines = []
    for role in (*ROLES.values(), "any"):
        ours, beside = counts(rows, roles, role), counts(rows, simple, role)
        interval = bootstrap_interval(
            lambda picked, table=ours: scores(table[picked])[2], len(rows)
        )
        precision, recall, f1 = scores(ours)
        lines.append(
            f"| {role} | {ours[:, 2].sum()} | {precision:.2f} | {recall:.2f} | {f1:.2f} "
            f"[{interval.low:.2f}, {interval.high:.2f}] | {scores(beside)[2]:.2f} |"
        )
    named = [
        (emotion, frame.emotion)
        for emotion, sentence, gold in rows
        for frame in roles(sentence)
        if ("cue", *frame.cue) in gold
    ]
    right = sum(told == found for told, found in named)
    lines += ["", f"Emotion right of {right} of {len(named)} cues found."]
    return lines


def main() -> None:
    """Measure and print, or write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, help="Markdown file (default: print)")
    parser.add_argument("--misses", action="store_true", help="print what went wrong in making")
    args = parser.parse_args()
    if args.misses:
        for _, sentence, gold in marked("develop"):
            found = {(name, *place) for one in roles(sentence) for name, place in one.parts()}
            for mark, items in (("missed", gold - found), ("wrong", found - gold)):
                for role, start, end in sorted(items):
                    print(f"{mark} {role} {sentence[start:end]!r}: {sentence}")
        return
    text = "# Roles of feelings in sentences\n\nMade by `python benchmarks/roles.py`.\n\n"
    text += (
        "All sentences are short, clean, and by whoever wrote the rules, who so knew the words\n"
        "and patterns of both parts: this tells that the rules do what they are meant to, not how\n"
        "they fare on found text.\n"
    )
    for part, title in (("final", "Kept for the end"), ("develop", "Seen while making the rules")):
        text += (
            f"\n## {title}: {len(marked(part))} sentences\n\n"
            "Both ends of a span must be right. Intervals: 95 %, sentences resampled.\n\n"
            "| role | marked | precision | recall | F1 | F1 of the simple baseline |\n"
            "| --- | ---: | ---: | ---: | --- | ---: |\n" + "\n".join(report(part)) + "\n"
        )
    if args.out is None:
        print(text)
    else:
        args.out.write_text(text, encoding="utf-8")
        print(f"wrote {args.out}")


if __name__ == "__main__":
    main()
