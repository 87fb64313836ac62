"""A Llama network out of a GGUF file as an ONNX graph.

Touvron et al., "LLaMA", 2023 (arXiv:2302.13971): root-mean-square norms, rotary positions, grouped
queries, a gated feed-forward layer. Its matrices become int8 in blocks of 32 (the file's own are
4 to 8 bits in the same blocks), multiplied in int8 by ONNX Runtime. Two inputs that llama.cpp does
not have are the reason to build it: ``push`` is added to the residual stream behind each layer, and
``want`` picks the positions whose scores are asked for; the last hidden state is an output.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from openaffect.types import IntegrityError, need

_BLOCK = 32
_MICROSOFT = "com.microsoft"
_SHAPES = ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")
_MOST_TENSORS, _MOST_VALUES = 4096, 8 * 10**9


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of a Llama network: L layers, D width, heads, key/value heads, V tokens."""

    layers: int
    width: int
    heads: int
    key_heads: int
    vocabulary: int
    longest: int
    epsilon: float
    frequency: float

    @property
    def head(self) -> int:
        """Return the width of one head."""
        return self.width // self.heads


class Fields:
    """The facts at the head of a GGUF file, by key."""

    def __init__(self, reader: Any, path: Path) -> None:
        self._reader, self._path = reader, path

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value of a key, ``default`` where it is absent."""
        field = self._reader.fields.get(key)
        return default if field is None else field.contents()

    def required(self, key: str) -> Any:
        """Return the value of a key, or raise :class:`IntegrityError`."""
        value = self.get(key)
        if value is None:
            raise IntegrityError(f"{self._path}: the GGUF file does not say {key}")
        return value


def open_gguf(path: Path) -> tuple[Any, Fields]:
    """Return the file's reader and its facts; :class:`IntegrityError` when it is none."""
    library = need("gguf", extra="generate")
    try:
        reader = library.GGUFReader(path)
    except (ValueError, OSError, IndexError, KeyError, OverflowError, MemoryError) as error:
        raise IntegrityError(f"{path} is no GGUF file that can be read: {error}") from error
    values = sum(int(tensor.n_elements) for tensor in reader.tensors)
    if len(reader.tensors) > _MOST_TENSORS or values > _MOST_VALUES:
        raise IntegrityError(
            f"{path} holds {len(reader.tensors)} tensors of {values} values; at most "
            f"{_MOST_TENSORS} of {_MOST_VALUES} are read here: serve it by llama.cpp and name the "
            "server"
        )
    return reader, Fields(reader, path)


