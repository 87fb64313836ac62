"""Batches of tokenised text, and the pretrained encoder's files."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from openaffect.models import card
from openaffect.models.store import Store
from openaffect.types import Progress, WeightFile, no_progress

from .cards import parity_row, weight_file
from .export import export, parity, quantise_dynamic, run_file
from .row_quantisation import quantise_by_row

ENCODER_CARD = "minilm-l6"
MAXIMUM_TOKENS = 128


def encoder_folder(progress: Progress = no_progress) -> Path:
    """Return the folder of the pretrained encoder, fetched when it is not there."""
    store = Store()
    encoder = card(ENCODER_CARD)
    for item in encoder.files:
        store.fetch(encoder, item.role, progress=progress)
    return Path(store.folder(encoder))


def tokenise(folder: Path, texts: Sequence[str]) -> list[list[int]]:
    """Return the token ids of each text, cut at ``MAXIMUM_TOKENS``."""
    return tokenise_with(folder / "tokenizer.json", texts)


def tokenise_with(file: Path, texts: Sequence[str]) -> list[list[int]]:
    """Return the token ids of each text by that tokenizer, cut at ``MAXIMUM_TOKENS``."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(file))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAXIMUM_TOKENS)
    return [encoding.ids for encoding in tokenizer.encode_batch(list(texts))]


def pad(ids: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Return (N, L) ids and mask, padded with 0 on the right."""
    longest = max(len(item) for item in ids)
    padded = np.zeros((len(ids), longest), np.int64)
    mask = np.zeros((len(ids), longest), np.int64)
    for row, item in enumerate(ids):
        padded[row, : len(item)] = item
        mask[row, : len(item)] = 1
    return torch.from_numpy(padded), torch.from_numpy(mask)


def batches(
    ids: Sequence[Sequence[int]], targets: NDArray[Any], size: int, seed: int, epoch: int
) -> Iterator[tuple[Tensor, ...]]:
    """One epoch of batches of similar length, in random order."""
    generator = np.random.default_rng([seed, epoch])
    lengths = np.array([len(item) for item in ids])
    order = np.argsort(lengths + generator.uniform(-2, 2, len(ids)), kind="stable")
    groups = [order[start : start + size] for start in range(0, len(order), size)]
    for group in (groups[index] for index in generator.permutation(len(groups))):
        yield (*pad([ids[row] for row in group]), torch.from_numpy(targets[group]))


@torch.no_grad()
def predict(net: nn.Module, ids: Sequence[Sequence[int]], device: str = "cpu") -> NDArray[Any]:
    """(N, K) logits in the order of ``ids``."""
    net.eval()
    order = np.argsort([len(item) for item in ids], kind="stable")
    parts = []
    for start in range(0, len(order), 128):
        batch = pad([ids[row] for row in order[start : start + 128]])
        with torch.autocast(torch.device(device).type, torch.bfloat16):
            parts.append(net(*(item.to(device) for item in batch)).float().cpu().numpy())
    scores = np.concatenate(parts)
    restored = np.empty_like(scores)
    restored[order] = scores
    return restored


def export_text(
    net: nn.Module, folder: Path, out: Path, name: str, *, outputs: Sequence[str] = ("scores",)
) -> tuple[Path, Path]:
    """Write ``net`` as float32 and as int8 ONNX, the encoder's tokenizer beside them."""
    ids, mask = pad(tokenise(folder, ["a first sentence", "and a second, longer one"]))
    axes = {0: "n", 1: "length"}
    full = export(
        net,
        [ids, mask],
        out / f"{name}.float32.onnx",
        inputs=["input_ids", "attention_mask"],
        outputs=outputs,
        dynamic={
            "input_ids": axes,
            "attention_mask": axes,
            **{output: {0: "n"} for output in outputs},
        },
    )
    small = quantise_by_row(quantise_dynamic(full, out / f"{name}.onnx"))
    shutil.copyfile(folder / "tokenizer.json", out / f"{name}.tokenizer.json")
    return full, small


def text_files(model: Path, out: Path) -> tuple[WeightFile, ...]:
    """Describe the model and its tokenizer, which lie beside the card."""
    tokenizer = out / f"{model.stem}.tokenizer.json"
    return weight_file("model", model), weight_file("tokenizer", tokenizer)


def run_text(path: Path, ids: Sequence[Sequence[int]]) -> NDArray[Any]:
    """(N, K) answers of an exported file, in the order of ``ids``."""
    order = np.argsort([len(item) for item in ids], kind="stable")

    def feeds(start: int) -> Mapping[str, NDArray[Any]]:
        padded, mask = pad([ids[row] for row in order[start : start + 16]])
        return {"input_ids": padded.numpy(), "attention_mask": mask.numpy()}

    scores = run_file(path, (feeds(start) for start in range(0, len(order), 16)))
    restored = np.empty_like(scores)
    restored[order] = scores
    return restored


@torch.no_grad()
def parity_rows(
    net: nn.Module, full: Path, small: Path, ids: Sequence[Sequence[int]]
) -> list[dict[str, Any]]:
    """Compare torch with ONNX, and float32 with int8, on these texts."""
    net.eval()
    reference = np.concatenate([_scores(net(*pad([item]))) for item in ids])
    floats, integers = run_text(full, ids), run_text(small, ids)
    return [
        dict(parity_row("torch to ONNX float32", parity(reference, floats))),
        dict(parity_row("float32 to int8", parity(floats, integers))),
    ]


def _scores(answer: Tensor | tuple[Tensor, ...]) -> NDArray[Any]:
    """Return the first of what a net answers, its scores."""
    return (answer if isinstance(answer, Tensor) else answer[0]).numpy()
