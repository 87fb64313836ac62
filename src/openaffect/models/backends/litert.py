"""LiteRT, for TensorFlow Lite files (MediaPipe's). It runs on the CPU, whatever the device."""

from __future__ import annotations

import contextlib
import os
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.models.archive import read_member
from openaffect.types import IntegrityError, InvalidValueError

_STDERR = 2
_STDERR_LOCK = threading.Lock()


class LitertSession:
    """A loaded TensorFlow Lite graph; see :class:`openaffect.types.Session`.

    An interpreter holds one set of tensors, so each call takes an idle one; ``make`` builds another
    when several threads call at once. There are never more than threads that called together.
    """

    def __init__(self, make: Callable[[], Any], name: str) -> None:
        self._make = make
        self._name = name
        first = make()
        self._idle: deque[Any] = deque([first])
        self._inputs = {item["name"]: item for item in first.get_input_details()}
        self._outputs = {item["name"]: item for item in first.get_output_details()}
        self.inputs = tuple(self._inputs)
        self.outputs = tuple(self._outputs)

    def run(self, feeds: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        """Run the graph once; shapes are fixed by the graph, batch included.

        Raises
        ------
        InvalidValueError
            when a name, type or shape is not what the graph takes.
        """
        self._check(feeds)
        try:
            interpreter = self._idle.pop()
        except IndexError:
            interpreter = self._make()
        try:
            for name, array in feeds.items():
                interpreter.set_tensor(self._inputs[name]["index"], array)
            interpreter.invoke()
            return {
                name: interpreter.get_tensor(item["index"]) for name, item in self._outputs.items()
            }
        finally:
            self._idle.append(interpreter)

    def _check(self, feeds: Mapping[str, NDArray[Any]]) -> None:
        if set(feeds) != set(self._inputs):
            raise InvalidValueError(
                f"{self._name}: takes {sorted(self._inputs)}, was given {sorted(feeds)}"
            )
        for name, array in feeds.items():
            shape = tuple(int(size) for size in self._inputs[name]["shape"])
            kind = np.dtype(self._inputs[name]["dtype"])
            if array.shape != shape or array.dtype != kind:
                raise InvalidValueError(
                    f"{self._name}: {name!r} takes {shape} {kind}, was given {array.shape} "
                    f"{array.dtype}"
                )


def load(
    path: str | Path, threads: int = 1, device: str = "cpu", member: str = ""
) -> LitertSession:
    """Load a TensorFlow Lite graph.

    Parameters
    ----------
    path: the file, or the zip archive (a MediaPipe ``.task``) that holds it as ``member``.
    threads: threads inside one operator.
    device: taken for likeness with the other runtimes; the CPU runs it, with the same result.

    Raises
    ------
    IntegrityError
        when the file is no graph that LiteRT reads.
    """
    try:
        content = read_member(Path(path), member) if member else Path(path).read_bytes()
        return LitertSession(partial(_interpreter, content, threads), member or Path(path).name)
    except (ValueError, RuntimeError) as error:
        if isinstance(error, IntegrityError):
            raise
        raise IntegrityError(f"{path}: LiteRT cannot load it: {error}") from error


def _interpreter(content: bytes, threads: int) -> Any:
    from ai_edge_litert.interpreter import Interpreter

    with _without_chatter():
        interpreter = Interpreter(model_content=content, num_threads=threads)
        interpreter.allocate_tensors()
    return interpreter


@contextlib.contextmanager
def _without_chatter() -> Iterator[None]:
    """Drop the ``INFO:`` lines that the runtime writes to the error stream, for want of a setting.

    Everything else written meanwhile is passed on afterwards.
    """
    with _STDERR_LOCK:
        try:
            kept = os.dup(_STDERR)
        except OSError:  # no error stream, as in a windowed program
            yield
            return
        with tempfile.TemporaryFile() as caught:
            os.dup2(caught.fileno(), _STDERR)
            try:
                yield
            finally:
                os.dup2(kept, _STDERR)
                os.close(kept)
                caught.seek(0)
                for line in caught:
                    if not line.startswith(b"INFO:"):
                        os.write(_STDERR, line)
