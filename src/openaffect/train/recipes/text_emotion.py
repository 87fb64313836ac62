"""Emotion of a text from GoEmotions: MiniLM-L6, fine-tuned.

Protocol: official train rows, less those whose folded text occurs in validation. One part in eight,
cut by the text's digest so that repeats stay together, chooses the epoch, the calibration (slope
and offset of each logit, folded into the last layer) and the thresholds (28 labels, and the seven
Ekman groups and three sentiments by the official grouping). Validation is looked at once.
Baseline in the same run: TF-IDF + one-against-rest logistic regression on the same rows,
one for each scheme, thresholds fitted on the same eighth by the same function.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from openaffect.data import goemotions
from openaffect.data._labelled_text import LabelledText
from openaffect.metrics.classification import f1_per_label, macro_f1
from openaffect.metrics.thresholds import best_f1_thresholds
from openaffect.types import Card, Timeline, Unit
from openaffect.types.mapping import SchemeMapping
from openaffect.types.mappings import GOEMOTIONS_TO_EKMAN, GOEMOTIONS_TO_SENTIMENT

from .. import text
from ..cards import FORBIDDEN, by_label, machine, save_card
from ..context import Context
from ..label_calibration import calibration_rows, platt
from ..loop import Fit, Plan, seed_everything
from ..nets.text_encoder import TextNet, parameter_groups
from ..scores import compared

NAME = "text-emotion"
HELP = "text.emotion on goemotions28 from GoEmotions"
EPOCHS = 2
BATCH = 32
DATA = "GoEmotions validation, 5,426 rows"
RATE = 1e-4
GROUPINGS = {"ekman7": GOEMOTIONS_TO_EKMAN, "sentiment3": GOEMOTIONS_TO_SENTIMENT}
SCHEMES: dict[str, SchemeMapping | None] = {"goemotions28": None, **GROUPINGS}


def split(context: Context) -> tuple[LabelledText, LabelledText, LabelledText]:
    """Return (fit, choose, validation) rows."""
    train = goemotions.load("train", root=context.root)
    validation = goemotions.load("validation", root=context.root)
    train = train.select(~np.isin(train.folded, validation.folded))
    bucket = np.array([hashlib.sha256(item.encode()).digest()[0] % 8 for item in train.folded])
    return train.select(bucket != 0), train.select(bucket == 0), validation


def train(context: Context, fit_rows: LabelledText, choose_rows: LabelledText) -> TextNet:
    """Train and return the network with the weights of the best epoch."""
    seed_everything(context.seed)
    folder = text.encoder_folder(context.progress)
    fit_ids, choose_ids = (
        text.tokenise(folder, fit_rows.texts),
        text.tokenise(folder, choose_rows.texts),
    )
    net = TextNet(folder, len(goemotions.SCHEME)).to(context.device)
    # A label without an example in a small table must not start at minus infinity.
    share = fit_rows.labels.mean(axis=0).clip(1e-4, 1 - 1e-4)
    net.head.bias.data.copy_(torch.from_numpy(np.log(share / (1 - share))))
    fused = torch.optim.AdamW(parameter_groups(net, RATE), betas=(0.9, 0.98), fused=True)
    plan = Plan(
        epochs=context.epochs or EPOCHS,
        steps=-(-len(fit_ids) // BATCH),
        warmup=0.06,
        cosine=False,
        patience=2,
        average=0.998,
    )

    def evaluate(current: nn.Module) -> dict[str, float]:
        scores = text.predict(current, choose_ids, context.device)
        return {
            "macro_f1": crossfitted_macro_f1(scores, choose_rows.labels),
            "loss": float(
                nn.functional.binary_cross_entropy_with_logits(
                    torch.from_numpy(scores), torch.from_numpy(choose_rows.labels)
                )
            ),
        }

    Fit(net, fused, plan, context, name=NAME).run(
        lambda epoch: text.batches(fit_ids, fit_rows.labels, BATCH, context.seed, epoch),
        label_loss,
        evaluate,
        "macro_f1",
    )
    return net


def label_loss(net: nn.Module, batch: tuple[Tensor, ...]) -> Tensor:
    """Binary cross-entropy, summed over the labels."""
    ids, mask, labels = batch
    logits = net(ids, mask).float()
    return nn.functional.binary_cross_entropy_with_logits(logits, labels) * labels.shape[1]


def crossfitted_macro_f1(scores: NDArray[Any], labels: NDArray[Any]) -> float:
    """Macro-F1 where each half is decided by thresholds fitted on the other."""
    half = np.arange(len(scores)) % 2
    decided = np.zeros(labels.shape, bool)
    for side in (0, 1):
        limits = best_f1_thresholds(scores[half != side], labels[half != side])
        decided[half == side] = scores[half == side] >= limits
    return macro_f1(labels, decided)


def calibrate(net: TextNet, choose_rows: LabelledText) -> None:
    """Fold each label's slope and offset, fitted on the choose rows, into the last layer."""
    ids = text.tokenise(text.encoder_folder(), choose_rows.texts)
    fitted = torch.from_numpy(platt(text.predict(net, ids), choose_rows.labels)).float()
    with torch.no_grad():
        net.head.weight.mul_(fitted[:, :1])
        net.head.bias.mul_(fitted[:, 0]).add_(fitted[:, 1])


def grouped(scores: NDArray[Any], mapping: SchemeMapping | None) -> NDArray[np.float32]:
    """Scores (N, 28) translated by a grouping (None: as they are); works for 0/1 truth too."""
    if mapping is None:
        return scores
    timeline = Timeline(mapping.source, scores, np.zeros((len(scores), 2)), Unit.WHOLE)
    return mapping.apply(timeline).timeline.scores


