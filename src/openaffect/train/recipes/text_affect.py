"""Valence, arousal and dominance of a text from EmoBank: MiniLM-L6, fine-tuned.

Protocol: official train rows, less those whose folded text occurs in validation; one part in ten,
cut by the text's digest, chooses the epoch. Validation is looked at once. Baseline in the same run:
TF-IDF + ridge regression on the same rows.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from openaffect.data import emobank
from openaffect.data._labelled_text import LabelledText
from openaffect.metrics.agreement import concordance_correlation, pearson_correlation
from openaffect.types import Card

from .. import text
from ..cards import FORBIDDEN, machine, save_card
from ..context import Context
from ..loop import Fit, Plan, seed_everything
from ..nets.text_encoder import TextNet, parameter_groups
from ..scores import compared

NAME = "text-affect"
HELP = "text.affect (valence, arousal, dominance) from EmoBank; share-alike"
EPOCHS = 6
BATCH = 32
RATE = 1e-4


def split(context: Context) -> tuple[LabelledText, LabelledText, LabelledText]:
    """Return (fit, choose, validation) rows."""
    train = emobank.load("train", root=context.root)
    validation = emobank.load("validation", root=context.root)
    train = train.select(~np.isin(train.folded, validation.folded))
    bucket = np.array([hashlib.sha256(item.encode()).digest()[0] % 10 for item in train.folded])
    return train.select(bucket != 0), train.select(bucket == 0), validation


def train(
    context: Context, fit_rows: LabelledText, choose_rows: LabelledText
) -> tuple[TextNet, NDArray[np.float32], NDArray[np.float32]]:
    """Train; return the network with the mean and deviation (3,) of its targets."""
    seed_everything(context.seed)
    folder = text.encoder_folder(context.progress)
    mean, deviation = fit_rows.labels.mean(axis=0), fit_rows.labels.std(axis=0)
    fit_ids = text.tokenise(folder, fit_rows.texts)
    choose_ids = text.tokenise(folder, choose_rows.texts)
    net = TextNet(folder, 3).to(context.device)
    plan = Plan(
        epochs=context.epochs or EPOCHS,
        steps=-(-len(fit_ids) // BATCH),
        cosine=False,
        average=0.99,
        patience=2,
    )

    def evaluate(current: nn.Module) -> dict[str, float]:
        guess = text.predict(current, choose_ids, context.device)
        found = [pearson_correlation(choose_rows.labels[:, k], guess[:, k]) for k in range(3)]
        return {"pearson": float(np.mean(found))}

    targets = (fit_rows.labels - mean) / deviation
    Fit(
        net,
        torch.optim.AdamW(parameter_groups(net, RATE), fused=True),
        plan,
        context,
        name=NAME,
    ).run(
        lambda epoch: text.batches(fit_ids, targets, BATCH, context.seed, epoch),
        squared_error,
        evaluate,
        "pearson",
    )
    return net, mean, deviation


def squared_error(net: nn.Module, batch: tuple[Tensor, ...]) -> Tensor:
    """Mean squared error of the standardised dimensions."""
    ids, mask, targets = batch
    return nn.functional.mse_loss(net(ids, mask).float(), targets.float())


class Affect(nn.Module):
    """Token ids to the three dimensions on the scale of the data: what is exported."""

    mean: Tensor
    deviation: Tensor

    def __init__(self, net: TextNet, mean: NDArray[Any], deviation: NDArray[Any]) -> None:
        super().__init__()
        self.net = net
        self.register_buffer("mean", torch.tensor(mean))
        self.register_buffer("deviation", torch.tensor(deviation))

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """(N, L) ids and mask -> (N, 3)."""
        return self.net(input_ids, attention_mask) * self.deviation + self.mean


def baseline(fit_rows: LabelledText, validation: LabelledText) -> NDArray[np.float32]:
    """Predictions of TF-IDF + ridge regression on the validation rows."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import Ridge
    from sklearn.pipeline import make_pipeline

    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True), Ridge(alpha=1.0)
    )
    model.fit(fit_rows.texts, fit_rows.labels)
    return np.asarray(model.predict(validation.texts), np.float32)


def report(guess: NDArray[Any], other: NDArray[Any], truth: NDArray[Any]) -> list[dict[str, Any]]:
    """The card's score rows: Pearson's r and CCC of each dimension on validation."""
    rows = []
    for column, name in enumerate(emobank.SCHEME.labels):
        right, found = truth[:, column], guess[:, column]
        row = compared(
            pearson_correlation,
            right,
            found,
            other[:, column],
            data="EmoBank validation, 1,000 rows",
            name=f"Pearson's r, {name}",
            baseline="TF-IDF + ridge regression",
            resamples=1000,
        )
        rows.append({**row, "concordance": round(concordance_correlation(right, found), 4)})
    return rows


def run(context: Context) -> Path:
    """Train, export, check parity, measure once on validation, write the card."""
    fit_rows, choose_rows, validation = split(context)
    net, mean, deviation = train(context, fit_rows, choose_rows)
    model = Affect(net.eval().to("cpu"), mean, deviation).eval()
    folder = text.encoder_folder()
    full, small = text.export_text(model, folder, context.out, NAME)
    validation_ids = text.tokenise(folder, validation.texts)
    scores = text.run_text(small, validation_ids)
    rows = report(scores, baseline(fit_rows, validation), validation.labels)
    rows.extend(text.parity_rows(model, full, small, validation_ids))
    card = Card(
        name=NAME,
        task="text.affect",
        modality="text",
        implementation="text_affect",
        scheme=emobank.SCHEME.name,
        labels=emobank.SCHEME.labels,
        files=text.text_files(small, context.out),
        preprocessing={"maximum_tokens": text.MAXIMUM_TOKENS, "tokeniser": "WordPiece, uncased"},
        licence="CC-BY-SA-4.0",
        commercial=True,
        training_data=(
            "EmoBank training split (CC BY-SA 4.0, Buechel and Hahn, 2017)",
            "fine-tuned from all-MiniLM-L6-v2 (Apache-2.0)",
        ),
        paper="Buechel and Hahn, 2017, EmoBank, EACL",
        provenance=f"openaffect train {NAME}, seed {context.seed}, {machine(context.device)}",
        scores=tuple(rows),
        limits=(
            "English sentences of mixed genres; most ratings lie near the middle of the scale",
            "Arousal and dominance are much less certain than valence",
        ),
        intended_use=("Research and interaction where people know of it and agree to it",),
        forbidden_use=FORBIDDEN,
        rank=10,
    )
    return save_card(context.out, card)
