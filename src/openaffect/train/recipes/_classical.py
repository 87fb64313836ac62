"""What the recipes of the classical recognisers share: rows, figures, cards."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.data import ferplus
from openaffect.metrics.calibration import expected_calibration_error
from openaffect.metrics.classification import accuracy, unweighted_average_recall
from openaffect.preprocess.face_histograms import histogram_features
from openaffect.types import Card, WeightFile

from ..cards import ABSTAIN_BELOW, FORBIDDEN, machine, save_card
from ..context import Context
from ..scores import compared
from ._faces import CLASSES, split

COMMONEST = "commonest class"
FACES = "FER+ validation (PublicTest), 3,553 named rows"
_LICENCES = {
    "face": "Apache-2.0 (weights); trained on FER2013 pictures whose rights are unresolved",
    "speech": "Apache-2.0 (weights); EMO-DB is CC0",
    "text": "Apache-2.0 (weights); GoEmotions is CC BY 4.0",
}
_TRAINING = {
    "face": "FER+ training split: labels MIT (Microsoft), FER2013 pictures from the web",
    "speech": "EMO-DB, two-second clips (CC0 1.0, Burkhardt et al., 2005)",
    "text": "GoEmotions training split (CC BY 4.0, Demszky et al., 2020)",
}
_LIMITS = {
    "face": "Framed crops of faces seen from the front; far below the network's accuracy",
    "speech": "Acted German of ten speakers in a studio; knows no surprise, contempt or calm",
    "text": "English; knows words, not their order beyond pairs: negation at a distance is lost",
}

Faces = tuple[ferplus.FerPlus, ferplus.FerPlus, ferplus.FerPlus]


def faces(context: Context) -> Faces:
    """Return the (fit, choose, validation) rows of the face recipe, whose protocol this is."""
    return split(context)


def histograms(parts: Sequence[ferplus.FerPlus]) -> list[NDArray[np.float32]]:
    """Return the HOG of each part's faces."""
    return [histogram_features(part.images) for part in parts]


def principal(fit: NDArray[Any], components: int, seed: int) -> tuple[Any, Any]:
    """Return a StandardScaler and, behind it, a PCA of at most ``components``, fitted to (N, D)."""
    from sklearn.decomposition import PCA
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(fit)
    count = min(components, len(fit))
    return scaler, PCA(count, random_state=seed).fit(scaler.transform(fit))


def face_rows(scores: NDArray[Any], validation: ferplus.FerPlus) -> list[dict[str, Any]]:
    """Return the card's score rows, beside the commonest class."""
    truth, guess = validation.label, scores.argmax(axis=1)
    commonest = np.full(len(truth), np.bincount(truth).argmax())

    def recall_of(right: NDArray[Any], found: NDArray[Any]) -> float:
        return unweighted_average_recall(right, found, classes=CLASSES)

    return [
        compared(measure, truth, guess, commonest, data=FACES, name=name, baseline=COMMONEST)
        for name, measure in (("accuracy", accuracy), ("unweighted average recall", recall_of))
    ] + [calibration_row(scores, truth, FACES)]


def calibration_row(scores: NDArray[Any], truth: NDArray[Any], data: str) -> dict[str, Any]:
    """Return the card's row of the calibration error."""
    return {
        "data": data,
        "measure": "expected calibration error, 15 equal-mass bins",
        "value": round(expected_calibration_error(scores, truth), 4),
    }


def save(
    context: Context,
    name: str,
    *,
    implementation: str,
    scheme: str,
    labels: tuple[str, ...],
    files: tuple[WeightFile, ...],
    paper: str,
    scores: Sequence[dict[str, Any]],
    preprocessing: dict[str, Any] | None = None,
    thresholds: dict[str, float] | None = None,
) -> Path:
    """Write the card of a classical recogniser; its rank keeps it from being a default."""
    modality = implementation.partition("_")[0]
    exclusive = modality != "text"
    card = Card(
        name=name,
        task=f"{modality}.emotion",
        modality=modality,
        implementation=implementation,
        scheme=scheme,
        labels=labels,
        files=files,
        preprocessing=preprocessing or {},
        thresholds=thresholds or {},
        calibration={"abstain_below": ABSTAIN_BELOW} if exclusive else {},
        licence=_LICENCES[modality],
        commercial=True,
        training_data=(_TRAINING[modality],),
        paper=paper,
        provenance=f"openaffect train {name}, seed {context.seed}, {machine()}",
        scores=tuple(scores),
        limits=(
            "A baseline of the field's first years, to be compared with; never the default",
            _LIMITS[modality],
        ),
        intended_use=("Comparison, teaching, and machines too small for a network",),
        forbidden_use=FORBIDDEN,
        rank=-1,
    )
    return save_card(context.out, card)
