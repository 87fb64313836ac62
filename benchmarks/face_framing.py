"""Measure how FER2013's 48 x 48 faces are framed: where their eyes and mouths lie.

The medians are the template of ``openaffect.preprocess.face_align``, so that faces cut out of
photographs look to the network as its training images did.

    python benchmarks/face_framing.py ferplus-train.parquet --count 4000

prints one line a point: x and y as shares of the side, with their quartiles.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from openaffect.preprocess.face_align import anchors
from openaffect.preprocess.face_detect import detect_faces
from openaffect.preprocess.face_mesh import mesh
from openaffect.types import Session

SCALE = 4
MARGIN = 48


def faces(table: Path, count: int, seed: int = 0) -> Iterator[NDArray[np.uint8]]:
    """Yield (48, 48) grey training faces of a FER+ table, drawn at random."""
    import cv2
    import pyarrow.parquet as parquet

    column = parquet.read_table(table, columns=["image"])["image"]
    rows = np.random.default_rng(seed).permutation(len(column))[:count]
    for row in rows:
        data = np.frombuffer(column[int(row)].as_py(), np.uint8)
        yield cv2.imdecode(data, cv2.IMREAD_GRAYSCALE)


def measure(
    images: Iterable[NDArray[np.uint8]], detector: Session, landmarks: Session
) -> tuple[NDArray[np.float64], int]:
    """Return (M, 3, 2) eyes and mouths as shares of the side, and how many faces were shown."""
    import cv2

    found, shown = [], 0
    for image in images:
        shown += 1
        large = cv2.resize(image, None, fx=SCALE, fy=SCALE, interpolation=cv2.INTER_CUBIC)
        framed = cv2.copyMakeBorder(large, *[MARGIN] * 4, cv2.BORDER_REPLICATE)
        picture = np.repeat(framed[:, :, None], 3, axis=2)
        detections = detect_faces(picture, detector, variant="short", smallest=90)
        detections = detections.select(np.arange(min(1, len(detections))))
        meshes = mesh(picture, detections, landmarks, variant="478")
        if len(meshes) and meshes.presence[0] > 0.9:
            found.append((anchors(meshes.points)[0] - MARGIN) / large.shape[0])
    return np.array(found).reshape(-1, 3, 2), shown


def main() -> None:
    """Measure with the published weights and print the medians."""
    from openaffect import models

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("table", type=Path, help="FER+ training table: PNG bytes in `image`")
    parser.add_argument("--count", type=int, default=4000, help="faces to draw")
    arguments = parser.parse_args()
    weights = models.CardWeights(models.card("face-landmarker"), models.Store())
    sessions = weights.session("detector"), weights.session("landmarks")
    points, shown = measure(faces(arguments.table, arguments.count), *sessions)
    print(f"{len(points)} of {shown} faces measured")
    for name, values in zip(("eye_left", "eye_right", "mouth"), points.swapaxes(0, 1), strict=True):
        low, middle, high = np.percentile(values, [25, 50, 75], axis=0)
        print(f"{name:10s} x {middle[0]:.4f} [{low[0]:.4f}, {high[0]:.4f}]", end="  ")
        print(f"y {middle[1]:.4f} [{low[1]:.4f}, {high[1]:.4f}]")


if __name__ == "__main__":
    main()
