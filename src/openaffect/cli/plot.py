"""``openaffect plot``: a picture of a result that was written earlier."""

from __future__ import annotations

import argparse
from pathlib import Path

from . import _exit, _screen
from ._parser import add_quiet

NAME = "plot"
HELP = "draw a result that analyze or evaluate wrote as JSON"
EXAMPLES = (
    ("openaffect plot out/talk.mp4.json", "makes out/talk.mp4.png"),
    ("openaffect plot out/talk.mp4.json --out talk.svg", "another name and format"),
    ("openaffect plot out/talk.mp4.json --anonymize", "no face to be seen"),
    ("openaffect plot out/talk.mp4.json --kind affect", "valence and arousal, and their path"),
    ("openaffect plot out/talk.mp4.json --kind saliency --at 1.2", "what on the face counts"),
    ("openaffect plot out/evaluation.json --kind confusion", "truth against answers"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the result and the picture."""
    from openaffect.report.picture import plot_titles

    titles = plot_titles()
    shown = "; ".join(f"{kind}: {title}" for kind, title in titles.items())
    parser.add_argument("result", type=Path, metavar="RESULT.json", help="what was written")
    parser.add_argument(
        "--kind", choices=tuple(titles), default="timeline", help=f"{shown} (default: timeline)"
    )
    parser.add_argument("--out", type=Path, metavar="PICTURE", help=".png, .svg or .pdf")
    parser.add_argument(
        "--media", type=Path, metavar="FILE", help="the input, when it has moved since"
    )
    parser.add_argument(
        "--at", type=float, metavar="SECONDS", help="the moment of saliency and spectrogram"
    )
    parser.add_argument("--subject", type=int, metavar="NUMBER", help="that person alone")
    parser.add_argument(
        "--label", help="the emotion that saliency, spectrogram and words are about"
    )
    parser.add_argument("--anonymize", action="store_true", help="no thumbnails, and faces blurred")
    add_quiet(parser)


def run(args: argparse.Namespace) -> int:
    """Draw it and say where it is."""
    from . import _pictures

    with _screen.Progress(quiet=args.quiet) as progress:
        made = _pictures.draw(
            args.result,
            args.out,
            kind=args.kind,
            media=args.media,
            at=args.at,
            subject=args.subject,
            label=args.label,
            anonymize=args.anonymize,
            progress=progress,
        )
    print(made)
    return _exit.FINE
