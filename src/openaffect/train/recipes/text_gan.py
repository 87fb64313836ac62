"""Texts of an emotion by a generator against a judge, on EmpatheticDialogues.

The generator first learns by likelihood for half the steps of ``text-lstm``, the rest of the budget
is adversarial. It is kept as it is at the end: nothing that is measured without people tells which
step of such a game is best.

Baseline: ``text-lstm``, the same net by likelihood alone, in a run of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from torch import Tensor

from ..context import Context
from ..nets.text_gan import TextJudge, relativistic, sample
from ..nets.words import Batch, EmotionWords
from ..words import Encoded, batches
from ._emotion_words import PASSES, finish, language_model, prepared

NAME = "text-gan"
HELP = "texts of an emotion by a generator against a judge, for comparison; non-commercial"
STEPS = 300
LONGEST = 16
WARM, COLD = 1.0, 0.2
"""Temperature of the draws at the first and the last step."""
START, END = 2, 3


def run(context: Context) -> Path:
    """Train by likelihood, then against the judge; export, measure once, write the card."""
    given, fit, choose = prepared(context)
    net = language_model(context, given, fit, choose, "lstm", NAME, passes=PASSES / 2)
    play(context, net, fit, len(given.words.emotions), STEPS if context.epochs is None else 2)
    return finish(
        context,
        given,
        net.eval(),
        NAME,
        "Nie, Narodytska and Patel, RelGAN, ICLR 2019, made small",
    )


def play(
    context: Context, net: EmotionWords, fit: Sequence[Encoded], emotions: int, steps: int
) -> None:
    """Let the generator and the judge learn in turns, a step each."""
    torch.manual_seed(context.seed)
    judge = TextJudge(emotions)
    writer = torch.optim.Adam(net.parameters(), 1e-4, betas=(0.5, 0.999))
    reader = torch.optim.Adam(judge.parameters(), 2e-4, betas=(0.5, 0.999))
    net.train()
    for step, batch in zip(range(steps), _forever(fit, context.seed), strict=False):
        temperature = WARM * (COLD / WARM) ** (step / steps)
        real = _vectors(net, batch.wanted)
        made = sample(net, batch.emotion, START, END, LONGEST, temperature)
        cost = relativistic(judge(real, batch.emotion), judge(made.detach(), batch.emotion))
        reader.zero_grad()
        cost.backward()
        reader.step()
        fooled = relativistic(judge(made, batch.emotion), judge(real, batch.emotion))
        writer.zero_grad()
        fooled.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        writer.step()
        if step % 20 == 0:
            costs = {"judge": float(cost.detach()), "generator": float(fooled.detach())}
            context.log("game", step=step, **costs)
        context.progress("playing", step, steps)


def _vectors(net: EmotionWords, wanted: Tensor) -> Tensor:
    """(B, T) words -> (B, LONGEST, WIDTH) of the words and the end, zero behind it."""
    padded = torch.nn.functional.pad(wanted, (0, LONGEST))[:, :LONGEST]
    return (net.words(padded) * (padded != 0).unsqueeze(-1)).detach()


def _forever(fit: Sequence[Encoded], seed: int) -> Iterator[Batch]:
    epoch = 0
    while True:
        yield from batches(fit, 32, seed + 1, epoch)
        epoch += 1
