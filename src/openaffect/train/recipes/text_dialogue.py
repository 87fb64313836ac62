"""Emotion of the lines of a dialogue from MELD: what was said before counts.

Each line's vector is what the shipped ``text-emotion`` makes of it, frozen; a small recurrent net
reads the lines in their order, none of those to come. Protocol: official train dialogues; shape and
epochs were chosen by five folds of these, for each side, and validation is judged once a run. A
training line that says what a judged one says is read, not learnt. Baseline: the same net with the
same seeds, trained and asked on each line as a dialogue of its own; the answers of the
seeds are averaged on both sides, and dialogues are resampled for the paired interval. The same
comparison over the five folds stands beside it. No weights of MELD ship: its lines are not cleared.
What the recipe leaves in its folder is for whoever has the data; the folder named in
``OPENAFFECT_WEIGHTS`` is enough to use it.
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
from openaffect.metrics.calibration import expected_calibration_error
from openaffect.metrics.classification import weighted_f1
from openaffect.models import card as card_of
from openaffect.models.backends.onnx import load as load_onnx
from openaffect.models.store import Store
from openaffect.models.weights import CardWeights
from openaffect.recognize.text_dialogue import line_vectors
from openaffect.types import Card, InvalidValueError, Kind, WeightFile
from openaffect.types.schemes import PRIMARY8

from .. import text
from ..cards import FORBIDDEN, machine, parity_row, save_card, weight_file
from ..context import Context
from ..export import export, parity
from ..nets.dialogue import Committee, DialogueNet
from ..scores import compared
from ._dialogue_lines import Lines, Vectors, fit, folds, probabilities

NAME = "text-dialogue"
HELP = "emotion of a dialogue's lines with what was said before, from MELD"
SEEDS = 10
FOLDS, FOLD_SEEDS = 5, 2
EPOCHS = {True: 12, False: 16}
"""With context and without: what five folds of the training dialogues say is best for each."""
CONTEXT_LINES = 32
ENCODER = "text-emotion"
LABELS = tuple(label for label in PRIMARY8.labels if label != "contempt")


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
        Lines(part, (table - mean) / deviation, LABELS)
        for part, table in zip(parts, raw, strict=True)
    )
    chances, nets = {}, []
    for aware in (False, True):
        nets = _nets(context, train, train.dialogues, judged.text, SEEDS, aware)
        chances[aware] = probabilities(nets, judged, judged.dialogues, aware=aware)
    committee = Committee(nets, mean, deviation).eval()
    files = save_files(committee, weights, context.out)
    rows = [
        report(f"MELD validation, {_size(judged)}", judged, chances[True], chances[False]),
        report(
            f"MELD training, {_size(train)}, five folds", train, *cross_validated(context, train)
        ),
        calibration(judged, chances[True]),
        parity_of(committee, context.out / f"{NAME}.turns.onnx", raw[1], judged),
    ]
    return save_card(context.out, card(context, files, rows))


def cross_validated(context: Context, lines: Lines) -> tuple[NDArray[Any], NDArray[Any]]:
    """(N, K) probabilities with context and without, by nets that saw no line of the dialogue."""
    found = [np.zeros((len(lines.label), len(LABELS))) for _ in range(2)]
    for number, test in enumerate(folds(lines, FOLDS)):
        held = [part for part, out in zip(lines.dialogues, test, strict=True) if out]
        learnt = [part for part, out in zip(lines.dialogues, test, strict=True) if not out]
        rows = np.concatenate(held)
        for table, aware in zip(found, (True, False), strict=True):
            nets = _nets(context, lines, learnt, lines.text[rows], FOLD_SEEDS, aware)
            table[rows] = probabilities(nets, lines, held, aware=aware)
        context.progress("folds", number + 1, FOLDS)
    return found[0], found[1]


def _nets(
    context: Context,
    lines: Lines,
    dialogues: Sequence[NDArray[np.int64]],
    judged: NDArray[Any],
    seeds: int,
    aware: bool,
) -> list[DialogueNet]:
    made = []
    for seed in range(context.seed, context.seed + seeds):
        made.append(
            fit(
                lines, dialogues, judged, seed,
                aware=aware, classes=len(LABELS), epochs=context.epochs or EPOCHS[aware],
            )
        )  # fmt: skip
        context.log("net", seed=seed, aware=aware, dialogues=len(dialogues))
    return made


def _size(lines: Lines) -> str:
    return f"{len(lines.label):,} lines of {len(lines.dialogues):,} dialogues"


def save_files(committee: Committee, weights: CardWeights, out: Path) -> tuple[WeightFile, ...]:
    """Write the recurrent nets as ONNX, and a copy of the encoder and its tokenizer beside."""
    export(
        committee,
        [torch.zeros(1, 3, committee.mean.shape[0]), torch.tensor([[0.0, 1.0, 0.0]])],
        out / f"{NAME}.turns.onnx",
        inputs=["vectors", "speaker"],
        outputs=["scores"],
        dynamic={name: {0: "d", 1: "t"} for name in ("vectors", "speaker", "scores")},
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
        speaker = judged.speaker[rows][None].astype(np.float32)
        with torch.no_grad():
            answer = committee(torch.from_numpy(raw[rows])[None], torch.from_numpy(speaker))
        ours.append(answer[0].numpy())
        theirs.append(session.run({"vectors": raw[rows][None], "speaker": speaker})["scores"][0])
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


def report(data: str, lines: Lines, aware: NDArray[Any], free: NDArray[Any]) -> dict[str, Any]:
    """Weighted F1 of both sides with the paired interval over dialogues."""
    return compared(
        weighted_f1,
        lines.label,
        aware.argmax(axis=1),
        free.argmax(axis=1),
        data=data,
        name="weighted F1, lines in their dialogue",
        baseline="the same net, each line by itself",
        groups=lines.groups,
    )


def vectors(weights: CardWeights, texts: Sequence[str]) -> Vectors:
    """(N, 796) pooled vectors and logits of ``text-emotion``, in the order of the texts."""
    ids = text.tokenise_with(Path(weights.path("tokenizer")), texts)
    return line_vectors(weights.session("model"), [np.array(item) for item in ids])


def _ordered(items: Sequence[Item], split: str) -> list[Item]:
    kept = [item for item in items if item.split == split]
    return sorted(
        kept, key=lambda item: (int(item.extra["dialogue"]), int(item.extra["utterance"]))
    )


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
