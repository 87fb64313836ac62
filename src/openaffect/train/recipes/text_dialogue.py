"""Emotion of the lines of a dialogue from MELD: what was said before counts.

Each line's vector is what the shipped ``text-emotion`` makes of it, frozen; a small recurrent net
reads the lines in their order, none of those to come. Protocol: official train dialogues, one in
eight of which chooses the epoch. Validation is judged once a run, but width, rate and epochs came
from a trial that had seen the same comparison on the same validation dialogues, so the gain is a
little flattered. Baseline: the same net with the same seeds, trained and asked on each line as a
dialogue of its own; the answers of the seeds are averaged on both sides, and dialogues are
resampled for the paired interval. No weights of
MELD ship: its lines are not cleared. What the recipe leaves in its folder is for whoever has the
data; the folder named in ``OPENAFFECT_WEIGHTS`` is enough to use it.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from openaffect.data._dataset import Item
from openaffect.data._tables import data_root
from openaffect.data.meld import DATASET as MELD
from openaffect.metrics.bootstrap import bootstrap_interval, paired_bootstrap
from openaffect.metrics.calibration import expected_calibration_error
from openaffect.metrics.classification import weighted_f1
from openaffect.models import card as card_of
from openaffect.models.backends.onnx import load as load_onnx
from openaffect.models.store import Store
from openaffect.models.weights import CardWeights
from openaffect.recognize.text_dialogue import line_vectors, marked
from openaffect.types import Card, InvalidValueError, Kind, WeightFile
from openaffect.types.schemes import PRIMARY8

from .. import text
from ..cards import FORBIDDEN, machine, parity_row, save_card, weight_file
from ..context import Context
from ..export import export, parity
from ..loop import seed_everything
from ..nets.dialogue import Committee, DialogueNet

NAME = "text-dialogue"
HELP = "emotion of a dialogue's lines with what was said before, from MELD"
SEEDS = 2
EPOCHS = 14
RATE = 2e-3
CONTEXT_LINES = 32
ENCODER = "text-emotion"
_PACK = {True: 16, False: 128}
LABELS = tuple(label for label in PRIMARY8.labels if label != "contempt")
Vectors = NDArray[np.float32]


class Lines:
    """Lines in the order of their dialogues: vectors (N, F), labels (N,), speakers, places."""

    def __init__(self, items: Sequence[Item], vectors: Vectors) -> None:
        self.vectors = vectors
        self.label = np.array([LABELS.index(item.label) for item in items])
        self.speaker = np.array([item.subject for item in items])
        dialogue = [item.extra["dialogue"] for item in items]
        starts = [row for row in range(len(items)) if not row or dialogue[row] != dialogue[row - 1]]
        self.dialogues = [
            np.arange(start, end)
            for start, end in zip(starts, [*starts[1:], len(items)], strict=True)
        ]


def run(context: Context) -> Path:
    """Train both sides, judge both once on validation, leave the model; return its card's path."""
    items = list(MELD.items(data_root(context.root)))
    parts = [_ordered(items, split) for split in ("train", "dev")]
    if not all(parts):
        raise InvalidValueError("MELD's train and validation lines are both needed under --data")
    weights = CardWeights(card_of(ENCODER), Store())
    raw = [vectors(weights, [item.text or "" for item in part]) for part in parts]
    mean, deviation = raw[0].mean(axis=0), raw[0].std(axis=0) + 1e-3
    train, judged = (
        Lines(part, (table - mean) / deviation) for part, table in zip(parts, raw, strict=True)
    )
    answers, nets = {}, []
    for aware in (False, True):
        total = np.zeros(())
        nets = [
            fit(context, train, seed, aware=aware)
            for seed in range(context.seed, context.seed + SEEDS)
        ]
        for net in nets:
            total = total + predict(net, judged, _pieces(judged.dialogues, aware))
        answers[aware] = total / SEEDS
    committee = Committee(nets, mean, deviation).eval()
    files = save_files(committee, weights, context.out)
    told = {aware: table.argmax(axis=1) for aware, table in answers.items()}
    rows = [report(judged, told[True], told[False]), calibration(judged, answers[True])]
    rows += [parity_of(committee, context.out / f"{NAME}.turns.onnx", raw[1], judged)]
    return save_card(context.out, card(context, files, rows))


