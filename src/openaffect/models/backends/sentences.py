"""Sentence encoders of the BERT kind, in a folder with safetensors, through ONNX Runtime.

What two texts have in common is the cosine of their vectors (Reimers and Gurevych, "Sentence-BERT",
EMNLP 2019). The graph is made in memory of the folder's weights, in ONNX Runtime's own fused
operators (``EmbedLayerNormalization``, ``Attention``, ``SkipLayerNormalization``, ``BiasGelu``).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.types import IntegrityError, need

from .onnx import OnnxSession
from .onnx import load as load_graph

_FUSED = "com.microsoft"
_BATCH = 32
_TYPES = {"F32": np.float32, "F16": np.float16, "I64": np.int64}
_LONGEST_HEADER = 2**24


class SentenceEncoder:
    """Vectors of length 1, alike where texts mean alike; longer texts are cut at ``longest``."""

    def __init__(self, session: OnnxSession, tokenizer: Any, longest: int) -> None:
        tokenizer.no_padding()
        tokenizer.enable_truncation(longest)
        self.longest = longest
        self._session, self._tokenizer = session, tokenizer

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (N, D): the mean of each text's token vectors, scaled to length 1."""
        ids = [item.ids for item in self._tokenizer.encode_batch(list(texts))]
        order = sorted(range(len(ids)), key=lambda number: len(ids[number]))
        rows: list[NDArray[np.float32]] = [np.zeros(0, np.float32)] * len(ids)
        for start in range(0, len(order), _BATCH):
            part = order[start : start + _BATCH]
            for number, row in zip(part, self._encode([ids[n] for n in part]), strict=True):
                rows[number] = row
        return np.stack(rows) if rows else np.zeros((0, 0), np.float32)

    def _encode(self, ids: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        width = max(map(len, ids))
        padded = np.zeros((len(ids), width), np.int32)
        mask = np.zeros((len(ids), width), np.int32)
        for row, item in enumerate(ids):
            padded[row, : len(item)] = item
            mask[row, : len(item)] = 1
        feeds = {"ids": padded, "segments": np.zeros_like(padded), "mask": mask}
        hidden = self._session.run(feeds)["hidden"]
        weight = mask[:, :, None].astype(np.float32)
        mean = (hidden * weight).sum(axis=1) / weight.sum(axis=1)
        result: NDArray[np.float32] = mean / np.linalg.norm(mean, axis=1, keepdims=True)
        return result


def load(folder: str | Path, threads: int = 1, device: str = "cpu") -> SentenceEncoder:
    """Load a folder with ``model.safetensors``, ``config.json`` and ``tokenizer.json``.

    Raises
    ------
    MissingDependencyError
        without the library ``onnx`` of the extra ``generate``.
    IntegrityError
        when the folder holds no encoder of this kind, or a file in it is damaged.
    """
    place = Path(folder)
    try:
        config = json.loads((place / "config.json").read_text(encoding="utf-8"))
        tensors = read_safetensors(place / "model.safetensors")
        model = _graph(config, tensors)
    except (KeyError, ValueError, TypeError) as error:
        raise IntegrityError(
            f"{place} holds no sentence encoder of the BERT kind, or a damaged one: {error}"
        ) from error
    library = need("tokenizers", extra="generate")
    tokenizer = library.Tokenizer.from_file(str(place / "tokenizer.json"))
    session = load_graph(place, threads, device, made=model)
    return SentenceEncoder(session, tokenizer, min(256, int(config["max_position_embeddings"])))


def read_safetensors(path: Path) -> dict[str, NDArray[Any]]:
    """Return the arrays of a safetensors file; raises :class:`IntegrityError` for another file.

    The file is a length (8 bytes), a JSON header of that length, then the arrays' bytes.
    """
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if not 2 <= length <= _LONGEST_HEADER:
            raise IntegrityError(f"{path} is no safetensors file")
        try:
            header = json.loads(file.read(length))
        except ValueError as error:
            raise IntegrityError(f"{path} is no safetensors file: {error}") from error
        data = file.read()
    arrays: dict[str, NDArray[Any]] = {}
    for name, facts in header.items():
        if name == "__metadata__" or facts["dtype"] not in _TYPES:
            continue
        begin, end = facts["data_offsets"]
        if not 0 <= begin <= end <= len(data):
            raise IntegrityError(f"{path}: {name} lies beyond the file's end; fetch it again")
        values = np.frombuffer(data[begin:end], _TYPES[facts["dtype"]])
        arrays[name] = values.reshape(facts["shape"])
    return arrays


def _graph(config: dict[str, Any], tensors: dict[str, NDArray[Any]]) -> bytes:
    """Return the encoder as a serialised ONNX model: ids, segments, mask (B, S) to hidden."""
    onnx = need("onnx", extra="generate")
    maker = _Maker(onnx, tensors, float(config["layer_norm_eps"]))
    embedded, lengths = maker.add(
        "EmbedLayerNormalization",
        ["ids", "segments"],
        [f"embeddings.{name}.weight" for name in _EMBEDDINGS]
        + ["embeddings.LayerNorm.weight", "embeddings.LayerNorm.bias"],
        last=["mask"],
        outputs=2,
        epsilon=maker.epsilon,
    )
    for layer in range(int(config["num_hidden_layers"])):
        embedded = _layer(maker, f"encoder.layer.{layer}", embedded, lengths, config)
    helper, kinds = onnx.helper, onnx.TensorProto
    graph = helper.make_graph(
        [*maker.nodes, helper.make_node("Identity", [embedded], ["hidden"])],
        "sentence-encoder",
        [helper.make_tensor_value_info(name, kinds.INT32, ["B", "S"]) for name in _INPUTS],
        [helper.make_tensor_value_info("hidden", kinds.FLOAT, ["B", "S", "D"])],
        maker.values,
    )
    sets = [helper.make_opsetid("", 17), helper.make_opsetid(_FUSED, 1)]
    made: bytes = helper.make_model(graph, opset_imports=sets, ir_version=8).SerializeToString()
    return made


_INPUTS = ("ids", "segments", "mask")
_EMBEDDINGS = ("word_embeddings", "position_embeddings", "token_type_embeddings")


def _layer(maker: _Maker, name: str, value: str, lengths: str, config: dict[str, Any]) -> str:
    """Add one transformer layer (self-attention, then the two products) and return its output."""
    parts = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
    joined = maker.keep(f"{name}.qkv", np.concatenate([maker.turned(part) for part in parts], 1))
    bias = maker.keep(
        f"{name}.qkv.bias", np.concatenate([maker.tensors[f"{part}.bias"] for part in parts])
    )
    (seen,) = maker.add(
        "Attention", [value, joined, bias, lengths], num_heads=int(config["num_attention_heads"])
    )
    value = _added(maker, f"{name}.attention.output", seen, value)
    wide = f"{name}.intermediate.dense"
    (inner,) = maker.add("MatMul", [value, maker.keep(f"{wide}.turned", maker.turned(wide))])
    (inner,) = maker.add("BiasGelu", [inner], [f"{wide}.bias"])
    return _added(maker, f"{name}.output", inner, value)


def _added(maker: _Maker, name: str, value: str, before: str) -> str:
    """Multiply, add what was before, and normalise."""
    dense, norm = f"{name}.dense", f"{name}.LayerNorm"
    (value,) = maker.add("MatMul", [value, maker.keep(f"{dense}.turned", maker.turned(dense))])
    (value,) = maker.add(
        "SkipLayerNormalization",
        [value, before],
        [f"{norm}.weight", f"{norm}.bias", f"{dense}.bias"],
        epsilon=maker.epsilon,
    )
    return value


class _Maker:
    """Collects the nodes and values of a graph."""

    def __init__(self, onnx: Any, tensors: dict[str, NDArray[Any]], epsilon: float) -> None:
        self.tensors, self.epsilon = tensors, epsilon
        self.nodes: list[Any] = []
        self.values: list[Any] = []
        self._onnx = onnx

    def turned(self, name: str) -> NDArray[Any]:
        """Return a linear layer's weights as (inputs, outputs)."""
        result: NDArray[Any] = self.tensors[f"{name}.weight"].T
        return result

    def keep(self, name: str, array: NDArray[Any]) -> str:
        """Put an array into the graph and return its name."""
        values = np.ascontiguousarray(array, np.float32)
        self.values.append(self._onnx.numpy_helper.from_array(values, name))
        return name

    def add(
        self,
        kind: str,
        inputs: Sequence[str],
        weights: Sequence[str] = (),
        *,
        last: Sequence[str] = (),
        outputs: int = 1,
        **facts: Any,
    ) -> list[str]:
        """Add a node over ``inputs``, tensors of the file and ``last``; return its outputs."""
        kept = [self.keep(name, self.tensors[name]) for name in weights]
        names = [f"{kind}_{len(self.nodes)}_{number}" for number in range(outputs)]
        domain = "" if kind == "MatMul" else _FUSED
        every = [*inputs, *kept, *last]
        self.nodes.append(self._onnx.helper.make_node(kind, every, names, domain=domain, **facts))
        return names
