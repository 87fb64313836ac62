"""What somebody feels in a situation, of 32 emotions: MiniLM-L6, fine-tuned on EmpatheticDialogues.

Protocol: official train conversations, less those whose folded situation or first line occurs in
validation; one in ten of them, whole, chooses the epoch and the temperature. The fitting rows of an
epoch are two a conversation: its situation, and the dialogue up to one of the teller's lines, drawn
anew each epoch. What anybody else said has a token type of its own. The word vectors stay as they
are. Validation is looked at once, by four questions: the situation; the first line alone; the
teller's last line alone; the dialogue up to that line. Baselines in the same run: TF-IDF with
logistic regression on the situations for the situations, and on the dialogues for the dialogues.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from openaffect.data._tables import data_root
from openaffect.metrics.calibration import expected_calibration_error
from openaffect.metrics.classification import accuracy, f1
from openaffect.metrics.recalibration import temperature_scaling
from openaffect.types import Card

from .. import text
from ..cards import FORBIDDEN, machine, save_card
from ..context import Context
from ..loop import Fit, Plan, seed_everything
from ..nets.text_encoder import TextNet, parameter_groups
from ..scores import compared
from ._talks import (
    SCHEME,
    Pieces,
    Row,
    Talk,
    batches,
    export_talks,
    padded,
    parity_rows,
    read,
    run_talks,
)

NAME = "text-situation"
HELP = "text.situation on empathetic32 from EmpatheticDialogues; non-commercial"
EPOCHS = 1
BATCH = 32
RATE = 1e-4
MOST_PIECES, MOST_PIECES_TRAINED = 128, 96
CONTEXT_LINES = 32
QUESTIONS = ("situation", "first line alone", "last line alone", "dialogue so far")


def questions(pieces: Pieces) -> dict[str, list[Row]]:
    """Return the rows of each of the four questions, one row a conversation."""
    first = [talk.told[0] for talk in pieces.talks]
    last = [talk.told[-1] for talk in pieces.talks]
    rows = (
        pieces.situations(), pieces.lines(first), pieces.lines(last), pieces.dialogues(last)
    )  # fmt: skip
    return dict(zip(QUESTIONS, rows, strict=True))


def train(context: Context, fit: Pieces, choose: Pieces) -> TextNet:
    """Train and return the network with the weights of the best epoch."""
    seed_everything(context.seed)
    net = TextNet(text.encoder_folder(context.progress), len(SCHEME)).to(context.device)
    net.encoder.embeddings.word_embeddings.requires_grad_(False)
    optimizer = torch.optim.AdamW(parameter_groups(net, RATE), betas=(0.9, 0.98), fused=True)
    situations = fit.situations()
    emotions = np.concatenate([fit.emotion, fit.emotion])
    plan = Plan(
        epochs=context.epochs or EPOCHS,
        steps=-(-len(emotions) // BATCH),
        warmup=0.06,
        cosine=False,
        average=0.998,
    )

    def epoch_rows(epoch: int) -> list[Row]:
        random = np.random.default_rng([context.seed, epoch, 1])
        places = [int(random.choice(talk.told)) for talk in fit.talks]
        return situations + fit.dialogues(places)

    asked = questions(choose)

    def evaluate(current: nn.Module) -> dict[str, float]:
        found = {}
        for name in ("situation", "dialogue so far"):
            logits = predict(current, asked[name], context.device)
            found[name] = accuracy(choose.emotion, logits.argmax(axis=1))
        return {**found, "accuracy": float(np.mean(list(found.values())))}

    Fit(net, optimizer, plan, context, name=NAME).run(
        lambda epoch: batches(epoch_rows(epoch), emotions, BATCH, (context.seed, epoch)),
        emotion_loss,
        evaluate,
        "accuracy",
    )
    return net


def emotion_loss(net: nn.Module, batch: tuple[Tensor, ...]) -> Tensor:
    """Cross-entropy of the conversation's emotion."""
    ids, mask, types, emotions = batch
    return nn.functional.cross_entropy(net(ids, mask, types).float(), emotions)


@torch.no_grad()
def predict(net: nn.Module, rows: list[Row], device: str = "cpu") -> NDArray[np.float32]:
    """(N, 32) logits in the order of ``rows``."""
    net.eval()
    order = np.argsort([row.shape[1] for row in rows], kind="stable")
    logits = np.zeros((len(rows), len(SCHEME)), np.float32)
    for start in range(0, len(order), 64):
        group = order[start : start + 64]
        batch = (item.to(device) for item in padded([rows[row] for row in group]))
        with torch.autocast(torch.device(device).type, torch.bfloat16):
            logits[group] = net(*batch).float().cpu().numpy()
    return logits


class Probabilities(nn.Module):
    """Word pieces of a talk to the distribution over the 32 emotions: what is exported."""

    def __init__(self, net: TextNet, temperature: float) -> None:
        super().__init__()
        self.net, self.temperature = net, temperature

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_types: Tensor) -> Tensor:
        """(N, L) ids, mask and token types -> (N, 32)."""
        logits = self.net(input_ids, attention_mask, token_types)
        return torch.softmax(logits / self.temperature, 1)


