"""Each person's resting face taken off their emotions, as far as there is evidence of it.

Some faces look sad, or stern, at rest. A recogniser that learnt from many people then sees sadness
wherever that person is. Known calm rows of the person tell by how much: with log-odds against
neutral d(k) = log p(k) - log p(neutral),

    shift(k) = n / (n + PRIOR) * (mean of d(k) over n calm rows - REFERENCE(k)),

which is subtracted from log p(k) in every row of that person, and the row rescaled to 1. PRIOR
shrinks the shift towards none where calm rows are few (the posterior mean of a bias that is normal
around 0; neighbouring rows of a video say much the same, hence its size), and no shift is larger
than LARGEST.

Calm rows are given (:func:`read_baseline`), or taken from the recording itself
(:func:`estimated`): the calmest quarter of a person's stretches of two seconds, by their mean
log-odds of any emotion against neutral. Choosing the calmest makes the rest look moved, so then
nothing is ever given back: shifts below 0 count as 0. And it is done only where neutral is ahead of
every emotion by CLEAR in those stretches; else the calmest that was seen may be felt.

What it cannot know: a face that looks sad even at its calmest may be a sad resting face or a sad
person. Such a face is left as it is; only a calm recording of the person tells the two apart.
``docs/decisions/calibration.md`` has the figures.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.types.analysis import Analysis
from openaffect.types.errors import InvalidValueError, SourceNotFoundError
from openaffect.types.schemes import PRIMARY8
from openaffect.types.timeline import Timeline, Unit

from .faces import LEAST_QUALITY
from .smoothing import RAW

AUTO = "auto"
FORMAT = "openaffect.baseline/1"
PRIOR = 20.0
"""Calm rows that weigh as much as the belief that there is no bias."""
LARGEST = 2.5
"""Nats: the most that is taken off, or given back."""
CLEAR = 2.0
"""Nats by which neutral must be ahead in the calmest stretches of a recording."""
STRETCH = 2.0
"""Seconds of a stretch; ``LEAST`` of them make a recording tell anything."""
LEAST = 4
REFERENCE: Mapping[str, float] = {
    "anger": -5.6,
    "disgust": -7.6,
    "fear": -7.7,
    "happiness": -6.1,
    "sadness": -3.0,
    "surprise": -6.7,
    "contempt": -5.9,
    "neutral": 0.0,
}
"""Mean log-odds of faces that people call neutral, which ``benchmarks/resting_faces.py`` prints."""
_NEUTRAL = PRIMARY8.index("neutral")
_FLOOR = 1e-4
_QUARTER = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class Calm:
    """What a person looks like at rest.

    log_odds: (8,) float64, mean over calm rows of log p(k) - log p(neutral). rows: how many.
    guessed: whether the rows were chosen for being calm; then no emotion is made likelier.
    """

    log_odds: NDArray[np.float64]
    rows: int
    guessed: bool = False

    @property
    def shift(self) -> NDArray[np.float64]:
        """(8,) nats to take off."""
        excess = self.log_odds - np.asarray([REFERENCE[label] for label in PRIMARY8.labels])
        excess[_NEUTRAL] = 0.0
        least = 0.0 if self.guessed else -LARGEST
        return np.clip(self.rows / (self.rows + PRIOR) * excess, least, LARGEST)


@dataclass(frozen=True, slots=True)
class Corrected:
    """A timeline with resting faces taken off.

    told: by subject, JSON values: ``rows`` and ``shift`` (label to nats), or ``left`` with the
    reason why nothing was taken off. warnings: sentences for a person.
    """

    timeline: Timeline
    told: Mapping[str, Any]
    warnings: tuple[str, ...] = ()


def corrected(
    timeline: Timeline, calm: Mapping[int, Calm | str], *, abstain_below: float | None = None
) -> Corrected:
    """Take off the shift of every subject that ``calm`` knows; a text says why it knows none.

    Of a recording with several people and one person's calm rows, the person seen most is taken for
    that one. With ``abstain_below``, the recogniser's own limit, rows that were changed abstain
    where their best score is lower, or the face is seen too badly.

    Raises :class:`InvalidValueError` for another scheme or unit.
    """
    _check(timeline)
    subjects = _subjects(timeline)
    present = [int(subject) for subject in np.unique(subjects) if subject >= 0]
    warnings: tuple[str, ...] = ()
    if len(calm) == 1 and set(calm) != set(present) and present:
        most = max(present, key=lambda subject: int((subjects == subject).sum()))
        calm = {most: next(iter(calm.values()))}
        if len(present) > 1:
            warnings = (
                f"the baseline of one person is taken for that of subject {most}, seen most of "
                f"{len(present)}",
            )
    logs = np.log(np.maximum(timeline.scores.astype(np.float64), _FLOOR))
    scores = timeline.scores.astype(np.float64)
    abstain = np.array(timeline.extra.get("abstain", np.zeros(len(timeline))), dtype=bool)
    told: dict[str, Any] = {}
    for subject in present:
        known = calm.get(subject, "no calm rows of this subject were given")
        if isinstance(known, str):
            told[str(subject)] = {"left": known}
            continue
        rows = subjects == subject
        moved = logs[rows] - known.shift
        powers = np.exp(moved - moved.max(axis=1, keepdims=True))
        scores[rows] = powers / powers.sum(axis=1, keepdims=True)
        if abstain_below is not None:
            abstain[rows] = (scores.max(axis=1) < abstain_below)[rows] | ~_counted(timeline)[rows]
        shift = zip(PRIMARY8.labels, known.shift.tolist(), strict=True)
        told[str(subject)] = {
            "rows": known.rows,
            "shift": {label: round(value, 3) for label, value in shift},
        }
    raw = np.asarray(timeline.extra.get(RAW, timeline.scores))
    extra = {**timeline.extra, "abstain": abstain, RAW: raw}
    fresh = replace(timeline, scores=scores.astype(np.float32), extra=extra)
    return Corrected(fresh, told, warnings)


def estimated(timeline: Timeline) -> dict[int, Calm | str]:
    """Return each subject's calm rows as the recording itself tells them, or why it does not.

    Raises :class:`InvalidValueError` for another scheme or unit.
    """
    _check(timeline)
    subjects = _subjects(timeline)
    counted = _counted(timeline)
    return {
        int(subject): _calmest(timeline, np.flatnonzero(counted & (subjects == subject)))
        for subject in np.unique(subjects)
        if subject >= 0
    }


def read_baseline(path: str | Path) -> dict[int, Calm | str]:
    """Read calm rows from an analysis of calm people, or the numbers that :func:`numbers` gave.

    Raises :class:`SourceNotFoundError` for no such file, :class:`InvalidValueError` for another
    content or an analysis without a face that could be told.
    """
    place = Path(path).expanduser()
    if not place.is_file():
        raise SourceNotFoundError(
            f"baseline {place} is no file; give {AUTO!r}, or what `openaffect analyze --format "
            "json` wrote of that person calm"
        )
    try:
        data = json.loads(place.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InvalidValueError(f"baseline {place} is not readable as JSON: {error}") from error
    if isinstance(data, Mapping) and data.get("format") == FORMAT:
        return dict(_from_numbers(data, place))
    return dict(_from_analysis(Analysis.from_dict(data), place))


def numbers(calm: Mapping[int, Calm | str]) -> dict[str, Any]:
    """Return calm rows as JSON values, in the form that :func:`read_baseline` reads."""
    return {
        "format": FORMAT,
        "subjects": {
            str(subject): {
                "rows": known.rows,
                "log_odds": dict(zip(PRIMARY8.labels, known.log_odds.tolist(), strict=True)),
            }
            for subject, known in calm.items()
            if isinstance(known, Calm)
        },
    }


def calm_rows(timeline: Timeline, rows: NDArray[Any]) -> Calm:
    """Return what these rows, known to be calm, say of a person."""
    return Calm(_log_odds(timeline.scores[rows]).mean(axis=0), len(rows))


def _calmest(timeline: Timeline, rows: NDArray[np.int64]) -> Calm | str:
    """Return the calmest quarter of a subject's stretches, or why there is no telling."""
    stretches = list(_stretches(timeline.span[rows, 0], rows))
    if len(stretches) < LEAST:
        return f"seen for less than {LEAST * STRETCH:g} s: too short to tell a resting face"
    moved = np.asarray([_moved(timeline.scores[stretch]) for stretch in stretches])
    order = np.argsort(moved, kind="stable")
    quarter = max(1, round(_QUARTER * len(order)))
    found = calm_rows(timeline, np.concatenate([stretches[i] for i in order[:quarter]]))
    others = np.delete(found.log_odds, _NEUTRAL)
    if others.max() > -CLEAR:
        best = [label for label in PRIMARY8.labels if label != "neutral"][int(others.argmax())]
        return f"even at the calmest, neutral is not clearly ahead of {best}: it may be felt"
    return replace(found, guessed=True)


