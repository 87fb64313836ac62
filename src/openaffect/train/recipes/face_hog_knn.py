"""HOG and the nearest faces of FER+.

Protocol: the face recipe's rows. Of the fit rows all of the rare classes are kept and of the
others as many at random as fit the file; each carries its annotators' votes. Components and
neighbours were chosen on the choose rows of a first run (32 or 64; 10 or 30), slopes and shifts of
the log shares are fitted on them.

Baseline in the same run: the commonest class.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from openaffect.data import ferplus
from openaffect.metrics.recalibration import vector_scaling
from openaffect.recognize._base import softmax
from openaffect.recognize._classical import projected
from openaffect.recognize.face_hog_knn import log_share, neighbours_share

from ..cards import weight_file
from ..classical import axes_of, save_arrays
from ..context import Context
from . import _classical

NAME = "face-hog-knn"
HELP = "face.emotion from HOG by the nearest faces, FER+"
COMPONENTS, NEIGHBOURS, KEPT, RARE = 64, 10, 12_000, 1000


def kept(label: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    """Return the rows kept: all of classes of ``RARE`` rows or fewer, of the others by chance."""
    rare = np.isin(label, np.flatnonzero(np.bincount(label) <= RARE))
    others = np.random.default_rng(seed).permutation(np.flatnonzero(~rare))
    return np.sort(np.r_[np.flatnonzero(rare), others[: max(0, KEPT - int(rare.sum()))]])


def run(context: Context) -> Path:
    """Project, keep, measure once on validation, write the card."""
    fit_rows, choose_rows, validation = _classical.faces(context)
    fit, choose, held = _classical.histograms((fit_rows, choose_rows, validation))
    scaler, components = _classical.principal(fit, COMPONENTS, context.seed)
    arrays = axes_of(scaler, components)
    rows = kept(fit_rows.label, context.seed)
    arrays |= {
        "rows": projected(fit[rows], arrays),
        "share": fit_rows.distribution[rows].astype(np.float16),
    }
    chosen = neighbours_share(projected(choose, arrays), arrays, NEIGHBOURS)
    scaling = vector_scaling(np.exp(log_share(chosen)), choose_rows.label)
    arrays |= {"slope": scaling.slope, "shift": scaling.shift}
    path = context.out / f"{NAME}.npz"
    arrays = save_arrays(path, arrays, half=("axes",), byte=("rows",))
    found = neighbours_share(projected(held, arrays), arrays, NEIGHBOURS)
    scores = softmax(log_share(found) * arrays["slope"] + arrays["shift"])
    return _classical.save(
        context,
        NAME,
        implementation="face_hog_knn",
        scheme=ferplus.SCHEME.name,
        labels=ferplus.SCHEME.labels,
        files=(weight_file("model", path),),
        preprocessing={"neighbours": NEIGHBOURS},
        paper="Cover and Hart, 1967, Nearest neighbor pattern classification, IEEE Transactions on "
        "Information Theory 13",
        scores=_classical.face_rows(scores, validation),
    )
