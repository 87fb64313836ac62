"""``openaffect analyze``: the main job."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from openaffect.types import OpenAffectError

from . import _exit, _findings, _formats, _inputs, _screen
from ._parser import add_quiet

if TYPE_CHECKING:
    from openaffect.pipeline.options import Options
    from openaffect.pipeline.task import Outcome

NAME = "analyze"
HELP = "find the emotion in videos, pictures, recordings and texts"
EXAMPLES = (
    ("openaffect analyze talk.mp4", "one video: face, voice, words and all together"),
    ("openaffect analyze talk.mp4 --out out --picture", "the table and a picture, under out/"),
    ("openaffect analyze talk.mp4 --out out --report", "a page to look at, all in one file"),
    ("openaffect analyze talk.mp4 --out out --annotate", "boxes and subtitles in the video itself"),
    ("openaffect analyze talk.mp4 --out out --format srt,eaf", "subtitles, and tiers for ELAN"),
    ("openaffect analyze interviews/ --out out --resume", "a folder, going on where it stopped"),
    ("openaffect analyze 'clips/*.wav' --modality speech | sort", "lines for other programs"),
    ("openaffect analyze answers.csv --column comment --out out", "one column of a table"),
    ("openaffect analyze chat.csv --column text --dialogue speaker", "the lines of a dialogue"),
    ("openaffect analyze calls.csv --files recording --out out", "the files a table names"),
    ("echo 'What a lovely surprise!' | openaffect analyze -", "text from standard input"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the inputs and the choices."""
    parser.add_argument(
        "inputs", nargs="+", metavar="INPUT", help="file, folder, glob, or - for text on stdin"
    )
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="write the results there")
    parser.add_argument(
        "--format",
        type=_formats.chosen,
        default=("csv",),
        metavar="LIST",
        help=f"of the results, separated by commas: {_formats.listed()} (default: csv)",
    )
    parser.add_argument("--picture", action="store_true", help="draw each result, under --out")
    parser.add_argument(
        "--report", action="store_true", help="a page to look at of each result, under --out"
    )
    parser.add_argument(
        "--annotate", action="store_true", help="draw each result into its video or picture"
    )
    parser.add_argument("--modality", choices=("face", "speech", "text"), help="look at that alone")
    parser.add_argument(
        "--every",
        type=_seconds,
        default=0.2,
        metavar="SECONDS",
        help="between the frames looked at in a video, or 'all' (default: 0.2)",
    )
    parser.add_argument("--column", help="the column of a .csv or .jsonl file that holds the text")
    parser.add_argument(
        "--dialogue",
        metavar="COLUMN",
        help="the column that says who speaks: the rows are the lines of one dialogue",
    )
    parser.add_argument(
        "--files", metavar="COLUMN", help="the column of a table that names files; each is analysed"
    )
    parser.add_argument(
        "--no-transcript", action="store_true", help="do not write down what is said"
    )
    parser.add_argument(
        "--words", metavar="FILE", help="subtitles (.srt, .vtt) that tell what is said"
    )
    parser.add_argument(
        "--smooth", type=_window, metavar="SECONDS", help="window to smooth emotion in time over"
    )
    parser.add_argument(
        "--baseline",
        metavar="auto|FILE",
        help="take off each resting face: as the recording tells it, or of an analysis of that "
        "person calm",
    )
    parser.add_argument(
        "--speaker",
        metavar="PATH",
        help="other recordings of the one who speaks, in any mood: emotion is heard against them",
    )
    parser.add_argument(
        "--roles", action="store_true", help="tell who feels what about whom in English words"
    )
    parser.add_argument("--resume", action="store_true", help="go on where an earlier run stopped")
    parser.add_argument("--jobs", type=_count, default=1, help="worker processes (default: 1)")
    parser.add_argument("--device", default="cpu", help="what the models run on (default: cpu)")
    parser.add_argument(
        "--license",
        choices=("any", "permissive"),
        default="any",
        help="permissive keeps to models that allow commercial use",
    )
    parser.add_argument(
        "--anonymize", action="store_true", help="no thumbnails, and faces blurred in pictures"
    )
    parser.add_argument(
        "--allow-url", action="store_true", help="fetch inputs that are https addresses"
    )
    add_quiet(parser)


def run(args: argparse.Namespace) -> int:
    """Analyse every input and tell what was found."""
    if (args.resume or _shows(args)) and args.out is None:
        _screen.notice("--resume, --picture, --report and --annotate need --out FOLDER")
        return _exit.USAGE
    failed = done = 0
    with _screen.Progress(quiet=args.quiet) as progress, _inputs.expanded(args) as found:
        for problem in found.problems:
            _screen.notice(problem)
            failed += 1
        if args.words is not None and len(found.sources) > 1:
            _screen.notice("--words are those of one recording; give one input")
            return _exit.USAGE
        shown = _Shown(args, progress)
        for outcome in _outcomes(args, found, progress):
            progress.pause()
            shown.show(outcome)
            failed += outcome.status == "failed"
            done += outcome.status != "failed"
    if not done:
        return _exit.NOTHING_DONE
    return _exit.SOME_FAILED if failed else _exit.FINE


