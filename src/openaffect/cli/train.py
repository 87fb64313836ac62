"""``openaffect train``: run a training recipe."""

from __future__ import annotations

import argparse
from pathlib import Path

from openaffect.types import UnknownNameError, did_you_mean, need

from . import _exit, _screen
from ._parser import add_quiet

NAME = "train"
HELP = "train a recogniser from a recipe, and export it"
EXAMPLES = (
    ("openaffect train --list", "the recipes there are"),
    ("openaffect train face-emotion --data ~/data --out runs/face", "from the corpora to a model"),
    ("openaffect train face-emotion --data ~/data --out runs/face --resume", "go on after a stop"),
    ("openaffect train fine-tune --data my.csv --out runs/mine", "a model of your own labels"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the recipe and its surroundings."""
    parser.add_argument("recipe", nargs="?", help="which recipe")
    parser.add_argument("--list", action="store_true", help="print the recipes")
    parser.add_argument(
        "--data",
        type=Path,
        help="folder of the corpora (default: $OPENAFFECT_DATA), or your own table or folder",
    )
    parser.add_argument("--out", type=Path, help="folder of the run (default: runs/RECIPE)")
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    parser.add_argument("--seed", type=int, default=0, help="of every random draw (default: 0)")
    parser.add_argument("--device", default="cpu", help="a torch device, cuda for one")
    add_quiet(parser)


def run(args: argparse.Namespace) -> int:
    """Run the recipe."""
    from openaffect.train import run as recipes

    names = recipes.names()
    if args.list or args.recipe is None:
        print("\n".join(names))
        return _exit.FINE if args.list else _exit.USAGE
    if args.recipe not in names:
        raise UnknownNameError(
            f"no recipe is called {args.recipe!r}{did_you_mean(args.recipe, names)} "
            f"Recipes: {', '.join(names)}"
        )
    need("torch", extra="train")
    out = args.out or Path("runs") / args.recipe
    with _screen.Progress(quiet=args.quiet) as progress:
        recipes.run(
            args.recipe,
            data=args.data,
            out=out,
            resume=args.resume,
            seed=args.seed,
            device=args.device,
            progress=progress,
        )
    print(out)
    return _exit.FINE
