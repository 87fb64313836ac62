"""The training loop: seeds, schedule, weight averaging, early stopping, resumable checkpoints."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from .context import Context


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast.

    epochs at most; steps an epoch; warm-up as a share of all steps; ``final`` share of the learning
    rate at the end (linear or cosine decay); ``patience`` epochs without a better ``monitor``
    before stopping, counted within the last of ``cycles``; ``average`` decay of the exponential
    moving average of the weights (0: none); ``clip`` norm of the gradient; ``bfloat16`` autocast;
    ``cycles`` lengths in epochs of warm restarts, each with half the peak of the one before
    (Loshchilov and Hutter, 2017, SGDR).
    """

    epochs: int
    steps: int
    warmup: float = 0.05
    final: float = 0.01
    cosine: bool = True
    patience: int = 10_000
    average: float = 0.0
    clip: float = 1.0
    bfloat16: bool = True
    cycles: tuple[int, ...] = ()

    @property
    def last_cycle(self) -> int:
        """The first epoch of the last cycle."""
        return sum(self.cycles[:-1])

    def rate(self, step: int) -> float:
        """Return the factor on the learning rate at ``step``."""
        peak = 1.0
        for length in self.cycles or (self.epochs,):
            total = max(length * self.steps, 1)
            if step < total:
                break
            step, peak = step - total, peak / 2
        rise = self.warmup * total
        if step < rise:
            return peak * (step + 1) / rise
        done = min((step - rise) / max(total - rise, 1), 1.0)
        decay = (1 + math.cos(math.pi * done)) / 2 if self.cosine else 1 - done
        return peak * (self.final + (1 - self.final) * decay)


def seed_everything(seed: int) -> None:
    """Seed torch and NumPy's legacy generator."""
    torch.manual_seed(seed)
    np.random.seed(seed % 2**32)


class Fit:
    """One run of gradient descent; ``best`` holds the averaged weights of the best epoch."""

    def __init__(
        self,
        net: nn.Module,
        optimizer: torch.optim.Optimizer,
        plan: Plan,
        context: Context,
        *,
        name: str = "fit",
    ) -> None:
        self.net, self.optimizer, self.plan, self.context = net, optimizer, plan, context
        self.name = name
        self.base_rates = [group["lr"] for group in optimizer.param_groups]
        self.average = {key: value.detach().clone() for key, value in net.state_dict().items()}
        self.best = {key: value.clone() for key, value in self.average.items()}
        self.best_score = -math.inf
        self.best_epoch = -1
        self.epoch = 0
        self.step = 0

    @property
    def checkpoint(self) -> Path:
        """Where the run can be taken up again."""
        return self.context.out / f"{self.name}.checkpoint.pt"

    def run(
        self,
        batches: Callable[[int], Iterable[tuple[Tensor, ...]]],
        loss: Callable[[nn.Module, tuple[Tensor, ...]], Tensor],
        evaluate: Callable[[nn.Module], dict[str, float]],
        monitor: str,
    ) -> dict[str, Tensor]:
        """Train; return the best averaged weights by ``monitor`` (higher is better).

        ``batches(epoch)`` must depend on the epoch's number alone, so that a resumed run sees the
        same order.
        """
        if self.context.resume and self.checkpoint.is_file():
            self._restore()
        while self.epoch < self.plan.epochs:
            torch.manual_seed(self.context.seed * 1000 + self.epoch)
            train_loss = self._epoch(batches, loss)
            scores = self._evaluate(evaluate)
            self.context.log(
                self.name, step=self.step, epoch=self.epoch, train_loss=train_loss, **scores
            )
            if scores[monitor] > self.best_score:
                self.best_score, self.best_epoch = scores[monitor], self.epoch
                self.best = {key: value.clone() for key, value in self.average.items()}
            self.epoch += 1
            self._save()
            if self.epoch - 1 - max(self.best_epoch, self.plan.last_cycle) >= self.plan.patience:
                self.context.log("early stop", epoch=self.epoch, best_epoch=self.best_epoch)
                break
        self.net.load_state_dict(self.best)
        return self.best

    def _epoch(
        self,
        batches: Callable[[int], Iterable[tuple[Tensor, ...]]],
        loss: Callable[[nn.Module, tuple[Tensor, ...]], Tensor],
    ) -> float:
        self.net.train()
        losses: list[Tensor] = []
        device = torch.device(self.context.device)
        for batch in batches(self.epoch):
            factor = self.plan.rate(self.step)
            for group, base in zip(self.optimizer.param_groups, self.base_rates, strict=True):
                group["lr"] = base * factor
            with torch.autocast(device.type, torch.bfloat16, enabled=self.plan.bfloat16):
                value = loss(self.net, tuple(_moved(item, device) for item in batch))
            self.optimizer.zero_grad(set_to_none=True)
            value.backward()
            nn.utils.clip_grad_norm_(self.net.parameters(), self.plan.clip)
            self.optimizer.step()
            self.step += 1
            self._average()
            losses.append(value.detach())  # read at the end: to read it here would wait for a GPU
            self.context.progress(
                f"training {self.name}", self.step, self.plan.epochs * self.plan.steps
            )
        return sum(float(value) for value in losses) / max(len(losses), 1)

    @torch.no_grad()
    def _average(self) -> None:
        # A young average follows quickly: decay rises from 0 towards the plan's value.
        decay = min(self.plan.average, (1 + self.step) / (10 + self.step))
        for key, value in self.net.state_dict().items():
            if value.is_floating_point() and self.plan.average:
                self.average[key].lerp_(value, 1 - decay)
            else:
                self.average[key].copy_(value)

    def _evaluate(self, evaluate: Callable[[nn.Module], dict[str, float]]) -> dict[str, float]:
        live = {key: value.clone() for key, value in self.net.state_dict().items()}
        self.net.load_state_dict(self.average)
        self.net.eval()
        with torch.no_grad():
            scores = evaluate(self.net)
        self.net.load_state_dict(live)
        return scores

    def _save(self) -> None:
        state = {
            "net": self.net.state_dict(),
            "average": self.average,
            "best": self.best,
            "optimizer": self.optimizer.state_dict(),
            "progress": torch.tensor([self.epoch, self.step, self.best_epoch]),
            "best_score": torch.tensor(self.best_score, dtype=torch.float64),
        }
        temporary = self.checkpoint.with_suffix(".part")
        torch.save(state, temporary)
        temporary.replace(self.checkpoint)

    def _restore(self) -> None:
        state = torch.load(self.checkpoint, weights_only=True, map_location=self.context.device)
        self.net.load_state_dict(state["net"])
        self.average, self.best = state["average"], state["best"]
        self.optimizer.load_state_dict(state["optimizer"])
        self.epoch, self.step, self.best_epoch = (int(value) for value in state["progress"])
        self.best_score = float(state["best_score"])
        self.context.log("resumed", epoch=self.epoch, at_step=self.step)


def _moved(item: Tensor, device: torch.device) -> Tensor:
    """Return the tensor on the device, copied from pinned memory, which a GPU need not wait for."""
    if device.type == "cuda" and item.device.type == "cpu":
        return item.pin_memory().to(device, non_blocking=True)
    return item.to(device)
