"""A decision tree on distances between points of the face, FER+.

Protocol: the face recipe's rows, measured by the 478-point mesh; faces in which it sees none are
left out of the fit and answered with equal scores. The least rows of a leaf are chosen on the
choose rows by log loss; validation is looked at once.

Baseline in the same run: the commonest class.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.data import ferplus
from openaffect.metrics.calibration import log_loss
from openaffect.models import CardWeights, Store, card
from openaffect.recognize.face_geometry_tree import FaceGeometryTree, leaves

from ..cards import weight_file
from ..classical import save_arrays, tree_arrays
from ..context import Context
from . import _classical

NAME = "face-geometry-tree"
HELP = "face.emotion from distances between points of the face by a decision tree, FER+"
LEAST = (20, 40, 80, 160)
_MESH = "face-landmarker"


def measures(faces: ferplus.FerPlus, session: Any, context: Context) -> NDArray[np.float32]:
    """Return the (N, 12) measures of faces, NaN where the mesh sees none."""
    rows = []
    for number, image in enumerate(faces.images):
        rows.append(FaceGeometryTree.measures(np.repeat(image[..., None], 3, axis=-1), session))
        context.progress("measuring faces", number + 1, len(faces))
    return np.stack(rows)


def answers(rows: NDArray[np.float32], arrays: dict[str, NDArray[Any]]) -> NDArray[np.float64]:
    """Return (N, 8) probabilities, equal where nothing was measured."""
    seen = np.isfinite(rows).all(axis=1)
    scores = np.full((len(rows), len(ferplus.SCHEME)), 1 / len(ferplus.SCHEME))
    scores[seen] = arrays["share"][leaves(rows[seen], arrays)]
    return scores


def run(context: Context) -> Path:
    """Measure, grow, choose, measure once on validation, write the card."""
    from sklearn.tree import DecisionTreeClassifier

    parts = _classical.faces(context)
    mesh = card(_MESH)
    session = CardWeights(mesh, Store()).session("landmarks")
    fit, choose, held = (measures(part, session, context) for part in parts)
    seen = np.isfinite(fit).all(axis=1)
    found: dict[int, dict[str, NDArray[Any]]] = {}
    for least in LEAST:
        tree = DecisionTreeClassifier(min_samples_leaf=least, random_state=context.seed)
        found[least] = tree_arrays(tree.fit(fit[seen], parts[0].label[seen]))
    least = min(LEAST, key=lambda n: log_loss(answers(choose, found[n]), parts[1].label))
    context.log("chosen", rows_a_leaf=least)
    path = context.out / f"{NAME}.npz"
    save_arrays(path, found[least])
    return _classical.save(
        context,
        NAME,
        implementation="face_geometry_tree",
        scheme=ferplus.SCHEME.name,
        labels=ferplus.SCHEME.labels,
        files=(weight_file("model", path), mesh.file("landmarks")),
        preprocessing={"rows_a_leaf": least},
        paper="Ghimire and Lee, 2013, Geometric feature-based facial expression recognition, "
        "Sensors 13(6)",
        scores=_classical.face_rows(answers(held, found[least]), parts[2]),
    )
