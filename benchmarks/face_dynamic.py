"""What a face's course tells beyond its frames: ``face.dynamic`` on made sequences.

    python benchmarks/face_dynamic.py --out benchmarks/results/face-dynamic.md

Sequences are made (``_sequences.py``) from FER+ validation faces; the constants of the chain and
the window of the smoothing were chosen on sequences from training faces that no network was fitted
on. ``--network`` fits a bidirectional GRU to sequences from those too, and judges it beside
(torch). A second table has sequences of another pace and noise than anything was chosen on.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from _faces import held_aside, judged
from _sequences import Sequence, sequences

from openaffect.metrics.bootstrap import paired_bootstrap
from openaffect.metrics.classification import accuracy, unweighted_average_recall
from openaffect.pipeline.dynamics import DynamicFace, dynamic
from openaffect.pipeline.smoothing import CausalSmoother, smooth
from openaffect.types import Timeline, scheme
from openaffect.types.timeline import concatenate

WINDOW = 2.0
"""Seconds: the best of 0.6, 1, 1.5, 2 and 3 on sequences from training faces."""
RESAMPLES = 500
Answer = Callable[[Timeline], Timeline]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=300, help="sequences of half a minute")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--network", action="store_true", help="fit and judge a GRU beside")
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    faces = judged()
    ways: dict[str, Answer] = {
        "each frame by itself": lambda line: line,
        f"smoothing, causal, {WINDOW:g} s": lambda line: CausalSmoother(WINDOW).feed(line),
        f"smoothing, centred, {WINDOW:g} s": lambda line: smooth(line, WINDOW),
        "chain, in pieces, 3 s behind": streamed,
        "chain, both ways": dynamic,
    }
    if args.network:
        ways["GRU, both ways (not kept)"] = network(args.seed)
    count, seed = args.count, args.seed
    text = "\n\n".join(
        [
            head(args),
            "## Pace and noise that the constants were chosen on",
            table(sequences(*faces, count, seed=seed), ways, seed),
            "## Three times slower, half as much noise again",
            table(sequences(*faces, count // 3, seed=seed, pace=3.0, noise=1.8), ways, seed),
        ]
    )
    print(text)
    if args.out:
        args.out.write_text(text + "\n", encoding="utf-8")
    return 0


def streamed(line: Timeline) -> Timeline:
    stream = DynamicFace()
    pieces = [stream.feed(line.select(np.arange(at, min(at + 5, len(line))))) for at in
              range(0, len(line), 5)]  # fmt: skip
    return concatenate([piece for piece in [*pieces, stream.finish()] if len(piece)])


def as_timeline(item: Sequence) -> Timeline:
    span = np.c_[item.times, np.append(item.times[1:], item.times[-1] + 0.2)]
    extra = {"subject": np.zeros(len(span), np.int64), "quality": item.quality}
    return Timeline(scheme("primary8"), item.scores, span, extra=extra)


def head(args: Any) -> str:
    return (
        f"Simulated: {args.count} made sequences of half a minute (a third as many of a minute and "
        f"a half) from FER+ validation faces, seed {args.seed}; `python benchmarks/face_dynamic.py"
        f"{' --network' if args.network else ''}`. Difference: less centred smoothing, 95 % "
        f"interval and p of the paired bootstrap over sequences, {RESAMPLES} resamples."
    )


def table(made: list[Sequence], ways: dict[str, Answer], seed: int) -> str:
    truth = np.concatenate([item.truth for item in made])
    group = np.repeat(np.arange(len(made)), [len(item.truth) for item in made])
    said = {
        name: np.concatenate([way(as_timeline(item)).scores for item in made])
        for name, way in ways.items()
    }
    base = said[f"smoothing, centred, {WINDOW:g} s"].argmax(axis=1)
    lines = [
        "| way | accuracy | difference | average recall | difference | log loss |",
        "|---|---|---|---|---|---|",
    ]
    for name, scores in said.items():
        guess = scores.argmax(axis=1)
        cells = [name]
        for measure in (accuracy, recall):
            found = paired_bootstrap(
                lambda rows, m=measure, g=guess: m(truth[rows], g[rows]),
                lambda rows, m=measure: m(truth[rows], base[rows]),
                len(truth), groups=group, resamples=RESAMPLES, seed=seed,
            )  # fmt: skip
            cells.append(f"{measure(truth, guess):.3f}")
            cells.append(
                "" if (guess == base).all()
                else f"{found.value:+.3f} [{found.low:+.3f}, {found.high:+.3f}], p {found.p:.3f}"
            )  # fmt: skip
        loss = -np.log(np.maximum(scores[np.arange(len(truth)), truth], 1e-4)).mean()
        lines.append(f"| {' | '.join([*cells, f'{loss:.3f}'])} |")
    return "\n".join(lines)


def recall(truth: Any, guess: Any) -> float:
    return unweighted_average_recall(truth, guess, classes=8)


def network(seed: int, *, epochs: int = 14, width: int = 40) -> Answer:
    """Fit a bidirectional GRU to made sequences of training faces, 400 new ones an epoch."""
    import torch

    torch.manual_seed(seed)
    torch.set_num_threads(1)
    logs, label = held_aside()

    class Net(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.course = torch.nn.GRU(10, width, batch_first=True, bidirectional=True)
            self.out = torch.nn.Linear(2 * width, 8)

        def forward(self, rows: Any) -> Any:
            hidden = torch.nn.functional.dropout(self.course(rows)[0], 0.2, self.training)
            return self.out(hidden) + 2 * rows[..., :8]

    net = Net()
    steps = torch.optim.AdamW(net.parameters(), 3e-3, weight_decay=1e-3)
    for epoch in range(epochs):
        made = sequences(logs, label, 400, seed=1000 + epoch)
        for group in steps.param_groups:
            group["lr"] = 3e-3 * (1 - epoch / epochs) + 1e-4
        net.train()
        for at in range(0, len(made), 16):
            part = made[at : at + 16]
            longest = min(len(item.times) for item in part)
            rows = torch.tensor(np.stack([_seen(as_timeline(i))[:longest] for i in part]))
            wanted = torch.tensor(np.stack([item.truth[:longest] for item in part]))
            loss = torch.nn.functional.cross_entropy(net(rows).transpose(1, 2), wanted)
            steps.zero_grad()
            loss.backward()
            steps.step()
        print(f"epoch {epoch + 1} of {epochs}: {float(loss.detach()):.3f}", file=sys.stderr)
    net.eval()

    def answer(line: Timeline) -> Timeline:
        with torch.no_grad():
            scores = net(torch.tensor(_seen(line)[None])).softmax(-1)[0].numpy()
        return Timeline(line.scheme, scores, line.span)

    return answer


def _seen(line: Timeline) -> Any:
    times = line.span[:, 0]
    since = np.minimum(np.diff(times, prepend=times[0] - 0.2), 3.0)
    logs = np.log(np.maximum(line.scores, 1e-4)) / 4 + 1
    return np.c_[logs, since, line.extra["quality"]].astype(np.float32)


if __name__ == "__main__":
    raise SystemExit(main())
