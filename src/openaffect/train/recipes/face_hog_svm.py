"""HOG and a support vector machine on FER+, the face recogniser of the field's first years.

Protocol: the face recipe's rows. Kernel width and penalty stand fixed, chosen on the choose rows
of a first run among widths .0003, .0005, .001 and .002 and penalties 1e-6 and 1e-5; slopes and
shifts of the margins are fitted on the choose rows; validation is looked at once.

Baseline in the same run: the commonest class.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from openaffect.data import ferplus
from openaffect.metrics.recalibration import vector_scaling
from openaffect.recognize._base import softmax
from openaffect.recognize.face_hog_svm import margins

from ..cards import weight_file
from ..classical import machine_arrays, save_arrays
from ..context import Context
from . import _classical

NAME = "face-hog-svm"
HELP = "face.emotion from HOG by a support vector machine, FER+"
COMPONENTS, FEATURES = 128, 1500
WIDTH, PENALTY, PASSES = 0.0005, 1e-5, 12


def run(context: Context) -> Path:
    """Fit, calibrate on the choose rows, measure once on validation, write the card."""
    from sklearn.kernel_approximation import RBFSampler
    from sklearn.linear_model import SGDClassifier

    fit_rows, choose_rows, validation = _classical.faces(context)
    fit, choose, held = _classical.histograms((fit_rows, choose_rows, validation))
    scaler, components = _classical.principal(fit, COMPONENTS, context.seed)
    points = components.transform(scaler.transform(fit)).astype(np.float32)
    sampler = RBFSampler(gamma=WIDTH, n_components=FEATURES, random_state=context.seed).fit(points)
    model = SGDClassifier(
        loss="hinge", alpha=PENALTY, average=True, max_iter=PASSES, tol=None,
        random_state=context.seed,
    ).fit(sampler.transform(points), fit_rows.label)  # fmt: skip
    arrays = machine_arrays(scaler, components, sampler, model)
    chosen = margins(choose, arrays)
    scaling = vector_scaling(softmax(chosen), choose_rows.label)
    arrays |= {"slope": scaling.slope, "shift": scaling.shift}
    path = context.out / f"{NAME}.npz"
    arrays = save_arrays(path, arrays, half=("axes", "frequencies", "phases"))
    scores = softmax(margins(held, arrays) * arrays["slope"] + arrays["shift"])
    return _classical.save(
        context,
        NAME,
        implementation="face_hog_svm",
        scheme=ferplus.SCHEME.name,
        labels=ferplus.SCHEME.labels,
        files=(weight_file("model", path),),
        paper="Dalal and Triggs, 2005, Histograms of Oriented Gradients for Human Detection, CVPR",
        scores=_classical.face_rows(scores, validation),
    )
