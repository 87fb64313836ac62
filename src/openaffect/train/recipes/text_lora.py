"""An adapter that writes with emotion: low-rank pairs a feeling, from GoEmotions.

Supervised fine-tuning of SmolLM2-135M by LoRA (Hu et al., ICLR 2022): comments of one feeling are
continued with the gates of that feeling open. Pairs in common to all feelings are open too and are
left out afterwards: they take up what the comments share, the manner of the site, so that a
feeling's own pairs learn what sets it apart. The contrast in the loss says the same: a comment is
to be likelier under its own gates than under those of another feeling.

Protocol: official train rows, less those whose folded text occurs in validation; the clearest by
``text-emotion`` are taken. Rows of the eighth held back, cut as for ``text-emotion``, choose the
epoch: by how surely the gates tell the feelings apart. On a CPU the upper third of the layers gets
pairs, on a GPU all.
Baseline in the same run: the model without the adapter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from openaffect.generate._emotion import EMOTIONS
from openaffect.models.backends._llama_adapter import save_adapter
from openaffect.types import Card

from ..cards import machine, save_card, weight_file
from ..context import Context
from ..loop import Fit, Plan, seed_everything
from ..nets.llama_lora import LlamaLora
from . import _emotional_text as comments
from . import _lora
from ._kept_rows import kept
from .text_emotion import split

NAME = "text-lora"
HELP = "an adapter of the language model that writes with emotion, from GoEmotions"
RATE = 2e-3
CONTRAST = 0.2
"""Weight of the contrast with another feeling's gates, beside the likelihood."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What a run may spend.

    epochs: halves of a pass over as many comments as there are, every emotion drawn alike; after
    ``patience`` of them that were no better, none. batch: comments of a step. most: comments an
    emotion; rare feelings have fewer and are drawn more often. held: comments an emotion that
    choose the epoch. each: pairs a matrix of each emotion.
    """

    epochs: int
    patience: int
    batch: int
    most: int
    held: int
    each: int


CPU = Budget(epochs=4, patience=1, batch=16, most=500, held=16, each=comments.EACH)
GPU = Budget(epochs=6, patience=3, batch=64, most=1500, held=24, each=comments.EACH // 2)
"""Three times the layers get pairs, so that fewer of each make a file of the same order."""


def budget(context: Context) -> Budget:
    """Return what the run may spend on its device."""
    spent = GPU if context.device.startswith("cuda") else CPU
    return replace(spent, epochs=context.epochs or spent.epochs)


def run(context: Context) -> Path:
    """Train, choose, export, measure on the rows held back, write the card."""
    found = _lora.base(context)
    net, rows = train(context, found)
    path = context.out / f"{NAME}.npz"
    save_adapter(path, net.adapter(EMOTIONS, comments.mixing(budget(context).each)))
    return save_card(context.out, card(context, path, rows))


def train(
    context: Context, found: _lora.Base, *, four_bits: bool = False
) -> tuple[LlamaLora, list[dict[str, Any]]]:
    """Return the trained network and the score rows of its card."""
    seed_everything(context.seed)
    spent = budget(context)
    learnt, held = prepared(context, found)
    first = found.first(context.device)
    states = held_states = None
    if first:
        states = _lora.lower_states(context, found, learnt.ids, "learnt")
        held_states = _lora.lower_states(context, found, held.ids, "held")
    net = LlamaLora(
        found.shape,
        found.tensors,
        first=first,
        ranks=comments.ranks(spent.each),
        four_bits=four_bits,
    ).to(context.device)
    plan = Plan(
        epochs=spent.epochs,
        steps=-(-len(learnt) // (2 * spent.batch)),
        patience=spent.patience,
        average=0.97,
        bfloat16=False,
    )
    fit = Fit(net, optimizer(net, RATE), plan, context, name=NAME)
    random = torch.Generator().manual_seed(context.seed)
    seen = [told_apart(context, net, held, held_states, spent.each)]

    def evaluate(current: nn.Module) -> dict[str, float]:
        seen.append(told_apart(context, current, held, held_states, spent.each))
        return seen[-1]

    fit.run(
        lambda epoch: comments.batches(
            learnt, states, spent.batch, context.seed, epoch, spent.each
        ),
        lambda current, batch: loss(current, batch, random),
        evaluate,
        "sureness",
    )
    return net, score_rows(seen[0], max(seen, key=lambda row: row["sureness"]), len(held))


def score_rows(before: dict[str, float], after: dict[str, float], count: int) -> list[Any]:
    """Return the rows of the card: what the gates tell apart, with and without training."""
    return [
        {
            "data": f"{count} comments of GoEmotions' training rows that chose the epoch",
            "measure": name,
            "value": round(after[name], 4),
            "baseline": {"name": "the model without the adapter", "value": round(before[name], 4)},
        }
        for name in after
    ]


def optimizer(net: nn.Module, rate: float) -> torch.optim.Optimizer:
    """Return AdamW over the pairs; no decay, which would draw the strength of a gate to nothing."""
    pairs = [item for item in net.parameters() if item.requires_grad]
    return torch.optim.AdamW(pairs, lr=rate, betas=(0.9, 0.98), weight_decay=0.0)


def prepared(context: Context, found: _lora.Base) -> tuple[comments.Comments, comments.Comments]:
    """Return the comments to be learnt and those that choose the epoch, as ids.

    Kept in ``comments.rows.npz`` of the run's folder, which a resumed run reads again instead of
    the corpus. No torch device is used: the context's only says how many comments are wanted, so
    that those of a run on a GPU can be made before, elsewhere.
    """
    spent = budget(context)

    def make() -> dict[str, NDArray[Any]]:
        fit_rows, choose_rows, _ = split(context)
        learnt = material(found, fit_rows, spent.most, context.seed)
        held = material(found, choose_rows, spent.held, context.seed)
        return {
            f"{name}.{key}": array
            for name, part in (("learnt", learnt), ("held", held))
            for key, array in part.arrays().items()
        }

    of = f"{spent.most} and {spent.held} of each emotion, seed {context.seed}"
    arrays = kept(context, "comments", of, make)
    learnt, held = (comments.Comments.of(arrays, name) for name in ("learnt", "held"))
    return learnt, held


def material(found: _lora.Base, rows: Any, most: int, seed: int) -> comments.Comments:
    """Return the clearest comments of the rows as ids."""
    from openaffect import load

    emotion = comments.feeling(rows)
    looked_at = np.concatenate(
        [np.flatnonzero(emotion == number)[: 2 * most] for number in range(len(EMOTIONS))]
    )
    rows, emotion = rows.select(looked_at), emotion[looked_at]
    judge = load("text.emotion")
    parts = [judge([rows.texts[row] for row in part]) for part in _lora.slices(len(rows), 512)]
    judged = np.concatenate([part.scores for part in parts])
    texts, emotion = comments.clear_rows(rows, emotion, judged, most)
    return comments.comments(found.model, texts, emotion, seed)


def loss(net: nn.Module, batch: tuple[Tensor, ...], random: torch.Generator) -> Tensor:
    """Negative log-likelihood a token, and a contrast with another feeling's gates a comment.

    The contrast is logistic in the difference of the two log-likelihoods of a comment over the
    root of its length; the first half of the comments, which is as good as any, is read twice.
    """
    given, ids, wanted, gates = batch
    right, rows = _lora.log_likelihood(net, given, ids, wanted, gates)
    half = -(-len(ids) // 2)
    other = _turned(gates[:half], random)
    wrong, _ = _lora.log_likelihood(net, given[:half], ids[:half], wanted[:half], other)
    twice = rows < half
    gain = _lora.by_row(right[twice] - wrong, rows[twice], half) / wanted[:half].sum(dim=1).sqrt()
    return -right.mean() - CONTRAST * nn.functional.logsigmoid(gain).mean()


def _turned(gates: Tensor, random: torch.Generator) -> Tensor:
    """Return gates of another feeling each, drawn alike among the other six."""
    turn = torch.randint(1, len(EMOTIONS), (len(gates),), generator=random)
    each = (gates.shape[1] - comments.COMMON) // len(EMOTIONS)
    own = gates[:, comments.COMMON :: each].argmax(dim=1).cpu()
    other = torch.from_numpy(comments.mixing(each))[(own + turn) % len(EMOTIONS)]
    other[:, : comments.COMMON] = 1
    return other.to(gates.device)


@torch.no_grad()
def told_apart(
    context: Context,
    net: nn.Module,
    held: comments.Comments,
    states: list[NDArray[Any]] | None,
    each: int,
) -> dict[str, float]:
    """Return how well the gates alone tell the feelings of comments apart.

    ``accuracy``: of the gates under which a comment is likeliest; ``sureness``: mean
    log-probability of the right ones, all alike beforehand; ``surprise``: negative log-likelihood
    a token under them.
    """
    net.eval()
    mixing = torch.from_numpy(comments.mixing(each)).to(context.device)
    scores = np.zeros((len(held), len(EMOTIONS)))
    tokens = np.zeros(len(held))
    for part in _lora.slices(len(held), 64):
        items = comments.batch(held, states, part, each)
        given, ids, wanted, _ = (item.to(context.device) for item in items)
        tokens[part] = wanted.sum(dim=1).cpu()
        for number in range(len(EMOTIONS)):
            gates = mixing[number].expand(len(part), -1)
            values, rows = _lora.log_likelihood(net, given, ids, wanted, gates)
            scores[part, number] = _lora.by_row(values, rows, len(part)).cpu()
    right = scores[np.arange(len(held)), held.emotion]
    sure = right - np.logaddexp.reduce(scores, axis=1)
    return {
        "accuracy": float((scores.argmax(axis=1) == held.emotion).mean()),
        "sureness": float(sure.mean()),
        "surprise": float(-right.sum() / tokens.sum()),
    }


def card(context: Context, path: Path, rows: list[dict[str, Any]]) -> Card:
    """The card of the adapter."""
    return Card(
        name=path.stem,
        task="text.adapter",
        modality="text",
        labels=EMOTIONS,
        files=(weight_file("adapter", path),),
        preprocessing=_lora.trained_on(path),
        licence="Apache-2.0 (weights); GoEmotions is CC BY 4.0",
        commercial=True,
        training_data=("GoEmotions training split (CC BY 4.0, Demszky et al., 2020)",),
        paper="Hu et al., 2022, LoRA, ICLR",
        provenance=f"openaffect train {path.stem}, seed {context.seed}, {machine(context.device)}",
        scores=tuple(rows),
        limits=(
            "English; learnt from short comments of one site",
            "The feeling that readers find in a text, which is nobody's",
        ),
        intended_use=("Writing short texts with a chosen emotion, whose origin is stated",),
        forbidden_use=(
            "Passing its texts off as a person's",
            "Working on people's feelings without their knowledge, or to their harm",
        ),
        rank=10,
    )
