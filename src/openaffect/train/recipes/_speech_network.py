"""The network that ships: the encoder's layers with every linear head in one file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ..cards import parity_row
from ..context import Context
from ..export import export, parity, quantise_dynamic, run_file
from ..nets.whisper_encoder import WhisperEncoder
from . import _speech_known
from ._speech import MAXIMUM_FRAMES, Corpus
from ._speech_head import LAYERS, Candidate, loud_frames, statistics
from ._speech_mixture import STEEPNESS, Mixture, choices, mixture


@dataclass(frozen=True, slots=True, eq=False)
class Beside:
    """What else a network answers beside ``scores``, from the statistics of its own layers.

    name: of the output. layers: by their place in the encoder, from 0. statistics: how many of
    each. weight, offset: (D, K) and (K,), applied as ``rows @ weight + offset``. squashed: whether
    the logistic function makes a probability of it.
    """

    name: str
    layers: tuple[int, ...]
    statistics: int
    weight: NDArray[Any]
    offset: NDArray[Any]
    squashed: bool = False


class SpeechClassifier(nn.Module):
    """Log-mel (N, 80, F) to probabilities (N, K), statistics (N, D) and more: what is exported."""

    def __init__(
        self,
        net: WhisperEncoder,
        candidate: Candidate,
        model: Mixture,
        beside: Sequence[Beside] = (),
    ) -> None:
        super().__init__()
        self.picked = [LAYERS[index] - 1 for index in candidate.layers]
        self.beside = tuple(beside)
        depth = max([*self.picked, *(layer for item in self.beside for layer in item.layers)]) + 1
        self.net = net
        self.net.layers = net.layers[:depth]
        self.net.positions = net.positions[: MAXIMUM_FRAMES // 2].clone()
        self.count = candidate.statistics
        self.heads = [f"head{place}_" for place in range(len(model.heads))]
        for name, head, scale in zip(self.heads, model.heads, model.scales, strict=True):
            self._keep(name, *(part * scale for part in head.folded()))
        if model.likeness is not None:
            weight, offset = (part * STEEPNESS for part in model.likeness.folded())
            self._keep("likeness_", weight, offset + 1 / len(self.heads))
        for item in self.beside:
            self._keep(f"{item.name}_", item.weight, item.offset)

    @property
    def outputs(self) -> list[str]:
        """The names of what :meth:`forward` returns."""
        return ["scores", "statistics", *(item.name for item in self.beside)]

    def forward(self, mel: Tensor) -> tuple[Tensor, ...]:
        """Return the probabilities, the statistics they come from, and what stands beside."""
        outputs = self.net(mel)
        loud = loud_frames(mel)
        rows = self._rows(outputs, loud, self.picked, self.count)
        answers = [torch.softmax(self._log_odds(rows), 1), rows]
        for item in self.beside:
            own = self._rows(outputs, loud, item.layers, item.statistics)
            answer = self._applied(f"{item.name}_", own)
            answers.append(torch.sigmoid(answer) if item.squashed else answer)
        return tuple(answers)

    def _log_odds(self, rows: Tensor) -> Tensor:
        each = [self._applied(name, rows) for name in self.heads]
        if len(each) == 1:
            return each[0]
        share = self._applied("likeness_", rows).clamp(0, 1)
        share = share / share.sum(1, keepdim=True).clamp_min(1e-6)
        return (torch.stack(each, 1) * share.unsqueeze(2)).sum(1)

    def _rows(
        self, outputs: Sequence[Tensor], loud: Tensor, layers: Iterable[int], count: int
    ) -> Tensor:
        parts = [statistics(outputs[index], loud)[:, :count] for index in layers]
        return torch.stack(parts, 1).flatten(1)

    def _keep(self, name: str, weight: NDArray[Any], offset: NDArray[Any]) -> None:
        self.register_buffer(f"{name}weight", torch.tensor(weight, dtype=torch.float32))
        self.register_buffer(f"{name}offset", torch.tensor(offset, dtype=torch.float32))

    def _applied(self, name: str, rows: Tensor) -> Tensor:
        # Written as a sum so that quantisation leaves it in float32.
        weight, offset = getattr(self, f"{name}weight"), getattr(self, f"{name}offset")
        applied: Tensor = (rows.unsqueeze(2) * weight).sum(1) + offset
        return applied


def export_speech(
    model: SpeechClassifier, context: Context, name: str, mels: Iterable[NDArray[np.float32]]
) -> tuple[Path, list[dict[str, Any]]]:
    """Write float32 and int8 files; return the int8 one and the parity rows over ``mels``."""
    heard = [mel[None, :, :MAXIMUM_FRAMES] for mel in mels]
    full = export(
        model.eval(),
        [torch.from_numpy(heard[0])],
        context.out / f"{name}.float32.onnx",
        inputs=["mel"],
        outputs=model.outputs,
        dynamic={"mel": {0: "n", 2: "frames"}, **{name: {0: "n"} for name in model.outputs}},
    )
    small = quantise_dynamic(full, context.out / f"{name}.onnx")
    feeds = [{"mel": mel} for mel in heard]
    with torch.no_grad():
        reference = np.concatenate([model(torch.from_numpy(mel))[0].numpy() for mel in heard])
    floats, integers = run_file(full, feeds), run_file(small, feeds)
    return small, [
        dict(parity_row("torch to ONNX float32", parity(reference, floats))),
        dict(parity_row("float32 to int8", parity(floats, integers))),
    ]


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """What ships: the network's file, the head for known speakers, and the parity rows."""

    network: Path
    known: Path
    parity: list[dict[str, Any]]


def fit_everyone(
    net: WhisperEncoder,
    corpora: list[Corpus],
    classes: int,
    context: Context,
    name: str,
    mels: Iterable[NDArray[np.float32]],
    beside: Callable[[Candidate], Sequence[Beside]] = lambda chosen: (),
) -> Made:
    """Choose as in the folds, fit on all speakers, export: the files that ship and their parity.

    ``beside`` gives what else the network answers, once the layers are chosen.
    """
    everyone = [np.ones(len(corpus), bool) for corpus in corpora]
    chosen = choices(corpora, everyone, classes, {})
    context.log("final", chosen=[str(choice) for choice in chosen])
    candidate, scale = chosen[0]
    known = _speech_known.write(
        context.out / f"{name}.known.npz", corpora, candidate, classes, scale
    )
    model = mixture(corpora, everyone, chosen, classes)
    network = SpeechClassifier(net, candidate, model, beside(candidate))
    small, parity = export_speech(network, context, name, mels)
    return Made(small, known, parity)
