"""Facial expression from FER+ votes on 48 x 48 grey faces: a committee of two small networks.

One is EfficientNet-Lite0, fine-tuned from ImageNet on enlarged faces; the other a compact residual
network that starts from nothing and sees the faces as they are. The answer is the softmax of the
mean of their logits.

Protocol: training rows are the official Training split, less the rows without a named emotion and
less those whose pixels occur in validation. One part in twelve of them, cut by pixel digest so that
repeats stay together, chooses the epochs, the temperature and the prior correction. Validation (the
3,553 named rows of PublicTest) is looked at once, at the end. Baseline in the same run: histograms
of oriented gradients with logistic regression.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from openaffect.data import ferplus
from openaffect.metrics.calibration import expected_calibration_error
from openaffect.metrics.classification import accuracy, unweighted_average_recall
from openaffect.models import card as installed_card
from openaffect.models.store import Store
from openaffect.types import Card

from ..cards import (
    ABSTAIN_BELOW,
    FORBIDDEN,
    affect_card,
    machine,
    parity_row,
    save_card,
    weight_file,
)
from ..context import Context
from ..export import export, parity, quantise_static, run_file
from ..loop import Fit, Plan, seed_everything
from ..nets.efficientnet_lite import FIRST, EfficientNetLite, load_imagenet
from ..nets.face_resnet import FaceResNet
from ._face_report import baseline, report
from ._faces import (
    BATCH,
    CLASSES,
    Phase,
    batches,
    calibrate,
    class_log_prior,
    feeds,
    logits,
    mirrored,
    phase_of,
    soft_cross_entropy,
    split,
    standardise,
)

NAME = "face-emotion"
HELP = "face.emotion on primary8 from the FER+ votes"
BACKBONE = "efficientnet-lite0"


@dataclass(frozen=True, slots=True)
class Member:
    """One network of the committee and how it is trained."""

    name: str
    build: Callable[[Context], nn.Module]
    phases: tuple[Phase, ...]
    optimizer: Callable[[nn.Module], torch.optim.Optimizer]
    average: float
    restarts: bool = False

    @property
    def epochs(self) -> int:
        """Epochs of all phases."""
        return sum(phase.epochs for phase in self.phases)


def pretrained(context: Context) -> nn.Module:
    """Return EfficientNet-Lite0 with its ImageNet weights."""
    path = Store().fetch(installed_card(BACKBONE), "weights", progress=context.progress)
    return load_imagenet(EfficientNetLite(CLASSES), path)


def adam(net: nn.Module) -> torch.optim.Optimizer:
    """AdamW, weights decayed and norms not."""
    return torch.optim.AdamW(groups(net, 0.02), lr=1e-3)


def momentum(net: nn.Module) -> torch.optim.Optimizer:
    """SGD with Nesterov's momentum."""
    return torch.optim.SGD(groups(net, 5e-4), lr=0.1, momentum=0.9, nesterov=True)


def groups(net: nn.Module, decay: float) -> list[dict[str, Any]]:
    """Parameters that are decayed (matrices and filters) and that are not (norms and biases)."""
    return [
        {"params": [p for p in net.parameters() if p.ndim > 1], "weight_decay": decay},
        {"params": [p for p in net.parameters() if p.ndim <= 1], "weight_decay": 0.0},
    ]


MEMBERS = (
    Member(
        "pretrained",
        pretrained,
        (Phase(8, 64, 0.8, True), Phase(4, 96, 0.8, True), Phase(8, 96, 0.5, False)),
        adam,
        average=0.998,
    ),
    Member(
        "residual",
        lambda context: FaceResNet(CLASSES),
        (Phase(20, 48, 1.0, True), Phase(12, 48, 0.5, False), Phase(15, 48, 0.5, False)),
        momentum,
        average=0.999,
        restarts=True,
    ),
)


