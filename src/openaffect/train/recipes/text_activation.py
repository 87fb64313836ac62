"""Directions of emotion in a language model's residual stream, from GoEmotions.

Rimsky et al., "Steering Llama 2 via contrastive activation addition", ACL 2024: behind a layer, the
mean of the stream over the tokens of texts with one emotion, less that over neutral texts. The own
direction of neutral leads away from the mean of the others.

Protocol: directions from fit rows of the text recipe; layer and length are those under which choose
rows become likeliest: the gain in log-probability of an emotion's texts with its direction added,
less the gain of neutral texts with it, mean over the six. Validation is looked at once.

Baseline in the same run: the model without a direction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from openaffect.data._labelled_text import LabelledText
from openaffect.generate._emotion import EMOTIONS
from openaffect.metrics.bootstrap import bootstrap_interval
from openaffect.types import LanguageModel

from ..classical import save_arrays
from ..context import Context
from ..nets.llama_lora import LlamaLora, rotation
from ..text import pad
from . import _lora, text_emotion, text_fudge
from ._steering_card import save_steering_card

NAME = "text-activation"
HELP = "directions of emotion that steer a language model, GoEmotions"
TEXTS, HELD = 150, 12
"""Texts an emotion that make a direction, and that choose or measure."""
BATCH, LONGEST = 32, 28
LAYERS = (9, 15, 21)
LENGTHS = (0.15, 0.25)
"""Of a direction, in mean lengths of the stream behind the layer."""
_NEUTRAL = EMOTIONS.index("neutral")


def run(context: Context) -> Path:
    """Find the directions, choose layer and length, measure once, write the card."""
    found = _lora.base(context)
    fit_rows, choose_rows, validation = text_emotion.split(context)
    net = LlamaLora(found.shape, found.tensors, kind=torch.bfloat16)
    means, norms = _means(net, _by_emotion(found.model, fit_rows, TEXTS, context.seed))
    directions = means - means[:, _NEUTRAL : _NEUTRAL + 1]
    directions[:, _NEUTRAL] = -directions[:, :_NEUTRAL].mean(axis=1)
    directions /= np.linalg.norm(directions, axis=-1, keepdims=True)
    held = _by_emotion(found.model, choose_rows, HELD, context.seed)
    best, layer, length = -np.inf, LAYERS[0], LENGTHS[0]
    for number, place in enumerate(LAYERS):
        context.progress("layers of directions", number, len(LAYERS))
        streams = _streams(net, held, place)
        for share in LENGTHS:
            added = directions[place] * norms[place] * share
            gain = float(np.mean(_gains(net, streams, added, place)))
            context.log("gain", layer=place, length=share, nats=gain)
            if gain > best:
                best, layer, length = gain, place, share
    path = context.out / f"{NAME}.npz"
    arrays = {
        "directions": directions[layer].astype(np.float64) * norms[layer] * length,
        "layer": np.array(layer),
    }
    added = save_arrays(path, arrays, half=("directions",))["directions"].astype(np.float32)
    last = _by_emotion(found.model, validation, HELD, context.seed)
    gains = _gains(net, _streams(net, last, layer), added, layer)
    return _save(context, path, gains, layer, length)


def _by_emotion(
    model: LanguageModel, rows: LabelledText, count: int, seed: int
) -> list[list[list[int]]]:
    """Return the tokens of so many texts of each emotion alone."""
    shares = text_fudge.emotion_shares(rows)
    generator = np.random.default_rng(seed)
    found = []
    for place in range(len(EMOTIONS)):
        alone = generator.permutation(np.flatnonzero(shares[:, place] == 1))
        found.append(
            [item[:LONGEST] for item in text_fudge.token_ids(model, rows.select(alone[:count]))]
        )
    return found


@dataclass(frozen=True, slots=True)
class _Stream:
    """Texts of one emotion: (N, S) ids and mask, their (N, S, D) stream, (N,) log-probability."""

    ids: Tensor
    mask: Tensor
    stream: Tensor
    plain: NDArray[np.float64]


@torch.no_grad()
def _means(
    net: LlamaLora, ids: Sequence[Sequence[Sequence[int]]]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return (L, 7, D) means of the stream behind each layer, and (L,) its mean length."""
    sums = np.zeros((len(net.layers), len(EMOTIONS), net.shape.width))
    lengths, counts = np.zeros(len(net.layers)), np.zeros(len(EMOTIONS))
    for place, texts in enumerate(ids):
        order = sorted(texts, key=len)
        for start in range(0, len(order), BATCH):
            read, mask = pad(order[start : start + BATCH])
            # The first token gathers attention and says nothing of the text.
            mask[:, 0] = 0
            stream = nn.functional.embedding(read, net.embedding)
            turn = rotation(net.shape, read.shape[1], read.device)
            for number, layer in enumerate(net.layers):
                stream = layer(stream, turn, None)
                kept = stream[mask.bool()].float()
                sums[number, place] += kept.sum(0).numpy()
                lengths[number] += float(kept.norm(dim=-1).sum())
            counts[place] += int(mask.sum())
    means = (sums / counts[:, None]).astype(np.float32)
    return means, (lengths / counts.sum()).astype(np.float32)


