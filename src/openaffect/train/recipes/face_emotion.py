"""Facial expression from FER+ votes: a compact residual network on 48 x 48 grey faces.

Protocol: training rows are the official Training split, less the rows without a named emotion and
less those whose pixels occur in validation. One part in twelve of them, cut by pixel digest so that
repeats stay together, chooses the epoch, the temperature and the prior correction. Validation (the
3,553 named rows of PublicTest) is looked at once, at the end. Baseline in the same run: histograms
of oriented gradients with logistic regression.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ...data import ferplus
from ...metrics.calibration import expected_calibration_error
from ...metrics.classification import (
    accuracy,
    recall_per_class,
    unweighted_average_recall,
)
from ...types import Card
from ..augment import augment_faces
from ..cards import ABSTAIN_BELOW, FORBIDDEN, machine, parity_row, save_card, weight_file
from ..context import Context
from ..export import export, parity, quantise_static, run_file
from ..loop import Fit, Plan, seed_everything
from ..nets.face_resnet import FaceResNet
from ..scores import compared
from ._histograms import histogram_features

NAME = "face-emotion"
HELP = "face.emotion on primary8 from the FER+ votes"
CYCLES = (20, 12)
"""Epochs of the two cycles of the learning rate; the second sees no mixed faces and is augmented
half as strongly."""
BATCH = 128
CLASSES = len(ferplus.SCHEME)
RARE_POWER = 0.35
"""Rows are drawn with probability proportional to (class frequency) ** -RARE_POWER."""


def prepare(images: NDArray[np.uint8]) -> Tensor:
    """(N, 48, 48) uint8 -> (N, 1, 48, 48) in [0, 1]."""
    return torch.from_numpy(images).unsqueeze(1).float() / 255


def standardise(images: Tensor) -> Tensor:
    """Give each face zero mean and unit deviation (floored at 1/20 of the full range)."""
    mean = images.mean((1, 2, 3), keepdim=True)
    deviation = images.std((1, 2, 3), keepdim=True, unbiased=False).clamp_min(0.05)
    return (images - mean) / deviation


def mirrored(net: nn.Module, images: Tensor) -> Tensor:
    """Mean of the logits of each face and of its mirror image."""
    straight: Tensor = net(images)
    return (straight + net(images.flip(3))) / 2


class Classifier(nn.Module):
    """Faces in [0, 1] to probabilities: what is exported."""

    shift: Tensor

    def __init__(self, net: nn.Module, temperature: float, shift: NDArray[np.float64]) -> None:
        super().__init__()
        self.net, self.temperature = net, temperature
        self.register_buffer("shift", torch.tensor(shift, dtype=torch.float32))

    def forward(self, image: Tensor) -> Tensor:
        """(N, 1, 48, 48) grey in [0, 1] -> (N, 8) probabilities."""
        logits = mirrored(self.net, standardise(image))
        return torch.softmax(logits / self.temperature + self.shift, 1)


def vote_targets(faces: ferplus.FerPlus) -> NDArray[np.float32]:
    """Vote shares without single outlying votes, as Barsoum et al. treat them."""
    counts = np.round(faces.distribution * faces.votes[:, :8].sum(1, keepdims=True))
    kept = np.where((counts > 1) | (counts.max(1, keepdims=True) <= 1), counts, 0)
    return (kept / kept.sum(axis=1, keepdims=True)).astype(np.float32)


def split(context: Context) -> tuple[ferplus.FerPlus, ferplus.FerPlus, ferplus.FerPlus]:
    """Return (fit, choose, validation) rows."""
    train = ferplus.load("train", root=context.root)
    validation = ferplus.load("validation", root=context.root)
    train = train.select(train.named & ~np.isin(train.digest, validation.digest))
    validation = validation.select(validation.named)
    bucket = np.array([int(digest[:8], 16) % 12 for digest in train.digest])
    return train.select(bucket != 0), train.select(bucket == 0), validation


def batches(faces: ferplus.FerPlus, seed: int, epoch: int) -> Iterator[tuple[Tensor, ...]]:
    """Draw one epoch: rare classes more often, augmented, half of the batches mixed."""
    generator = torch.Generator().manual_seed(seed * 1000 + epoch)
    frequency = np.bincount(faces.label, minlength=CLASSES) / len(faces)
    weight = torch.tensor(frequency[faces.label] ** -RARE_POWER)
    rows = torch.multinomial(weight, len(faces), replacement=True, generator=generator)
    images, targets = prepare(faces.images), torch.from_numpy(vote_targets(faces))
    for start in range(0, len(rows) - BATCH + 1, BATCH):
        picked = rows[start : start + BATCH]
        seen = augment_faces(images[picked], generator, 1.0 if epoch < CYCLES[0] else 0.5)
        wanted = targets[picked]
        if epoch < CYCLES[0] and torch.rand(1, generator=generator) < 0.5:
            other = torch.randperm(BATCH, generator=generator)
            share = 0.7 + 0.3 * float(torch.rand(1, generator=generator))
            seen = share * seen + (1 - share) * seen[other]
            wanted = share * wanted + (1 - share) * wanted[other]
        yield standardise(seen).contiguous(memory_format=torch.channels_last), wanted


def soft_cross_entropy(net: nn.Module, batch: tuple[Tensor, ...]) -> Tensor:
    """Cross-entropy against the vote shares."""
    images, targets = batch
    return -(targets * net(images).float().log_softmax(1)).sum(1).mean()


@torch.no_grad()
def logits(net: nn.Module, faces: ferplus.FerPlus, device: str = "cpu") -> NDArray[np.float32]:
    """(N, 8) mirrored logits."""
    net.eval()
    parts = [
        mirrored(net, standardise(prepare(faces.images[start : start + 256])).to(device)).cpu()
        for start in range(0, len(faces), 256)
    ]
    return torch.cat(parts).numpy()


def train(context: Context, fit_rows: ferplus.FerPlus, choose_rows: ferplus.FerPlus) -> FaceResNet:
    """Train and return the network with the weights of the best epoch."""
    seed_everything(context.seed)
    net = FaceResNet(CLASSES).to(context.device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    decay = [p for p in net.parameters() if p.ndim > 1]
    plain = [p for p in net.parameters() if p.ndim <= 1]
    optimizer = torch.optim.SGD(
        [{"params": decay, "weight_decay": 5e-4}, {"params": plain, "weight_decay": 0.0}],
        lr=0.1,
        momentum=0.9,
        nesterov=True,
    )
    plan = Plan(
        epochs=context.epochs or sum(CYCLES),
        cycles=() if context.epochs else CYCLES,
        steps=len(fit_rows) // BATCH,
        average=0.999,
        patience=12,
        clip=5.0,
    )

    def evaluate(current: nn.Module) -> dict[str, float]:
        scores = logits(current, choose_rows, context.device)
        guess = scores.argmax(axis=1)
        right = accuracy(choose_rows.label, guess)
        recall = unweighted_average_recall(choose_rows.label, guess, classes=CLASSES)
        return {"accuracy": right, "recall": recall, "monitor": (right + recall) / 2}

    Fit(net, optimizer, plan, context, name=NAME).run(
        lambda epoch: batches(fit_rows, context.seed, epoch),
        soft_cross_entropy,
        evaluate,
        "monitor",
    )
    return net


def calibrate(scores: NDArray[np.float32], faces: ferplus.FerPlus) -> tuple[float, float]:
    """Return (temperature, prior power) chosen on ``faces``.

    The power moves the decision towards rare classes, logits - power * log(prior). Of the powers
    whose accuracy is within one standard error of the highest (the rule of Breiman et al., 1984),
    it is the one with the highest unweighted average recall; the temperature then gives the lowest
    top-label calibration error.
    """
    log_prior = class_log_prior(faces)
    powers = [float(power) for power in np.arange(-5, 6) / 10]
    guesses = {power: (scores - power * log_prior).argmax(axis=1) for power in powers}
    right = {power: accuracy(faces.label, guess) for power, guess in guesses.items()}
    highest = max(right.values())
    slack = np.sqrt(highest * (1 - highest) / len(faces))
    power = max(
        (power for power in powers if right[power] >= highest - slack),
        key=lambda power: unweighted_average_recall(faces.label, guesses[power], classes=CLASSES),
    )

    def error(temperature: float) -> float:
        return expected_calibration_error(
            probabilities(scores, temperature, power, log_prior), faces.label
        )

    return float(min(np.arange(0.4, 2.01, 0.05), key=error)), power


def class_log_prior(faces: ferplus.FerPlus) -> NDArray[np.float64]:
    """Log share of each class, mean removed."""
    counts = np.bincount(faces.label, minlength=CLASSES) + 1.0
    log_prior = np.log(counts / counts.sum())
    return log_prior - log_prior.mean()


def probabilities(
    scores: NDArray[Any], temperature: float, power: float, log_prior: NDArray[Any]
) -> NDArray[np.float64]:
    """Softmax of the corrected logits."""
    z = (scores - power * log_prior) / temperature
    z = np.exp(z - z.max(axis=1, keepdims=True))
    return z / z.sum(axis=1, keepdims=True)


def baseline(fit_rows: ferplus.FerPlus, validation: ferplus.FerPlus) -> NDArray[np.int64]:
    """Predictions of HOG + logistic regression on the validation rows."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=300))
    model.fit(histogram_features(fit_rows.images), fit_rows.label)
    return np.asarray(model.predict(histogram_features(validation.images)))


