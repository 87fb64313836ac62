"""FER+ as log-probabilities of the installed face recogniser, for made sequences."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

import openaffect
from openaffect.data import ferplus


def judged() -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Return (N, 8) log-probabilities and labels of the validation rows, which nothing learnt."""
    rows = ferplus.load("validation")
    return _answered(rows.select(rows.named))


def held_aside() -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Return the same of the training rows that no network is fitted on.

    They are those by which the face recipe chooses its epoch and its temperature: one in twelve.
    """
    rows, validation = ferplus.load("train"), ferplus.load("validation")
    bucket = np.array([int(digest[:8], 16) % 12 for digest in rows.digest])
    return _answered(
        rows.select(rows.named & (bucket == 0) & ~np.isin(rows.digest, validation.digest))
    )


def _answered(rows: ferplus.FerPlus) -> tuple[NDArray[Any], NDArray[np.int64]]:
    recognizer = openaffect.load("face", threads=1)
    pictures = [np.repeat(image[..., None], 3, axis=-1) for image in rows.images]
    scores = recognizer(pictures).scores.astype(np.float64)
    return np.log(np.maximum(scores, 1e-9)), rows.label
