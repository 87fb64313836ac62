"""``openaffect benchmark``: models, baselines and peers on the same items."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from . import _exit, _screen
from ._parser import add_action, add_quiet
from ._text_generation import add_text_generation

NAME = "benchmark"
HELP = "judge models, baselines and peers on the same items, beside published results"
EXAMPLES = (
    ("openaffect benchmark list", "the protocols and the models that can be asked"),
    ("openaffect benchmark list published", "the published rows, as printed, with notes"),
    ("openaffect benchmark run --data ~/data --out runs/benchmark", "all of it, resumable"),
    ("openaffect benchmark run --data ~/data --dataset emodb --model majority", "a part of it"),
    ("openaffect benchmark probes", "negation, emoji, slang and sarcasm: what fails"),
    ("openaffect benchmark leaderboard runs/benchmark", "an HTML page and Markdown tables"),
    ("openaffect benchmark calibration --data ~/data", "do probabilities mean what they say"),
    ("openaffect benchmark text-generation --data ~/data", "does steered text carry the emotion"),
)
_OUT = Path("runs") / "benchmark"
_WHAT = ("protocols", "models", "published")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommands."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = add_action(
        actions, "list", "print protocols, models or published rows", EXAMPLES, act=_list
    )
    listing.add_argument(
        "what", nargs="?", choices=_WHAT, help="one of them (default: protocols, then models)"
    )
    run_it = add_action(
        actions, "run", "run models over protocols, add a row for each", EXAMPLES, act=_run
    )
    run_it.add_argument("--data", type=Path, help="the data folder (default: $OPENAFFECT_DATA)")
    run_it.add_argument(
        "--dataset", action="append", default=[], metavar="NAME", help="protocol or dataset; again"
    )
    run_it.add_argument(
        "--model", action="append", default=[], metavar="NAME", help="card, baseline or peer; again"
    )
    run_it.add_argument(
        "--out",
        type=Path,
        default=_OUT,
        metavar="DIR",
        help="folder of the rows (default: %(default)s)",
    )
    run_it.add_argument("--seed", type=int, default=0, help="of every random draw (default: 0)")
    run_it.add_argument("--limit", type=int, help="judged rows at most: a trial, no result")
    add_quiet(run_it)
    asked = add_action(
        actions, "probes", "ask a text model our probe sentences, show failures", EXAMPLES, act=_ask
    )
    asked.add_argument("--model", default="text-emotion", help="its card (default: %(default)s)")
    asked.add_argument(
        "--kind", action="append", default=[], metavar="NAME", help="negation, emoji, ...; again"
    )
    board = add_action(
        actions, "leaderboard", "write the page and the tables", EXAMPLES, act=_leaderboard
    )
    board.add_argument("folder", type=Path, metavar="DIR", help="folder of a run")
    _add_calibration(actions)
    add_text_generation(actions, EXAMPLES)


def _add_calibration(actions: Any) -> None:
    about = "judge the probabilities of our recognisers, and what abstaining gains"
    one = add_action(actions, "calibration", about, EXAMPLES, act=_calibration)
    one.add_argument("--data", type=Path, help="the data folder (default: $OPENAFFECT_DATA)")
    one.add_argument(
        "--dataset", action="append", default=[], metavar="NAME", help="protocol or dataset; again"
    )
    one.add_argument("--model", action="append", default=[], metavar="NAME", help="card; again")
    one.add_argument(
        "--nested", type=Path, metavar="DIR", help="training runs' folder, for speech (NAME/...)"
    )
    one.add_argument(
        "--out", type=Path, default=_OUT, metavar="DIR", help="folder of the tables and the picture"
    )
    one.add_argument("--seed", type=int, default=0, help="of every random draw (default: 0)")
    one.add_argument("--limit", type=int, help="judged rows at most: a trial, no result")
    add_quiet(one)


def run(args: argparse.Namespace) -> int:
    """Do the action."""
    act: Callable[[argparse.Namespace], int] = args.act
    return act(args)


def _list(args: argparse.Namespace) -> int:
    if args.what in (None, "protocols"):
        _list_protocols()
    if args.what in (None, "models"):
        _list_models()
    if args.what == "published":
        _list_published()
    return _exit.FINE


def _list_protocols() -> None:
    from openaffect.benchmark.protocols import PROTOCOLS

    rows = [(item.name, item.dataset, item.measures[0], item.rows) for item in PROTOCOLS]
    _screen.show_table(("protocol", "dataset", "first measure", "rows"), rows)


def _list_models() -> None:
    from openaffect.benchmark.run import entrants, models

    others = {item.name: item for item in entrants()}
    rows = [
        (name, others[name].sort, others[name].source) if name in others else (name, "ours", "")
        for name in models()
    ]
    _screen.show_table(("model", "kind", "source"), rows)


def _list_published() -> None:
    from openaffect.benchmark import published
    from openaffect.benchmark.boards import printed

    rows = [
        (item.table, item.model, item.printed_dataset, printed(item), item.reference, item.note)
        for item in published.rows()
    ]
    _screen.show_table(("table", "model", "dataset", "printed", "reference", "note"), rows)


def _run(args: argparse.Namespace) -> int:
    from openaffect.benchmark.run import Settings, run

    done = 0

    def tell(row: dict[str, Any]) -> None:
        nonlocal done
        done += 1
        progress.pause()
        _screen.print_lines([_line(row)])

    with _screen.Progress(quiet=args.quiet) as progress:
        skipped = run(
            args.data,
            args.out,
            protocols=args.dataset,
            names=args.model,
            settings=Settings(seed=args.seed, limit=args.limit),
            progress=progress,
            tell=tell,
        )
    for item in skipped:
        _screen.notice(f"{item.protocol} {item.model} not run: {item.why}".replace("  ", " "))
    if not skipped:
        return _exit.FINE
    return _exit.SOME_FAILED if done else _exit.NOTHING_DONE


def _line(row: dict[str, Any]) -> tuple[Any, ...]:
    from openaffect.benchmark.boards import figure, speed

    name, value = next(iter(row["measures"].items()))
    return row["protocol"], row["model"], name, figure(value), speed(row), row["origin"]


def _ask(args: argparse.Namespace) -> int:
    from openaffect.benchmark.probing import KINDS, probe, probes, shares
    from openaffect.pipeline.load import load

    answers = probe(load(args.model), probes(args.kind or KINDS))
    table = [
        (kind, passed, asked, f"{passed / asked:.0%}") for kind, passed, asked in shares(answers)
    ]
    _screen.show_table(("probes", "passed", "of", "share"), table)
    failed = [
        (item.probe.kind, item.probe.text, item.probe.expected, item.found)
        for item in answers
        if not item.passed
    ]
    _screen.show_table(("failed", "text", "expected", "found"), failed)
    return _exit.FINE


def _leaderboard(args: argparse.Namespace) -> int:
    from openaffect.benchmark.leaderboard import write

    for path in write(args.folder):
        print(path)
    return _exit.FINE


def _calibration(args: argparse.Namespace) -> int:
    from openaffect.benchmark.calibration import judge_all
    from openaffect.benchmark.calibration_table import BAR, meets_bar, write

    problems: list[str] = []
    rows = []
    with _screen.Progress(quiet=args.quiet) as progress:
        for row in judge_all(
            args.data,
            names=args.model,
            protocols=args.dataset,
            nested=args.nested,
            seed=args.seed,
            limit=args.limit,
            progress=progress,
            missing=problems.append,
        ):
            progress.pause()
            error = row.shipped.error
            shown = (row.model, row.protocol, row.rows, error.value, error.low, error.high)
            _screen.print_lines([(*shown, "met" if meets_bar(row) else f"above {BAR}")])
            rows.append(row)
    for problem in problems:
        _screen.notice(f"not judged: {problem}")
    if not rows:
        return _exit.NOTHING_DONE
    for path in write(rows, args.out, _command(args)):
        print(path)
    return _exit.SOME_FAILED if problems else _exit.FINE


def _command(args: argparse.Namespace) -> str:
    parts = ["openaffect benchmark calibration"]
    for name in ("dataset", "model"):
        parts += [f"--{name} {value}" for value in getattr(args, name)]
    parts += ["--nested DIR"] if args.nested else []
    parts += [
        f"--{name} {getattr(args, name)}" for name in ("seed", "limit") if getattr(args, name)
    ]
    return " ".join(parts)