def report(guess: NDArray[Any], other: NDArray[Any], truth: NDArray[Any]) -> list[dict[str, Any]]:
    """Return the card's score rows: accuracy, average recall, recall of each class."""
    data = "FER+ validation (PublicTest), 3,553 named rows"

    def recall_of(right: NDArray[Any], found: NDArray[Any]) -> float:
        return unweighted_average_recall(right, found, classes=CLASSES)

    rows = [
        compared(
            measure, truth, guess, other, data=data, name=name, baseline="HOG + logistic regression"
        )
        for name, measure in (("accuracy", accuracy), ("unweighted average recall", recall_of))
    ]
    recall = recall_per_class(truth, guess, classes=CLASSES)
    rows.append(
        {
            "data": data,
            "measure": "recall per class",
            "value": {
                n: round(float(v), 3) for n, v in zip(ferplus.SCHEME.labels, recall, strict=True)
            },
        }
    )
    return rows


def run(context: Context) -> Path:
    """Train, choose, export, check parity, measure once on validation, write the card."""
    fit_rows, choose_rows, validation = split(context)
    net = train(context, fit_rows, choose_rows).eval().to("cpu")
    net = net.to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]
    chosen = logits(net, choose_rows)
    temperature, power = calibrate(chosen, choose_rows)
    log_prior = class_log_prior(choose_rows)
    context.log("chosen", temperature=temperature, prior_power=power)
    model = Classifier(net, temperature, -power * log_prior / temperature).eval()
    full = export(
        model,
        [torch.rand(2, 1, 48, 48)],
        context.out / f"{NAME}.float32.onnx",
        inputs=["image"],
        outputs=["scores"],
        dynamic={"image": {0: "n"}, "scores": {0: "n"}},
    )
    small = quantise_static(
        full, context.out / f"{NAME}.onnx", feeds(fit_rows.select(np.arange(512)))
    )
    floats = run_file(full, feeds(validation))
    scores = run_file(small, feeds(validation))
    with torch.no_grad():
        reference = torch.cat(
            [model(torch.from_numpy(feed["image"])) for feed in feeds(validation)]
        ).numpy()
    rows = report(scores.argmax(axis=1), baseline(fit_rows, validation), validation.label)
    rows.append(
        {
            "data": rows[0]["data"],
            "measure": "expected calibration error, 15 equal-mass bins",
            "value": round(expected_calibration_error(scores, validation.label), 4),
        }
    )
    rows.append(dict(parity_row("torch to ONNX float32", parity(reference, floats))))
    rows.append(dict(parity_row("float32 to int8", parity(floats, scores))))
    card = Card(
        name=NAME,
        task="face.emotion",
        modality="face",
        implementation="face_emotion",
        scheme=ferplus.SCHEME.name,
        labels=ferplus.SCHEME.labels,
        files=(weight_file("model", small),),
        preprocessing={"size": 48, "mean": 0.0, "std": 1.0, "colour": "grey"},
        calibration={
            "abstain_below": ABSTAIN_BELOW,
            "temperature_in_graph": temperature,
            "prior_power_in_graph": power,
        },
        licence="Apache-2.0 (weights); trained on FER2013 pictures whose rights are unresolved",
        commercial=True,
        training_data=(
            "FER+ training split: labels MIT (Microsoft), FER2013 pictures from the web",
        ),
        paper="Barsoum et al., 2016, Training Deep Networks for Facial Expression Recognition with "
        "Crowd-Sourced Label Distribution, ICMI",
        provenance=f"openaffect train {NAME}, seed {context.seed}, {machine()}",
        scores=tuple(rows),
        limits=(
            "Posed and found pictures of 48 x 48 grey pixels; fear, disgust and contempt are rare",
            "Expression is not feeling; agreement between people is itself about three in four",
            "Not measured by age, sex or skin colour",
        ),
        intended_use=("Research and interaction where people know of it and agree to it",),
        forbidden_use=FORBIDDEN,
        rank=10,
    )
    save_card(context.out, affect_card(card))
    return save_card(context.out, card)


def affect_card(emotion: Card) -> Card:
    """The card of valence and arousal, which are derived from the same network's answers."""
    return replace(
        emotion,
        name="face-affect",
        task="face.affect",
        implementation="face_affect",
        scheme="valence-arousal",
        labels=("valence", "arousal"),
        preprocessing={**emotion.preprocessing, "emotions": list(emotion.labels)},
        calibration={},
        scores=(),
        paper="Russell and Mehrabian, 1977, Evidence for a three-factor theory of emotions, "
        "Journal of Research in Personality 11(3)",
        limits=(
            "Derived: the mean of published places of the emotions, weighed by their probability; "
            "not measured on the face and not validated against ratings",
            *emotion.limits,
        ),
    )


def feeds(faces: ferplus.FerPlus) -> list[dict[str, NDArray[np.float32]]]:
    """Batches of 64 as the exported file reads them."""
    images = (faces.images[:, None] / 255).astype(np.float32)
    return [{"image": images[start : start + 64]} for start in range(0, len(images), 64)]
