"""The adapter that writes with emotion, learnt from the untouched model's own varied texts.

Rejection sampling, then fine-tuning on what was kept (Dong et al., "RAFT: Reward ranked fine-tuning
for generative foundation model alignment", TMLR 2023): sentences without a mood are gone on from
many times, behind a heading that names the feeling and weighed by the classifier of beginnings; two
recognisers of emotion judge, and what reads so is learnt, with and without the heading. What learns
from samples keeps the width of what it samples from, where preferences narrow it to the few phrases
that pay best; so texts are chosen that share little with each other besides. Learnt without the
heading, a text teaches what the heading would have asked for (context distillation, Askell et al.,
"A general language assistant as a laboratory for alignment", 2021).

Protocol: one opening in fourteen is held back, sentences that share parts with those learnt; texts
are sampled on from those with the gates open by 1, without the classifier, and compared where both
sides have one that can be learnt. Baseline in the same run: the model without the adapter behind
the same headings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from openaffect.generate._emotion import EMOTIONS
from openaffect.generate.text_fudge import Fudge
from openaffect.models.backends._llama_adapter import save_adapter
from openaffect.types import Card

from ..cards import save_card
from ..context import Context
from ..loop import Fit, Plan, seed_everything
from ..nets.llama_lora import LlamaLora
from ..scores import compared
from . import _lora
from ._kept_rows import kept
from ._openings import many_openings
from ._text_sampler import TextSampler
from ._varied import Sample, chosen, shared_runs
from .text_lora import card, optimizer

NAME = "text-lora-distilled"
HELP = "an adapter of the language model that writes with emotion, from its own varied texts"
EACH = 4
"""Ranks of a matrix for each feeling; all layers have them."""
HELD = 14
RATE = 1.5e-3
LENGTH = 40
FIELDS = tuple(item.name for item in fields(Sample))
LEAST = 0.2
"""The chance below which a text is not learnt."""


@dataclass(frozen=True, slots=True)
class Budget:
    """How much is written and learnt.

    openings: that are gone on from. candidates: texts an opening and feeling. kept: texts of these
    that are learnt, at most. epochs: passes. batch: texts a step. size: texts written side by side.
    held: texts a feeling and opening held back.
    """

    openings: int
    candidates: int
    kept: int
    epochs: int
    batch: int
    size: int
    held: int


SMALL = Budget(26, 16, 2, 3, 16, 64, 1)
"""For two cores."""
LARGE = Budget(420, 64, 4, 2, 128, 6144, 8)
"""For a GPU with some cores beside it."""


def run(context: Context) -> Path:
    """Sample, choose, learn, measure, write the card."""
    seed_everything(context.seed)
    budget = LARGE if context.device.startswith("cuda") else SMALL
    found = _lora.base(context)
    known = many_openings()
    net = LlamaLora(found.shape, found.tensors, ranks=EACH * len(EMOTIONS)).to(context.device)
    sampler = TextSampler(context, found, net, known, budget.size)
    picked = chosen(sampled(sampler, budget), budget.kept, context.seed)
    context.log("chosen", learnt=len(picked))
    fine_tuned(sampler, picked, budget)
    path = context.out / f"{NAME}.npz"
    save_adapter(path, net.adapter(EMOTIONS, mixing()))
    return save_card(context.out, own_card(context, path, len(picked), report(sampler, budget)))


def mixing() -> NDArray[np.float32]:
    """Return (7, R): each emotion opens the pairs of its own."""
    return np.kron(np.eye(len(EMOTIONS)), np.ones(EACH)).astype(np.float32)


def sampled(sampler: TextSampler, budget: Budget) -> list[Sample]:
    """Return what the model itself writes that reads as the feeling, with its surprise.

    Kept in the folder of the run, which a resumed run of the same seed and budget reads again.
    """
    context = sampler.context
    places = [place for place in range(len(sampler.known)) if place % HELD]
    places = np.random.default_rng(context.seed).permutation(places)[: budget.openings].tolist()
    asked = [
        (place, feeling)
        for place in places
        for feeling in range(len(EMOTIONS))
        for _ in range(budget.candidates)
    ]

    def make() -> dict[str, NDArray[Any]]:
        texts = sampler(asked, None, context.seed, LENGTH, strength=Fudge.strength)
        clear = sampler.surprised([item for item in texts if item.chance >= LEAST])
        return {name: np.array([getattr(item, name) for item in clear]) for name in FIELDS}

    of = f"seed {context.seed}, {budget}, {LENGTH} tokens, chance {LEAST}, {Fudge.strength}"
    rows = kept(context, "samples", of, make)
    return [Sample(*row) for row in zip(*(rows[name].tolist() for name in FIELDS), strict=True)]


def fine_tuned(sampler: TextSampler, texts: Sequence[Sample], budget: Budget) -> None:
    """Learn the texts, each behind its heading and without in turn.

    To the end of the last epoch: there is nothing to choose one by.
    """
    seed = sampler.context.seed
    seed_everything(seed)

    def batches(epoch: int) -> Iterator[tuple[Tensor, ...]]:
        random = np.random.default_rng([seed, epoch])
        lengths = [len(item.text) + random.uniform(0, 20) for item in texts]
        order = np.argsort(lengths, kind="stable")
        parts = [order[at : at + budget.batch] for at in range(0, len(order), budget.batch)]
        for place in random.permutation(len(parts)):
            yield batch(sampler, [(texts[row], (row + epoch) % 2 == 0) for row in parts[place]])

    def loss(net: nn.Module, items: tuple[Tensor, ...]) -> Tensor:
        values, _ = _lora.log_likelihood(net, items[0], *items)
        return -values.mean()

    steps = -(-len(texts) // budget.batch)
    plan = Plan(sampler.context.epochs or budget.epochs, steps, average=0.9, bfloat16=False)
    fit = Fit(sampler.net, optimizer(sampler.net, RATE), plan, sampler.context, name=NAME)
    fit.run(batches, loss, lambda _: {"done": float(fit.epoch)}, "done")


def batch(
    sampler: TextSampler, texts: Sequence[tuple[Sample, bool]]
) -> tuple[Tensor, Tensor, Tensor]:
    """Return (ids, wanted, gates) of texts, each with whether its heading stands before it."""
    gates = mixing()[[item.feeling for item, _ in texts]]
    return (*sampler.padded(texts), torch.from_numpy(gates))


def report(sampler: TextSampler, budget: Budget) -> list[dict[str, Any]]:
    """Return score rows: what is written on from the openings held back, with and without."""
    held = range(0, len(sampler.known), HELD)
    asked = [
        (place, feeling)
        for place in held
        for feeling in range(len(EMOTIONS))
        for _ in range(budget.held)
    ]
    sides = [
        sampler.surprised(sampler(asked, gates, sampler.context.seed, LENGTH))
        for gates in (mixing(), None)
    ]
    rows = []
    for name, measure in MEASURES.items():
        after, before = (means(side, measure(side)) for side in sides)
        both = sorted(after.keys() & before.keys())
        if not both:
            continue
        rows.append(
            compared(
                lambda _, values: float(values.mean()),
                np.array([feeling for _, feeling in both]),
                np.array([after[key] for key in both]),
                np.array([before[key] for key in both]),
                data=f"{len(both)} pairs of a feeling and one of {len(held)} sentences held back; "
                f"{len(sides[0])} of {len(asked)} texts can be learnt from, {len(sides[1])} of "
                "the baseline's",
                name=name,
                baseline="the model without the adapter, behind the same headings",
                groups=np.array([place for place, _ in both]),
            )
        )
    return rows


def means(side: Sequence[Sample], values: Sequence[float]) -> dict[tuple[int, int], float]:
    """Return the mean of the values by opening and feeling."""
    groups: dict[tuple[int, int], list[float]] = {}
    for item, value in zip(side, values, strict=True):
        groups.setdefault((item.opening, item.feeling), []).append(value)
    return {key: float(np.mean(some)) for key, some in groups.items()}


MEASURES: dict[str, Callable[[Sequence[Sample]], list[float]]] = {
    "share of the feeling by the recognisers that chose, geometric mean": lambda side: [
        item.chance for item in side
    ],
    "surprise under the untouched model, nats a token": lambda side: [
        item.surprise for item in side
    ],
    "share of other openings with the same run of three words": lambda side: shared_runs(
        [(item.opening, item.feeling, item.text) for item in side]
    ),
}


def own_card(context: Context, path: Path, count: int, rows: list[dict[str, Any]]) -> Card:
    """The card of the adapter."""
    made = card(context, path, rows)
    return replace(
        made,
        training_data=(
            f"{count} texts of the language model itself, judged by text-emotion and text-tfidf-lr "
            "(trained on GoEmotions, CC BY 4.0, Demszky et al., 2020)",
        ),
        paper=f"{made.paper}; Dong et al., 2023, RAFT, TMLR",
        limits=(
            "English; short texts behind a plain sentence",
            "The feeling that readers find in a text, which is nobody's",
            "What text-emotion and text-tfidf-lr misread, it was rewarded for",
        ),
        rank=30,
    )