def _stretches(times: NDArray[np.float64], rows: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Yield the rows of each stretch of ``STRETCH`` seconds in which the subject was seen."""
    order = np.argsort(times, kind="stable")
    number = np.floor(times[order] / STRETCH)
    yield from (part for part in np.split(rows[order], np.flatnonzero(np.diff(number)) + 1))


def _moved(scores: NDArray[np.float32]) -> float:
    """Return the mean log-odds of any emotion against neutral."""
    neutral = np.clip(scores[:, _NEUTRAL].astype(np.float64), _FLOOR, 1 - _FLOOR)
    return float(np.log((1 - neutral) / neutral).mean())


def _log_odds(scores: NDArray[np.float32]) -> NDArray[np.float64]:
    logs = np.log(np.maximum(scores.astype(np.float64), _FLOOR))
    return np.asarray(logs - logs[:, [_NEUTRAL]])


def _from_analysis(analysis: Analysis, place: Path) -> Iterator[tuple[int, Calm]]:
    faces = analysis.timelines.get("face.emotion")
    if faces is None or not len(faces):
        raise InvalidValueError(f"baseline {place} holds no face; give an analysis that shows one")
    _check(faces, units=(Unit.SECONDS, Unit.WHOLE))
    own = replace(faces, scores=np.asarray(faces.extra.get(RAW, faces.scores)))
    subjects, counted = _subjects(faces), _counted(faces)
    if not counted.any():
        raise InvalidValueError(f"baseline {place}: no face is seen well; give a clearer recording")
    for subject in np.unique(subjects[counted]):
        yield int(subject), calm_rows(own, np.flatnonzero(counted & (subjects == subject)))


def _from_numbers(data: Mapping[str, Any], place: Path) -> Iterator[tuple[int, Calm]]:
    try:
        for subject, item in data["subjects"].items():
            odds = np.asarray([item["log_odds"][label] for label in PRIMARY8.labels], np.float64)
            if not np.isfinite(odds).all() or not item["rows"] >= 1:
                raise InvalidValueError(f"baseline {place}: subject {subject} has no usable rows")
            yield int(subject), Calm(odds, int(item["rows"]))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise InvalidValueError(
            f"baseline {place}: key or value missing or of a wrong type: {error}"
        ) from error


def _subjects(timeline: Timeline) -> NDArray[np.int64]:
    found = timeline.extra.get("subject")
    return np.zeros(len(timeline), np.int64) if found is None else np.asarray(found, np.int64)


def _counted(timeline: Timeline) -> NDArray[np.bool_]:
    """Return the rows of known subjects, seen well enough: an unsure row tells of a face too."""
    quality = np.asarray(timeline.extra.get("quality", np.ones(len(timeline))), np.float64)
    return np.asarray((_subjects(timeline) >= 0) & (np.nan_to_num(quality) >= LEAST_QUALITY))


def _check(timeline: Timeline, units: tuple[Unit, ...] = (Unit.SECONDS,)) -> None:
    if timeline.scheme != PRIMARY8 or timeline.unit not in units:
        raise InvalidValueError(
            f"a resting face is known in {PRIMARY8.name!r} and seconds; the timeline is in "
            f"{timeline.scheme.name!r} and {timeline.unit!s}"
        )
