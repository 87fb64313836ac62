"""Who spoke when, and who felt what when: the time that is put down wrongly."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openaffect.types import InvalidValueError

from .annotations import Annotation

Turns = Sequence[Annotation]
"""Stretches in seconds with a label, a speaker or an emotion; those of one label do not overlap."""


@dataclass(frozen=True, slots=True)
class DiarizationError:
    """Seconds put down wrongly. ``rate`` is their share of ``total``, 0 or more, lower is better.

    false_alarm: where nobody is. missed: where somebody is and was not found. confusion: of the
    wrong label. total: what they are measured against.
    """

    false_alarm: float
    missed: float
    confusion: float
    total: float

    @property
    def rate(self) -> float:
        """The error rate; above 1 where more is put down wrongly than there is."""
        return (self.false_alarm + self.missed + self.confusion) / self.total


def diarization_error(reference: Turns, found: Turns, *, collar: float = 0.0) -> DiarizationError:
    """Diarisation error of speakers, whose names mean nothing, against all that is spoken.

    Each found speaker stands for at most one of the reference, so that the most time is right; time
    with several speakers counts once a speaker (J. Fiscus et al., "The Rich Transcription 2006
    Spring Meeting Recognition Evaluation", MLMI 2006, equation of section 4.2).

    Parameters
    ----------
    reference, found: turns with the speaker as their label. collar: seconds on either side of each
        reference boundary that are not counted.

    Raises :class:`InvalidValueError` when nobody speaks in the reference.

    >>> truth = [Annotation(0, 4, "anna"), Annotation(4, 8, "bert")]
    >>> diarization_error(truth, [Annotation(0, 5, "1"), Annotation(5, 8, "2")]).rate
    0.125
    """
    kept = _outside_collars(reference, found, collar)
    names = sorted({turn.label for turn in reference})
    guesses = sorted({turn.label for turn in found})
    there, said = _present(reference, names, kept), _present(found, guesses, kept)
    seconds = kept[:, 1] - kept[:, 0]
    total = float(seconds @ there.sum(axis=1))
    if total <= 0:
        raise InvalidValueError("nobody speaks in the reference; there is nothing to measure by")
    together = (there * seconds[:, None]).T @ said
    right = np.zeros(len(kept))
    for name, guess in _best_pairs(together):
        right += there[:, name] * said[:, guess]
    many, few = there.sum(axis=1), said.sum(axis=1)
    return DiarizationError(
        false_alarm=float(seconds @ np.maximum(few - many, 0)),
        missed=float(seconds @ np.maximum(many - few, 0)),
        confusion=float(seconds @ (np.minimum(many, few) - right)),
        total=total,
    )


def emotion_diarization_error(
    reference: Turns, found: Turns, *, neutral: Collection[str] = ("neutral",)
) -> DiarizationError:
    """Emotion diarisation error against the whole duration, from 0 to the last end.

    False alarm is emotion found where there is none, missed is emotion not found, confusion is
    another emotion; no turn at all and a ``neutral`` one are the same: no emotion (Y. Wang et al.,
    "Speech Emotion Diarization: Which Emotion Appears When?", ASRU 2023, equation 1, its overlap
    term being 0 where one speaks at a time).

    Raises :class:`InvalidValueError` when nothing lasts any time, or when two turns of the
    reference or of what was found overlap.

    >>> truth = [Annotation(0, 4, "neutral"), Annotation(4, 8, "anger")]
    >>> emotion_diarization_error(truth, [Annotation(3, 8, "anger")]).rate
    0.125
    """
    cells = _cells([*reference, *found, Annotation(0.0, 0.0, "")])
    seconds = cells[:, 1] - cells[:, 0]
    total = float(seconds.sum())
    if total <= 0:
        raise InvalidValueError("no turn lasts any time; there is nothing to measure by")
    truth = _one_label(reference, cells, neutral, "the reference")
    guess = _one_label(found, cells, neutral, "what was found")
    none_there, none_said = truth == "", guess == ""
    return DiarizationError(
        false_alarm=float(seconds[none_there & ~none_said].sum()),
        missed=float(seconds[~none_there & none_said].sum()),
        confusion=float(seconds[~none_there & ~none_said & (truth != guess)].sum()),
        total=total,
    )


def _cells(turns: Iterable[Annotation], more: Iterable[float] = ()) -> NDArray[np.float64]:
    """Return the (C, 2) stretches between all boundaries."""
    edges = np.unique([*(edge for turn in turns for edge in (turn.start, turn.end)), *more])
    return np.stack([edges[:-1], edges[1:]], axis=1).reshape(-1, 2)


def _outside_collars(reference: Turns, found: Turns, collar: float) -> NDArray[np.float64]:
    if not collar >= 0:
        raise InvalidValueError(f"collar is {collar}; give 0 seconds or more")
    bounds = [edge for turn in reference for edge in (turn.start, turn.end)]
    sides = [edge + side for edge in bounds for side in (-collar, collar)]
    cells = _cells([*reference, *found], sides)
    middle = cells.mean(axis=1)
    near = np.zeros(len(cells), bool)
    for edge in bounds if collar else ():
        near |= np.abs(middle - edge) < collar
    return cells[~near]


def _present(turns: Turns, names: Sequence[str], cells: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return (C, L) 0/1, which label is there in which cell."""
    middle = cells.mean(axis=1)
    there = np.zeros((len(cells), len(names)), np.int64)
    for turn in turns:
        there[(turn.start <= middle) & (middle < turn.end), names.index(turn.label)] = 1
    return there


def _one_label(
    turns: Turns, cells: NDArray[np.float64], neutral: Collection[str], whose: str
) -> NDArray[np.object_]:
    middle = cells.mean(axis=1)
    labels = np.full(len(cells), "", object)
    taken = np.zeros(len(cells), bool)
    for turn in turns:
        inside = (turn.start <= middle) & (middle < turn.end)
        if (taken & inside).any():
            at = float(cells[taken & inside][0, 0])
            raise InvalidValueError(
                f"two turns of {whose} overlap at {at:g} s; one feels at a time"
            )
        taken |= inside
        labels[inside] = "" if turn.label in neutral else turn.label
    return labels


def _best_pairs(gain: NDArray[np.float64]) -> list[tuple[int, int]]:
    """Return the pairs (row, column) of the largest sum, each row and column once at most.

    The assignment problem by shortest augmenting paths (R. Jonker, A. Volgenant, Computing 38,
    1987, without its initialisations).
    """
    if not gain.size:
        return []
    turned = gain.shape[0] > gain.shape[1]
    cost = -(gain.T if turned else gain)
    rows, columns = cost.shape
    upper, lower = np.zeros(rows + 1), np.zeros(columns + 1)
    owner = np.zeros(columns + 1, np.int64)
    for row in range(1, rows + 1):
        owner[0], column = row, 0
        slack, came = np.full(columns + 1, np.inf), np.zeros(columns + 1, np.int64)
        used = np.zeros(columns + 1, bool)
        while owner[column]:
            used[column] = True
            reduced = cost[owner[column] - 1] - upper[owner[column]] - lower[1:]
            better = ~used[1:] & (reduced < slack[1:])
            slack[1:][better], came[1:][better] = reduced[better], column
            free = np.where(used, np.inf, slack)
            free[0] = np.inf
            following = int(free.argmin())
            step = free[following]
            upper[owner[used]] += step
            lower[used] -= step
            slack[~used] -= step
            column = following
        while column:
            owner[column], column = owner[came[column]], came[column]
    pairs = [(int(owner[c]) - 1, c - 1) for c in range(1, columns + 1) if owner[c]]
    return [(c, r) if turned else (r, c) for r, c in pairs]
