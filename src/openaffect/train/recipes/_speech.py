"""What the two speech recipes share: folds by speaker, nested choice, export, measurement."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from openaffect.metrics.calibration import expected_calibration_error, risk_coverage_area
from openaffect.metrics.classification import unweighted_average_recall
from openaffect.models import card
from openaffect.models.store import Store
from openaffect.recognize._base import softmax

from ..cards import ABSTAIN_BELOW, parity_row
from ..context import Context
from ..export import export, parity, quantise_dynamic, run_file
from ..nets.whisper_encoder import WhisperEncoder, load_encoder
from ..scores import compared
from . import _speech_known
from ._speech_head import (
    LAYERS,
    MINIMUM_FRAMES,
    Candidate,
    Linear,
    features,
    fit_ridges,
    loud_frames,
    statistics,
)

FAMILIES = (((0, 1), 2), ((0, 1, 2), 4))
"""Layers by their place in ``LAYERS`` with how many statistics of each."""
RIDGES = (4.0, 8.0, 16.0)
KNOWN_CLIPS = 10
"""Other clips of a speaker that are known in one of the rows of :func:`report_known`."""
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
    """Features (V, N, layers, 4, 512), labels (N,) as columns of the model, speakers (N,)."""

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
    return _fitted(corpora, train, candidate, classes, (candidate.ridge,))[0]


def _fitted(
    corpora: Sequence[Corpus],
    train: Sequence[NDArray[np.bool_]],
    family: Candidate,
    classes: int,
    ridges: Sequence[float],
) -> list[Linear]:
    tables = [family.columns(c.table[:, rows]) for c, rows in zip(corpora, train, strict=True)]
    labels = np.concatenate([c.label[rows] for c, rows in zip(corpora, train, strict=True)])
    versions = list(np.concatenate(tables, axis=1))
    return fit_ridges(versions, labels, classes, ridges)


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
    for layers, count in FAMILIES:
        family = Candidate(layers, count, RIDGES[0])
        found = np.zeros((len(RIDGES), len(rows), classes))
        for fold in speaker_folds(corpus.speaker[rows], INNER_FOLDS):
            inner = [mask.copy() for mask in train]
            inner[target][rows[fold]] = False
            held = family.columns(corpus.table[0][rows[fold]])
            for place, model in enumerate(_fitted(corpora, inner, family, classes, RIDGES)):
                found[place, fold] = model.margins(held)
        for ridge, given in zip(RIDGES, found, strict=True):
            recall = recall_of(corpus.label[rows], decide(given, corpus))
            if best is None or recall > best[0]:
                best = (recall, Candidate(layers, count, ridge), given)
    assert best is not None
    return best[1], temperature_of(best[2], corpus, rows)


def temperature_of(found: NDArray[Any], corpus: Corpus, rows: NDArray[Any]) -> float:
    """Return the scale of the margins that gives the lowest calibration error."""
    known = np.array(corpus.classes)
    truth = np.searchsorted(known, corpus.label[rows])

    def error(scale: float) -> float:
        return expected_calibration_error(softmax(found[:, known] * scale), truth)

    return float(min(np.arange(2.0, 20.1, 0.5), key=error))


def recall_of(truth: NDArray[Any], guess: NDArray[Any]) -> float:
    """Unweighted average recall over the classes that occur."""
    return unweighted_average_recall(truth, guess, classes=int(max(truth.max(), guess.max())) + 1)


def nested(
    corpora: Sequence[Corpus],
    target: int,
    folds: Folds,
    classes: int,
    context: Context,
    *,
    choice: tuple[Candidate, float] | None = None,
) -> tuple[NDArray[np.float64], list[tuple[Candidate, float]]]:
    """Outer folds over the target's speakers, everything chosen inside the training part.

    ``choice``: what was chosen elsewhere, on rows that are not the target's; None to choose here.
    Returns probabilities (N, K) of the target's rows, and the candidate and scale of each fold.
    """
    corpus = corpora[target]
    scores = np.zeros((len(corpus), classes))
    chosen = []
    for index, test in enumerate(folds):
        train = [np.ones(len(c), bool) for c in corpora]
        train[target] = ~test
        candidate, scale = choice or choose(corpora, train, target, classes)
        found = margins(corpora, train, (corpus, test), candidate, classes)
        scores[test] = softmax(found * scale)
        chosen.append((candidate, scale))
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


def report_known(
    data: str,
    corpora: Sequence[Corpus],
    target: int,
    folds: Folds,
    classes: int,
    plain: tuple[NDArray[np.float64], Sequence[tuple[Candidate, float]]],
) -> list[dict[str, Any]]:
    """The score rows with the speaker's other clips known, unlabelled, beside those without.

    plain: what :func:`nested` gave for the same folds; its choices are taken over.
    """
    corpus, (scores, chosen) = corpora[target], plain
    asked = (None, KNOWN_CLIPS)
    candidates = [candidate for candidate, _ in chosen]
    found = _speech_known.nested_known(corpora, target, folds, candidates, classes, clips=asked)
    return [
        compared(
            recall_of,
            corpus.label,
            decide(margins, corpus),
            decide(scores, corpus),
            data=f"{data}; {'all' if count is None else count} other clips of the speaker known, "
            "without their labels",
            name="unweighted average recall, speaker known",
            baseline="the same without known clips",
        )
        for count, margins in zip(asked, found, strict=True)
    ]


def report_abstaining(data: str, corpus: Corpus, scores: NDArray[Any]) -> list[dict[str, Any]]:
    """The score rows of abstention at the shipped threshold: share answered, recall among it."""
    known = np.array(corpus.classes)
    restricted = scores[:, known] / scores[:, known].sum(axis=1, keepdims=True)
    truth = np.searchsorted(known, corpus.label)
    answered = restricted.max(axis=1) >= ABSTAIN_BELOW
    right = restricted.argmax(axis=1) == truth
    return [
        {
            "data": data,
            "measure": f"coverage where the best label has {ABSTAIN_BELOW} or more",
            "value": round(float(answered.mean()), 4),
        },
        {
            "data": data,
            "measure": f"risk (share wrong) where the best label has {ABSTAIN_BELOW} or more",
            "value": round(float(1 - right[answered].mean()) if answered.any() else 0.0, 4),
            "without abstaining": round(float(1 - right.mean()), 4),
        },
        {
            "data": data,
            "measure": "risk-coverage area",
            "value": round(risk_coverage_area(restricted, truth), 4),
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


@dataclass(frozen=True, slots=True, eq=False)
class Beside:
    """What else a network answers beside ``scores``, from the statistics of its own layers.

    name: of the output. layers: by their place in the encoder, from 0. statistics: how many of
    each. weight, offset: (D, K) and (K,), applied as ``rows @ weight + offset``. squashed: whether
    the logistic function makes a probability of it.
    """

    name: str
    layers: tuple[int, ...]
    statistics: int
    weight: NDArray[Any]
    offset: NDArray[Any]
    squashed: bool = False


class SpeechClassifier(nn.Module):
    """Log-mel (N, 80, F) to probabilities (N, K), statistics (N, D) and more: what is exported."""

    weight: Tensor
    offset: Tensor

    def __init__(
        self,
        net: WhisperEncoder,
        candidate: Candidate,
        model: Linear,
        scale: float,
        beside: Sequence[Beside] = (),
    ) -> None:
        super().__init__()
        self.picked = [LAYERS[index] - 1 for index in candidate.layers]
        self.beside = tuple(beside)
        depth = max([*self.picked, *(layer for item in self.beside for layer in item.layers)]) + 1
        self.net = net
        self.net.layers = net.layers[:depth]
        self.net.positions = net.positions[: MAXIMUM_FRAMES // 2].clone()
        self.count = candidate.statistics
        weight = model.weight / model.deviation[:, None] * scale
        offset = (model.offset - model.mean / model.deviation @ model.weight) * scale
        self._keep("", weight, offset)
        for item in self.beside:
            self._keep(f"{item.name}_", item.weight, item.offset)

    @property
    def outputs(self) -> list[str]:
        """The names of what :meth:`forward` returns."""
        return ["scores", "statistics", *(item.name for item in self.beside)]

    def forward(self, mel: Tensor) -> tuple[Tensor, ...]:
        """Return the probabilities, the statistics they come from, and what stands beside."""
        outputs = self.net(mel)
        loud = loud_frames(mel)
        rows = self._rows(outputs, loud, self.picked, self.count)
        answers = [torch.softmax(self._applied("", rows), 1), rows]
        for item in self.beside:
            own = self._rows(outputs, loud, item.layers, item.statistics)
            answer = self._applied(f"{item.name}_", own)
            answers.append(torch.sigmoid(answer) if item.squashed else answer)
        return tuple(answers)

    def _rows(
        self, outputs: Sequence[Tensor], loud: Tensor, layers: Iterable[int], count: int
    ) -> Tensor:
        parts = [statistics(outputs[index], loud)[:, :count] for index in layers]
        return torch.stack(parts, 1).flatten(1)

    def _keep(self, name: str, weight: NDArray[Any], offset: NDArray[Any]) -> None:
        self.register_buffer(f"{name}weight", torch.tensor(weight, dtype=torch.float32))
        self.register_buffer(f"{name}offset", torch.tensor(offset, dtype=torch.float32))

    def _applied(self, name: str, rows: Tensor) -> Tensor:
        # Written as a sum so that quantisation leaves it in float32.
        weight, offset = getattr(self, f"{name}weight"), getattr(self, f"{name}offset")
        applied: Tensor = (rows.unsqueeze(2) * weight).sum(1) + offset
        return applied


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
        outputs=model.outputs,
        dynamic={"mel": {0: "n", 2: "frames"}, **{name: {0: "n"} for name in model.outputs}},
    )
    small = quantise_dynamic(full, context.out / f"{name}.onnx")
    feeds = [{"mel": mel} for mel in heard]
    with torch.no_grad():
        reference = np.concatenate([model(torch.from_numpy(mel))[0].numpy() for mel in heard])
    floats, integers = run_file(full, feeds), run_file(small, feeds)
    return small, [
        dict(parity_row("torch to ONNX float32", parity(reference, floats))),
        dict(parity_row("float32 to int8", parity(floats, integers))),
    ]


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """What ships: the network's file, the head for known speakers, and the parity rows."""

    network: Path
    known: Path
    parity: list[dict[str, Any]]


def fit_everyone(
    net: WhisperEncoder,
    corpora: list[Corpus],
    classes: int,
    context: Context,
    name: str,
    mels: Iterable[NDArray[np.float32]],
    beside: Callable[[Candidate], Sequence[Beside]] = lambda chosen: (),
) -> Made:
    """Choose as in the folds, fit on all speakers, export: the files that ship and their parity.

    ``beside`` gives what else the network answers, once the layers are chosen.
    """
    everyone = [np.ones(len(corpus), bool) for corpus in corpora]
    candidate, scale = choose(corpora, everyone, 0, classes)
    context.log("final", candidate=str(candidate), scale=scale)
    head = fit(corpora, everyone, candidate, classes)
    known = _speech_known.write(
        context.out / f"{name}.known.npz", corpora, candidate, classes, scale
    )
    network = SpeechClassifier(net, candidate, head, scale, beside(candidate))
    small, parity = export_speech(network, context, name, mels)
    return Made(small, known, parity)
