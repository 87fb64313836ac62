"""ONNX Runtime."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.models.archive import read_member
from openaffect.types import IntegrityError, InvalidValueError, MissingDependencyError

PROVIDERS = {
    "cpu": ("CPUExecutionProvider",),
    "cuda": ("CUDAExecutionProvider", "CPUExecutionProvider"),
}
"""The execution providers of each device, in order of preference."""
_ERRORS_ONLY = 3


class OnnxSession:
    """A loaded ONNX graph; see :class:`openaffect.types.Session`. Safe to share by threads."""

    def __init__(self, session: Any, name: str) -> None:
        self._session = session
        self._name = name
        self.inputs = tuple(item.name for item in session.get_inputs())
        self.outputs = tuple(item.name for item in session.get_outputs())

    def run(self, feeds: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        """Run the graph once.

        Raises
        ------
        InvalidValueError
            when a name, type or shape is not what the graph takes.
        """
        from onnxruntime.capi.onnxruntime_pybind11_state import Fail, InvalidArgument

        try:
            values = self._session.run(None, dict(feeds))
        except (InvalidArgument, Fail, ValueError) as error:
            given = {name: (array.shape, str(array.dtype)) for name, array in feeds.items()}
            wanted = {
                item.name: (tuple(item.shape), item.type) for item in self._session.get_inputs()
            }
            raise InvalidValueError(
                f"{self._name}: takes {wanted}, was given {given}: {error}"
            ) from error
        return {name: np.asarray(value) for name, value in zip(self.outputs, values, strict=True)}

    def run_values(self, feeds: Mapping[str, Any]) -> list[Any]:
        """Run the graph on arrays or the runtime's own values, and return its own values.

        What goes straight back into the next call is then never copied; ``.numpy()`` of a value
        gives its array.
        """
        from onnxruntime import OrtValue

        values = {
            name: OrtValue.ortvalue_from_numpy(item) if isinstance(item, np.ndarray) else item
            for name, item in feeds.items()
        }
        found: list[Any] = self._session.run_with_ort_values(list(self.outputs), values)
        return found


def load(
    path: str | Path,
    threads: int = 1,
    device: str = "cpu",
    member: str = "",
    *,
    made: bytes = b"",
) -> OnnxSession:
    """Load an ONNX graph.

    Parameters
    ----------
    path: the file, or the zip archive that holds it as ``member``; of a graph ``made`` in memory,
        what it was made of.
    threads: threads inside one operator; operators run one after another.
    device: ``cpu`` or ``cuda``.

    Raises
    ------
    MissingDependencyError
        when ONNX Runtime here has no provider for the device.
    IntegrityError
        when the file is no graph that ONNX Runtime reads.
    """
    import onnxruntime

    if device not in PROVIDERS:
        raise InvalidValueError(f"device {device!r} is none of {', '.join(PROVIDERS)}")
    wanted = PROVIDERS[device][0]
    if wanted not in onnxruntime.get_available_providers():
        raise MissingDependencyError(
            f"device {device!r} needs {wanted}, which this ONNX Runtime lacks; install "
            "onnxruntime-gpu in place of onnxruntime, or use device 'cpu'"
        )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = _ERRORS_ONLY
    source = made or (read_member(Path(path), member) if member else str(path))
    try:
        session = onnxruntime.InferenceSession(source, options, providers=list(PROVIDERS[device]))
    except Exception as error:  # ONNX Runtime's own classes derive from Exception alone
        raise IntegrityError(f"{path}: ONNX Runtime cannot load it: {error}") from error
    if wanted not in session.get_providers():
        raise MissingDependencyError(
            f"device {device!r}: ONNX Runtime could not start {wanted}; check the driver and "
            "libraries it names, or use device 'cpu'"
        )
    return OnnxSession(session, Path(path).name)
