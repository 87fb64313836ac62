"""An adapter that replies as a listener: EmpatheticDialogues by LoRA on the language model.

Supervised fine-tuning (Hu et al., ICLR 2022) on what listeners answered, given the dialogue and
the emotion that it is about: all answers of a conversation at once, in a budget of steps that one
core can spend in half an hour. The licence of the data is non-commercial, and so is the adapter.

Protocol: the official training conversations; one in twenty is held back, and what shares its
situation or beginning with those or with validation is left out. Of those held back some choose the
epoch, one answer each, and the adapter is measured on others: the surprise of the listeners' own
words, with and without it.
Baseline in the same run: the model without the adapter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from openaffect.data._replies import Reply, held_back, one_each, replies, unlike
from openaffect.data._tables import data_root
from openaffect.data.empathetic_dialogues import DATASET
from openaffect.generate._listening import shortened
from openaffect.generate._words import LISTENER
from openaffect.models.backends._llama_adapter import save_adapter
from openaffect.types import Card, LanguageModel, Message

from ..cards import machine, save_card, weight_file
from ..context import Context
from ..loop import Fit, Plan, seed_everything
from ..nets.llama_lora import LlamaLora
from ..scores import compared
from . import _lora
from .text_lora import optimizer

NAME = "reply-lora"
HELP = "an adapter of the language model that replies as a listener, from EmpatheticDialogues"
EPOCHS = 12
STEPS = 50
"""Steps of an epoch: the budget, whatever the corpus holds."""
BATCH = 8
CHOOSING, JUDGED = 48, 200
"""Answers held back, each of a conversation of its own."""
RANKS = 16
LONGEST = 160
"""Tokens of a dialogue that are read, the last ones."""
RATE = 1e-3
Row = tuple[list[int], list[bool]]
"""The ids of a dialogue, and which of them are to be learnt."""


def run(context: Context) -> Path:
    """Train, export, measure on the conversations held back, write the card."""
    found = _lora.base(context)
    root = data_root(context.root)
    judge = replies(DATASET.items(root, split="valid"))
    fit, held = held_back(replies(DATASET.items(root, split="train")), 0.05)
    whole = {one.conversation: one for one in unlike(fit, [*held, *judge])}
    asked = one_each(held, CHOOSING + JUDGED, context.seed)
    net, rows = train(context, found, list(whole.values()), asked[:CHOOSING], asked[CHOOSING:])
    path = context.out / f"{NAME}.npz"
    save_adapter(path, net.adapter(("reply",), np.ones((1, RANKS), np.float32)))
    return save_card(context.out, card(context, path, rows))


def train(
    context: Context,
    found: _lora.Base,
    learnt: Sequence[Reply],
    choose: Sequence[Reply],
    judged: Sequence[Reply],
) -> tuple[LlamaLora, list[dict[str, Any]]]:
    """Return the trained network and the score rows of its card."""
    seed_everything(context.seed)
    first = found.first(context.device)
    net = LlamaLora(found.shape, found.tensors, first=first, ranks=RANKS).to(context.device)
    order = np.random.default_rng(context.seed).permutation(len(learnt))
    choosing = list(held_batches(found, choose, first))

    def batches(epoch: int) -> Iterator[tuple[Tensor, ...]]:
        places = np.arange(epoch * STEPS * BATCH, (epoch + 1) * STEPS * BATCH)
        rows = [dialogue(found.model, learnt[row]) for row in order.take(places, mode="wrap")]
        rows.sort(key=lambda row: len(row[0]))
        for number in np.random.default_rng([context.seed, epoch]).permutation(STEPS):
            yield batch(found, rows[number * BATCH : (number + 1) * BATCH], first)

    def evaluate(current: nn.Module) -> dict[str, float]:
        values, counts = surprise(current, choosing)
        return {"fit": -float(values.sum() / counts.sum())}

    rates = optimizer(net)
    for group in rates.param_groups:
        group["lr"] = RATE
    plan = Plan(epochs=context.epochs or EPOCHS, steps=STEPS, average=0.97, bfloat16=False)
    Fit(net, rates, plan, context, name=NAME).run(batches, loss, evaluate, "fit")
    return net, [score_row(net.eval(), list(held_batches(found, judged, first)))]


def score_row(net: nn.Module, held: Sequence[tuple[Tensor, ...]]) -> dict[str, Any]:
    """Return the row of the card: the surprise with the adapter, and without it."""
    values, counts = surprise(net, held)
    closed, _ = surprise(net, [(*items[:3], torch.zeros_like(items[3])) for items in held])
    return compared(
        lambda tokens, sums: float(sums.sum() / tokens.sum()),
        counts,
        values,
        closed,
        data=f"{len(values)} answers of EmpatheticDialogues' training conversations, held back "
        "from the weights and from the choice of the epoch",
        name="surprise of the listener's words, nats a token",
        baseline="the model without the adapter",
    )


def held_batches(
    found: _lora.Base, items: Sequence[Reply], first: int
) -> Iterator[tuple[Tensor, ...]]:
    """Yield batches of dialogues of which the last answer alone is wanted."""
    for start in range(0, len(items), BATCH):
        part = items[start : start + BATCH]
        yield batch(found, [dialogue(found.model, item, every=False) for item in part], first)


def batch(found: _lora.Base, rows: Sequence[Row], first: int) -> tuple[Tensor, ...]:
    """Return (given, ids, wanted, gates) of dialogues."""
    ids, wanted = (
        nn.utils.rnn.pad_sequence([torch.tensor(row[place]) for row in rows], batch_first=True)
        for place in (0, 1)
    )
    gates = torch.ones(len(rows), RANKS)
    if not first:
        return ids, ids, wanted, gates
    with torch.no_grad():
        return found.below(first)(ids), ids, wanted, gates


def dialogue(model: LanguageModel, item: Reply, *, every: bool = True) -> Row:
    """Return the ids of a dialogue with its answer, and which of them are to be learnt.

    These are the answers, ``every`` one or the last alone, each with the sign that ends a turn;
    one that a long dialogue begins with, once cut, has nothing to answer and is none of them.
    """
    said = [(role == LISTENER, text) for role, text in zip(item.roles, item.said, strict=True)]
    messages = shortened(model, said, item.emotion, LONGEST)
    answered = (*messages, Message("assistant", item.answer.strip()))
    end = model.encode("<|im_end|>", special=True)
    ends = end if set(end) <= model.ends else [min(model.ends)]
    ids = [*model.chat(messages), *model.encode(answered[-1].content), *ends]
    wanted = np.zeros(len(ids), bool)
    for place, message in enumerate(answered):
        if message.role == "assistant" and (place == len(messages) or (every and place > 1)):
            start = len(model.chat(answered[:place]))
            wanted[start : start + len(model.encode(message.content)) + len(ends)] = True
    return ids, wanted.tolist()


def loss(net: nn.Module, items: tuple[Tensor, ...]) -> Tensor:
    """Negative log-likelihood a token of the answers."""
    values, _ = _lora.log_likelihood(net, *items)
    return -values.mean()


@torch.no_grad()
def surprise(
    net: nn.Module, held: Sequence[tuple[Tensor, ...]]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return, of each dialogue, the negative log-likelihood of its answer, and its tokens."""
    device = next(net.parameters()).device
    sums = []
    for items in held:
        wanted = items[2]
        values, rows = _lora.log_likelihood(net, *(item.to(device) for item in items))
        sums.append(-_lora.by_row(values.float(), rows, len(wanted)).cpu())
    counts = torch.cat([items[2].sum(dim=1) for items in held])
    return torch.cat(sums).double().numpy(), counts.double().numpy()


