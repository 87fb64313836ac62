"""What the groups of a study have in common, with intervals over participants."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openaffect.metrics.bootstrap import bootstrap_interval

from .study import Study
from .study_tables import summary_rows

AFFECT = ("valence", "arousal")


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean over the participants of a group.

    name: an emotion (then it is its share of time), ``unsure``, ``valence`` or ``arousal``.
    participants, recordings: how many have it. low, high: the 95 % percentile interval over
    participants; NaN for fewer than two.
    """

    group: str
    name: str
    participants: int
    recordings: int
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """The course of valence and arousal of a group: (N,) middles of windows in seconds, (N, 2)
    means over the participants who have that window, (N,) how many they are."""

    time: NDArray[np.float64]
    values: NDArray[np.float64]
    participants: NDArray[np.int64]


def figures(study: Study, *, resamples: int = 2000, seed: int = 0) -> list[Figure]:
    """Return the figures of each group: emotions, ``unsure``, valence and arousal.

    A participant's value is the mean of the recordings; a group's the mean of its participants,
    who count alike. Whoever has no value for a name is not among its participants.
    """
    names = {**{f"share_{label}": label for label in study.labels}, "unsure": "unsure"}
    names |= {name: name for name in AFFECT}
    means = participant_means(study, list(names))
    found = []
    for group in study.groups():
        for column, name in names.items():
            cells = [cell[column] for (its, _), cell in means.items() if its == group]
            values = np.asarray([np.mean(cell) for cell in cells if cell])
            recordings = sum(map(len, cells))
            found.append(_figure(group, name, values, recordings, resamples, seed))
    return found


def participant_means(
    study: Study, columns: list[str]
) -> dict[tuple[str, str], dict[str, list[float]]]:
    """Return by group and participant the values of the recordings that have one, by column."""
    found: dict[tuple[str, str], dict[str, list[float]]] = {}
    for recording, row in zip(study.recordings, summary_rows(study), strict=True):
        group = study.group(recording)
        if not group:
            continue
        cells = found.setdefault((group, recording.participant), {name: [] for name in columns})
        for name in columns:
            value = row[name]
            if value is not None and math.isfinite(value):
                cells[name].append(value)
    return found


def paths(study: Study) -> dict[str, Path]:
    """Return the course of each group that has valence and arousal over time."""
    found: dict[str, dict[float, dict[str, list[list[float]]]]] = {}
    for recording in study.recordings:
        group = study.group(recording)
        for one in filter(recording.counts, recording.windows):
            if one.stream != study.affect or not group or not set(AFFECT) <= set(one.labels):
                continue
            values = one.values[:, [one.labels.index(name) for name in AFFECT]]
            known = np.isfinite(values).all(axis=1) & np.isfinite(one.span).all(axis=1)
            for time, pair in zip(one.span.mean(axis=1)[known], values[known], strict=True):
                cell = found.setdefault(group, {}).setdefault(float(time), {})
                cell.setdefault(recording.participant, []).append(pair.tolist())
    return {group: _path(found[group]) for group in study.groups() if group in found}


def _path(cells: dict[float, dict[str, list[list[float]]]]) -> Path:
    times = sorted(cells)
    means = [
        np.mean([np.mean(pairs, axis=0) for pairs in cells[time].values()], axis=0)
        for time in times
    ]
    return Path(np.asarray(times), np.asarray(means), np.asarray([len(cells[t]) for t in times]))


def _figure(
    group: str, name: str, values: NDArray[np.float64], recordings: int, resamples: int, seed: int
) -> Figure:
    if len(values) < 2:
        mean = float(values[0]) if len(values) else math.nan
        return Figure(group, name, len(values), recordings, mean, math.nan, math.nan)
    found = bootstrap_interval(
        lambda rows: float(values[rows].mean()), len(values), resamples=resamples, seed=seed
    )
    return Figure(group, name, len(values), recordings, found.value, found.low, found.high)
