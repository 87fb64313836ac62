"""Emotion of texts in seven languages from BRIGHTER and in Finnish from XED: character runs.

No encoder of many languages can be had here, and the corpora are small: a linear model of hashed
character runs, weighed by TF-IDF, for each language by itself. Protocol: train and validation rows
together in five folds (seed 0), repeats never on both sides, thresholds from inner folds. Baseline
in the same run and with thresholds found in the same way: TF-IDF of words and pairs of words (of
characters where a script sets no spaces) under the same logistic regressions.

BRIGHTER's terms allow no publication of weights: what is trained on it stays where it was made. For
the Finnish model the marks by which XED's neutral lines can be told, whatever they say, are taken
out first: commas and the masks of persons and places.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.data._dataset import Dataset, Item
from openaffect.data._tables import data_root
from openaffect.data.brighter import DATASET as BRIGHTER
from openaffect.data.xed import DATASET as XED
from openaffect.metrics.bootstrap import paired_bootstrap
from openaffect.metrics.classification import macro_f1
from openaffect.metrics.thresholds import best_f1_thresholds
from openaffect.preprocess._ngrams import BUCKETS
from openaffect.types import Card, InvalidValueError
from openaffect.types.schemes import EKMAN7, XED9

from ..cards import FORBIDDEN, by_label, machine, save_card, weight_file
from ..context import Context, save_json
from ..label_calibration import calibration_rows, platt
from ..scores import compared
from . import _ngrams

NAME = "text-languages"
HELP = "text.emotion in seven languages of BRIGHTER and in Finnish (XED)"
LANGUAGES = {
    "deu": "German",
    "spa": "Spanish",
    "por": "Portuguese",
    "rus": "Russian",
    "zho": "Chinese",
    "hin": "Hindi",
    "arq": "Algerian Arabic",
    "fin": "Finnish",
}
BASELINE = "TF-IDF + logistic regression, thresholds found in the same way"
_RESAMPLES = 1000
_MARKS = re.compile(r",|\[(?:PERSON|LOCATION)\]")


def run(context: Context) -> Path:
    """Train, judge and write each language; return the path of the last card."""
    judged: dict[str, tuple[NDArray[Any], NDArray[Any], NDArray[Any]]] = {}
    for number, language in enumerate(LANGUAGES):
        context.progress("languages", number, len(LANGUAGES))
        texts, labels, names = emotional(context, language)
        ours, theirs = _ngrams.judged(texts, labels)
        judged[language] = labels, ours, theirs
        row = compared(
            macro_f1,
            labels,
            ours,
            theirs,
            data=f"{_corpus(language).title}, {LANGUAGES[language]}, {len(labels):,} rows",
            name=f"macro-F1, {len(names)} emotions, five folds",
            baseline=BASELINE,
            resamples=_RESAMPLES,
        )
        context.log("language", language=language, **row)
        path = save_card(context.out, card(context, language, row))
    save_json(context.out / "together.json", together(judged))
    return path


def together(
    judged: dict[str, tuple[NDArray[Any], NDArray[Any], NDArray[Any]]],
) -> dict[str, Any]:
    """Mean macro-F1 of the languages against the baseline's, rows resampled within a language."""
    parts = list(judged.values())
    ends = np.cumsum([len(truth) for truth, _, _ in parts])
    language = np.repeat(np.arange(len(parts)), [len(truth) for truth, _, _ in parts])

    def mean(column: int, rows: NDArray[np.int64]) -> float:
        scores = []
        for number, part in enumerate(parts):
            chosen = rows[language[rows] == number] - (ends[number] - len(part[0]))
            scores.append(macro_f1(part[0][chosen], part[column][chosen]))
        return float(np.mean(scores))

    everything = np.arange(ends[-1])
    paired = paired_bootstrap(
        lambda rows: mean(1, rows),
        lambda rows: mean(2, rows),
        int(ends[-1]),
        resamples=_RESAMPLES,
    )
    return {
        "measure": "mean macro-F1 of the languages",
        "languages": {
            name: [round(macro_f1(part[0], part[column]), 4) for column in (1, 2)]
            for name, part in judged.items()
        },
        "value": round(mean(1, everything), 4),
        "baseline": {"name": BASELINE, "value": round(mean(2, everything), 4)},
        "difference": [round(v, 4) for v in (paired.value, paired.low, paired.high)],
        "p": round(paired.p, 5),
    }


def _corpus(language: str) -> Dataset:
    return XED if language == "fin" else BRIGHTER


def _items(context: Context, language: str) -> list[Item]:
    name = "fi" if language == "fin" else language
    found = [
        item
        for item in _corpus(language).items(data_root(context.root))
        if item.extra["language"] == name and item.split in ("train", "dev", "validation")
    ]
    if not found:
        raise InvalidValueError(
            f"{_corpus(language).title} holds no text of language {name!r} in the data folder; "
            "give the folder that holds it as --data"
        )
    return found


