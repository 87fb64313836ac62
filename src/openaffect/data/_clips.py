"""Acted speech clips with speaker and emotion."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..io.audio import load_audio
from ..types import Scheme
from ._tables import data_root, read_table


@dataclass(frozen=True, slots=True, eq=False)
class Clips:
    """N clips: paths, speaker and sentence (N,) str, label (N,) columns of ``scheme``."""

    paths: tuple[Path, ...]
    speaker: NDArray[Any]
    sentence: NDArray[Any]
    label: NDArray[np.int64]
    scheme: Scheme

    def __len__(self) -> int:
        return len(self.paths)

    def samples(self, row: int) -> NDArray[np.float32]:
        """Decode clip ``row``: (T,) float32 at 16 kHz."""
        return load_audio(self.paths[row], rate=16000).samples


def load_clips(name: str, sentence_column: str, scheme: Scheme, root: str | Path | None) -> Clips:
    """Read ``speech/NAME.csv`` under the data root."""
    folder = data_root(root) / "speech"
    table = read_table(folder / f"{name}.csv", ("file", "speaker", sentence_column, "emotion"))
    return Clips(
        tuple(folder / file for file in table["file"]),
        table["speaker"].astype(str).to_numpy(),
        table[sentence_column].astype(str).to_numpy(),
        np.array([scheme.index(name) for name in table["emotion"]]),
        scheme,
    )
