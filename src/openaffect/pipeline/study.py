"""Many recordings' results joined with a table of participants."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from openaffect.types.errors import InvalidValueError, UnknownNameError, did_you_mean
from openaffect.types.protocols import Progress, no_progress

from .evaluate_rows import Row, check_columns
from .study_participants import KEYS, read_participants
from .study_recording import Recording, recording_of
from .study_results import Names, Result, check_source, find_results, read_analysis

_FIRST = ("face.emotion", "speech.emotion", "text.ekman", "text.emotion", "fused.emotion")
_MOST_GROUPS = 8


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row or a result that is not in the study, and why."""

    file: str
    what: str
    why: str


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """The recordings of a study, in the order of the table.

    columns: the table's, ``file`` and ``participant`` first. by: the column of the groups, empty
    where there is none. stream: the emotion timeline of the shares; affect: the timeline of
    valence and arousal; either is empty where no recording has one. every: seconds a window.
    left_out: rows and results that found no partner.
    """

    recordings: tuple[Recording, ...]
    columns: tuple[str, ...]
    by: str
    stream: str
    affect: str
    every: float
    left_out: tuple[LeftOut, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """The emotions of the stream, in its order."""
        shares = [r.shares[self.stream].share for r in self.recordings if self.stream in r.shares]
        return tuple(dict.fromkeys(label for share in shares for label in share))

    def group(self, recording: Recording) -> str:
        """Return the group of a recording: its cell under ``by``, or ``all``."""
        return recording.cells[self.by] if self.by else "all"

    def groups(self) -> list[str]:
        """Return the groups in the order of the table; an empty cell is none."""
        return list(dict.fromkeys(filter(None, map(self.group, self.recordings))))

    def notes(self) -> list[str]:
        """Return what to know of the figures, in sentences for a person."""
        every = self.recordings
        crowded = [one.file for one in every if one.people > 1 and not one.cells.get("subject")]
        silent = [one.file for one in every if self.stream and self.stream not in one.shares]
        nowhere = [one.file for one in every if not self.group(one)]
        told = {
            "show several people, of whom the one longest on screen is taken (a column "
            "'subject' in the table says who is meant)": crowded,
            f"have no {self.stream}": silent,
            f"have nothing under {self.by!r} and are in no group": nowhere,
        }
        return [
            f"{len(files)} of {len(every)} recordings {what}: {_some(files)}"
            for what, files in told.items()
            if files
        ]


def read_study(
    folder: str | Path,
    participants: str | Path,
    *,
    by: str | None = None,
    stream: str | None = None,
    every: float = 10.0,
    progress: Progress = no_progress,
) -> Study:
    """Join the results of a folder with a table of participants.

    Parameters
    ----------
    folder: what ``analyze`` wrote as JSON, with its manifest if there is one.
    participants: a CSV, TSV or JSON-lines table with the columns ``file`` and ``participant``, one
        row a recording, and any others. ``subject``, when there, says which person of a recording
        is meant; else it is who is longest on screen.
    by: the column of the groups compared; by default ``condition`` where there is one.
    stream: the emotion timeline of the shares; by default of the face, else voice, else words.
    every: seconds a window.

    Raises
    ------
    UnknownNameError
        for a column or a stream that is not there; the nearest name is given.
    MediaError
        for a table that is damaged or beyond the bounds.
    InvalidValueError
        when no row has a result, or two rows are of one.
    """
    if not (math.isfinite(every) and every > 0):
        raise InvalidValueError(f"windows of {every} s; give a number of seconds above 0")
    table = Path(participants)
    rows = read_participants(table)
    group = by or ("condition" if "condition" in rows[0] else "")
    if group:
        check_columns(table, rows, [group])
    results = find_results(Path(folder))
    left_out: list[LeftOut] = []
    pairs = _matched(table, rows, results, left_out)
    recordings = []
    for number, (row, result) in enumerate(pairs):
        progress("recordings", number, len(pairs))
        try:
            assert result.path is not None
            analysis = read_analysis(result.path)
            check_source(row["file"], result.path, analysis.source)
            recordings.append(recording_of(row, analysis, every))
        except InvalidValueError as error:
            left_out.append(LeftOut(row["file"], "row without a result", str(error)))
    progress("recordings", len(pairs), len(pairs))
    if not recordings:
        raise InvalidValueError(_nothing(table, Path(folder), left_out))
    chosen = _stream(recordings, stream)
    columns = ["file", "participant", *(n for n in rows[0] if n not in KEYS)]
    study = Study(
        recordings=tuple(recordings),
        columns=tuple(columns),
        by=group,
        stream=chosen,
        affect=_affect(recordings, chosen),
        every=every,
        left_out=tuple(left_out),
    )
    if not study.groups():
        raise InvalidValueError(f"{table}: {group!r} is empty in every row that has a result")
    if len(study.groups()) > _MOST_GROUPS:
        raise InvalidValueError(
            f"{table}: {group!r} has {len(study.groups())} values; give by a column with "
            f"{_MOST_GROUPS} at most"
        )
    return study


def _matched(
    table: Path, rows: list[Row], results: list[Result], left_out: list[LeftOut]
) -> list[tuple[Row, Result]]:
    """Return the rows with their results; what has no partner goes to ``left_out``."""
    names = Names(results)
    taken: dict[Result, int] = {}
    pairs = []
    for number, row in enumerate(rows, 1):
        found = names.find(row["file"])
        why = _no_partner(row, found, names)
        if len(found) == 1:
            if found[0] in taken:
                raise InvalidValueError(
                    f"{table}: rows {taken[found[0]]} and {number} are both of {found[0].source}; "
                    "give one row a recording"
                )
            taken[found[0]] = number
        if why:
            left_out.append(LeftOut(row["file"] or f"row {number}", "row without a result", why))
        else:
            pairs.append((row, found[0]))
    for result in results:
        if result not in taken:
            why = f"no row of {table.name} names it" + (result.error and f"; {result.error}")
            left_out.append(LeftOut(result.source, "result without a row", why))
    return pairs


def _no_partner(row: Row, found: list[Result], names: Names) -> str:
    if not row["file"]:
        return "its cell under 'file' is empty"
    if not found:
        return f"no result is called so{names.nearest(row['file'])}"
    if len(found) > 1:
        sources = ", ".join(result.source for result in found[:3])
        return f"{len(found)} results are called so; give more of the path: {sources}"
    if not row["participant"]:
        return "its cell under 'participant' is empty"
    return found[0].error


def _stream(recordings: list[Recording], wanted: str | None) -> str:
    known = dict.fromkeys(name for recording in recordings for name in recording.shares)
    if wanted is None:
        return next((name for name in _FIRST if name in known), "")
    if wanted not in known:
        raise UnknownNameError(
            f"no recording has emotions under {wanted!r}{did_you_mean(wanted, known)} "
            f"There are: {', '.join(known) or 'none'}"
        )
    return wanted


def _affect(recordings: list[Recording], stream: str) -> str:
    """Return the affect of the stream's modality, else the first there is."""
    known = {name for recording in recordings for name in recording.affect}
    wanted = (stream.partition(".")[0], "face", "speech", "text")
    return next((f"{one}.affect" for one in wanted if f"{one}.affect" in known), "")


def _some(files: list[str]) -> str:
    return ", ".join(files[:3]) + (", ..." if len(files) > 3 else "")


def _nothing(table: Path, folder: Path, left_out: list[LeftOut]) -> str:
    rows = [one for one in left_out if one.what == "row without a result"]
    first = f": {rows[0].file}: {rows[0].why}" if rows else ""
    return f"no row of {table} has a result in {folder}{first}"
