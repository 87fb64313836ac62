"""Everything, in the JSON that ``Analysis.from_dict`` reads."""

from __future__ import annotations

from pathlib import Path

from openaffect.types.analysis import Analysis

from ..json_form import json_pieces
from ._format import Format


def write(analysis: Analysis, folder: Path, name: str) -> list[str]:
    """Write ``<name>.json``."""
    from openaffect.io.output import atomic

    with atomic(folder / f"{name}.json") as file:
        file.writelines(piece.encode() for piece in json_pieces(analysis))
    return [f"{name}.json"]


FORMAT = Format(
    "everything, with the models' cards",
    write,
    timed=False,
)
