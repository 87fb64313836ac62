"""An adapter that replies as a listener: EmpatheticDialogues by LoRA on the language model.

Supervised fine-tuning (Hu et al., ICLR 2022) on what listeners answered, given the dialogue and
the emotion that it is about: all answers of a conversation at once, in a budget of steps that one
core can spend in half an hour; on a GPU all conversations are gone through several times. The
licence of the data is non-commercial, and so is the adapter.

Protocol: the official training conversations; one in twenty is held back, and what shares its
situation or beginning with those or with validation is left out. Of those held back some choose the
epoch, one answer each, and the adapter is measured on others: the surprise of the listeners' own
words, with and without it.
Baseline in the same run: the model without the adapter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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
from ._kept_rows import apart, joined, kept
from .text_lora import optimizer

NAME = "reply-lora"
HELP = "an adapter of the language model that replies as a listener, from EmpatheticDialogues"
CHOOSING, JUDGED = 48, 200
"""Answers held back, each of a conversation of its own."""
RANKS = 16
LONGEST = 160
"""Tokens of a dialogue that are read, the last ones."""
RATE = 1e-3
PARTS = ("learnt", "choosing", "judged")
Row = tuple[list[int], list[bool]]
"""The ids of a dialogue, and which of them are to be learnt."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What a run may spend.

    epochs; steps of an epoch, whatever the corpus holds; batch: conversations of a step; most:
    conversations that are learnt, None for all.
    """

    epochs: int
    steps: int
    batch: int
    most: int | None


CPU = Budget(epochs=12, steps=50, batch=8, most=4800)
"""A quarter of the training conversations, once."""
GPU = Budget(epochs=5, steps=288, batch=64, most=None)
"""An epoch is a pass over all of them, 18,406."""


def budget(context: Context) -> Budget:
    """Return what the run may spend on its device."""
    spent = GPU if context.device.startswith("cuda") else CPU
    return replace(spent, epochs=context.epochs or spent.epochs)


def run(context: Context) -> Path:
    """Train, export, measure on the conversations held back, write the card."""
    found = _lora.base(context)
    given = prepared(context, found)
    net, rows = train(context, found, given)
    path = context.out / f"{NAME}.npz"
    save_adapter(path, net.adapter(("reply",), np.ones((1, RANKS), np.float32)))
    spent = budget(context)
    count = min(len(given["learnt"]), spent.epochs * spent.steps * spent.batch)
    return save_card(context.out, card(context, path, rows, count))


def prepared(context: Context, found: _lora.Base) -> dict[str, list[Row]]:
    """Return the dialogues by :data:`PARTS`, those to be learnt in the order of the draw.

    Kept in ``dialogues.rows.npz`` of the run's folder, which a resumed run reads again instead of
    the corpus. No torch device is used: the context's only says how many rows are wanted, so that
    those of a run on a GPU can be made before, elsewhere.
    """
    most = budget(context).most

    def make() -> dict[str, NDArray[Any]]:
        root = data_root(context.root)
        judge = replies(DATASET.items(root, split="valid"))
        fit, held = held_back(replies(DATASET.items(root, split="train")), 0.05)
        whole = {one.conversation: one for one in unlike(fit, [*held, *judge])}
        asked = one_each(held, CHOOSING + JUDGED, context.seed)
        learnt = list(whole.values())
        order = np.random.default_rng(context.seed).permutation(len(learnt))[:most]
        drawn = [learnt[place] for place in order]
        parts = (drawn, asked[:CHOOSING], asked[CHOOSING:])
        arrays = {}
        for name, part in zip(PARTS, parts, strict=True):
            rows = []
            for number, item in enumerate(part):
                rows.append(dialogue(found.model, item, every=name == "learnt"))
                context.progress(f"encoding what is {name}", number + 1, len(part))
            arrays[f"{name}.ids"], arrays[f"{name}.lengths"] = joined([row[0] for row in rows])
            arrays[f"{name}.wanted"] = joined([row[1] for row in rows])[0].astype(bool)
        return arrays

    of = f"{most} drawn by seed {context.seed}, {CHOOSING} and {JUDGED} held, {LONGEST} tokens"
    arrays = kept(context, "dialogues", of, make)
    return {
        name: list(
            zip(
                apart(arrays[f"{name}.ids"], arrays[f"{name}.lengths"]),
                apart(arrays[f"{name}.wanted"], arrays[f"{name}.lengths"]),
                strict=True,
            )
        )
        for name in PARTS
    }


def train(
    context: Context, found: _lora.Base, given: Mapping[str, Sequence[Row]]
) -> tuple[LlamaLora, list[dict[str, Any]]]:
    """Return the trained network and the score rows of its card; ``given`` by :data:`PARTS`."""
    seed_everything(context.seed)
    first = found.first(context.device)
    net = LlamaLora(found.shape, found.tensors, first=first, ranks=RANKS).to(context.device)
    spent, learnt = budget(context), given["learnt"]
    choosing = list(held_batches(found, given["choosing"], first, spent.batch))

    def batches(epoch: int) -> Iterator[tuple[Tensor, ...]]:
        random = np.random.default_rng([context.seed, epoch])
        size = spent.steps * spent.batch
        # Shuffled, as rows of one length would else meet each other again in every pass.
        places = random.permutation(np.arange(epoch * size, (epoch + 1) * size)) % len(learnt)
        rows = sorted((learnt[place] for place in places), key=lambda row: len(row[0]))
        for number in random.permutation(spent.steps):
            yield batch(found, rows[number * spent.batch : (number + 1) * spent.batch], first)

    def evaluate(current: nn.Module) -> dict[str, float]:
        values, counts = surprise(current, choosing)
        return {"fit": -float(values.sum() / counts.sum())}

    plan = Plan(epochs=spent.epochs, steps=spent.steps, average=0.97, bfloat16=False)
    Fit(net, optimizer(net, RATE), plan, context, name=NAME).run(batches, loss, evaluate, "fit")
    judged = list(held_batches(found, given["judged"], first, spent.batch))
    return net, [score_row(net.eval(), judged)]


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
    found: _lora.Base, rows: Sequence[Row], first: int, size: int
) -> Iterator[tuple[Tensor, ...]]:
    """Yield batches of ``size`` dialogues, in their order."""
    for start in range(0, len(rows), size):
        yield batch(found, rows[start : start + size], first)


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


def card(context: Context, path: Path, rows: list[dict[str, Any]], count: int) -> Card:
    """The card of the adapter, which learnt ``count`` conversations."""
    return replace(
        Card(NAME, "text.adapter", "text", licence="CC-BY-NC-4.0"),
        labels=("reply",),
        files=(weight_file("adapter", path),),
        preprocessing=_lora.trained_on(path),
        commercial=False,
        training_data=(
            f"{count} of EmpatheticDialogues' training conversations (CC BY-NC 4.0, Rashkin et "
            "al., ACL 2019)",
        ),
        paper="Hu et al., 2022, LoRA, ICLR; Rashkin et al., 2019, EmpatheticDialogues, ACL",
        provenance=f"openaffect train {NAME}, seed {context.seed}, {machine(context.device)}",
        scores=tuple(rows),
        limits=(
            "English small talk of crowd workers about a situation; short, often stock answers",
            "It does not know facts, and does not understand what it is told",
            "No help in distress: it may answer a cry for help with a platitude",
            "Replies are often out of place, cheer at a disappointment among them; offer several "
            "and choose",
        ),
        intended_use=("Research on dialogue, by people who know that a machine answers",),
        forbidden_use=(
            "Counselling, therapy or crisis support",
            "Passing its answers off as a person's",
        ),
        rank=10,
    )
