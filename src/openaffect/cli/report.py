"""``openaffect report``: a page of a result that was written earlier."""

from __future__ import annotations

import argparse
from pathlib import Path

from . import _exit

NAME = "report"
HELP = "make a page to look at of a result that analyze wrote as JSON"
EXAMPLES = (
    ("openaffect report out/talk.mp4.json", "makes out/talk.mp4.html, one file with all in it"),
    (
        "openaffect report out/talk.mp4.json --media talk.mp4 --out talk.html",
        "where both are",
    ),
    ("openaffect report out/talk.mp4.json --anonymize", "no face to be seen"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the result and the page."""
    parser.add_argument("result", type=Path, metavar="RESULT.json", help="what analyze wrote")
    parser.add_argument("--out", type=Path, metavar="PAGE.html", help="where to write the page")
    parser.add_argument(
        "--media", type=Path, metavar="FILE", help="the input, when it has moved since"
    )
    parser.add_argument(
        "--anonymize", action="store_true", help="no thumbnails, and stills with faces hidden"
    )


def run(args: argparse.Namespace) -> int:
    """Write the page and say where it is."""
    from . import _pictures

    target = args.out or args.result.with_suffix(".html")
    print(_pictures.page(args.result, target, media=args.media, anonymize=args.anonymize))
    return _exit.FINE
