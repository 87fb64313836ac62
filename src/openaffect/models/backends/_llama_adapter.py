"""Low-rank adapters beside the matrices of a Llama graph, each pair behind a gate.

Hu et al., "LoRA: Low-rank adaptation of large language models", ICLR 2022, equation 3: a matrix W
becomes W + U g D, with D (R, inputs), U (outputs, R) and here a gate a rank, g (R), an input of
the graph. A bank of pairs for several emotions is thus one file: the gates choose, blend and set
the strength, and at no gate the network is the model itself. D and U are inputs too, so that only
the ranks that are on are multiplied, and one graph serves every adapter of the same matrices.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.types import IntegrityError, InvalidValueError, need

_MOST_BYTES = 256 * 1024**2


@dataclass(frozen=True, slots=True, eq=False)
class Adapter:
    """Pairs of R ranks for some matrices, and G named gates over them.

    Fields
    ------
    down, up: by the matrix's name in the GGUF file (``blk.20.attn_v``), (R, inputs) and
        (R, outputs) float32.
    names: of the G gates. mixing: (G, R), what each gate opens of each rank.
    """

    down: Mapping[str, NDArray[np.float32]]
    up: Mapping[str, NDArray[np.float32]]
    names: tuple[str, ...]
    mixing: NDArray[np.float32]

    @property
    def sites(self) -> tuple[str, ...]:
        """Return the names of the matrices, sorted."""
        return tuple(sorted(self.down))

    def ranks(self, gates: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return (B, R) gates of the ranks for (G,) or (B, G) gates by name."""
        gates = np.atleast_2d(np.asarray(gates, np.float32))
        if gates.ndim != 2 or gates.shape[1] != len(self.names):
            raise InvalidValueError(
                f"gates have shape {gates.shape}; expected (B, {len(self.names)}) or "
                f"({len(self.names)},) for {', '.join(self.names)}"
            )
        if not np.isfinite(gates).all():
            raise InvalidValueError(f"gates are {gates.tolist()}; give finite numbers")
        return gates @ self.mixing


def save_adapter(path: Path, adapter: Adapter) -> None:
    """Write an adapter as an ``.npz`` file: a byte a value, and a scale a rank of each matrix."""
    arrays: dict[str, Any] = {"names": np.array(adapter.names), "mixing": adapter.mixing}
    for site in adapter.sites:
        for part, values in (("down", adapter.down[site]), ("up", adapter.up[site])):
            scale = np.abs(values).max(axis=1, keepdims=True) / 127
            scale[scale == 0] = 1
            arrays[f"{site}.{part}"] = np.rint(values / scale).astype(np.int8)
            arrays[f"{site}.{part}.scale"] = scale.astype(np.float32)
    draft = path.with_name(path.name + ".part")
    with draft.open("wb") as stream:
        np.savez(stream, **arrays)
    draft.replace(path)


def read_adapter(path: Path) -> Adapter:
    """Read what :func:`save_adapter` wrote; :class:`IntegrityError` when it is something else."""
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(item.file_size for item in archive.infolist())
        if size > _MOST_BYTES:
            raise IntegrityError(
                f"{path} unpacks to {size} bytes; an adapter has {_MOST_BYTES} at most"
            )
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        names = tuple(str(name) for name in arrays.pop("names"))
        mixing = np.asarray(arrays.pop("mixing"), np.float32)
        sites = sorted(name.removesuffix(".down") for name in arrays if name.endswith(".down"))
        down = {site: _scaled(arrays, f"{site}.down") for site in sites}
        up = {site: _scaled(arrays, f"{site}.up") for site in sites}
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, EOFError) as error:
        raise IntegrityError(f"{path} is no adapter that can be read: {error!r}") from error
    for site in sites:
        for part, array in (("down", down[site]), ("up", up[site])):
            if array.ndim != 2 or mixing.shape != (len(names), len(array)):
                raise IntegrityError(
                    f"{path}: {site}.{part} has shape {array.shape} for {len(names)} gates over "
                    f"ranks of shape {mixing.shape}"
                )
            if not np.isfinite(array).all():
                raise IntegrityError(f"{path}: {site}.{part} holds values that are not finite")
    if not sites:
        raise IntegrityError(f"{path}: the adapter is for no matrix")
    return Adapter(down, up, names, mixing)


def _scaled(arrays: Mapping[str, NDArray[Any]], name: str) -> NDArray[np.float32]:
    values: NDArray[np.float32] = arrays[name].astype(np.float32) * arrays[f"{name}.scale"]
    return values


def graph_name(sites: Sequence[str]) -> str:
    """Return the file name of the graph that takes adapters of these matrices."""
    return f"adapted-{hashlib.sha256(' '.join(sites).encode()).hexdigest()[:12]}.onnx"


def adapted_graph(plain: Path, adapter: Adapter, name: str) -> Any:
    """Return the model ``plain`` with an input ``gates`` and a pair of inputs a matrix.

    Raises :class:`IntegrityError` when the graph has no such matrix, or one of another size.
    """
    onnx = need("onnx", extra="generate")
    helper, kinds = onnx.helper, onnx.TensorProto
    model = onnx.load(plain, load_external_data=False)
    waiting = set(adapter.sites)
    nodes: list[Any] = []
    for node in model.graph.node:
        nodes.append(node)
        site = node.input[1].removesuffix(".values") if node.op_type == "MatMulNBits" else ""
        if site not in waiting:
            continue
        waiting.remove(site)
        sizes = {item.name: item.i for item in node.attribute}
        _check(name, site, adapter, sizes["K"], sizes["N"])
        out = node.output[0]
        node.output[0] = f"{site}.plain"
        nodes += [
            helper.make_node("MatMul", [node.input[0], f"{site}.down"], [f"{site}.low"]),
            helper.make_node("Mul", [f"{site}.low", "gates"], [f"{site}.gated"]),
            helper.make_node("MatMul", [f"{site}.gated", f"{site}.up"], [f"{site}.added"]),
            helper.make_node("Add", [f"{site}.plain", f"{site}.added"], [out]),
        ]
        for part, shape in (("down", [sizes["K"], "ranks"]), ("up", ["ranks", sizes["N"]])):
            value = helper.make_tensor_value_info(f"{site}.{part}", kinds.FLOAT, shape)
            model.graph.input.append(value)
    if waiting:
        raise IntegrityError(f"{name} is for matrices that this model lacks: {sorted(waiting)[:3]}")
    gates = helper.make_tensor_value_info("gates", kinds.FLOAT, ["gated", 1, "ranks"])
    model.graph.input.append(gates)
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return model


def _check(name: str, site: str, adapter: Adapter, inputs: int, outputs: int) -> None:
    found = (adapter.down[site].shape[1], adapter.up[site].shape[1])
    if found != (inputs, outputs):
        raise IntegrityError(
            f"{name}: {site} takes {found[0]} values and gives {found[1]}; this model's takes "
            f"{inputs} and gives {outputs}: the adapter belongs to another model"
        )