def shape_of(fields: Fields) -> Shape:
    """Return the sizes; :class:`IntegrityError` for another architecture than Llama's."""
    kind = fields.required("general.architecture")
    if kind != "llama":
        raise IntegrityError(
            f"the GGUF file holds a network of kind {kind!r}; kind 'llama' is run here: serve "
            "others by llama.cpp or Ollama and name the server"
        )
    heads = int(fields.required("llama.attention.head_count"))
    width = int(fields.required("llama.embedding_length"))
    scaling = fields.get("llama.rope.scaling.type", "none")
    if scaling != "none" or int(fields.get("llama.attention.key_length", width // heads)) != (
        width // heads
    ):
        raise IntegrityError(
            "the GGUF file's network stretches its positions or has heads of another width than "
            f"{width // heads}, which is not run here: serve it by llama.cpp and name the server"
        )
    return Shape(
        layers=int(fields.required("llama.block_count")),
        width=width,
        heads=heads,
        key_heads=int(fields.get("llama.attention.head_count_kv", heads)),
        vocabulary=len(fields.required("tokenizer.ggml.tokens")),
        longest=int(fields.required("llama.context_length")),
        epsilon=float(fields.required("llama.attention.layer_norm_rms_epsilon")),
        frequency=float(fields.get("llama.rope.freq_base", 10_000.0)),
    )


def read_tensors(path: Path) -> tuple[Shape, dict[str, NDArray[np.float32]]]:
    """Return the sizes and all the arrays of a GGUF file, unpacked, by their names in it."""
    reader, fields = open_gguf(path)
    gguf = need("gguf", extra="generate")
    return shape_of(fields), {tensor.name: _unpacked(gguf, tensor) for tensor in reader.tensors}


def _unpacked(gguf: Any, tensor: Any) -> NDArray[np.float32]:
    flat = gguf.dequantize(tensor.data, tensor.tensor_type)
    sizes = [int(size) for size in reversed(tensor.shape)]
    return np.asarray(flat, np.float32).reshape(sizes)


class GraphBuilder:
    """Writes the graph; its arrays go to a file of their own, which is then read by mapping."""

    def __init__(self, reader: Any, shape: Shape, values: BinaryIO, values_name: str) -> None:
        self._onnx = need("onnx", extra="generate")
        self._gguf = need("gguf", extra="generate")
        self._tensors = {tensor.name: tensor for tensor in reader.tensors}
        self._shape = shape
        self._values, self._name, self._at = values, values_name, 0
        self._nodes: list[Any] = []
        self._arrays: list[Any] = []
        self._sizes: dict[str, tuple[int, int]] = {}
        self._read: set[str] = set()

    def build(self) -> Any:
        """Return the model; the arrays are in the file by then."""
        self._tables()
        stream = self._embed()
        for layer in range(self._shape.layers):
            stream = self._layer(layer, stream)
        hidden = self._norm(stream, "output_norm", "hidden_all")
        hidden = self._node("Gather", [hidden, "want"], "hidden", axis=1)
        self._multiply(hidden, self._head_name(), "logits")
        if left := sorted(set(self._tensors) - self._read):
            raise IntegrityError(
                f"the GGUF file holds {left[0]}, which the networks run here do not have: serve it "
                "by llama.cpp and name the server"
            )
        return self._model()

    def _tables(self) -> None:
        half = np.arange(0, self._shape.head, 2) / self._shape.head
        turns = self._shape.frequency**-half
        if "rope_freqs.weight" in self._tensors:  # Llama 3.1's way to reach further
            turns = turns / self._weight("rope_freqs")
        angles = np.outer(np.arange(self._shape.longest), turns)
        self._array("cos", np.cos(angles).astype(np.float32))
        self._array("sin", np.sin(angles).astype(np.float32))
        self._array("zero_point", np.array(128, np.float32))
        self._array("as_rows", np.array([0, 0, self._shape.width], np.int64))
        self._array("last_axis", np.array([-1], np.int64))
        self._array("row_axis", np.array([1], np.int64))
        self._matrix("token_embd")
        if self._head_name() != "token_embd":
            self._matrix("output")

    def _head_name(self) -> str:
        return "output" if "output.weight" in self._tensors else "token_embd"

    def _embed(self) -> str:
        blocks = self._node("Gather", ["token_embd.values", "ids"], "embed.blocks", axis=0)
        scales = self._node("Gather", ["token_embd.scales", "ids"], "embed.scales", axis=0)
        blocks = self._node("Cast", [blocks], "embed.float", to=self._onnx.TensorProto.FLOAT)
        blocks = self._node("Sub", [blocks, "zero_point"], "embed.signed")
        scales = self._node("Unsqueeze", [scales, "last_axis"], "embed.scales_wide")
        blocks = self._node("Mul", [blocks, scales], "embed.scaled")
        return self._node("Reshape", [blocks, "as_rows"], "embed")

    def _layer(self, layer: int, stream: str) -> str:
        name = f"blk.{layer}"
        for part in _SHAPES:
            self._matrix(f"{name}.{part}")
        read = self._norm(stream, f"{name}.attn_norm", f"{name}.read")
        query, key, value = (
            self._multiply(read, f"{name}.{part}", f"{name}.{part}.out")
            for part in ("attn_q", "attn_k", "attn_v")
        )
        self._nodes.append(
            self._onnx.helper.make_node(
                "GroupQueryAttention",
                [query, key, value, f"past_key_{layer}", f"past_value_{layer}", "last", "total",
                 "cos", "sin"],
                [f"{name}.mixed", f"key_{layer}", f"value_{layer}"],
                domain=_MICROSOFT, num_heads=self._shape.heads,
                kv_num_heads=self._shape.key_heads, do_rotary=1, rotary_interleaved=1,
            )
        )  # fmt: skip
        mixed = self._multiply(f"{name}.mixed", f"{name}.attn_output", f"{name}.attn_output.out")
        stream = self._node("Add", [stream, mixed], f"{name}.after_attention")
        read = self._norm(stream, f"{name}.ffn_norm", f"{name}.read_again")
        gate = self._multiply(read, f"{name}.ffn_gate", f"{name}.gate")
        raised = self._multiply(read, f"{name}.ffn_up", f"{name}.raised")
        open_ = self._node("Sigmoid", [gate], f"{name}.open")
        gate = self._node("Mul", [gate, open_], f"{name}.gated")
        raised = self._node("Mul", [gate, raised], f"{name}.inner")
        fed = self._multiply(raised, f"{name}.ffn_down", f"{name}.fed")
        stream = self._node("Add", [stream, fed], f"{name}.stream")
        self._array(f"{name}.number", np.array(layer, np.int64))
        push = self._node("Gather", ["push", f"{name}.number"], f"{name}.push", axis=0)
        push = self._node("Unsqueeze", [push, "row_axis"], f"{name}.push_rows")
        return self._node("Add", [stream, push], f"{name}.pushed")

    def _norm(self, stream: str, weight: str, out: str) -> str:
        self._array(weight, self._weight(weight))
        return self._node(
            "SimplifiedLayerNormalization", [stream, weight], out, axis=-1,
            epsilon=self._shape.epsilon,
        )  # fmt: skip

    def _multiply(self, rows: str, matrix: str, out: str) -> str:
        outputs, inputs = self._sizes[matrix]
        return self._node(
            "MatMulNBits", [rows, f"{matrix}.values", f"{matrix}.scales"], out, domain=_MICROSOFT,
            K=inputs, N=outputs, bits=8, block_size=_BLOCK, accuracy_level=4,
        )  # fmt: skip

    def _matrix(self, name: str) -> None:
        """Keep a matrix as bytes about 128 with one scale a block of 32 inputs."""
        weight = self._weight(name)
        if weight.ndim != 2 or weight.shape[1] % _BLOCK:
            raise IntegrityError(
                f"tensor {name} has shape {weight.shape}; expected rows of a multiple of {_BLOCK}"
            )
        blocks = weight.reshape(weight.shape[0], -1, _BLOCK)
        scales = np.abs(blocks).max(axis=2) / 127
        scales[scales == 0] = 1
        values = np.clip(np.rint(blocks / scales[..., None]) + 128, 0, 255).astype(np.uint8)
        self._array(f"{name}.values", values)
        self._array(f"{name}.scales", scales)
        self._sizes[name] = (weight.shape[0], weight.shape[1])

    def _weight(self, name: str) -> NDArray[np.float32]:
        tensor = self._tensors.get(f"{name}.weight")
        if tensor is None:
            raise IntegrityError(f"the GGUF file holds no tensor {name}.weight")
        self._read.add(f"{name}.weight")
        return _unpacked(self._gguf, tensor)

    def _array(self, name: str, array: NDArray[Any]) -> None:
        proto = self._onnx.TensorProto()
        proto.name = name
        proto.data_type = self._onnx.helper.np_dtype_to_tensor_dtype(array.dtype)
        proto.dims.extend(array.shape)
        data = np.ascontiguousarray(array).tobytes()
        if len(data) < 1024:
            proto.raw_data = data
        else:
            proto.data_location = self._onnx.TensorProto.EXTERNAL
            padding = -self._at % 4096
            self._values.write(b"\0" * padding)
            for key, value in (
                ("location", self._name), ("offset", self._at + padding), ("length", len(data)),
            ):  # fmt: skip
                entry = proto.external_data.add()
                entry.key, entry.value = key, str(value)
            self._values.write(data)
            self._at += padding + len(data)
        self._arrays.append(proto)

    def _node(self, kind: str, inputs: list[str], out: str, **attributes: Any) -> str:
        self._nodes.append(self._onnx.helper.make_node(kind, inputs, [out], **attributes))
        return out

    def _model(self) -> Any:
        helper, kinds, shape = self._onnx.helper, self._onnx.TensorProto, self._shape
        rows = ["batch", shape.key_heads]

        def value(name: str, kind: int, sizes: list[Any]) -> Any:
            return helper.make_tensor_value_info(name, kind, sizes)

        inputs = [
            value("ids", kinds.INT64, ["batch", "tokens"]),
            value("last", kinds.INT32, ["batch"]),
            value("total", kinds.INT32, []),
            value("want", kinds.INT64, ["wanted"]),
            value("push", kinds.FLOAT, [shape.layers, "pushed", shape.width]),
        ]
        outputs = [
            value("logits", kinds.FLOAT, ["batch", "wanted", shape.vocabulary]),
            value("hidden", kinds.FLOAT, ["batch", "wanted", shape.width]),
        ]
        for layer in range(shape.layers):
            for part in ("key", "value"):
                sizes = [*rows, "before", shape.head]
                inputs.append(value(f"past_{part}_{layer}", kinds.FLOAT, sizes))
                outputs.append(value(f"{part}_{layer}", kinds.FLOAT, [*rows, "after", shape.head]))
        graph = helper.make_graph(self._nodes, "llama", inputs, outputs, self._arrays)
        return helper.make_model(
            graph,
            opset_imports=[helper.make_opsetid("", 21), helper.make_opsetid(_MICROSOFT, 1)],
            ir_version=10,
        )
