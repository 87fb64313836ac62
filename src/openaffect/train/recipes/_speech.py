"""What the two speech recipes share: folds by speaker, nested choice, export, measurement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from openaffect.metrics.calibration import expected_calibration_error
from openaffect.metrics.classification import unweighted_average_recall
from openaffect.models import card
from openaffect.models.store import Store

from ..cards import parity_row
from ..context import Context
from ..export import export, parity, quantise_dynamic, run_file
from ..nets.whisper_encoder import WhisperEncoder, load_encoder
from ..scores import compared
from ._speech_head import LAYERS, MINIMUM_FRAMES, Candidate, Linear, features, fit_linear

CANDIDATES = tuple(
    Candidate(layers, True, ridge)
    for layers, ridge in product(((0, 1), (0, 1, 2)), (4.0, 8.0, 16.0))
)
INNER_FOLDS = 3
MAXIMUM_FRAMES = 1000
PREPROCESSING = {
    "rate": 16000,
    "minimum_frames": MINIMUM_FRAMES,
    "maximum_frames": MAXIMUM_FRAMES,
    "window": 3.0,
    "hop": 1.5,
}
"""What the card tells the recogniser: hertz, frames of 10 ms, seconds."""
Folds = list[NDArray[np.bool_]]


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    """Features (V, N, layers, 2, 512), labels (N,) as columns of the model, speakers (N,)."""

    table: NDArray[np.float32]
    label: NDArray[np.int64]
    speaker: NDArray[Any]
    classes: tuple[int, ...]
    """The columns that the corpus knows, rising; a decision on it is taken among these."""

    def __len__(self) -> int:
        return len(self.label)


def encoder(context: Context) -> WhisperEncoder:
    """Return the frozen first layers of Whisper-base."""
    store, whisper = Store(), card("whisper-base")
    path = store.fetch(whisper, "model", progress=context.progress)
    return load_encoder(Path(path), max(LAYERS))


def corpus_features(net: WhisperEncoder, name: str, clips: Any, context: Context) -> NDArray[Any]:
    """Return the features of a corpus, kept in the run's folder for a resumed run."""
    path = context.out / f"{name}.features.npy"
    if context.resume and path.is_file():
        return np.asarray(np.load(path, allow_pickle=False))
    table = features(net, clips, context.progress)
    temporary = context.out / f"{name}.part.npy"
    np.save(temporary, table)
    temporary.replace(path)
    return table


def speaker_folds(speaker: NDArray[Any], count: int) -> Folds:
    """Masks of ``count`` folds of whole speakers, in the order of their names."""
    names = np.unique(speaker)
    return [np.isin(speaker, part) for part in np.array_split(names, count)]


def margins(
    corpora: Sequence[Corpus],
    train: Sequence[NDArray[np.bool_]],
    test: tuple[Corpus, NDArray[np.bool_]],
    candidate: Candidate,
    classes: int,
) -> NDArray[np.float64]:
    """Fit on the masked rows of the corpora; return the margins of the test rows."""
    corpus, rows = test
    model = fit(corpora, train, candidate, classes)
    return model.margins(candidate.columns(corpus.table[0][rows]))


def fit(
    corpora: Sequence[Corpus],
    train: Sequence[NDArray[np.bool_]],
    candidate: Candidate,
    classes: int,
) -> Linear:
    """Fit the classifier on the masked rows of the corpora."""
    tables = [candidate.columns(c.table[:, rows]) for c, rows in zip(corpora, train, strict=True)]
    labels = np.concatenate([c.label[rows] for c, rows in zip(corpora, train, strict=True)])
    versions = list(np.concatenate(tables, axis=1))
    return fit_linear(versions, labels, classes, candidate.ridge)


def decide(scores: NDArray[Any], corpus: Corpus) -> NDArray[np.int64]:
    """Return the best column among those that the corpus knows."""
    known = np.array(corpus.classes)
    return known[scores[:, known].argmax(axis=1)]


