"""What taking resting faces off is worth, on made people with a bias that was put in.

    python benchmarks/resting_faces.py --out benchmarks/results/resting-faces.md

A made person is a row of stretches, each of one emotion: FER+ validation faces of it (of many
people), one a second, with noise from frame to frame; ``resting`` people have 1.5 to 4 nats added
to one emotion in every frame and a little to the others, ``plain`` people nothing. Also printed:
the mean log-odds of calm faces that nothing was fitted on, ``REFERENCE`` of
``pipeline/neutral_baseline.py``.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from _faces import held_aside, judged

from openaffect.metrics.bootstrap import paired_bootstrap
from openaffect.metrics.classification import accuracy, unweighted_average_recall
from openaffect.pipeline.neutral_baseline import Calm, calm_rows, corrected, estimated
from openaffect.types import Timeline, scheme

PRIMARY8 = scheme("primary8")
CALM, SAD = PRIMARY8.index("neutral"), PRIMARY8.index("sadness")
MIXED = np.array([0.12, 0.018, 0.06, 0.15, 0.132, 0.102, 0.018, 0.4])
RESAMPLES = 500


def person(
    pools: list[Any], draw: np.random.Generator, bias: Any, shown: Any, stretches: int = 12
) -> tuple[Timeline, Any]:
    """Return a person's rows at five a second, and what each shows."""
    logs, truth = [], []
    for _ in range(stretches):
        emotion = int(draw.choice(8, p=shown))
        for _ in range(draw.integers(3, 7)):
            face, noise = pools[emotion][draw.integers(len(pools[emotion]))], np.zeros(8)
            for _ in range(5):
                noise = 0.7 * noise + 0.4 * draw.normal(size=8)
                logs.append(face + noise + bias)
                truth.append(emotion)
    rows = np.asarray(logs)
    powers = np.exp(rows - rows.max(axis=1, keepdims=True))
    times = np.arange(len(rows)) * 0.2
    extra = {"subject": np.zeros(len(rows), np.int64)}
    scores = powers / powers.sum(axis=1, keepdims=True)
    return Timeline(PRIMARY8, scores, np.c_[times, times + 0.2], extra=extra), np.asarray(truth)


def bias_of(kind: str, draw: np.random.Generator) -> Any:
    if kind == "plain":
        return np.zeros(8)
    bias = 0.5 * draw.normal(size=8)
    bias[draw.integers(CALM)] += draw.uniform(1.5, 4.0)
    return bias


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=100, help="made people a line")
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    logs, label = judged()
    pools = [logs[label == column] for column in range(8)]
    lines = [
        f"Simulated: {args.people} made people a line, FER+ validation faces, seed {args.seed}; "
        "`python benchmarks/resting_faces.py`. Differences: less leaving it, 95 % interval of the "
        f"paired bootstrap over people, {RESAMPLES} resamples.",
        "",
        "| people | resting face | way | taken off for | accuracy | difference | average recall |",
        "|---|---|---|---|---|---|---|",
    ]
    always_sad = np.eye(8)[SAD]
    for name, shown in (("of many emotions", MIXED), ("sad throughout", always_sad)):
        for kind in ("resting", "plain"):
            lines += rows_of(name, shown, kind, pools, args)
    lines += ["", f"Calm faces, mean log-odds against neutral: {reference()}."]
    text = "\n".join(lines)
    print(text)
    if args.out:
        args.out.write_text(text + "\n", encoding="utf-8")
    return 0


def rows_of(name: str, shown: Any, kind: str, pools: list[Any], args: Any) -> list[str]:
    draw = np.random.default_rng(args.seed)
    said: dict[str, list[Any]] = {"left as it is": [], "auto": [], "calm recording given": []}
    done = dict.fromkeys(said, 0)
    truth, group = [], []
    for number in range(args.people):
        bias = bias_of(kind, draw)
        line, right = person(pools, draw, bias, shown)
        calm, _ = person(pools, draw, bias, np.eye(8)[CALM], stretches=3)
        known = {
            "left as it is": {0: "not asked for"},
            "auto": estimated(line),
            "calm recording given": {0: calm_rows(calm, np.arange(len(calm)))},
        }
        for way, item in known.items():
            said[way].append(corrected(line, item).timeline.scores.argmax(axis=1))
            done[way] += isinstance(item[0], Calm)
        truth.append(right)
        group.append(np.full(len(right), number))
    right, people = np.concatenate(truth), np.concatenate(group)
    base = np.concatenate(said["left as it is"])
    lines = []
    for way, parts in said.items():
        guess = np.concatenate(parts)
        found = paired_bootstrap(
            lambda rows, g=guess: accuracy(right[rows], g[rows]),
            lambda rows: accuracy(right[rows], base[rows]),
            len(right), groups=people, resamples=RESAMPLES, seed=args.seed,
        )  # fmt: skip
        moved = f"{found.value:+.3f} [{found.low:+.3f}, {found.high:+.3f}]"
        recall = unweighted_average_recall(right, guess, classes=8)
        cells = [name, kind, way, f"{done[way]} of {args.people}",
                 f"{accuracy(right, guess):.3f}", "" if way == "left as it is" else moved,
                 f"{recall:.3f}" if shown is MIXED else ""]  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def reference() -> str:
    logs, label = held_aside()
    floored = np.maximum(logs[label == CALM], np.log(1e-4))
    odds = (floored - floored[:, [CALM]]).mean(axis=0)
    return ", ".join(
        f"{name} {value:.1f}" for name, value in zip(PRIMARY8.labels, odds, strict=True)
    )


if __name__ == "__main__":
    raise SystemExit(main())