def baseline(
    fit: Sequence[str], emotions: NDArray[Any], judged: Sequence[str]
) -> NDArray[np.int64]:
    """Answers of TF-IDF with logistic regression."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
        LogisticRegression(C=5.0, max_iter=200),
    )
    return np.asarray(model.fit(fit, emotions).predict(judged))


def report(
    scores: dict[str, NDArray[Any]], fit: Sequence[Talk], judged: Sequence[Talk]
) -> list[dict[str, Any]]:
    """The card's score rows on validation."""
    truth = np.array([talk.emotion for talk in judged])
    fitted = np.array([talk.emotion for talk in fit])
    best = {name: table.argmax(axis=1) for name, table in scores.items()}
    of_situation = baseline(
        [talk.situation for talk in fit], fitted, [talk.situation for talk in judged]
    )
    of_dialogue = baseline(
        [spoken(talk) for talk in fit], fitted, [spoken(talk) for talk in judged]
    )
    words, alone = "TF-IDF + logistic regression", "the same net, without what was said before"
    pairs = (
        ("accuracy, situation", best["situation"], of_situation, words),
        ("accuracy, dialogue so far", best["dialogue so far"], of_dialogue, words),
        (
            "accuracy, dialogue so far, against the teller's first line",
            best["dialogue so far"],
            best["first line alone"],
            "the same net, the first line alone",
        ),
        (
            "accuracy, dialogue so far, against its last line",
            best["dialogue so far"],
            best["last line alone"],
            alone,
        ),
    )
    data = f"EmpatheticDialogues validation, {len(judged):,} conversations"
    rows = [
        compared(accuracy, truth, ours, theirs, data=data, name=name, baseline=other)
        for name, ours, theirs, other in pairs
    ]
    macro = f1(truth, best["situation"])
    rows.append({"data": data, "measure": "macro-F1, situation", "value": round(macro, 4)})
    for name in ("situation", "dialogue so far"):
        error = expected_calibration_error(scores[name], truth)
        measure = f"expected calibration error, {name}"
        rows.append({"data": data, "measure": measure, "value": round(error, 4), "bins": 15})
    return rows


def spoken(talk: Talk) -> str:
    """Return the lines of a conversation up to the teller's last, as one text."""
    return "\n".join(talk.lines[: talk.told[-1] + 1])


def run(context: Context) -> Path:
    """Train, calibrate, export, check parity, measure once on validation, write the card."""
    folder = text.encoder_folder(context.progress)
    fit, choose, judged = read(data_root(context.root))
    chosen = Pieces(folder, choose, MOST_PIECES)
    net = train(context, Pieces(folder, fit, MOST_PIECES_TRAINED), chosen).eval().to("cpu")
    temperature = fitted_temperature(net, chosen)
    context.log("temperature", temperature=temperature)
    model = Probabilities(net, temperature).eval()
    full, small = export_talks(model, folder, context.out, NAME)
    asked = questions(Pieces(folder, judged, MOST_PIECES))
    rows = report({name: run_talks(small, part) for name, part in asked.items()}, fit, judged)
    rows.extend(parity_rows(model, full, small, asked["dialogue so far"][:500]))
    return save_card(context.out, card(context, small, temperature, rows))


def fitted_temperature(net: TextNet, choose: Pieces) -> float:
    """The temperature of the lowest log loss on the choose conversations, both kinds of rows."""
    asked = questions(choose)
    both = [predict(net, asked[name]) for name in ("situation", "dialogue so far")]
    powers = torch.softmax(torch.from_numpy(np.concatenate(both)), 1).numpy()
    found = temperature_scaling(powers, np.concatenate([choose.emotion, choose.emotion]))
    return float(1 / found.slope[0])


def card(context: Context, small: Path, temperature: float, rows: list[dict[str, Any]]) -> Card:
    """The card of the exported file."""
    return Card(
        name=NAME,
        task="text.situation",
        modality="text",
        implementation="text_situation",
        scheme=SCHEME.name,
        labels=SCHEME.labels,
        files=text.text_files(small, context.out),
        preprocessing={
            "maximum_tokens": MOST_PIECES,
            "context_lines": CONTEXT_LINES,
            "tokeniser": "WordPiece, uncased",
        },
        calibration={
            "method": f"one temperature, {temperature:.4f}, folded into the network",
            "data": "the tenth of the training conversations that the weights never saw",
        },
        licence="CC-BY-NC-4.0",
        commercial=False,
        training_data=(
            "EmpatheticDialogues training split (CC BY-NC 4.0, Rashkin et al., 2019): of each "
            "conversation its situation, and its lines up to one of the teller's",
            "fine-tuned from all-MiniLM-L6-v2 (Apache-2.0)",
        ),
        paper="Rashkin et al., 2019, Towards Empathetic Open-domain Conversation Models, ACL",
        provenance=f"openaffect train {NAME}, seed {context.seed}, {machine(context.device)}",
        scores=tuple(rows),
        limits=(
            "English; short talks about one situation, written by paid people who were told the "
            "emotion first: there is no neutral, and every text is held to be about a feeling",
            "Many of the 32 are near each other (angry and furious, afraid and terrified)",
            "Over a dialogue it tells what the situation is about, rather than the mood of a line; "
            "what the listener feels was never labelled",
        ),
        intended_use=("Research and interaction where people know of it and agree to it",),
        forbidden_use=FORBIDDEN,
        rank=10,
    )