def choose(
    corpora: Sequence[Corpus], train: Sequence[NDArray[np.bool_]], target: int, classes: int
) -> tuple[Candidate, float]:
    """Return the candidate, and the temperature, that do best on inner speaker folds.

    Only rows under ``train`` are used; the target corpus' rows are left out a third of the speakers
    at a time.
    """
    corpus, rows = corpora[target], np.flatnonzero(train[target])
    best: tuple[float, Candidate, NDArray[Any]] | None = None
    for candidate in CANDIDATES:
        found = np.zeros((len(rows), classes))
        for fold in speaker_folds(corpus.speaker[rows], INNER_FOLDS):
            inner = [mask.copy() for mask in train]
            inner[target][rows[fold]] = False
            held = np.zeros(len(corpus), bool)
            held[rows[fold]] = True
            found[fold] = margins(corpora, inner, (corpus, held), candidate, classes)
        recall = recall_of(corpus.label[rows], decide(found, corpus))
        if best is None or recall > best[0]:
            best = (recall, candidate, found)
    assert best is not None
    return best[1], temperature_of(best[2], corpus, rows)


def temperature_of(found: NDArray[Any], corpus: Corpus, rows: NDArray[Any]) -> float:
    """Return the scale of the margins that gives the lowest calibration error."""
    known = np.array(corpus.classes)
    truth = np.searchsorted(known, corpus.label[rows])

    def error(scale: float) -> float:
        return expected_calibration_error(softmax(found[:, known] * scale), truth)

    return float(min(np.arange(2.0, 20.1, 0.5), key=error))


def softmax(logits: NDArray[Any]) -> NDArray[np.float64]:
    """Rows of logits to distributions."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def recall_of(truth: NDArray[Any], guess: NDArray[Any]) -> float:
    """Unweighted average recall over the classes that occur."""
    return unweighted_average_recall(truth, guess, classes=int(max(truth.max(), guess.max())) + 1)


def nested(
    corpora: Sequence[Corpus], target: int, folds: Folds, classes: int, context: Context
) -> tuple[NDArray[np.float64], list[str]]:
    """Outer folds over the target's speakers, everything chosen inside the training part.

    Returns probabilities (N, K) of the target's rows and what was chosen in each fold.
    """
    corpus = corpora[target]
    scores = np.zeros((len(corpus), classes))
    chosen = []
    for index, test in enumerate(folds):
        train = [np.ones(len(c), bool) for c in corpora]
        train[target] = ~test
        candidate, scale = choose(corpora, train, target, classes)
        found = margins(corpora, train, (corpus, test), candidate, classes)
        scores[test] = softmax(found * scale)
        chosen.append(f"{candidate} scale {scale}")
        context.progress("nested folds", index + 1, len(folds))
    return scores, chosen


def baseline(corpus: Corpus, folds: Folds) -> NDArray[np.int64]:
    """Predictions of the mean of layer 3 with logistic regression (C = 0.01), on the same folds."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    rows = corpus.table[0][:, LAYERS.index(3), 0]
    guess = np.zeros(len(corpus), np.int64)
    for test in folds:
        model = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=500))
        model.fit(rows[~test], corpus.label[~test])
        guess[test] = model.predict(rows[test])
    return guess


def report(
    data: str, corpus: Corpus, scores: NDArray[Any], other: NDArray[Any]
) -> list[dict[str, Any]]:
    """The card's score rows: unweighted average recall with interval, baseline, difference."""
    known, truth = np.array(corpus.classes), corpus.label
    restricted = scores[:, known] / scores[:, known].sum(axis=1, keepdims=True)
    error = expected_calibration_error(restricted, np.searchsorted(known, truth))
    return [
        compared(
            recall_of,
            truth,
            decide(scores, corpus),
            other,
            data=data,
            name="unweighted average recall",
            baseline="frozen layer 3, mean + logistic regression",
        ),
        {
            "data": data,
            "measure": "expected calibration error, 15 equal-mass bins",
            "value": round(error, 4),
        },
    ]


