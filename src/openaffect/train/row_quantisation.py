"""One item's answer, whatever its batch mates: activations quantised row by row.

Dynamic quantisation measures the range of a whole batch of activations, so that a loud neighbour
coarsens a quiet text. Here each row (the activations of one token) has its own scale,
q = round(127 x / max|x|), as in T. Dettmers et al., "LLM.int8(): 8-bit Matrix Multiplication for
Transformers at Scale", NeurIPS 2022, section 2 (row-wise quantisation).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from openaffect.types import InvalidValueError

_CONSTANTS: dict[str, Any] = {
    "row.share": np.float32(1 / 127),
    "row.least": np.float32(1e-12),
    "row.one": np.float32(1),
    "row.middle": np.uint8(128),
    "row.axis": np.array([-1], np.int64),
}


def quantise_by_row(path: Path) -> Path:
    """Rewrite a file made by dynamic quantisation so that every row has its own scale.

    The int8 weights stay as they are. The file then needs ONNX Runtime, for its operator
    ``MatMulIntegerToFloat``. Raises :class:`InvalidValueError` for a file without a dynamically
    quantised product of matrices.
    """
    import onnx
    from onnx import helper, numpy_helper

    model = onnx.load(str(path))
    graph = model.graph
    products = [node for node in graph.node if node.op_type == "MatMulInteger"]
    if not products:
        raise InvalidValueError(
            f"{path} holds no dynamically quantised product; quantise it dynamically first"
        )
    weights = {item.name for item in graph.initializer}
    makers = {name: node for node in graph.node for name in node.output}
    users = {name: node for node in graph.node for name in node.input}
    replaced: dict[str, list[Any]] = {}
    dropped: set[str] = set()
    for product in products:
        cast = users[product.output[0]]
        scaled = users[cast.output[0]]
        scales = makers[next(name for name in scaled.input if name != cast.output[0])]
        (weight_scale,) = (name for name in scales.input if name in weights)
        (row_scale,) = (name for name in scales.input if name not in weights)
        out = scaled.output[0]
        replaced[out] = [
            helper.make_node(
                "MatMulIntegerToFloat",
                [*product.input[:2], "row.one", weight_scale, "row.middle", product.input[3]],
                [f"{out}.unit"],
                domain="com.microsoft",
            ),
            helper.make_node("Mul", [f"{out}.unit", row_scale], [out]),
        ]
        dropped |= {product.output[0], cast.output[0], scales.output[0]}
    nodes: list[Any] = []
    for node in graph.node:
        if node.op_type == "DynamicQuantizeLinear":
            nodes += _row_scaled(node)
        elif node.output[0] not in dropped:
            nodes += replaced.get(node.output[0], [node])
    del graph.node[:]
    graph.node.extend(nodes)
    graph.initializer.extend(
        numpy_helper.from_array(np.asarray(value), name) for name, value in _CONSTANTS.items()
    )
    if all(item.domain != "com.microsoft" for item in model.opset_import):
        model.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    temporary = path.with_suffix(".part.onnx")
    onnx.save(model, str(temporary))
    temporary.replace(path)
    return path


def _row_scaled(node: Any) -> list[Any]:
    """Return the nodes that quantise each row of what ``node`` quantised as a whole."""
    from onnx import helper

    (values,) = node.input
    quantised, scale, _ = node.output
    return [
        helper.make_node("Abs", [values], [f"{scale}.absolute"]),
        helper.make_node(
            "ReduceMax", [f"{scale}.absolute", "row.axis"], [f"{scale}.largest"], keepdims=1
        ),
        helper.make_node("Max", [f"{scale}.largest", "row.least"], [f"{scale}.positive"]),
        helper.make_node("Mul", [f"{scale}.positive", "row.share"], [scale]),
        helper.make_node("Div", [values, scale], [f"{scale}.scaled"]),
        helper.make_node(
            "QuantizeLinear", [f"{scale}.scaled", "row.one", "row.middle"], [quantised]
        ),
    ]
