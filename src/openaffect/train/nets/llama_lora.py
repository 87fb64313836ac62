"""A Llama network in torch whose matrices are frozen and have low-rank pairs beside them.

Touvron et al., "LLaMA", 2023; Hu et al., "LoRA", ICLR 2022. The layout is that of a GGUF file
(halves of a head's rotation interleaved), so that what is trained here runs on the graph that is
made of the file. The network can begin at any layer: what lies below is then read once, without
gradients, and only the layers above are trained.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from openaffect.models.backends._llama_adapter import Adapter
from openaffect.models.backends._llama_graph import Shape

from .nf4 import Nf4Matrix

Attention = Callable[[Tensor, Tensor, Tensor], Tensor]
PARTS = ("attn_v", "attn_output", "ffn_gate", "ffn_down")
"""The matrices of a layer that get a pair: what attention reads and writes, and both ends of the
feed-forward layer."""


class Matrix(nn.Module):
    """A frozen (outputs, inputs) matrix, in ``kind`` or in 4 bits, and R pairs beside it.

    Pairs begin as no change: the rows read (``down``) are random, those written (``up``) zero.
    """

    weight: Tensor
    down: nn.Parameter
    up: nn.Parameter

    def __init__(
        self, weight: NDArray[np.float32], ranks: int, kind: torch.dtype, four_bits: bool
    ) -> None:
        super().__init__()
        outputs, inputs = weight.shape
        frozen = torch.from_numpy(weight)
        self.packed = Nf4Matrix(frozen) if four_bits else None
        self.register_buffer("weight", None if four_bits else frozen.to(kind), persistent=False)
        self.kind, self.ranks = kind, ranks
        if ranks:
            self.down = nn.Parameter(torch.randn(ranks, inputs) / inputs**0.5)
            self.up = nn.Parameter(torch.zeros(ranks, outputs))

    def forward(self, rows: Tensor, gates: Tensor | None) -> Tensor:
        """(B, S, inputs) rows and (B, 1, R) gates, none for no pair, to (B, S, outputs)."""
        weight = self.weight if self.packed is None else self.packed.weight(self.kind)
        plain = nn.functional.linear(rows, weight)
        if not self.ranks or gates is None:
            return plain
        low = nn.functional.linear(rows, self.down.to(rows.dtype)) * gates.to(rows.dtype)
        return plain + low @ self.up.to(rows.dtype)


def attend_before(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
    """(B, heads, S, head) queries over keys and values, of fewer heads, up to each one's place."""
    return nn.functional.scaled_dot_product_attention(
        query, key, value, is_causal=True, enable_gqa=True
    )


class Layer(nn.Module):
    """One layer: attention of grouped queries, then a gated feed-forward layer."""

    attn_norm: Tensor
    ffn_norm: Tensor
    attn_q: Matrix
    attn_k: Matrix
    attn_v: Matrix
    attn_output: Matrix
    ffn_gate: Matrix
    ffn_up: Matrix
    ffn_down: Matrix

    def __init__(
        self,
        shape: Shape,
        tensors: Mapping[str, NDArray[np.float32]],
        name: str,
        ranks: int,
        kind: torch.dtype,
        four_bits: bool,
    ) -> None:
        super().__init__()
        self.shape = shape
        for norm in ("attn_norm", "ffn_norm"):
            self.register_buffer(
                norm, torch.from_numpy(tensors[f"{name}.{norm}.weight"]), persistent=False
            )
        for part in ("attn_q", "attn_k", "ffn_up", *PARTS):
            mine = ranks if part in PARTS else 0
            weight = tensors[f"{name}.{part}.weight"]
            self.add_module(part, Matrix(weight, mine, kind, four_bits))

    def forward(
        self,
        stream: Tensor,
        turn: tuple[Tensor, Tensor],
        gates: Tensor | None,
        attend: Attention = attend_before,
    ) -> Tensor:
        """(B, S, D) residual stream to the same, behind the layer."""
        read = normed(stream, self.attn_norm, self.shape.epsilon)
        rows, count, _ = read.shape

        def heads(part: Matrix, number: int) -> Tensor:
            found = part(read, gates).view(rows, count, number, self.shape.head)
            return found.transpose(1, 2)

        query = rotated(heads(self.attn_q, self.shape.heads), turn)
        key = rotated(heads(self.attn_k, self.shape.key_heads), turn)
        value = heads(self.attn_v, self.shape.key_heads)
        mixed = attend(query, key, value).transpose(1, 2).reshape(rows, count, -1)
        stream = stream + self.attn_output(mixed, gates)
        read = normed(stream, self.ffn_norm, self.shape.epsilon)
        inner = nn.functional.silu(self.ffn_gate(read, gates)) * self.ffn_up(read, gates)
        return stream + self.ffn_down(inner, gates)