def _outcomes(
    args: argparse.Namespace, found: _inputs.Inputs, progress: _screen.Progress
) -> Iterator[Outcome]:
    from openaffect.pipeline.batch import analyze_many

    if not found.sources:
        return iter(())
    formats = args.format
    if _shows(args) and "json" not in formats:
        formats = (*formats, "json")
    return analyze_many(
        found.sources,
        out=args.out,
        formats=formats,
        jobs=args.jobs,
        resume=args.resume,
        options=_options(args, found.modality),
        progress=progress,
    )


def _options(args: argparse.Namespace, modality: str | None) -> Options:
    from openaffect.pipeline.options import Options

    return Options(
        modality=modality,
        every=args.every,
        transcript=False if args.no_transcript else None,
        license=args.license,
        device=args.device,
        anonymize=args.anonymize,
        column=args.column,
        smooth=args.smooth,
        baseline=args.baseline,
        words=args.words,
        speaker=args.speaker,
        dialogue=args.dialogue,
        roles=args.roles,
    )


class _Shown:
    """Shows outcomes as they come: tables on a terminal, lines elsewhere."""

    def __init__(self, args: argparse.Namespace, progress: _screen.Progress) -> None:
        self._args = args
        self._progress = progress
        self._headed = False

    def show(self, outcome: Outcome) -> None:
        """Show one outcome, and draw the pictures that were asked for."""
        if outcome.status == "failed":
            _screen.notice(f"{_named(outcome.source)}: {outcome.error}")
            return
        if not self._args.quiet:
            for warning in outcome.warnings:
                _screen.notice(f"{_named(outcome.source)}: {warning}")
        files = list(outcome.files)
        files += self._drawn(outcome)
        if _screen.is_terminal():
            self._tables(outcome, files)
        else:
            self._lines(outcome, files)

    def _tables(self, outcome: Outcome, files: list[Path]) -> None:
        rows = [_findings.overview(line) for line in outcome.summary]
        title = outcome.source + (" (done earlier)" if outcome.status == "skipped" else "")
        single = None if outcome.analysis is None else _findings.items(outcome.analysis)
        if single:
            _screen.show_table(("", "most", "then", "then"), single, title=title)
        else:
            _screen.show_table(_findings.COLUMNS, rows, title=title)
        for path in files:
            print(f"  wrote {path}")

    def _lines(self, outcome: Outcome, files: list[Path]) -> None:
        rows: list[tuple[object, ...]]
        header: tuple[str, ...]
        if outcome.analysis is not None:
            rows, header = list(_findings.lines(outcome.analysis)), _findings.LINE_COLUMNS
        else:
            rows = [(outcome.source, outcome.status, path) for path in files]
            header = ("file", "status", "written")
        _screen.print_lines(rows if self._headed else [header, *rows])
        self._headed = True

    def _drawn(self, outcome: Outcome) -> list[Path]:
        """Make the pictures and pages that were asked for, and return their paths."""
        from . import _pictures

        source = next((path for path in outcome.files if path.suffix == ".json"), None)
        if source is None:
            return []
        drawn: list[Path] = []
        hidden = self._args.anonymize
        try:
            if self._args.picture:
                target = source.with_suffix(".png")
                drawn.append(_pictures.draw(source, target, anonymize=hidden))
            if self._args.report:
                target = source.with_suffix(".html")
                drawn.append(_pictures.page(source, target, anonymize=hidden))
            if self._args.annotate:
                progress = self._progress
                drawn.append(_pictures.annotate(source, None, anonymize=hidden, progress=progress))
        except OpenAffectError as error:
            _screen.notice(f"{outcome.source}: nothing drawn: {error}")
        self._progress.pause()
        return drawn


def _shows(args: argparse.Namespace) -> bool:
    """Whether anything is to be drawn from the results."""
    return bool(args.picture or args.report or args.annotate)


def _seconds(text: str) -> float | None:
    return None if text == "all" else _window(text, " nor 'all'")


def _window(text: str, other: str = "") -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        what = f"{text!r} is no positive number of seconds"
        raise argparse.ArgumentTypeError(f"{what},{other}" if other else what)
    return value


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number of 1 or more")
    return int(text)


def _named(source: str) -> str:
    """Name an input in one short line; a text given on stdin is its own name."""
    line = " ".join(source.split())
    return line if len(line) <= 160 else f"{line[:157]}..."