def keep_nested(
    context: Context, name: str, protocol: str, corpus: Corpus, scores: NDArray[Any]
) -> None:
    """Leave the nested answers for ``openaffect benchmark calibration --nested``.

    The weights that ship learn every row, so nothing else can tell whether they are calibrated.
    """
    known = np.array(corpus.classes)
    restricted = scores[:, known] / scores[:, known].sum(axis=1, keepdims=True)
    np.savez(
        context.out / f"{name}.{protocol}.nested.npz",
        scores=restricted,
        truth=np.searchsorted(known, corpus.label),
        groups=corpus.speaker.astype(str),
    )


class SpeechClassifier(nn.Module):
    """Log-mel (N, 80, F) to probabilities (N, K): what is exported."""

    weight: Tensor
    offset: Tensor

    def __init__(
        self, net: WhisperEncoder, candidate: Candidate, model: Linear, scale: float
    ) -> None:
        super().__init__()
        depth = max(LAYERS[index] for index in candidate.layers)
        self.net = net
        self.net.layers = net.layers[:depth]
        self.net.positions = net.positions[: MAXIMUM_FRAMES // 2].clone()
        self.picked = [LAYERS[index] - 1 for index in candidate.layers]
        self.deviation = candidate.deviation
        weight = model.weight / model.deviation[:, None] * scale
        offset = (model.offset - model.mean / model.deviation @ model.weight) * scale
        self.register_buffer("weight", torch.tensor(weight, dtype=torch.float32))
        self.register_buffer("offset", torch.tensor(offset, dtype=torch.float32))

    def forward(self, mel: Tensor) -> Tensor:
        """Return the probabilities."""
        outputs = self.net(mel)
        parts = []
        for index in self.picked:
            mean = outputs[index].mean(1)
            parts.append(mean)
            if self.deviation:
                spread = (outputs[index] - mean.unsqueeze(1)).pow(2).mean(1)
                parts.append(spread.clamp_min(1e-12).sqrt())
        # The last step is written as a sum so that quantisation leaves it in float32.
        rows = torch.cat(parts, 1)
        return torch.softmax((rows.unsqueeze(2) * self.weight).sum(1) + self.offset, 1)


def export_speech(
    model: SpeechClassifier, context: Context, name: str, mels: Iterable[NDArray[np.float32]]
) -> tuple[Path, list[dict[str, Any]]]:
    """Write float32 and int8 files; return the int8 one and the parity rows over ``mels``."""
    heard = [mel[None, :, :MAXIMUM_FRAMES] for mel in mels]
    full = export(
        model.eval(),
        [torch.from_numpy(heard[0])],
        context.out / f"{name}.float32.onnx",
        inputs=["mel"],
        outputs=["scores"],
        dynamic={"mel": {0: "n", 2: "frames"}, "scores": {0: "n"}},
    )
    small = quantise_dynamic(full, context.out / f"{name}.onnx")
    feeds = [{"mel": mel} for mel in heard]
    with torch.no_grad():
        reference = np.concatenate([model(torch.from_numpy(mel)).numpy() for mel in heard])
    floats, integers = run_file(full, feeds), run_file(small, feeds)
    return small, [
        dict(parity_row("torch to ONNX float32", parity(reference, floats))),
        dict(parity_row("float32 to int8", parity(floats, integers))),
    ]


def fit_everyone(
    net: WhisperEncoder,
    corpora: list[Corpus],
    classes: int,
    context: Context,
    name: str,
    mels: Iterable[NDArray[np.float32]],
) -> tuple[Path, list[dict[str, Any]]]:
    """Choose as in the folds, fit on all speakers, export: the file that ships and its parity."""
    everyone = [np.ones(len(corpus), bool) for corpus in corpora]
    candidate, scale = choose(corpora, everyone, 0, classes)
    context.log("final", candidate=str(candidate), scale=scale)
    head = fit(corpora, everyone, candidate, classes)
    return export_speech(SpeechClassifier(net, candidate, head, scale), context, name, mels)
