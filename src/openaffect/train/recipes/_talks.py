"""Conversations of EmpatheticDialogues as rows of word pieces: situations and dialogues so far."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from openaffect.data.empathetic_dialogues import DATASET, SCHEME
from openaffect.recognize._talk import joined
from openaffect.types import InvalidValueError

from .. import text
from ..cards import parity_row
from ..export import export, parity, quantise_dynamic, run_file
from ..row_quantisation import quantise_by_row

INPUTS = ("input_ids", "attention_mask", "token_types")
Row = NDArray[np.int64]
"""(2, L) word pieces and token types."""


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation: ``emotion`` is the number of its label; ``roles`` has one a line."""

    emotion: int
    situation: str
    lines: tuple[str, ...]
    roles: tuple[str, ...]

    @property
    def told(self) -> tuple[int, ...]:
        """The lines of the one whose situation it is."""
        return tuple(place for place, role in enumerate(self.roles) if role == "speaker")


def read(root: Path) -> tuple[list[Talk], list[Talk], list[Talk]]:
    """Return (fit, choose, validation) conversations.

    Training conversations whose folded situation or first line occurs in validation are left out;
    one in ten of the others, cut by the situation so that repeats stay together, is for choosing.
    """
    found: dict[tuple[str, str], list[tuple[int, str, str, str, str]]] = {}
    for item in DATASET.items(root):
        facts = item.extra
        key = (item.split, str(facts["conversation"]))
        line = (int(facts["turn"]), str(facts["role"]), item.text or "")
        found.setdefault(key, []).append((*line, str(facts["situation"]), str(item.label)))
    talks: dict[str, list[Talk]] = {"train": [], "valid": []}
    for (split, _), lines in found.items():
        if split in talks:
            _, roles, texts, situations, labels = zip(*sorted(lines), strict=True)
            talk = Talk(SCHEME.index(labels[0]), situations[0], texts, roles)
            if talk.told:
                talks[split].append(talk)
    if not all(talks.values()):
        raise InvalidValueError(
            "EmpatheticDialogues' train and validation parts are both needed under --data"
        )
    seen = {fold(part) for talk in talks["valid"] for part in (talk.situation, talk.lines[0])}
    rest = [
        talk for talk in talks["train"] if not {fold(talk.situation), fold(talk.lines[0])} & seen
    ]
    bucket = [hashlib.sha256(fold(talk.situation).encode()).digest()[0] % 10 for talk in rest]
    fit = [talk for talk, number in zip(rest, bucket, strict=True) if number]
    choose = [talk for talk, number in zip(rest, bucket, strict=True) if not number]
    return fit, choose, talks["valid"]


def fold(words: str) -> str:
    """Return the text in one case, its white space single."""
    return " ".join(words.casefold().split())


class Pieces:
    """The word pieces of conversations, cut once, and rows made of them."""

    def __init__(self, folder: Path, talks: Sequence[Talk], most: int) -> None:
        self.most = most
        self.emotion = np.array([talk.emotion for talk in talks])
        self.talks = talks
        self._situations = text.tokenise(folder, [talk.situation for talk in talks])
        lines = iter(text.tokenise(folder, [line for talk in talks for line in talk.lines]))
        self._lines = [[next(lines) for _ in talk.lines] for talk in talks]

    def situations(self) -> list[Row]:
        """Return one row a conversation: its situation."""
        return [joined([ids], ["speaker"], self.most) for ids in self._situations]

    def dialogues(self, places: Sequence[int]) -> list[Row]:
        """Return one row a conversation: its lines up to and with the one at its place."""
        return [
            joined(lines[: place + 1], talk.roles[: place + 1], self.most)
            for lines, talk, place in zip(self._lines, self.talks, places, strict=True)
        ]

    def lines(self, places: Sequence[int]) -> list[Row]:
        """Return one row a conversation: the line at its place, by itself."""
        return [
            joined([lines[place]], ["speaker"], self.most)
            for lines, place in zip(self._lines, places, strict=True)
        ]


def padded(rows: Sequence[Row]) -> tuple[Tensor, Tensor, Tensor]:
    """Return (N, L) ids, mask and token types, padded with 0 on the right."""
    ids, mask = text.pad([row[0].tolist() for row in rows])
    types, _ = text.pad([row[1].tolist() for row in rows])
    return ids, mask, types


def batches(
    rows: Sequence[Row], emotions: NDArray[np.int64], size: int, seed: Sequence[int]
) -> Iterator[tuple[Tensor, ...]]:
    """Batches of similar length in random order: ids, mask, types, emotions (N,)."""
    generator = np.random.default_rng(list(seed))
    lengths = np.array([row.shape[1] for row in rows])
    order = np.argsort(lengths + generator.uniform(-2, 2, len(rows)), kind="stable")
    groups = [order[start : start + size] for start in range(0, len(order), size)]
    for group in (groups[number] for number in generator.permutation(len(groups))):
        yield (*padded([rows[row] for row in group]), torch.from_numpy(emotions[group]))


def export_talks(net: nn.Module, folder: Path, out: Path, name: str) -> tuple[Path, Path]:
    """Write ``net`` as float32 and as int8 ONNX, the encoder's tokenizer beside them."""
    example = padded([np.array([[1, 2, 3], [0, 0, 0]]), np.array([[1, 3], [0, 1]])])
    full = export(
        net,
        example,
        out / f"{name}.float32.onnx",
        inputs=INPUTS,
        outputs=["scores"],
        dynamic={**{key: {0: "n", 1: "length"} for key in INPUTS}, "scores": {0: "n"}},
    )
    small = quantise_by_row(quantise_dynamic(full, out / f"{name}.onnx"))
    shutil.copyfile(folder / "tokenizer.json", out / f"{name}.tokenizer.json")
    return full, small


def run_talks(path: Path, rows: Sequence[Row]) -> NDArray[Any]:
    """(N, K) answers of an exported file, in the order of ``rows``."""
    order = np.argsort([row.shape[1] for row in rows], kind="stable")

    def feeds(start: int) -> Mapping[str, NDArray[Any]]:
        group = padded([rows[row] for row in order[start : start + 16]])
        return {name: item.numpy() for name, item in zip(INPUTS, group, strict=True)}

    scores = run_file(path, (feeds(start) for start in range(0, len(order), 16)))
    restored = np.empty_like(scores)
    restored[order] = scores
    return restored


@torch.no_grad()
def parity_rows(
    net: nn.Module, full: Path, small: Path, rows: Sequence[Row]
) -> list[dict[str, Any]]:
    """Compare torch with ONNX, and float32 with int8, on these rows."""
    net.eval()
    reference = np.concatenate([net(*padded([row])).numpy() for row in rows])
    floats, integers = run_talks(full, rows), run_talks(small, rows)
    return [
        dict(parity_row("torch to ONNX float32", parity(reference, floats))),
        dict(parity_row("float32 to int8", parity(floats, integers))),
    ]
