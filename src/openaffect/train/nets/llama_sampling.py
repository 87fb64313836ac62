"""Many texts at once from a Llama network in torch, by the token as the library's loop draws them.

What that loop refuses in a text (repeats, open quotations, banned words) is not refused here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from openaffect.generate._sampling import KEPT, REPEAT, SAID
from openaffect.generate._write import EARLY, HURRY
from openaffect.generate.text_fudge import BEGINNING, CANDIDATES, LEAST

from .llama_lora import LlamaLora, rotation


@dataclass(frozen=True, slots=True)
class SamplingParameters:
    """How tokens are drawn.

    length: tokens at most. ends: tokens that end a text. breaks: tokens with a new line, which end
    it in the second half and are barred before. barred: tokens that never come. marks: tokens that
    end a sentence. temperature, top: of nucleus sampling.
    """

    length: int
    ends: tuple[int, ...]
    breaks: tuple[int, ...]
    barred: tuple[int, ...]
    marks: tuple[int, ...]
    temperature: float = 0.8
    top: float = 0.92


class PrefixScorer:
    """The classifier of beginnings of ``text-fudge``, for B texts at once.

    Yang and Klein, "FUDGE: Controlled text generation with future discriminators", NAACL 2021,
    equation 2, as :class:`openaffect.generate.text_fudge.Fudge` has it at an intensity of 1.

    arrays: of the classifier's file. feelings: (B,) numbers of the emotions. strength: the factor
    on the log-probability.
    """

    def __init__(
        self, arrays: Mapping[str, NDArray[Any]], feelings: Tensor, strength: float
    ) -> None:
        device = feelings.device

        def tensor(name: str) -> Tensor:
            return torch.from_numpy(np.asarray(arrays[name], np.float32)).to(device)

        unit = tensor("tokens_unit") if "tokens_unit" in arrays else 1.0
        self._read = (tensor("tokens") * unit) @ tensor("input").T + tensor("input_bias")
        self._recurrent, self._bias = tensor("recurrent"), tensor("recurrent_bias")
        self._output, self._output_bias = tensor("output"), tensor("output_bias")
        self._feelings, self._strength = feelings, strength
        self._state = torch.zeros(len(feelings), self._recurrent.shape[1], device=device)
        self._begun = 0

    def weighed(self, logits: Tensor) -> Tensor:
        """Return (B, V) scores with the classifier's say, unlikely tokens ruled out."""
        likely, tokens = logits.topk(min(CANDIDATES, logits.shape[1] - 1), dim=1)
        odds = self._states(tokens) @ self._output.T + self._output_bias
        wanted = self._feelings[:, None, None].expand(-1, tokens.shape[1], 1)
        promised = odds.log_softmax(dim=2).gather(2, wanted)[:, :, 0]
        self._begun += 1
        weight = self._strength * min(self._begun / BEGINNING, 1.0)
        short = (promised.exp() + LEAST).log().clamp(max=0)
        changed = torch.full_like(logits, -torch.inf)
        return changed.scatter_(1, tokens, likely + weight * short)

    def take(self, tokens: Tensor) -> None:
        """Go on by (B,) tokens."""
        self._state = self._states(tokens[:, None])[:, 0]

    def _states(self, tokens: Tensor) -> Tensor:
        """Return the (B, N, H) states after each of (B, N) tokens."""
        gates = self._read[tokens]
        held = (self._state @ self._recurrent.T + self._bias)[:, None]
        reset, update, new = gates.chunk(3, dim=2)
        held_reset, held_update, held_new = held.chunk(3, dim=2)
        update = (update + held_update).sigmoid()
        new = (new + (reset + held_reset).sigmoid() * held_new).tanh()
        return (1 - update) * new + update * self._state[:, None]


