"""A study as tables: long, one row a recording, and wide for mixed models."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from openaffect.types.errors import InvalidValueError

from .study import Recording, Study
from .study_windows import NOBODY, Windows

_LONG = (
    "subject", "counted", "stream", "start", "end", "seconds", "unsure", "label", "value",
)  # fmt: skip
_SUMMARY = ("subject", "people", "stream", "seconds", "unsure")


def write_tables(study: Study, folder: Path) -> list[Path]:
    """Write ``long.csv``, ``summary.csv``, ``wide.csv`` and ``left-out.csv``; return their paths.

    Raises :class:`OutputError` when one cannot be written, :class:`InvalidValueError` when a column
    of the table of participants has the name of one that is made.
    """
    from openaffect.io.tables import write_csv

    made = {**_summary_columns(study), **dict.fromkeys(wide_names(study))}
    if twice := [name for name in study.columns if name in made]:
        raise InvalidValueError(
            f"the table of participants has a column {twice[0]!r}, which is the name of one that "
            "this study makes; rename it"
        )
    lost = ({"file": one.file, "what": one.what, "why": one.why} for one in study.left_out)
    return [
        write_csv(folder / "long.csv", long_rows(study), [*study.columns, *_LONG]),
        write_csv(folder / "summary.csv", summary_rows(study)),
        write_csv(folder / "wide.csv", wide_rows(study)),
        write_csv(folder / "left-out.csv", lost, ["file", "what", "why"]),
    ]


def long_rows(study: Study) -> Iterator[dict[str, Any]]:
    """Yield one row a recording, stream, subject, window and label.

    ``counted`` is 1 where the row is of the participant (what figures and the wide table are made
    of) and 0 where it is of somebody else in sight; ``seconds`` is the time of the rows in the
    window, ``unsure`` the share of it that abstains, ``value`` the mean of the rest.
    """
    for recording in study.recordings:
        for one in recording.windows:
            common = {
                **_cells(study, recording),
                "subject": _subject(one.subject),
                "counted": int(recording.counts(one)),
                "stream": one.stream,
            }
            for row, (start, end) in enumerate(one.span.tolist()):
                time = {"start": start, "end": end, **_time(one, row)}
                for label, value in zip(one.labels, one.values[row].tolist(), strict=True):
                    yield {**common, **time, "label": label, "value": value}


def summary_rows(study: Study) -> Iterator[dict[str, Any]]:
    """Yield one row a recording: the share of its time of each emotion, mean valence and arousal.

    Shares are of the time that was not abstained from; ``unsure`` is the share of all that was.
    A recording without the stream has empty cells.
    """
    for recording in study.recordings:
        row = {**_cells(study, recording), **_summary_columns(study)}
        row |= {
            "subject": _subject(recording.subject),
            "people": recording.people,
            "stream": study.stream,
        }
        shared = recording.shares.get(study.stream)
        if shared is not None and shared.seconds > 0:
            row |= {"seconds": shared.seconds, "unsure": shared.unsure / shared.seconds}
            if shared.unsure < shared.seconds:
                row |= {f"share_{label}": share for label, share in shared.share.items()}
        if study.affect in recording.affect:
            valence, arousal = recording.affect[study.affect]
            row |= {"valence": valence, "arousal": arousal}
        yield row


def wide_rows(study: Study) -> Iterator[dict[str, Any]]:
    """Yield one row a recording and window of the participant, one column a stream and label."""
    names = wide_names(study)
    for recording in study.recordings:
        rows: dict[tuple[float, ...], dict[str, Any]] = {}
        for one in filter(recording.counts, recording.windows):
            for number, span in enumerate(one.span.tolist()):
                row = rows.setdefault(_key(span), {"start": span[0], "end": span[1]})
                values = zip(one.labels, one.values[number].tolist(), strict=True)
                row |= {wide_name(one.stream, label): value for label, value in values}
        for key in sorted(rows):
            yield {**_cells(study, recording), **dict.fromkeys(names), **rows[key]}


def wide_names(study: Study) -> list[str]:
    """Return the columns of the wide table behind those of the table of participants."""
    found = dict.fromkeys(
        wide_name(one.stream, label)
        for recording in study.recordings
        for one in recording.windows
        for label in one.labels
    )
    return ["start", "end", *found]


def wide_name(stream: str, label: str) -> str:
    """Return ``face_emotion_anger`` for the label anger of face.emotion."""
    return "_".join("".join(sign if sign.isalnum() else "_" for sign in w) for w in (stream, label))


def _summary_columns(study: Study) -> dict[str, Any]:
    shares = (f"share_{label}" for label in study.labels)
    return dict.fromkeys([*_SUMMARY, *shares, "valence", "arousal"])


def _cells(study: Study, recording: Recording) -> dict[str, Any]:
    return {name: recording.cells[name] for name in study.columns}


def _time(one: Windows, row: int) -> dict[str, float]:
    return {"seconds": float(one.seconds[row]), "unsure": float(one.unsure[row])}


def _subject(subject: int) -> Any:
    return "" if subject == NOBODY else subject


def _key(span: list[float]) -> tuple[float, ...]:
    """Return what tells windows apart; those without a time are one."""
    return tuple(np.nan_to_num(span, nan=-1.0).tolist())