def fit_thresholds(scores: NDArray[Any], labels: NDArray[Any]) -> dict[str, NDArray[np.float64]]:
    """Thresholds of the 28 labels and of each grouping, fitted on these rows."""
    return {
        name: best_f1_thresholds(grouped(scores, mapping), grouped(labels, mapping))
        for name, mapping in SCHEMES.items()
    }


def baseline(
    fit_rows: LabelledText, choose_rows: LabelledText, validation: LabelledText
) -> dict[str, NDArray[np.bool_]]:
    """Decisions of TF-IDF + logistic regression on the validation rows, by scheme.

    Trained for each scheme on its own labels, which is stronger than grouping 28 answers; the
    thresholds are fitted on the choose rows.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier

    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    features = words.fit_transform(fit_rows.texts)
    chosen, held = words.transform(choose_rows.texts), words.transform(validation.texts)
    decided = {}
    for name, mapping in SCHEMES.items():
        model = OneVsRestClassifier(
            LogisticRegression(C=5.0, class_weight="balanced", max_iter=300)
        )
        model.fit(features, grouped(fit_rows.labels, mapping))
        limits = best_f1_thresholds(
            model.predict_proba(chosen), grouped(choose_rows.labels, mapping)
        )
        decided[name] = model.predict_proba(held) >= limits
    return decided


def report(
    ours: NDArray[Any],
    limits: dict[str, NDArray[Any]],
    theirs: dict[str, NDArray[np.bool_]],
    labels: NDArray[Any],
) -> list[dict[str, Any]]:
    """The card's score rows on validation: macro-F1 and calibration, labels and groupings."""
    rows, sure = [], []
    for name, mapping in SCHEMES.items():
        truth = grouped(labels, mapping)
        mine = grouped(ours, mapping) >= limits[name]
        other = theirs[name]
        row = compared(
            macro_f1,
            truth,
            mine,
            other,
            data=DATA,
            name=f"macro-F1, {name}",
            baseline="TF-IDF + logistic regression",
            resamples=1000,
        )
        rows.append({**row, "per_label": [round(float(v), 3) for v in f1_per_label(truth, mine)]})
        labelled = goemotions.SCHEME.labels if mapping is None else mapping.target.labels
        sure += calibration_rows(name, grouped(ours, mapping), truth, labelled, DATA)
    return rows + sure


class Probabilities(nn.Module):
    """Token ids to probabilities and to the pooled vector behind them: what is exported."""

    def __init__(self, net: TextNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        """(N, L) ids and mask -> (N, 28) and (N, 768)."""
        pooled = self.net.pooled(input_ids, attention_mask)
        return torch.sigmoid(self.net.head(pooled)), pooled


def run(context: Context) -> Path:
    """Train, choose, export, check parity, measure once on validation, write the card."""
    fit_rows, choose_rows, validation = split(context)
    net = train(context, fit_rows, choose_rows).eval().to("cpu")
    calibrate(net, choose_rows)
    folder = text.encoder_folder()
    full, small = text.export_text(
        Probabilities(net), folder, context.out, NAME, outputs=("scores", "pooled")
    )
    choose_ids = text.tokenise(folder, choose_rows.texts)
    validation_ids = text.tokenise(folder, validation.texts)
    chosen = text.run_text(small, choose_ids)
    scores = text.run_text(small, validation_ids)
    limits = fit_thresholds(chosen, choose_rows.labels)
    rows = report(scores, limits, baseline(fit_rows, choose_rows, validation), validation.labels)
    rows.extend(text.parity_rows(Probabilities(net), full, small, validation_ids[:1000]))
    return save_card(context.out, card(context, small, limits, rows))


def card(
    context: Context, small: Path, limits: dict[str, NDArray[Any]], rows: list[dict[str, Any]]
) -> Card:
    """The card of the exported file."""
    labels = goemotions.SCHEME.labels
    return Card(
        name=NAME,
        task="text.emotion",
        modality="text",
        implementation="text_emotion",
        scheme=goemotions.SCHEME.name,
        labels=labels,
        files=text.text_files(small, context.out),
        preprocessing={"maximum_tokens": text.MAXIMUM_TOKENS, "tokeniser": "WordPiece, uncased"},
        thresholds=by_label(labels, limits["goemotions28"]),
        calibration={
            "method": "Platt scaling of each label, folded into the last layer",
            "data": "the eighth of GoEmotions' training rows that the weights never saw",
            "thresholds": {
                name: by_label(mapping.target.labels, limits[name])
                for name, mapping in GROUPINGS.items()
            },
        },
        licence="Apache-2.0 (weights); GoEmotions is CC BY 4.0",
        commercial=True,
        training_data=(
            "GoEmotions training split (CC BY 4.0, Demszky et al., 2020)",
            "fine-tuned from all-MiniLM-L6-v2 (Apache-2.0)",
        ),
        paper="Demszky et al., 2020, GoEmotions, ACL",
        provenance=f"openaffect train {NAME}, seed {context.seed}, {machine(context.device)}",
        scores=tuple(rows),
        limits=(
            "English; comments of one site; rare labels (grief, pride, relief) are weak",
            "Sarcasm and quoted speech are often read literally",
            "Emotion of a text is what readers ascribe to it, not what its writer felt",
        ),
        intended_use=("Research and interaction where people know of it and agree to it",),
        forbidden_use=FORBIDDEN,
        rank=10,
    )