class LlamaLora(nn.Module):
    """The layers from ``first`` on and the scores of the next token.

    Parameters
    ----------
    shape, tensors: of the GGUF file, by its names.
    first: the layer that it begins at; 0 begins at the token ids.
    last: the layer before which it ends, with the stream as its answer; None for the scores.
    ranks: R pairs a matrix. kind: of the frozen matrices and of what runs through them.
    four_bits: whether the frozen matrices of the layers are kept in NF4.
    """

    embedding: Tensor
    norm: Tensor
    head: Tensor

    def __init__(
        self,
        shape: Shape,
        tensors: Mapping[str, NDArray[np.float32]],
        *,
        first: int = 0,
        last: int | None = None,
        ranks: int = 0,
        kind: torch.dtype = torch.bfloat16,
        four_bits: bool = False,
    ) -> None:
        super().__init__()
        self.shape, self.first, self.kind = shape, first, kind
        end = shape.layers if last is None else last
        self.layers = nn.ModuleList(
            Layer(shape, tensors, f"blk.{number}", ranks, kind, four_bits)
            for number in range(first, end)
        )
        embedding = torch.from_numpy(tensors["token_embd.weight"]).to(kind)
        self.register_buffer("embedding", embedding, persistent=False)
        head = None
        if last is None:
            given = tensors.get("output.weight")
            head = embedding if given is None else torch.from_numpy(given).to(kind)
            norm = torch.from_numpy(tensors["output_norm.weight"])
            self.register_buffer("norm", norm, persistent=False)
        self.register_buffer("head", head, persistent=False)

    def forward(self, given: Tensor, gates: Tensor | None = None) -> Tensor:
        """(B, S) ids, or the (B, S, D) stream before ``first``, to the (B, S, D) stream behind.

        gates: (B, R) of the pairs; None for the network itself.
        """
        stream = nn.functional.embedding(given, self.embedding) if given.ndim == 2 else given
        stream = stream.to(self.kind)
        turn = rotation(self.shape, stream.shape[1], stream.device)
        opened = None if gates is None else gates[:, None, :]
        for layer in self.layers:
            stream = layer(stream, turn, opened)
        return stream

    def logits(self, stream: Tensor) -> Tensor:
        """(..., D) stream behind the last layer to (..., V) scores of the next token, float32."""
        read = normed(stream, self.norm, self.shape.epsilon)
        return nn.functional.linear(read, self.head).float()

    @torch.no_grad()
    def take(self, adapter: Adapter) -> None:
        """Go on from the pairs of an adapter of the same matrices and number of ranks."""
        for site in adapter.sites:
            _, number, part = site.split(".")
            pair: Any = self.layers[int(number) - self.first].get_submodule(part)
            pair.down.copy_(torch.from_numpy(adapter.down[site]))
            pair.up.copy_(torch.from_numpy(adapter.up[site]))

    def adapter(self, names: Sequence[str], mixing: NDArray[np.float32]) -> Adapter:
        """Return the pairs that a gate opens, under their matrices' names in the GGUF file."""
        used = mixing.any(axis=0)
        pairs: dict[str, Any] = {
            f"blk.{self.first + number}.{part}": layer.get_submodule(part)
            for number, layer in enumerate(self.layers)
            for part in PARTS
        }
        down = {name: _array(pair.down)[used] for name, pair in pairs.items()}
        up = {name: _array(pair.up)[used] for name, pair in pairs.items()}
        return Adapter(down, up, tuple(names), np.asarray(mixing[:, used], np.float32))


def _array(parameter: Tensor) -> NDArray[np.float32]:
    found: NDArray[np.float32] = parameter.detach().float().cpu().numpy()
    return found


def normed(stream: Tensor, weight: Tensor, epsilon: float) -> Tensor:
    """Divide by the root mean square, in float32 (Zhang and Sennrich, NeurIPS 2019)."""
    wide = stream.float()
    wide = wide * torch.rsqrt(wide.square().mean(-1, keepdim=True) + epsilon)
    return (wide * weight).to(stream.dtype)


def rotation(shape: Shape, count: int, device: torch.device) -> tuple[Tensor, Tensor]:
    """Return (S, head / 2) cosines and sines of the positions (Su et al., "RoFormer", 2021)."""
    half = torch.arange(0, shape.head, 2, device=device) / shape.head
    places = torch.arange(count, device=device)
    angles = torch.outer(places.float(), shape.frequency**-half)
    return angles.cos(), angles.sin()


def rotated(heads: Tensor, turn: tuple[Tensor, Tensor]) -> Tensor:
    """(B, heads, S, head) turned pair by pair of neighbours."""
    cosine, sine = (item.to(heads.dtype) for item in turn)
    even, odd = heads[..., 0::2], heads[..., 1::2]
    pairs = torch.stack((even * cosine - odd * sine, even * sine + odd * cosine), dim=-1)
    return pairs.flatten(-2)
