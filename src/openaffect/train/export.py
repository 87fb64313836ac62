"""From a trained net to a shipped file: ONNX, quantised, checked for parity."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from openaffect.models.backends.onnx import load as load_onnx
from openaffect.types import InvalidValueError

Feeds = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Parity:
    """How far a file's answers are from the net's, over the rows that were compared.

    ``largest`` and ``mean`` absolute difference of probabilities; ``agreement`` share of rows with
    the same best label.
    """

    largest: float
    mean: float
    agreement: float
    rows: int


def export(
    net: nn.Module,
    example: Sequence[Tensor],
    path: Path,
    *,
    inputs: Sequence[str],
    outputs: Sequence[str],
    dynamic: Mapping[str, Mapping[int, str]],
) -> Path:
    """Write ``net`` as ONNX (opset 18), whole or not at all."""
    net.eval()
    temporary = path.with_suffix(".part.onnx")
    with torch.no_grad(), warnings.catch_warnings():
        # The exporter by tracing is chosen on purpose: the newer one needs another library.
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.onnx.export(
            net,
            tuple(example),
            str(temporary),
            input_names=list(inputs),
            output_names=list(outputs),
            dynamic_axes={name: dict(axes) for name, axes in dynamic.items()},
            opset_version=18,
            dynamo=False,
        )
    temporary.replace(path)
    return path


def quantise_dynamic(path: Path, out: Path, *, exclude: Sequence[str] = ()) -> Path:
    """Weights of matrix products and embeddings to int8, activations quantised as they come."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(
        str(path),
        str(out),
        weight_type=QuantType.QInt8,
        per_channel=True,
        op_types_to_quantize=["MatMul", "Gather"],
        nodes_to_exclude=list(exclude),
    )
    return out


def quantise_static(
    path: Path, out: Path, calibration: Iterable[Feeds], *, keep: Sequence[str] = ()
) -> Path:
    """Weights and activations of convolutions to int8, ranges measured on ``calibration``.

    What clips a convolution's answers becomes the range that they are rounded in, so that
    convolutions hand int8 on to each other. The batches of ``calibration`` must be of one size.
    Nodes whose name holds one of ``keep`` stay in float32.
    """
    import onnx
    from onnxruntime.quantization import (
        CalibrationDataReader,
        CalibrationMethod,
        QuantFormat,
        QuantType,
        quantize_static,
    )
    from onnxruntime.quantization.shape_inference import quant_pre_process

    class Reader(CalibrationDataReader):  # type: ignore[misc]
        def __init__(self) -> None:
            self.feeds = iter(calibration)

        def get_next(self) -> Any:
            return next(self.feeds, None)

    prepared = path.with_suffix(".prepared.onnx")
    quant_pre_process(str(path), str(prepared))
    names = [node.name for node in onnx.load(str(prepared)).graph.node]
    quantize_static(
        str(prepared),
        str(out),
        Reader(),
        quant_format=QuantFormat.QDQ,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        per_channel=True,
        op_types_to_quantize=["Conv", "Clip", "Relu"],
        nodes_to_exclude=[name for name in names if any(part in name for part in keep)],
        calibrate_method=CalibrationMethod.Percentile,
        extra_options={"CalibPercentile": 99.99, "ActivationSymmetric": False},
    )
    prepared.unlink()
    return out


def run_file(path: Path, feeds: Iterable[Feeds], output: str = "scores") -> NDArray[Any]:
    """(N, K) answers of a file, batch after batch."""
    session = load_onnx(str(path), threads=2, device="cpu")
    return np.concatenate([session.run(feed)[output] for feed in feeds])


def parity(reference: NDArray[Any], other: NDArray[Any]) -> Parity:
    """Compare two (N, K) tables of probabilities."""
    if reference.shape != other.shape:
        raise InvalidValueError(f"cannot compare {reference.shape} with {other.shape}")
    gap = np.abs(reference - other)
    same = reference.argmax(axis=1) == other.argmax(axis=1)
    return Parity(float(gap.max()), float(gap.mean()), float(same.mean()), len(reference))


def digest(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
