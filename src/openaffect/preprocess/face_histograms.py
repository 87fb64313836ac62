"""Histograms of oriented gradients, in NumPy alone, for grey faces of one size.

N. Dalal, B. Triggs, "Histograms of Oriented Gradients for Human Detection", CVPR 2005: cells of 8 x
8 pixels, nine unsigned directions, blocks of 2 x 2 cells one cell apart, L2-hys normalised (section
6.4, clipped at 0.2). Votes are shared between neighbouring directions, not between cells.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

CELL = 8
BINS = 9
CLIP = 0.2
_AT_ONCE = 512


def histogram_features(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(N, H, W) grey pictures, H and W multiples of 8 -> (N, D); 48 x 48 gives D = 900."""
    parts = [_blocks(_cells(images[at : at + _AT_ONCE])) for at in range(0, len(images), _AT_ONCE)]
    return np.concatenate(parts)


def _cells(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(N, H / 8, W / 8, 9) gradient magnitude by direction, summed over each cell."""
    padded = np.pad(images.astype(np.float32), ((0, 0), (1, 1), (1, 1)), mode="edge")
    across = padded[:, 1:-1, 2:] - padded[:, 1:-1, :-2]
    down = padded[:, 2:, 1:-1] - padded[:, :-2, 1:-1]
    place = np.arctan2(down, across) % np.pi / np.pi * BINS
    share, magnitude = place - np.floor(place), np.hypot(across, down)
    lower = np.floor(place).astype(np.int64) % BINS
    count, height, width = images.shape
    shape = (count, height // CELL, CELL, width // CELL, CELL)
    cells = np.empty((count, height // CELL, width // CELL, BINS), np.float32)
    for column in range(BINS):
        votes = np.where(lower == column, magnitude * (1 - share), 0)
        votes += np.where((lower + 1) % BINS == column, magnitude * share, 0)
        cells[..., column] = votes.reshape(shape).sum(axis=(2, 4))
    return cells


def _blocks(cells: NDArray[Any]) -> NDArray[np.float32]:
    corners = (cells[:, :-1, :-1], cells[:, :-1, 1:], cells[:, 1:, :-1], cells[:, 1:, 1:])
    blocks = np.concatenate(corners, axis=-1)
    blocks = np.minimum(_unit(blocks), CLIP)
    return _unit(blocks).reshape(len(cells), -1)


def _unit(blocks: NDArray[Any]) -> NDArray[Any]:
    return blocks / np.sqrt((blocks**2).sum(axis=-1, keepdims=True) + 1e-6)