def save_files(committee: Committee, weights: CardWeights, out: Path) -> tuple[WeightFile, ...]:
    """Write the recurrent nets as ONNX, and a copy of the encoder and its tokenizer beside."""
    export(
        committee,
        [torch.zeros(1, 2, committee.mean.shape[0]), torch.zeros(1, 2)],
        out / f"{NAME}.turns.onnx",
        inputs=["vectors", "same"],
        outputs=["scores"],
        dynamic={name: {0: "d", 1: "t"} for name in ("vectors", "same", "scores")},
    )
    for role, ending in (("model", "onnx"), ("tokenizer", "tokenizer.json")):
        shutil.copyfile(weights.path(role), out / f"{NAME}.{ending}")
    roles = {"model": "onnx", "tokenizer": "tokenizer.json", "turns": "turns.onnx"}
    return tuple(weight_file(role, out / f"{NAME}.{ending}") for role, ending in roles.items())


def parity_of(committee: Committee, path: Path, raw: Vectors, judged: Lines) -> dict[str, Any]:
    """Compare torch with the exported file on the judged dialogues."""
    session = load_onnx(str(path), threads=1, device="cpu")
    ours, theirs = [], []
    for rows in judged.dialogues:
        same = marked(raw[rows], list(judged.speaker[rows]))[None, :, -1]
        with torch.no_grad():
            answer = committee(torch.from_numpy(raw[rows])[None], torch.from_numpy(same))
        ours.append(answer[0].numpy())
        theirs.append(session.run({"vectors": raw[rows][None], "same": same})["scores"][0])
    measured = parity(np.concatenate(ours), np.concatenate(theirs))
    return dict(parity_row("torch to ONNX float32", measured))


def calibration(judged: Lines, scores: NDArray[Any]) -> dict[str, Any]:
    """The expected calibration error of the answers with context."""
    return {
        "data": f"MELD validation, {len(judged.label):,} lines",
        "measure": "expected calibration error",
        "value": round(expected_calibration_error(scores, judged.label), 4),
        "bins": 15,
    }


def report(judged: Lines, aware: NDArray[Any], free: NDArray[Any]) -> dict[str, Any]:
    """Weighted F1 of both sides with the paired interval over dialogues."""

    def first(rows: NDArray[np.int64]) -> float:
        return weighted_f1(judged.label[rows], aware[rows])

    def second(rows: NDArray[np.int64]) -> float:
        return weighted_f1(judged.label[rows], free[rows])

    groups = np.repeat(np.arange(len(judged.dialogues)), [len(part) for part in judged.dialogues])
    count = len(judged.label)
    interval = bootstrap_interval(first, count, groups=groups)
    paired = paired_bootstrap(first, second, count, groups=groups)
    return {
        "data": f"MELD validation, {count:,} lines of {len(judged.dialogues)} dialogues",
        "measure": "weighted F1, lines in their dialogue",
        "value": round(interval.value, 4),
        "interval": [round(interval.low, 4), round(interval.high, 4)],
        "baseline": {
            "name": "the same net, each line by itself",
            "value": round(second(np.arange(count)), 4),
        },
        "difference": [round(paired.value, 4), round(paired.low, 4), round(paired.high, 4)],
        "p": round(paired.p, 5),
    }


def vectors(weights: CardWeights, texts: Sequence[str]) -> Vectors:
    """(N, 796) pooled vectors and logits of ``text-emotion``, in the order of the texts."""
    ids = text.tokenise_with(Path(weights.path("tokenizer")), texts)
    return line_vectors(weights.session("model"), [np.array(item) for item in ids])


