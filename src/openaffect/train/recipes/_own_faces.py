"""EfficientNet-Lite0 fine-tuned on a user's own pictures of faces."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from openaffect.data._content import picture_of
from openaffect.data._dataset import Item
from openaffect.metrics.classification import unweighted_average_recall
from openaffect.models import card
from openaffect.models.store import Store
from openaffect.preprocess.face_histograms import histogram_features
from openaffect.recognize.face_emotion import grey
from openaffect.types import WeightsUnavailableError

from ..augment import augment_faces
from ..cards import parity_row, weight_file
from ..context import Context
from ..export import export, parity, quantise_static, run_file
from ..loop import Fit, Plan, seed_everything
from ..nets.efficientnet_lite import FIRST, EfficientNetLite, load_imagenet
from ._faces import feeds, mirrored, prepare, soft_cross_entropy, standardise
from ._own import Made, Own, Part, one_hot

BACKBONE = "efficientnet-lite0"
SIZE = 48
LARGEST_CROP = 120
"""Pixels: a larger picture is taken for a photograph, in which the face is looked for."""
EPOCHS = 8
BATCH = 32


class Answer(nn.Module):
    """Faces in [0, 1] to probabilities: what is exported."""

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net

    def forward(self, image: Tensor) -> Tensor:
        """(N, 1, 48, 48) grey in [0, 1] -> (N, K)."""
        return torch.softmax(mirrored(self.net, standardise(image)), 1)


def make(context: Context, own: Own, name: str) -> Made:
    """Fine-tune, export, decide on the held faces."""
    see = Cropper(context)
    pixels = {
        part: np.stack([see(item) for item in getattr(own, part).items])
        for part in ("fit", "choose", "held")
    }
    answer = Answer(train(context, own, pixels)).eval()
    full = export(
        answer,
        [torch.rand(2, 1, SIZE, SIZE)],
        context.out / f"{name}.float32.onnx",
        inputs=["image"],
        outputs=["scores"],
        dynamic={"image": {0: "n"}, "scores": {0: "n"}},
    )
    # The quantiser wants batches of one size: few faces are shown to it again.
    shown = np.resize(pixels["fit"], (256, SIZE, SIZE))
    small = quantise_static(full, context.out / f"{name}.onnx", feeds(shown), keep=FIRST)
    floats, scores = run_file(full, feeds(pixels["held"])), run_file(small, feeds(pixels["held"]))
    classes = len(own.scheme)
    return Made(
        files=(weight_file("model", small),),
        held=one_hot(scores.argmax(axis=1), classes),
        baseline=baseline(own.fit, pixels, classes),
        baseline_name="HOG + logistic regression",
        parity=[dict(parity_row("float32 to int8", parity(floats, scores)))],
        preprocessing={"size": SIZE, "mean": 0.0, "std": 1.0, "colour": "grey"},
        source="fine-tuned from EfficientNet-Lite0 (Apache-2.0; ImageNet)",
    )


class Cropper:
    """Items to grey faces: the best face of a photograph, a picture that is a crop as it is."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._finder: Any = None

    def __call__(self, item: Item) -> NDArray[np.uint8]:
        """(48, 48) uint8; the whole picture where no face is found in it."""
        picture = picture_of(item)
        if max(picture.shape[:2]) > LARGEST_CROP:
            faces = self._find(picture)
            picture = faces.crops[0] if len(faces.crops) else picture
        return grey(picture, SIZE)

    def _find(self, picture: NDArray[np.uint8]) -> Any:
        from openaffect.pipeline.kit import Kit
        from openaffect.pipeline.notes import Notes
        from openaffect.pipeline.options import Options

        if self._finder is None:
            parts = Kit(Options()).faces(Notes())
            if parts is None:
                raise WeightsUnavailableError(
                    "photographs need the face detector; run `openaffect models pull`"
                )
            self._finder = parts.find
        return self._finder(picture)


def pretrained(context: Context, classes: int) -> nn.Module:
    """Return EfficientNet-Lite0 with its ImageNet weights and a new head."""
    path = Store().fetch(card(BACKBONE), "weights", progress=context.progress)
    return load_imagenet(EfficientNetLite(classes), path)


def train(context: Context, own: Own, pixels: dict[str, NDArray[np.uint8]]) -> nn.Module:
    """Return the network with the weights of the epoch that is best on the choose faces."""
    seed_everything(context.seed)
    net = pretrained(context, len(own.scheme)).to(context.device)
    size = min(BATCH, len(own.fit))
    plan = Plan(
        epochs=context.epochs or EPOCHS, steps=len(own.fit) // size, patience=3, average=0.99
    )
    images, wanted = prepare(pixels["fit"]), torch.from_numpy(own.fit.labels)

    def batches(epoch: int) -> Iterator[tuple[Tensor, ...]]:
        generator = torch.Generator().manual_seed(context.seed * 1000 + epoch)
        order = torch.randperm(len(images), generator=generator)
        for start in range(0, len(order) - size + 1, size):
            rows = order[start : start + size]
            yield standardise(augment_faces(images[rows], generator, 0.5)), wanted[rows]

    def evaluate(current: nn.Module) -> dict[str, float]:
        seen = standardise(prepare(pixels["choose"])).to(context.device)
        guess = mirrored(current, seen).argmax(1).cpu().numpy()
        recall = unweighted_average_recall(own.choose.label, guess, classes=len(own.scheme))
        return {"recall": recall}

    Fit(net, torch.optim.AdamW(net.parameters(), lr=1e-3), plan, context, name="fine-tune").run(
        batches, soft_cross_entropy, evaluate, "recall"
    )
    return net.to("cpu")


def baseline(fit: Part, pixels: dict[str, NDArray[np.uint8]], classes: int) -> NDArray[Any]:
    """Decisions of HOG with logistic regression on the held faces."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=300))
    model.fit(histogram_features(pixels["fit"]), fit.label)
    return one_hot(model.predict(histogram_features(pixels["held"])), classes)
