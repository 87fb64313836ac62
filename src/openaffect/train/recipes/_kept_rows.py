"""Rows that take long to make, kept in the folder of a run: a GPU need not wait for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..context import Context


def kept(
    context: Context, name: str, of: str, make: Callable[[], Mapping[str, NDArray[Any]]]
) -> dict[str, NDArray[Any]]:
    """Return the arrays that ``make`` gives, kept in ``NAME.rows.npz`` of the run's folder.

    A resumed run reads them again, without making anything, where they were kept with the same
    ``of``, which says what they are made of.
    """
    path = context.out / f"{name}.rows.npz"
    if context.resume and path.is_file():
        with np.load(path, allow_pickle=False) as file:
            arrays = {key: file[key] for key in file.files}
        if str(arrays.pop("of")) == of:
            return arrays
    made: dict[str, Any] = dict(make())
    context.out.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".part")
    with draft.open("wb") as stream:
        np.savez_compressed(stream, of=np.array(of), **made)
    draft.replace(path)
    return made


def joined(rows: Sequence[Sequence[int]]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the numbers of all the rows, one row after another, and the length of each row."""
    lengths = np.array([len(row) for row in rows], np.int32)
    return np.array([number for row in rows for number in row], np.int32), lengths


def apart(values: NDArray[Any], lengths: NDArray[Any]) -> list[list[Any]]:
    """Return the rows that :func:`joined` joined."""
    ends = np.cumsum(lengths)
    return [part.tolist() for part in np.split(values, ends[:-1])] if len(lengths) else []