def card(context: Context, path: Path, rows: list[dict[str, Any]]) -> Card:
    """The card of the adapter."""
    return replace(
        Card(NAME, "text.adapter", "text", licence="CC-BY-NC-4.0"),
        labels=("reply",),
        files=(weight_file("adapter", path),),
        preprocessing=_lora.trained_on(path),
        commercial=False,
        training_data=(
            f"{(context.epochs or EPOCHS) * STEPS * BATCH} of EmpatheticDialogues' training "
            "conversations (CC BY-NC 4.0, Rashkin et al., ACL 2019)",
        ),
        paper="Hu et al., 2022, LoRA, ICLR; Rashkin et al., 2019, EmpatheticDialogues, ACL",
        provenance=f"openaffect train {NAME}, seed {context.seed}, {machine()}",
        scores=tuple(rows),
        limits=(
            "English small talk of crowd workers about a situation; short, often stock answers",
            "It does not know facts, and does not understand what it is told",
            "No help in distress: it may answer a cry for help with a platitude",
            "Learnt in few steps: replies are often out of place, cheer at a fear among them; "
            "offer several and choose",
        ),
        intended_use=("Research on dialogue, by people who know that a machine answers",),
        forbidden_use=(
            "Counselling, therapy or crisis support",
            "Passing its answers off as a person's",
        ),
        rank=10,
    )
