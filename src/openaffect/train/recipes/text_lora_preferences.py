"""The adapter that writes with emotion, tuned by preferences: its own best and worst texts.

After ``text-lora``, direct preference optimisation (Rafailov et al., NeurIPS 2023, equation 7) with
the likelihood of the better text added, which keeps it from falling (Pang et al., "Iterative
reasoning preference optimization", NeurIPS 2024). Sentences without a mood are gone on from, gates
open by several widths; the recogniser ``text-emotion`` and the untouched language model's own
surprise rank what came; the best and the worst of an opening and feeling are a pair.

Protocol: six openings are held back; figures are of texts written on from those, gates open by 1,
before and after. Baseline in the same run: ``text-lora`` itself.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from openaffect.models.backends._llama_adapter import read_adapter, save_adapter
from openaffect.pipeline.judge import Judge
from openaffect.types import Card

from ..cards import save_card
from ..context import Context
from ..loop import Fit, Plan, seed_everything
from ..nets.llama_lora import LlamaLora
from . import _lora, text_lora
from ._own_texts import Round, Written, pairs, text_judge, written
from .text_lora import card, optimizer

NAME = "text-lora-preferences"
HELP = "the adapter that writes with emotion, tuned by preferences among its own texts"
EPOCHS = 3
BATCH = 4
RATE = 4e-4
HELD = (9, 22, 61, 100, 135, 138)
"""Numbers of the openings held back, from each of which two texts a feeling are written."""
SHARPNESS = 0.2
"""Beta: how far from what it was before the adapter may go."""
LIKELIHOOD = 0.2
"""Weight of the likelihood of the better text."""


ROUNDS = (
    Round((1, 14, 27, 40, 53, 66, 79, 92, 121, 125, 129, 133), (0.9, 1.2, 1.5)),
    Round((5, 18, 31, 44, 57, 70, 83, 96, 109, 123, 127, 136), (0.75, 1.05, 1.35)),
)
"""What is preferred is done better after a round, so that texts of its own are ranked again."""


def run(context: Context) -> Path:
    """Train ``text-lora``, then write, rank and train, twice; measure, write the card."""
    found = _lora.base(context)
    judge = text_judge()
    start = adapter = context.out / f"{text_lora.NAME}.npz"
    if not (context.resume and start.is_file()):
        text_lora.run(context)
    for number, part in enumerate(ROUNDS, 1):
        path = context.out / f"round-{number}.npz"
        if not (context.resume and path.is_file()):
            texts = written(context, found, adapter, part, judge, f"round-{number}")
            net = tuned(context, found, adapter, pairs(texts), f"round-{number}")
            old = read_adapter(adapter)
            save_adapter(path, net.adapter(old.names, old.mixing))
        adapter = path
    path = context.out / f"{NAME}.npz"
    shutil.copyfile(adapter, path)
    rows = report(context, found, (start, path), judge)
    return save_card(context.out, tuned_card(context, path, rows))


def tuned(
    context: Context,
    found: _lora.Base,
    start: Path,
    ranked: Sequence[tuple[Written, Written]],
    name: str,
) -> LlamaLora:
    """Return the network with the adapter's pairs, trained on these pairs of texts."""
    seed_everything(context.seed)
    adapter = read_adapter(start)
    first = min(int(site.split(".")[1]) for site in adapter.sites)
    net = LlamaLora(found.shape, found.tensors, first=first, ranks=adapter.mixing.shape[1])
    net.take(adapter)
    net.to(context.device)
    batches = [
        _batch(found, adapter.mixing, ranked[begin : begin + BATCH], first)
        for begin in range(0, len(ranked), BATCH)
    ]
    with torch.no_grad():
        before = [
            _likelihoods(net, tuple(item.to(context.device) for item in batch)) for batch in batches
        ]
    batches = [(*batch, values) for batch, values in zip(batches, before, strict=True)]
    plan = Plan(epochs=context.epochs or EPOCHS, steps=len(batches), bfloat16=False)

    def order(epoch: int) -> list[tuple[Tensor, ...]]:
        random = np.random.default_rng([context.seed, epoch])
        return [batches[number] for number in random.permutation(len(batches))]

    def evaluate(current: nn.Module) -> dict[str, float]:
        return {"done": float(fit.epoch)}  # the last is taken: there is nothing to choose by

    fit = Fit(net, optimizer(net, RATE), plan, context, name=name)
    fit.run(order, loss, evaluate, "done")
    return net