class Committee(nn.Module):
    """The mean of the members' logits."""

    def __init__(self, members: list[nn.Module]) -> None:
        super().__init__()
        self.members = nn.ModuleList(members)

    def forward(self, x: Tensor) -> Tensor:
        """(N, 1, 48, 48) standardised grey -> (N, 8) logits."""
        return torch.stack([member(x) for member in self.members]).mean(0)


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


def train(
    context: Context, member: Member, fit_rows: ferplus.FerPlus, choose_rows: ferplus.FerPlus
) -> nn.Module:
    """Train and return the member with the weights of the best epoch."""
    seed_everything(context.seed)
    net = member.build(context).to(context.device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    cycles = tuple(phase.epochs for phase in member.phases) if member.restarts else ()
    plan = Plan(
        epochs=context.epochs or member.epochs,
        cycles=() if context.epochs else cycles,
        steps=len(fit_rows) // BATCH,
        average=member.average,
        patience=12,
        clip=5.0,
    )

    def feed(epoch: int) -> Iterator[tuple[Tensor, ...]]:
        phase = phase_of(member.phases, epoch)
        if isinstance(net, EfficientNetLite):
            net.size = phase.size
        return batches(fit_rows, phase, seed=context.seed, epoch=epoch)

    def evaluate(current: nn.Module) -> dict[str, float]:
        scores = logits(current, choose_rows, context.device)
        guess = scores.argmax(axis=1)
        right = accuracy(choose_rows.label, guess)
        recall = unweighted_average_recall(choose_rows.label, guess, classes=CLASSES)
        return {"accuracy": right, "recall": recall, "monitor": (right + recall) / 2}

    Fit(net, member.optimizer(net), plan, context, name=f"{NAME}.{member.name}").run(
        feed, soft_cross_entropy, evaluate, "monitor"
    )
    if isinstance(net, EfficientNetLite):
        net.size = member.phases[-1].size
    contiguous: nn.Module = net.eval().to("cpu").to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]
    return contiguous


def run(context: Context) -> Path:
    """Train, choose, export, check parity, measure once on validation, write the card."""
    rows = split(context)
    members = [train(context, member, rows[0], rows[1]) for member in MEMBERS]
    return finish(context, Committee(members).eval(), rows)


def finish(
    context: Context,
    net: nn.Module,
    parts: tuple[ferplus.FerPlus, ferplus.FerPlus, ferplus.FerPlus],
) -> Path:
    """Choose temperature and prior, export, check parity, measure once, write the cards."""
    fit_rows, choose_rows, validation = parts
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
        full,
        context.out / f"{NAME}.onnx",
        feeds(fit_rows.images[:512]),
        keep=["/members.1/stem/", *(f"/members.0/{part}" for part in FIRST)],
    )
    floats = run_file(full, feeds(validation.images))
    scores = run_file(small, feeds(validation.images))
    with torch.no_grad():
        reference = torch.cat(
            [model(torch.from_numpy(feed["image"])) for feed in feeds(validation.images)]
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
            "EfficientNet-Lite0, where one of the two networks starts: ImageNet-1k, Apache-2.0 "
            "(weights)",
        ),
        paper="Barsoum et al., 2016, Training Deep Networks for Facial Expression Recognition with "
        "Crowd-Sourced Label Distribution, ICMI",
        provenance=f"openaffect train {NAME}, seed {context.seed}, {machine(context.device)}",
        scores=tuple(rows),
        limits=(
            "Posed and found pictures of 48 x 48 grey pixels; fear, disgust and contempt are rare",
            "Expression is not feeling; agreement between people is itself about three in four",
            "Slight expressions are read as neutral: one sad validation face in five, every second "
            "contemptuous one",
            "Not measured by age, sex or skin colour",
        ),
        intended_use=("Research and interaction where people know of it and agree to it",),
        forbidden_use=FORBIDDEN,
        rank=10,
    )
    save_card(context.out, affect_card(card, "face-affect"))
    return save_card(context.out, card)
