"""``openaffect study``: many recordings' results with a table of participants, for statistics."""

from __future__ import annotations

import argparse
from pathlib import Path

from . import _exit, _screen
from ._parser import add_quiet

NAME = "study"
HELP = "join the results of many recordings with a table of participants"
EXAMPLES = (
    (
        "openaffect study results --participants participants.csv",
        "makes results/study/: long.csv, summary.csv (a row a recording), wide.csv, groups.csv,\n"
        "      left-out.csv and pictures; participants.csv begins with file,participant,condition",
    ),
    (
        "openaffect study results --participants participants.csv --out study --by session",
        "compares the values of the column session, and writes elsewhere",
    ),
    (
        "openaffect study results --participants participants.csv --window 60",
        "minutes instead of stretches of ten seconds",
    ),
    (
        "openaffect study results --participants participants.csv --stream speech.emotion",
        "shares of the voice's emotions instead of the face's",
    ),
)
_SHOWN = 10
"""Rows left out that are named on the screen; all are in left-out.csv."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the results, the table and what is compared."""
    parser.add_argument(
        "results", type=Path, metavar="RESULTS", help="the folder that analyze wrote JSON to"
    )
    parser.add_argument(
        "--participants",
        type=Path,
        required=True,
        metavar="TABLE",
        help="CSV with the columns file and participant, and any others; subject, when there, says "
        "which person of a recording is meant (default: who is longest on screen)",
    )
    parser.add_argument(
        "--out", type=Path, metavar="FOLDER", help="where to write (default: RESULTS/study)"
    )
    parser.add_argument(
        "--by", metavar="COLUMN", help="what is compared (default: condition, if there is one)"
    )
    parser.add_argument(
        "--stream",
        metavar="TIMELINE",
        help="emotions whose shares are taken (default: face.emotion, else voice, else words)",
    )
    parser.add_argument(
        "--window", type=float, default=10.0, metavar="SECONDS", help="(default: 10)"
    )
    add_quiet(parser)


def run(args: argparse.Namespace) -> int:
    """Read, write, draw, and say what was found and what was left out."""
    from openaffect.io.tables import write_csv
    from openaffect.pipeline.study import read_study
    from openaffect.pipeline.study_groups import Figure, figures
    from openaffect.pipeline.study_models import model_lines
    from openaffect.pipeline.study_tables import write_tables
    from openaffect.report.study import study_pictures
    from openaffect.types import MissingDependencyError

    with _screen.Progress(quiet=args.quiet) as progress:
        study = read_study(
            args.results,
            args.participants,
            by=args.by,
            stream=args.stream,
            every=args.window,
            progress=progress,
        )
    folder = args.out or args.results / "study"
    files = write_tables(study, folder)
    found = figures(study)
    names = list(Figure.__dataclass_fields__)
    rows = [{name: getattr(one, name) for name in names} for one in found]
    files.append(write_csv(folder / "groups.csv", rows, names))
    drawn = True
    try:
        files += study_pictures(study, found, folder)
    except MissingDependencyError as error:
        drawn = False
        _screen.notice(f"no pictures: {error}")
    _screen.show_table(names, [tuple(row.values()) for row in rows])
    for line in [*map(str, files), *model_lines(study, folder)]:
        print(line)
    for note in study.notes():
        _screen.notice(note)
    for one in study.left_out[:_SHOWN]:
        _screen.notice(f"left out, {one.what}: {one.file}: {one.why}")
    if len(study.left_out) > _SHOWN:
        hidden = len(study.left_out) - _SHOWN
        _screen.notice(f"{hidden} more are left out; see {folder / 'left-out.csv'}")
    return _exit.SOME_FAILED if study.left_out or not drawn else _exit.FINE
