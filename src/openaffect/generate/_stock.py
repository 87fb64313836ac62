"""Stock phrases: what steered texts say too often, and how much less likely to make it.

Whatever steers towards an emotion finds a few runs of tokens that pay best, and says them whatever
the beginning. A run is *worn* by the natural log of how much oftener than its due texts of an
emotion have it; the recipe ``text-phrases`` counts. Taking that off a token's score is what Li et
al. do with what a model would say to anything ("A diversity-promoting objective function for neural
conversation models", NAACL 2016, equation 9), with counts in place of a second reading.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.types import IntegrityError

from ._emotion import EMOTIONS, Target

LONGEST = 4
"""Tokens of a run at most."""
_MOST = 2**20
_MOST_WORN = 20.0
_Run = tuple[NDArray[np.int64], NDArray[np.float32]]


class StockPhrases:
    """Runs of tokens, each with its emotion and how worn it is there.

    Arrays: ``runs`` (N, 4) of token ids, -1 in front of a shorter run; ``emotions`` (N,), numbers
    of :data:`EMOTIONS`; ``worn`` (N,), nats in (0, 20].

    Raises :class:`IntegrityError` for arrays that are absent, of other shapes or out of range.
    """

    def __init__(self, arrays: Mapping[str, NDArray[Any]], vocabulary: int) -> None:
        try:
            runs, emotions, worn = (arrays[name] for name in ("runs", "emotions", "worn"))
        except KeyError as error:
            raise IntegrityError(f"the file of stock phrases holds no array {error}") from error
        shapes = runs.shape, emotions.shape, worn.shape
        if len(runs) > _MOST or shapes != ((len(runs), LONGEST), (len(runs),), (len(runs),)):
            raise IntegrityError(
                f"the arrays of stock phrases have shapes {shapes}; expected (N, {LONGEST}), (N,) "
                f"and (N,), N of {_MOST} at most"
            )
        runs, worn = runs.astype(np.int64), worn.astype(np.float32)
        if len(runs) and not (
            (runs >= -1).all()
            and (runs[:, -1] >= 0).all()
            and (runs < vocabulary).all()
            and (emotions < len(EMOTIONS)).all()
            and (emotions >= 0).all()
            and ((worn > 0) & (worn <= _MOST_WORN)).all()
        ):
            raise IntegrityError(
                f"stock phrases out of range: tokens run from {runs.min()} to {runs.max()} of "
                f"{vocabulary}, emotions to {emotions.max()}, worn from {worn.min()} to "
                f"{worn.max()} nats"
            )
        self._after = [_by_beginning(runs[rows], worn[rows]) for rows in
                       (emotions == place for place in range(len(EMOTIONS)))]  # fmt: skip

    def worn(self, ids: Sequence[int], target: Target) -> _Run:
        """Return (M,) tokens that end a worn run after a text's ids, and (M,) nats of each.

        Of several runs that a token ends the most worn one counts; of a blend, the mean by shares.
        """
        found = [
            (tokens, np.float32(share) * worn)
            for place, share in enumerate(target.vector())
            if share
            for tokens, worn in [self._of(place, ids)]
        ]
        return _gathered(found, np.add)

    def _of(self, place: int, ids: Sequence[int]) -> _Run:
        begun = (tuple(ids[len(ids) - length :]) for length in range(min(LONGEST, len(ids) + 1)))
        after = self._after[place]
        return _gathered([after[run] for run in begun if run in after], np.maximum)


def _gathered(runs: Sequence[_Run], how: np.ufunc) -> _Run:
    """Return each token of the runs once, its values brought to one."""
    if len(runs) == 1:
        return runs[0]
    none = np.zeros(0, np.int64), np.zeros(0, np.float32)
    tokens, worn = (np.concatenate(column) for column in zip(none, *runs, strict=True))
    tokens, places = np.unique(tokens, return_inverse=True)
    found = np.zeros(len(tokens), np.float32)
    how.at(found, places, worn)
    return tokens, found


def _by_beginning(
    runs: NDArray[np.int64], worn: NDArray[np.float32]
) -> dict[tuple[int, ...], _Run]:
    """Return the last tokens of runs and how worn they are, by what stands before them."""
    rows: dict[tuple[int, ...], list[int]] = {}
    for row, run in enumerate(runs.tolist()):
        rows.setdefault(tuple(token for token in run[:-1] if token >= 0), []).append(row)
    return {begun: (runs[some, -1], worn[some]) for begun, some in rows.items()}
