"""An adapter that replies as a listener: EmpatheticDialogues by LoRA on the language model.

Supervised fine-tuning (Hu et al., ICLR 2022) on what listeners answered, given the dialogue and
the emotion that it is about; of a quarter of the training conversations, one answer each, in a
budget of steps that two cores can spend. The licence of the data is non-commercial, and so is the
adapter.

Protocol: one conversation in twenty is held back, and the adapter is measured on those: the
surprise of the listeners' own words, with and without it.
Baseline in the same run: the model without the adapter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from openaffect.data._replies import Reply, held_back, one_each, replies
from openaffect.data._tables import data_root
from openaffect.data.empathetic_dialogues import DATASET
from openaffect.generate._listening import shortened
from openaffect.models.backends._llama_adapter import save_adapter
from openaffect.types import Card, LanguageModel

from ..cards import machine, save_card, weight_file
from ..context import Context
from ..loop import Fit, Plan, seed_everything
from ..nets.llama_lora import LlamaLora
from . import _lora
from .text_lora import optimizer

NAME = "reply-lora"
HELP = "an adapter of the language model that replies as a listener, from EmpatheticDialogues"
EPOCHS = 4
STEPS = 30
"""Steps of an epoch: the budget, whatever the corpus holds."""
BATCH = 8
SHARE = 0.25
HELD = 24
RANKS = 16
LONGEST = 160
"""Tokens of a dialogue that are read, the last ones."""
RATE = 1e-3


def run(context: Context) -> Path:
    """Train, export, measure on the conversations held back, write the card."""
    found = _lora.base(context)
    items = replies(DATASET.items(data_root(context.root), split="train"))
    fit, held = held_back(items, 0.05)
    conversations = len({one.conversation for one in fit})
    learnt = one_each(fit, max(int(conversations * SHARE), 1), context.seed)
    judged = one_each(held, HELD, context.seed)
    net, rows = train(context, found, learnt, judged)
    path = context.out / f"{NAME}.npz"
    save_adapter(path, net.adapter(("reply",), np.ones((1, RANKS), np.float32)))
    return save_card(context.out, card(context, path, rows))


def train(
    context: Context, found: _lora.Base, learnt: Sequence[Reply], judged: Sequence[Reply]
) -> tuple[LlamaLora, list[dict[str, Any]]]:
    """Return the trained network and the score rows of its card."""
    seed_everything(context.seed)
    first = found.first(context.device)
    net = LlamaLora(found.shape, found.tensors, first=first, ranks=RANKS).to(context.device)
    held = [
        batch(found, judged[start : start + BATCH], first) for start in range(0, len(judged), BATCH)
    ]
    closed = [(*items[:3], torch.zeros_like(items[3])) for items in held]
    before = surprise(net, closed)
    plan = Plan(epochs=context.epochs or EPOCHS, steps=STEPS, average=0.97, bfloat16=False)
    seen = [before]

    def batches(epoch: int) -> Any:
        random = np.random.default_rng([context.seed, epoch])
        order = random.choice(len(learnt), STEPS * BATCH, replace=len(learnt) < STEPS * BATCH)
        for start in range(0, len(order), BATCH):
            yield batch(found, [learnt[row] for row in order[start : start + BATCH]], first)

    def evaluate(current: nn.Module) -> dict[str, float]:
        seen.append(surprise(current, held))
        return {"fit": -seen[-1]}

    rates = optimizer(net)
    for group in rates.param_groups:
        group["lr"] = RATE
    Fit(net, rates, plan, context, name=NAME).run(batches, loss, evaluate, "fit")
    return net, [
        {
            "data": f"{len(judged)} answers of EmpatheticDialogues' training conversations, held "
            "back from the weights; they chose the epoch",
            "measure": "surprise of the listener's words, nats a token",
            "value": round(min(seen), 4),
            "baseline": {"name": "the model without the adapter", "value": round(before, 4)},
        }
    ]


def batch(found: _lora.Base, items: Sequence[Reply], first: int) -> tuple[Tensor, ...]:
    """Return (given, ids, wanted, gates) of dialogues and their answers; the answers are wanted."""
    made = [dialogue(found.model, item) for item in items]
    ids = nn.utils.rnn.pad_sequence(
        [torch.tensor([*lead, *answer]) for lead, answer in made], batch_first=True
    )
    wanted = torch.zeros(ids.shape, dtype=torch.bool)
    for row, (lead, answer) in enumerate(made):
        wanted[row, len(lead) : len(lead) + len(answer)] = True
    gates = torch.ones(len(made), RANKS)
    if not first:
        return ids, ids, wanted, gates
    with torch.no_grad():
        return found.below(first)(ids), ids, wanted, gates


def dialogue(model: LanguageModel, item: Reply) -> tuple[list[int], list[int]]:
    """Return the ids of what was said, and of the answer with the sign that ends a turn."""
    said = [(role == "listener", text) for role, text in zip(item.roles, item.said, strict=True)]
    lead = model.chat(shortened(model, said, item.emotion, LONGEST))
    end = model.encode("<|im_end|>", special=True)
    ends = end if set(end) <= model.ends else [min(model.ends)]
    return lead, [*model.encode(item.answer.strip()), *ends]


def loss(net: nn.Module, items: tuple[Tensor, ...]) -> Tensor:
    """Negative log-likelihood a token of the answers."""
    values, _ = _lora.log_likelihood(net, *items)
    return -values.mean()


@torch.no_grad()
def surprise(net: nn.Module, held: Sequence[tuple[Tensor, ...]]) -> float:
    """Return the mean of :func:`loss` over all tokens of the batches."""
    device = next(net.parameters()).device
    values = [_lora.log_likelihood(net, *(item.to(device) for item in items))[0] for items in held]
    return -float(torch.cat(values).mean())


def card(context: Context, path: Path, rows: list[dict[str, Any]]) -> Card:
    """The card of the adapter."""
    return replace(
        Card(NAME, "text.adapter", "text", licence="CC-BY-NC-4.0"),
        labels=("reply",),
        files=(weight_file("adapter", path),),
        preprocessing=_lora.trained_on(path),
        commercial=False,
        training_data=(
            f"{(context.epochs or EPOCHS) * STEPS * BATCH} answers drawn from a quarter of "
            "EmpatheticDialogues' training conversations (CC BY-NC 4.0, Rashkin et al., ACL 2019)",
        ),
        paper="Hu et al., 2022, LoRA, ICLR; Rashkin et al., 2019, EmpatheticDialogues, ACL",
        provenance=f"openaffect.train.run.run({NAME!r}, epochs={context.epochs or EPOCHS}), seed "
        f"{context.seed}, {machine()}",
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