@torch.no_grad()
def sample(
    net: LlamaLora,
    begins: Sequence[Sequence[int]],
    gates: Tensor | None,
    how: SamplingParameters,
    chance: torch.Generator,
    scorer: PrefixScorer | None = None,
) -> list[list[int]]:
    """Return the tokens that follow each of B beginnings, without the token that ends them.

    net: from the token ids on. gates: (B, R) or None, as the network takes them. chance: the source
    of the draws, on the network's device. scorer: what weighs the next tokens, if anything.
    """
    device = net.embedding.device
    longest = max(len(begin) for begin in begins)
    padded = torch.zeros(len(begins), longest, dtype=torch.long)
    real = torch.zeros(len(begins), longest + how.length, dtype=torch.bool)
    real[:, longest:] = True
    for row, begin in enumerate(begins):
        padded[row, longest - len(begin) :] = torch.tensor(begin)
        real[row, longest - len(begin) :] = True
    opened = None if gates is None else gates.to(device)[:, None, :]
    reader = _Reader(net, real.to(device), opened)
    logits = reader.read(padded.to(device))
    written = torch.full((len(begins), how.length), -1, dtype=torch.long, device=device)
    ended = torch.zeros(len(begins), dtype=torch.bool, device=device)
    ends, breaks, barred, marks = (
        torch.tensor(some, dtype=torch.long).to(device)
        for some in (how.ends, how.breaks, how.barred, how.marks)
    )
    closing = how.length - how.length // 3
    seen = torch.zeros(logits.shape, dtype=torch.bool, device=device)
    stops = torch.cat((ends, breaks))
    for step in range(how.length):
        if scorer is not None:
            logits = scorer.weighed(logits)
        logits[:, barred] = -torch.inf
        if step < how.length // 2:
            logits[:, ends] -= EARLY
            logits[:, breaks] = -torch.inf
        if step > closing:
            logits[:, marks] += HURRY * (step - closing) / max(how.length - closing, 1)
        token = _drawn(logits, seen, how, chance)
        ended |= torch.isin(token, stops)
        written[:, step] = torch.where(ended, -1, token)
        if step + 1 == how.length or bool(ended.all()):
            break
        seen.scatter_(1, token[:, None], True)
        if scorer is not None:
            scorer.take(token)
        logits = reader.read(token[:, None])
    return [[token for token in row if token >= 0] for row in written.cpu().tolist()]


class _Reader:
    """Reads on, with the keys and values of what came before; beginnings are padded on the left."""

    def __init__(self, net: LlamaLora, real: Tensor, gates: Tensor | None) -> None:
        rows, longest = real.shape
        shape = net.shape
        self._net, self._real, self._gates = net, real, gates
        self._turn = rotation(shape, longest, real.device)
        self._past = torch.zeros(
            len(net.layers), 2, rows, shape.key_heads, longest, shape.head,
            dtype=net.kind, device=real.device,
        )  # fmt: skip
        self._place = 0

    def read(self, ids: Tensor) -> Tensor:
        """(B, S) ids to the (B, V) scores of what follows the last."""
        begin, stop = self._place, self._place + ids.shape[1]
        places = torch.arange(stop, device=ids.device)
        before = places <= places[begin:, None]
        itself = places == places[begin:, None]
        mask = (before & self._real[:, None, :stop]) | itself
        turn = (self._turn[0][begin:stop], self._turn[1][begin:stop])
        stream = nn.functional.embedding(ids, self._net.embedding).to(self._net.kind)
        for layer, past in zip(self._net.layers, self._past, strict=True):
            attend = partial(_attend, past[:, :, :, :stop], mask[:, None])
            stream = layer(stream, turn, self._gates, attend)
        self._place = stop
        return self._net.logits(stream[:, -1])


def _attend(past: Tensor, mask: Tensor, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
    """Keep keys and values as the last of the past, and attend to all of it.

    past: (2, B, key heads, places, head). mask: (B, 1, S, places), what each query may see.
    """
    rows, heads, count, size = query.shape
    past[0, :, :, -count:], past[1, :, :, -count:] = key, value
    # The queries that share a key's head stand in line: no copies of keys, one kernel.
    group = heads // key.shape[1]
    mixed = nn.functional.scaled_dot_product_attention(
        query.reshape(rows, key.shape[1], group * count, size),
        past[0],
        past[1],
        attn_mask=mask.repeat(1, 1, group, 1),
    )
    return mixed.view(rows, heads, count, size)


def _drawn(
    logits: Tensor, seen: Tensor, how: SamplingParameters, chance: torch.Generator
) -> Tensor:
    """Draw (B,) tokens from (B, V) scores, the ``seen`` ones less likely."""
    scores = logits - logits.amax(dim=1, keepdim=True)
    scores = torch.where(seen, scores * REPEAT - SAID, scores)
    best, tokens = scores.topk(min(KEPT, scores.shape[1]), dim=1)
    chances = (best / how.temperature).softmax(dim=1)
    before = chances.cumsum(dim=1) - chances
    chances = chances.where(before < how.top, 0.0)
    place = torch.multinomial(chances, 1, generator=chance)
    return tokens.gather(1, place)[:, 0]