def emotional(context: Context, language: str) -> tuple[list[str], NDArray[Any], tuple[str, ...]]:
    """Texts, (N, K) labels and names as they are judged: emotions alone.

    Of XED without its neutral lines, which can be told by their commas.
    """
    items = _items(context, language)
    scheme = XED9 if language == "fin" else EKMAN7
    names = tuple(label for label in scheme.labels if label != "neutral")
    kept = [item for item in items if "neutral" not in item.labels]
    return [item.text or "" for item in kept], _indicators(kept, names), names


def _everything(context: Context, language: str) -> tuple[list[str], NDArray[Any], tuple[str, ...]]:
    """Texts, labels and names to learn from in the end: neutral among them.

    BRIGHTER's rows without a label count as neutral.
    """
    items = _items(context, language)
    if language == "fin":
        texts = [" ".join(_MARKS.sub(" ", item.text or "").split()) for item in items]
        return texts, _indicators(items, XED9.labels), XED9.labels
    labels = _indicators(items, EKMAN7.labels)
    labels[:, EKMAN7.index("neutral")] = labels.sum(axis=1) == 0
    return [item.text or "" for item in items], labels, EKMAN7.labels


def _indicators(items: Sequence[Item], names: Sequence[str]) -> NDArray[np.int64]:
    return np.array([[name in item.labels for name in names] for item in items], np.int64)


def moved(logits: NDArray[Any], slopes: NDArray[Any]) -> NDArray[np.float64]:
    """Probabilities (N, K) of logits by a slope and an offset a label."""
    return np.asarray(1 / (1 + np.exp(-(logits * slopes[:, 0] + slopes[:, 1]))))


def calibration(
    inner: NDArray[Any],
    labels: NDArray[Any],
    part: NDArray[Any],
    texts: Sequence[str],
    names: tuple[str, ...],
    title: str,
) -> list[dict[str, Any]]:
    """Rows of calibration on texts that neither the weights nor the slopes saw.

    ``inner`` (N, K) holds the answers of three folds; a fold's slopes are fitted on the answers in
    the other two. Texts that repeat are left out of the judged ones.
    """
    scores = np.zeros(inner.shape)
    for number in range(_ngrams.INNER):
        held = part == number
        scores[held] = moved(inner[held], platt(inner[~held], labels[~held]))
    folded = [" ".join(text.casefold().split()) for text in texts]
    _, first, count = np.unique(folded, return_index=True, return_counts=True)
    once = np.sort(first[count == 1])
    data = f"{title}, {len(once):,} rows of three folds, slopes fitted on the other two"
    return calibration_rows("all labels", scores[once], labels[once], names, data)


def card(context: Context, language: str, row: dict[str, Any]) -> Card:
    """Fit on every row, calibrate on answers of inner folds, export; return the card."""
    texts, labels, names = _everything(context, language)
    longest = _ngrams.longest_run(texts)
    table = _ngrams.counted(texts, longest)
    inner = np.zeros(labels.shape)
    part = np.random.default_rng(context.seed).permutation(len(texts)) % _ngrams.INNER
    for number in range(_ngrams.INNER):
        held = part == number
        model = _ngrams.fit(table[~held], labels[~held])
        inner[held] = _ngrams.logits(model, table[held])
    slopes = platt(inner, labels)
    scores = moved(inner, slopes)
    name = f"text-emotion-{language}"
    path = _ngrams.export(_ngrams.fit(table, labels), slopes, context.out / f"{name}.onnx")
    title = LANGUAGES[language]
    free = language == "fin"
    return Card(
        name=name,
        task="text.emotion",
        modality="text",
        implementation="text_ngrams",
        scheme=(XED9 if free else EKMAN7).name,
        labels=names,
        files=(weight_file("model", path),),
        preprocessing={"language": language, "longest": longest, "buckets": BUCKETS},
        thresholds=by_label(names, best_f1_thresholds(scores, labels)),
        calibration={"method": "Platt scaling of each label, on answers of three folds"},
        licence="Apache-2.0 (weights); XED's annotations are CC BY 4.0, its lines are film "
        "subtitles whose own rights are not cleared"
        if free
        else "research only: BRIGHTER's task terms forbid passing on; do not publish this file",
        commercial=free,
        training_data=(_corpus(language).citation,),
        paper=_corpus(language).citation,
        provenance=f"openaffect train {NAME}, seed {context.seed}, {machine()}",
        scores=(
            row,
            *calibration(inner, labels, part, texts, names, title),
        ),
        limits=(
            f"{title} alone; counts runs of characters and understands no sentence",
            "Negation and irony are mostly read literally",
            "Film subtitles" if free else "Short texts of a few sources",
        ),
        intended_use=("Research and interaction where people know of it and agree to it",),
        forbidden_use=FORBIDDEN,
        rank=0,
    )
