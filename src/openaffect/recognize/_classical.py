"""What the classical recognisers share: arrays from a file without pickle, and axes.

They are what the field began with (HOG with a support vector machine, nearest neighbours, trees on
distances between points of the face, prosody, TF-IDF) and stand here to be compared with: small,
quick to understand, never the default. Each was fitted with scikit-learn by its recipe, and says
the same as scikit-learn's own object (``tests/train/test_classical.py``), without needing it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.types import InvalidValueError, Weights

Arrays = dict[str, NDArray[Any]]


def arrays(weights: Weights, names: Sequence[str]) -> Arrays:
    """Return the arrays of the card's file of role ``model``.

    Raises :class:`InvalidValueError` for a file that lacks one of ``names``.
    """
    path = weights.path("model")
    found = read_arrays(path)
    if missing := [name for name in names if name not in found]:
        raise InvalidValueError(
            f"card {weights.card.name!r}: {path} has no array {', '.join(missing)}; it holds "
            f"{', '.join(found)}"
        )
    return found


def read_arrays(path: str | Path) -> Arrays:
    """Return the arrays of a .npz, whole numbers times their unit.

    An array ``NAME`` kept as whole numbers has its unit in ``NAME_unit``, one a column.
    """
    with np.load(path, allow_pickle=False) as held:
        found = {name: held[name] for name in held.files}
    return {
        name: values.astype(np.float32) * found[f"{name}_unit"]
        if f"{name}_unit" in found
        else values
        for name, values in found.items()
        if not name.endswith("_unit")
    }


def projected(rows: NDArray[Any], held: Arrays) -> NDArray[np.float64]:
    """Return (N, D) rows less ``mean`` on the ``axes`` (D, P) of their principal components."""
    return np.asarray((rows - held["mean"]) @ held["axes"], np.float64)
