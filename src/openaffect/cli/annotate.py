"""``openaffect annotate``: the video or picture of a result, with what was found drawn into it."""

from __future__ import annotations

import argparse
from pathlib import Path

from . import _exit, _screen
from ._parser import add_quiet

NAME = "annotate"
HELP = "draw boxes, emotions and subtitles into the video or picture of a result"
EXAMPLES = (
    ("openaffect annotate out/talk.mp4.json", "makes out/talk.mp4.annotated.mp4"),
    ("openaffect annotate out/talk.mp4.json --anonymize --out shown.mp4", "no face to be seen"),
    ("openaffect annotate out/talk.mp4.json --media talk.mp4", "the video has moved since"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the result, its input and the new file."""
    parser.add_argument("result", type=Path, metavar="RESULT.json", help="what analyze wrote")
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help=".mp4, .mov or .mkv of a video, .png of a picture"
    )
    parser.add_argument(
        "--media", type=Path, metavar="FILE", help="the input, when it has moved since"
    )
    parser.add_argument("--anonymize", action="store_true", help="hide every face found")
    add_quiet(parser)


def run(args: argparse.Namespace) -> int:
    """Make the file and say where it is."""
    from . import _pictures

    with _screen.Progress(quiet=args.quiet) as progress:
        made = _pictures.annotate(
            args.result, args.out, media=args.media, anonymize=args.anonymize, progress=progress
        )
    print(made)
    return _exit.FINE
