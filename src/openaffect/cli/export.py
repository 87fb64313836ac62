"""``openaffect export``: a result that was written earlier, in other formats."""

from __future__ import annotations

import argparse
from pathlib import Path

from . import _exit, _formats

NAME = "export"
HELP = "write a result as subtitles, annotations or tables"
EXAMPLES = (
    ("openaffect export out/talk.mp4.json --format srt,vtt", "subtitles beside the result"),
    ("openaffect export out/talk.mp4.json --format eaf --out tiers", "for ELAN, under tiers/"),
    ("openaffect export out/talk.mp4.json --format textgrid,audacity", "for Praat and Audacity"),
    ("openaffect export out/talk.mp4.json --format audformat", "a database of tables"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the result and the formats."""
    from openaffect.pipeline.outputs import format_titles

    known = ", ".join(f"{name} ({title})" for name, title in format_titles().items())
    parser.add_argument("result", type=Path, metavar="RESULT.json", help="what analyze wrote")
    parser.add_argument(
        "--format",
        type=_formats.chosen,
        required=True,
        metavar="LIST",
        help=f"separated by commas: {known}",
    )
    parser.add_argument(
        "--out", type=Path, metavar="FOLDER", help="write there instead of beside the result"
    )


def run(args: argparse.Namespace) -> int:
    """Write the files and say where they are."""
    from openaffect.pipeline.outputs import untimed, write_outputs
    from openaffect.types import InvalidValueError

    from ._pictures import read_result

    analysis = read_result(args.result)
    if without := untimed(analysis, args.format):
        raise InvalidValueError(
            f"{args.result} has no times in seconds, which {', '.join(without)} needs; a still and "
            "a text can be written as csv, json, jsonl or parquet"
        )
    folder = args.out or args.result.parent
    for name in write_outputs(analysis, folder, args.result.stem, args.format):
        print(folder / name)
    return _exit.FINE