def loss(net: nn.Module, batch: tuple[Tensor, ...]) -> Tensor:
    """-log sigmoid(beta (gain of the better - gain of the worse)), and the better's likelihood.

    A batch holds the better texts first, the worse ones in the same order behind them; the last of
    it are their log-likelihoods before.
    """
    now = _likelihoods(net, batch[:-1])
    better, worse = (now - batch[-1]).chunk(2)
    tokens = batch[2].sum(dim=1)[: len(better)]
    preference = -nn.functional.logsigmoid(SHARPNESS * (better - worse)).mean()
    return preference - LIKELIHOOD * (now[: len(better)] / tokens).mean()


def _likelihoods(net: nn.Module, batch: tuple[Tensor, ...]) -> Tensor:
    given, ids, wanted, gates = batch
    values, rows = _lora.log_likelihood(net, given, ids, wanted, gates)
    return _lora.by_row(values, rows, len(ids))


def _batch(
    found: _lora.Base, mixing: Any, ranked: Sequence[tuple[Written, Written]], first: int
) -> tuple[Tensor, ...]:
    """Return (given, ids, wanted, gates) of the better texts, then of the worse."""
    texts = [pair[0] for pair in ranked] + [pair[1] for pair in ranked]
    lead = [found.model.encode(item.opening) for item in texts]
    ids = [
        [*begin, *found.model.encode(f" {item.text}")]
        for begin, item in zip(lead, texts, strict=True)
    ]
    padded = nn.utils.rnn.pad_sequence([torch.tensor(item) for item in ids], batch_first=True)
    wanted = torch.zeros(padded.shape, dtype=torch.bool)
    for row, (begin, item) in enumerate(zip(lead, ids, strict=True)):
        wanted[row, len(begin) : len(item)] = True
    gates = torch.from_numpy(mixing[[item.feeling for item in texts]])
    if not first:
        return padded, padded, wanted, gates
    with torch.no_grad():
        stream = found.below(first)(padded)
    return stream, padded, wanted, gates


def report(
    context: Context, found: _lora.Base, adapters: Sequence[Path], judge: Judge
) -> list[dict[str, Any]]:
    """Return score rows: what is written on from the openings held back, after and before."""
    part = Round(HELD, (1.0,))
    sides = [
        written(context, found, path, part, judge, f"held-{number}", 2)
        for number, path in enumerate(adapters)
    ]
    before, after = (
        {
            "chance of the feeling by text-emotion": np.mean([item.chance for item in side]),
            "perplexity under the untouched model": np.exp(
                np.mean([item.surprise for item in side])
            ),
            "distinct pairs of words": np.mean([item.variety for item in side]),
        }
        for side in sides
    )
    return [
        {
            "data": f"{len(sides[1])} texts on from {len(HELD)} sentences that were held back",
            "measure": name,
            "value": round(float(after[name]), 4),
            "baseline": {"name": "text-lora", "value": round(float(before[name]), 4)},
        }
        for name in after
    ]


def tuned_card(context: Context, path: Path, rows: list[dict[str, Any]]) -> Card:
    """The card of the tuned adapter."""
    made = card(context, path, rows)
    return replace(
        made,
        training_data=(*made.training_data, "texts of its own, ranked by text-emotion"),
        paper=f"{made.paper}; Rafailov et al., 2023, Direct preference optimization, NeurIPS",
        limits=(*made.limits, "What text-emotion misreads, it was rewarded for"),
        rank=20,
    )
