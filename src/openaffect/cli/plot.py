"""``openaffect plot``: a picture of a result that was written earlier."""

from __future__ import annotations

import argparse
from pathlib import Path

from . import _exit

NAME = "plot"
HELP = "draw a result that analyze wrote as JSON"
EXAMPLES = (
    ("openaffect plot out/talk.mp4.json", "makes out/talk.mp4.png"),
    ("openaffect plot out/talk.mp4.json --out talk.svg", "another name and format"),
    ("openaffect plot out/talk.mp4.json --anonymize", "no face to be seen"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the result and the picture."""
    parser.add_argument("result", type=Path, metavar="RESULT.json", help="what analyze wrote")
    parser.add_argument("--out", type=Path, metavar="PICTURE", help=".png, .svg or .pdf")
    parser.add_argument(
        "--media", type=Path, metavar="FILE", help="the input, when it has moved since"
    )
    parser.add_argument("--anonymize", action="store_true", help="no thumbnails, and faces blurred")


def run(args: argparse.Namespace) -> int:
    """Draw it and say where it is."""
    from . import _pictures

    target = args.out or args.result.with_suffix(".png")
    print(_pictures.draw(args.result, target, media=args.media, anonymize=args.anonymize))
    return _exit.FINE
