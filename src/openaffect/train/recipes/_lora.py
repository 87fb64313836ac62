"""What the recipes of adapters share: the base, the stream behind its lower layers, likelihoods."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from openaffect.generate._defaults import DEFAULT_MODEL as BASE
from openaffect.models import card
from openaffect.models.backends._llama_adapter import read_adapter
from openaffect.models.backends._llama_graph import Shape, read_tensors
from openaffect.models.store import Store
from openaffect.models.weights import CardWeights
from openaffect.types import LanguageModel

from ..context import Context
from ..nets.llama_lora import LlamaLora

FIRST = 20
"""The first of SmolLM2's 30 layers that is trained on a CPU; what lies below is read once."""


@dataclass(frozen=True, slots=True)
class Base:
    """A language model as a graph, with a tokenizer, and as arrays to be trained on."""

    model: LanguageModel
    shape: Shape
    tensors: dict[str, NDArray[np.float32]]
    lower: dict[int, LlamaLora] = field(default_factory=dict)

    def first(self, device: str) -> int:
        """Return the first layer that gets pairs: all of them on a GPU, the upper on a CPU."""
        return 0 if device.startswith("cuda") else FIRST * self.shape.layers // 30

    def below(self, first: int) -> LlamaLora:
        """Return the layers below ``first``, the same network each time."""
        if first not in self.lower:
            self.lower[first] = LlamaLora(self.shape, self.tensors, last=first)
        return self.lower[first]


def base(context: Context) -> Base:
    """Return the base model, fetched when it is not here."""
    weights = CardWeights(card(BASE), Store(), progress=context.progress)
    shape, tensors = read_tensors(Path(weights.path("model")))
    owned = {name: np.array(tensor) for name, tensor in tensors.items()}
    return Base(weights.language_model(), shape, owned)


@torch.no_grad()
def lower_states(
    context: Context, found: Base, ids: Sequence[Sequence[int]], name: str
) -> list[NDArray[np.float16]]:
    """Return (S, D) of each text: the stream behind the layers that are not trained.

    Kept in ``NAME.states.npy`` of the run's folder, which a resumed run reads again.
    """
    path = context.out / f"{name}.states.npy"
    ends = np.cumsum([len(item) for item in ids])
    if not (context.resume and path.is_file()):
        draft = path.with_suffix(".part.npy")
        net = found.below(found.first(context.device))
        rows = np.lib.format.open_memmap(
            draft, mode="w+", dtype=np.float16, shape=(int(ends[-1]), found.shape.width)
        )
        order = np.argsort([len(item) for item in ids], kind="stable")
        for start in range(0, len(order), 32):
            group = order[start : start + 32]
            padded = nn.utils.rnn.pad_sequence(
                [torch.tensor(ids[row]) for row in group], batch_first=True
            )
            stream = net(padded).float().clamp(-65_000, 65_000).numpy()
            for row, values in zip(group, stream, strict=True):
                rows[ends[row] - len(ids[row]) : ends[row]] = values[: len(ids[row])]
            context.progress("reading by the lower layers", start + len(group), len(order))
        rows.flush()
        draft.replace(path)
    whole = np.load(path, mmap_mode="r")
    return list(np.split(whole, ends[:-1]))


def log_likelihood(
    net: nn.Module, given: Tensor, ids: Tensor, wanted: Tensor, gates: Tensor | None
) -> tuple[Tensor, Tensor]:
    """Return the log-likelihood of each wanted token, (M,), and the row that it is of, (M,)."""
    stream = net(given, gates)
    rows, places = wanted.nonzero(as_tuple=True)
    scores = cast(LlamaLora, net).logits(stream[rows, places - 1])
    return -nn.functional.cross_entropy(scores, ids[rows, places], reduction="none"), rows


def trained_on(path: Path) -> dict[str, str]:
    """Return what a card says of an adapter's place: its base, and the layers that have pairs."""
    layers = sorted({int(site.split(".")[1]) for site in read_adapter(path).sites})
    return {"base": BASE, "matrices": f"layers {layers[0]} to {layers[-1]}"}


def by_row(values: Tensor, rows: Tensor, count: int) -> Tensor:
    """Return (count,) sums of the values by row."""
    return torch.zeros(count, device=values.device).index_add(0, rows, values)


def slices(count: int, size: int) -> Iterator[NDArray[Any]]:
    """Yield the row numbers below ``count``, ``size`` at a time."""
    for start in range(0, count, size):
        yield np.arange(start, min(start + size, count))