@torch.no_grad()
def _streams(net: LlamaLora, texts: Sequence[Sequence[Sequence[int]]], layer: int) -> list[_Stream]:
    """Return the stream behind a layer, for the texts of each emotion."""
    found = []
    for some in texts:
        ids, mask = pad(some)
        stream = nn.functional.embedding(ids, net.embedding)
        turn = rotation(net.shape, ids.shape[1], ids.device)
        for part in net.layers[: layer + 1]:
            stream = part(stream, turn, None)
        held = _Stream(ids, mask, stream, np.zeros(len(some)))
        found.append(replace(held, plain=_likely(net, held, layer, None)))
    return found


@torch.no_grad()
def _likely(
    net: LlamaLora, held: _Stream, layer: int, added: NDArray[np.float32] | None
) -> NDArray[np.float64]:
    """Return (N,): the mean log-probability of each text's tokens behind its first two."""
    stream = (
        held.stream
        if added is None
        else held.stream + torch.from_numpy(added).to(held.stream.dtype)
    )
    turn = rotation(net.shape, held.ids.shape[1], held.ids.device)
    for part in net.layers[layer + 1 :]:
        stream = part(stream, turn, None)
    scores = net.logits(stream[:, 1:-1]).log_softmax(-1)
    each = scores.gather(-1, held.ids[:, 2:, None])[..., 0]
    counted = held.mask[:, 2:]
    sums = (each * counted).sum(1) / counted.sum(1).clamp(min=1)
    return np.asarray(sums.numpy(), np.float64)


def _gains(
    net: LlamaLora, streams: Sequence[_Stream], added: NDArray[np.float32], layer: int
) -> NDArray[np.float64]:
    """Return (6 x N,): what texts gain a token by their emotion, less what neutral ones do."""
    gains = []
    neutral = streams[_NEUTRAL]
    for place in range(_NEUTRAL):
        mine = _likely(net, streams[place], layer, added[place]) - streams[place].plain
        theirs = _likely(net, neutral, layer, added[place]) - neutral.plain
        gains.append(mine - theirs.mean())
    return np.concatenate(gains)


def _save(
    context: Context, path: Path, gains: NDArray[np.float64], layer: int, length: float
) -> Path:
    interval = bootstrap_interval(lambda rows: float(gains[rows].mean()), len(gains))
    row = {
        "data": f"GoEmotions validation, {HELD} rows of each emotion",
        "measure": "log-probability that a token gains by its text's direction, less what a "
        "neutral one gains, nats",
        "value": round(interval.value, 4),
        "interval": [round(interval.low, 4), round(interval.high, 4)],
        "baseline": {"name": "no direction", "value": 0.0},
    }
    return save_steering_card(
        context,
        path,
        name=NAME,
        task="text.directions",
        facts={"language_model": _lora.BASE, "layer": layer, "length": length},
        paper="Rimsky et al., 2024, Steering Llama 2 via contrastive activation addition, ACL",
        scores=(row,),
        limits=(
            "English; directions of one language model, which fit no other",
            "A mild way by itself: strong pushes cost fluency before they bring emotion",
        ),
    )
