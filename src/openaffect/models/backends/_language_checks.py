"""What every language model that runs here checks of what it is handed, and how it counts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from openaffect.types import InvalidValueError, LanguageModel


def checked_ids(
    ids: NDArray[np.int64], model: LanguageModel, *, before: int = 0, rows: int | None = None
) -> NDArray[np.int64]:
    """Return (B, S) ids that the model knows and has room for, or say what is wrong.

    before: tokens that were read already, in ``rows`` texts side by side.
    """
    ids = np.asarray(ids, np.int64)
    if ids.ndim != 2 or not ids.size:
        raise InvalidValueError(f"ids have shape {ids.shape}; expected (B, S), S of at least 1")
    if ids.min() < 0 or ids.max() >= model.vocabulary:
        raise InvalidValueError(
            f"ids run from {ids.min()} to {ids.max()}; this model knows 0 to {model.vocabulary - 1}"
        )
    if rows is not None and rows != len(ids):
        raise InvalidValueError(f"{len(ids)} rows of ids for a state of {rows} rows")
    total = ids.shape[1] + before
    if total > model.longest:
        raise InvalidValueError(
            f"the text has {total} tokens; {model.card.name} reads {model.longest} at most: "
            "shorten it"
        )
    return ids


def checked_push(push: NDArray[np.float32], model: LanguageModel, rows: int) -> NDArray[np.float32]:
    """Return (L, 1 or B, D), what is added behind each layer, or say what is wrong."""
    push = np.asarray(push, np.float32)
    layers, width = model.layers, model.width
    if push.shape not in ((layers, width), (layers, 1, width), (layers, rows, width)):
        raise InvalidValueError(
            f"push has shape {push.shape}; expected ({layers}, {width}) or "
            f"({layers}, {rows}, {width})"
        )
    return push[:, None, :] if push.ndim == 2 else push
