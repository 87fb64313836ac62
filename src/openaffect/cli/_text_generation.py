"""The action ``openaffect benchmark text-generation``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openaffect.benchmark.text_generation_set import INTENSITIES
from openaffect.generate._defaults import DEFAULT_MODEL

from . import _exit, _screen
from ._parser import add_action, add_quiet

if TYPE_CHECKING:
    from openaffect.benchmark.text_generation import Cell, Plan, Way
    from openaffect.benchmark.text_generation_scores import Scored

_OUT = Path("runs") / "text-generation"


def add_text_generation(actions: Any, examples: Sequence[tuple[str, str]]) -> None:
    """Declare the action."""
    about = "steer texts every way and have them judged by judges apart"
    one = add_action(actions, "text-generation", about, examples, act=_text_generation)
    one.add_argument("--data", type=Path, help="the data folder (default: $OPENAFFECT_DATA)")
    one.add_argument(
        "--method", action="append", default=[], metavar="NAME",
        help="a way of steering; again (default: all but pplm, the package's default first)",
    )  # fmt: skip
    one.add_argument(
        "--best-of", type=int, default=0, metavar="N",
        help="take the best of N candidates by the recogniser, as another row of each method",
    )  # fmt: skip
    one.add_argument("--model", default=DEFAULT_MODEL, help="its card (default: %(default)s)")
    one.add_argument("--prompts", type=int, help="the first of the thirty: a trial, no result")
    one.add_argument(
        "--seeds", type=int, default=8, help="texts a cell of the first way (default: %(default)s)"
    )
    one.add_argument(
        "--compare-prompts", type=int, default=10, metavar="N",
        help="prompts that the other ways are asked (default: %(default)s)",
    )  # fmt: skip
    one.add_argument(
        "--compare-seeds", type=int, default=2, metavar="N",
        help="texts a cell of the other ways (default: %(default)s)",
    )  # fmt: skip
    one.add_argument("--length", type=int, default=40, help="tokens a text (default: %(default)s)")
    one.add_argument(
        "--intensities", type=_steps, default=INTENSITIES, metavar="LIST",
        help="steps from 0 to 1, fewer for a slow way (default: 0,.25,.5,.75,1)",
    )  # fmt: skip
    one.add_argument("--threads", type=int, default=1, help="of the model (default: %(default)s)")
    one.add_argument(
        "--no-rewriting", action="store_true", help="judge steered texts only, no rewriting"
    )
    one.add_argument(
        "--no-clock", action="store_true", help="leave speed out: other work is running"
    )
    one.add_argument(
        "--out", type=Path, default=_OUT, metavar="DIR",
        help="folder of texts and tables, gone on with (default: %(default)s)",
    )  # fmt: skip
    add_quiet(one)


def _text_generation(args: argparse.Namespace) -> int:
    from openaffect.benchmark.text_generation import Plan, measure_speed, write_cells
    from openaffect.benchmark.text_generation_scores import score
    from openaffect.benchmark.text_generation_set import PROMPTS
    from openaffect.benchmark.text_generation_table import write
    from openaffect.benchmark.text_generation_ways import bench, rewriting, ways
    from openaffect.benchmark.text_judges import fitted_judges
    from openaffect.benchmark.text_rewriting import score_rewriting
    from openaffect.pipeline.generate_text import text_loader

    plan = Plan(
        seeds=args.seeds,
        length=args.length,
        prompts=PROMPTS[: args.prompts],
        intensities=args.intensities,
    )
    small = plan.part(args.compare_prompts, args.compare_seeds)
    rows: list[Scored] = []
    with _screen.Progress(quiet=args.quiet) as progress:
        loader = text_loader(threads=args.threads, progress=progress)
        shared = bench(loader, args.model)
        first, *others = ways(shared, args.method, args.best_of)
        clocked = [] if args.no_clock else [first, *others]
        speeds = {way.name: measure_speed(way, plan) for way in clocked}
        judges = fitted_judges(args.data)

        def scored(way: Way, cells: Sequence[Cell], asked: Plan) -> None:
            model, speed = way.steering.model, speeds.get(way.name)
            rows.append(score(way.name, cells, judges, model, asked, speed, progress))
            progress.pause()
            _tell(rows[-1].bars(), way.name)

        cells = list(write_cells(first, plan, args.out, progress))
        scored(first, cells, plan)
        if others:
            scored(
                first, [cell.part(small) for cell in cells if cell.prompt in small.prompts], small
            )
        for way in others:
            scored(way, list(write_cells(way, small, args.out, progress)), small)
        rewritten = None
        if not args.no_rewriting:
            rewritten = score_rewriting(rewriting(shared), judges, progress=progress)
            progress.pause()
            _tell(rewritten.bars(), "rewriting")
    examples = [
        cell for cell in cells if cell.prompt in PROMPTS[:2] and cell.intensity in (0.0, 0.5, 1.0)
    ]
    for path in write(rows, examples, args.out, _command(args), rewritten):
        print(path)
    return _exit.FINE


def _steps(text: str) -> tuple[float, ...]:
    try:
        steps = tuple(float(part) for part in text.split(","))
    except ValueError:
        steps = ()
    if len(steps) < 2 or (steps[0], steps[-1]) != (0, 1) or list(steps) != sorted(set(steps)):
        raise argparse.ArgumentTypeError(f"{text!r} are no rising steps from 0 to 1, as 0,.5,1")
    return steps


def _tell(bars: dict[str, tuple[float, float, bool]], name: str) -> None:
    table = [
        (bar_name, f"{value:.3g}", f"{bar:.3g}", "met" if kept else "not met")
        for bar_name, (value, bar, kept) in bars.items()
    ]
    _screen.show_table((name, "value", "bar", ""), table)


def _command(args: argparse.Namespace) -> str:
    parts = ["openaffect benchmark text-generation"]
    parts += [f"--method {value}" for value in args.method]
    parts += [f"--best-of {args.best_of}"] if args.best_of else []
    parts += [f"--prompts {args.prompts}"] if args.prompts else []
    parts += [f"--seeds {args.seeds}", f"--length {args.length}"]
    parts += [f"--compare-prompts {args.compare_prompts}", f"--compare-seeds {args.compare_seeds}"]
    if args.intensities != INTENSITIES:
        parts += [f"--intensities {','.join(f'{step:g}' for step in args.intensities)}"]
    parts += ["--no-rewriting"] if args.no_rewriting else []
    parts += ["--no-clock"] if args.no_clock else []
    return " ".join(parts)
