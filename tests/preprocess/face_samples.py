"""What the face tests share: stand-in networks, and real ones and pictures where they lie here."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from openaffect.types import WeightsUnavailableError

SHARED = Path(__file__).resolve().parents[3] / "shared"


class BlobDetector:
    """Answers as BlazeFace would if faces were bright squares: a truth without weights."""

    inputs = ("input",)
    outputs = ("regressors", "classificators")

    def __init__(self, size: int, layers: tuple[tuple[int, int], ...]) -> None:
        self.size, self.runs = size, 0
        self.centers = [
            ((column + 0.5) / cells * size, (row + 0.5) / cells * size)
            for cells, repeats in layers
            for row in range(cells)
            for column in range(cells)
            for _ in range(repeats)
        ]

    def run(self, feeds):
        import cv2

        self.runs += 1
        (pixels,) = feeds.values()
        assert pixels.shape == (1, self.size, self.size, 3)
        assert pixels.dtype == np.float32
        assert pixels.min() >= -1
        assert pixels.max() <= 1
        bright = ((pixels[0].mean(axis=2) + 1) / 2 > 0.5).astype(np.uint8)
        raw = np.zeros((1, len(self.centers), 16), np.float32)
        logits = np.full((1, len(self.centers), 1), -200, np.float32)
        _, _, stats, _ = cv2.connectedComponentsWithStats(bright)
        for left, top, width, height, _area in stats[1:]:
            x, y = left + width / 2, top + height / 2
            gaps = [(cx - x) ** 2 + (cy - y) ** 2 for cx, cy in self.centers]
            for index in np.argsort(gaps)[:2]:
                cx, cy = self.centers[index]
                points = [(x - width / 4, y), (x + width / 4, y)] + [(x, y)] * 4
                flat = [value for px, py in points for value in (px - cx, py - cy)]
                raw[0, index] = [x - cx, y - cy, width, height, *flat]
                logits[0, index] = 3.0
        return {"regressors": raw, "classificators": logits}


class FlatMesh:
    """Lays every point at a share of its input, and records what it was shown."""

    inputs = ("input",)
    outputs = ("Identity", "Identity_1", "Identity_2")

    def __init__(self, size: int, count: int, at: tuple[float, float], logit: float = 2.0) -> None:
        self.size, self.seen, self.logit = size, [], logit
        self.points = np.tile(np.array([*at, 0.5], np.float32) * size, (count, 1))

    def run(self, feeds):
        (pixels,) = feeds.values()
        assert pixels.shape == (1, self.size, self.size, 3)
        assert pixels.min() >= 0
        assert pixels.max() <= 1
        self.seen.append(pixels[0])
        return {
            "Identity_2": np.zeros((1, 1), np.float32),
            "Identity": self.points.reshape(1, 1, 1, -1),
            "Identity_1": np.full((1, 1, 1, 1), self.logit, np.float32),
        }


class Recorder:
    """Stands in for the blendshape network, and keeps what it was fed."""

    inputs = ("points",)
    outputs = ("weights",)

    def __init__(self) -> None:
        self.seen = []

    def run(self, feeds):
        self.seen.append(feeds["points"])
        return {"weights": np.linspace(-0.1, 1.1, 52, dtype=np.float32)}


def full_blobs() -> BlobDetector:
    return BlobDetector(192, ((48, 1),))


def short_blobs() -> BlobDetector:
    return BlobDetector(128, ((16, 2), (8, 6)))


def session(card: str, role: str):
    """Return a session over published weights, or skip where they are not on this machine."""
    from openaffect import models

    known = [os.environ.get("OPENAFFECT_WEIGHTS", ""), str(SHARED / "models")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENAFFECT_WEIGHTS", os.pathsep.join(filter(None, known)))
        weights = models.CardWeights(models.card(card), models.Store(offline=True))
        try:
            return weights.session(role)
        except WeightsUnavailableError:
            pytest.skip(f"weights of {card} are not on this machine: openaffect models pull {card}")


def media(name: str) -> np.ndarray:
    """Return a test picture as RGB, or skip where the data folder is not here."""
    import cv2

    root = Path(os.environ.get("OPENAFFECT_DATA", SHARED / "data"))
    path = root / "media" / name
    if not path.exists():
        pytest.skip(f"test picture {name} is not here: set OPENAFFECT_DATA to the data folder")
    return cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)


def astronaut() -> np.ndarray:
    """Return a public-domain portrait of 512 x 512, or skip without scikit-image."""
    return pytest.importorskip("skimage.data", reason="scikit-image is not installed").astronaut()


def turned(picture: np.ndarray, degrees: float, scale: float = 0.8) -> np.ndarray:
    """Turn a picture clockwise about its middle."""
    import cv2

    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, scale)
    return cv2.warpAffine(picture, matrix, (width, height))