def fit(context: Context, lines: Lines, seed: int, *, aware: bool) -> DialogueNet:
    """Train one net; keep the epoch with the best weighted F1 on the dialogues held back."""
    seed_everything(seed)
    shuffled = np.random.default_rng(0).permutation(len(lines.dialogues))
    cut = len(shuffled) // 8
    held = _pieces([lines.dialogues[number] for number in shuffled[:cut]], aware)
    learnt = _pieces([lines.dialogues[number] for number in shuffled[cut:]], aware)
    net = DialogueNet(lines.vectors.shape[1], len(LABELS))
    optimizer = torch.optim.AdamW(net.parameters(), weight_decay=1e-2)
    epochs, size = context.epochs or EPOCHS, _PACK[aware]
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, RATE, total_steps=epochs * -(-len(learnt) // size)
    )
    random = np.random.default_rng(seed)
    best, kept = -1.0, net.state_dict()
    for epoch in range(epochs):
        net.train()
        order = random.permutation(len(learnt))
        for start in range(0, len(order), size):
            group = [learnt[number] for number in order[start : start + size]]
            inputs, same, wanted = _packed(lines, group)
            loss = torch.nn.functional.cross_entropy(
                net(inputs, same).flatten(0, 1), wanted.flatten(), ignore_index=-1
            )
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
        rows = np.concatenate(held)
        score = weighted_f1(lines.label[rows], predict(net, lines, held)[rows].argmax(axis=1))
        context.log("epoch", seed=seed, aware=aware, epoch=epoch, weighted_f1=score)
        if score > best:
            best, kept = score, {name: value.clone() for name, value in net.state_dict().items()}
    net.load_state_dict(kept)
    return net


@torch.no_grad()
def predict(net: DialogueNet, lines: Lines, pieces: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """(N, K) probabilities; rows in none of the pieces stay 0."""
    net.eval()
    answers = np.zeros((len(lines.label), net.head.out_features), np.float32)
    for start in range(0, len(pieces), 64):
        group = pieces[start : start + 64]
        inputs, same, _ = _packed(lines, group)
        scores = torch.softmax(net(inputs, same), -1).numpy()
        for rows, row_scores in zip(group, scores, strict=True):
            answers[rows] = row_scores[: len(rows)]
    return answers


def _ordered(items: Sequence[Item], split: str) -> list[Item]:
    kept = [item for item in items if item.split == split]
    return sorted(
        kept, key=lambda item: (int(item.extra["dialogue"]), int(item.extra["utterance"]))
    )


def _pieces(dialogues: Sequence[NDArray[Any]], aware: bool) -> list[NDArray[Any]]:
    """The dialogues, or each of their lines as one."""
    return list(dialogues) if aware else [row[None] for part in dialogues for row in part]


def _packed(
    lines: Lines, pieces: Sequence[NDArray[Any]]
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """(D, T, F) vectors, (D, T) marks where a speaker goes on, (D, T) labels, -1 past the end."""
    most = max(len(rows) for rows in pieces)
    inputs = np.zeros((len(pieces), most, lines.vectors.shape[1]), np.float32)
    same = np.zeros((len(pieces), most), np.float32)
    wanted = np.full((len(pieces), most), -1)
    for number, rows in enumerate(pieces):
        inputs[number, : len(rows)] = lines.vectors[rows]
        wanted[number, : len(rows)] = lines.label[rows]
        same[number, 1 : len(rows)] = lines.speaker[rows[1:]] == lines.speaker[rows[:-1]]
    return torch.from_numpy(inputs), torch.from_numpy(same), torch.from_numpy(wanted)


def card(context: Context, files: tuple[WeightFile, ...], rows: list[dict[str, Any]]) -> Card:
    """The card of the files, which lie beside it."""
    return Card(
        name=NAME,
        task="text.dialogue",
        modality="text",
        implementation="text_dialogue",
        scheme="meld7",
        kind=str(Kind.CATEGORIES),
        labels=LABELS,
        files=files,
        preprocessing={
            "maximum_tokens": text.MAXIMUM_TOKENS,
            "context_lines": CONTEXT_LINES,
            "tokeniser": "WordPiece, uncased",
        },
        licence="not to be passed on: the lines of MELD are not cleared",
        commercial=False,
        training_data=(
            "MELD training dialogues (Poria et al., 2019), lines of a television series",
            f"over the frozen vectors of {ENCODER}",
        ),
        paper="Poria et al., 2019, MELD, ACL; Majumder et al., 2019, DialogueRNN, AAAI",
        provenance=f"openaffect train {NAME}, seed {context.seed}, {machine()}",
        scores=tuple(rows),
        limits=(
            "English; scripted lines of one comedy, whose actors show more than they say",
            "Rare emotions (disgust, fear) are weak",
        ),
        intended_use=("Research by those who have the data",),
        forbidden_use=FORBIDDEN,
        rank=10,
    )
