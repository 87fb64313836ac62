"""Heads of known pose and expression, drawn as the benchmarks draw them: no network was asked.

Tests skip where the head model's file is not there.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

RENDERER = Path(__file__).parents[2] / "benchmarks" / "_heads.py"


def renderer() -> Any:
    """Return the benchmarks' renderer."""
    if "_heads" not in sys.modules:
        found = importlib.util.spec_from_file_location("_heads", RENDERER)
        sys.modules["_heads"] = importlib.util.module_from_spec(found)
        found.loader.exec_module(sys.modules["_heads"])
    return sys.modules["_heads"]


def head(pitch=0.0, yaw=0.0, roll=0.0, *, size: int = 480, **expression: float) -> np.ndarray:
    """Draw the mean head: degrees as in ``head_pose``, expressions by the model's names."""
    import cv2

    heads = renderer()
    mean = heads.Person((0.0,) * 30, (205, 165, 140), (80, 55, 45), (60, 40, 30), (175, 85, 85),
                        (60, 80, 140), style="bald")  # fmt: skip
    look = heads.Look(size / 2, size / 2, 0.425 * size, pitch, yaw, roll, expression=expression)
    picture = np.full((size, size, 3), (90, 110, 130), np.uint8)
    try:
        heads.draw(picture, mean, look)
    except heads.NoHeadModel as missing:
        pytest.skip(str(missing))
    return cv2.GaussianBlur(picture, (0, 0), 0.8)
