"""Results written out as they come, so that an interrupted hour resumes where it stopped.

A spill is a folder. ``header.json`` names the work it belongs to; each stream (``face``,
``speech`` ...) is a row of numbered parts, ``face.000000.npz`` and on, and ``face.done`` once it is
whole. A part holds the rows of some timelines and the state from which the stream goes on. Parts
are written beside their name and moved into place, so a part that is there is whole; one that
cannot be read, and all after it, count as not done.
"""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.types.errors import OutputError
from openaffect.types.scheme import Scheme
from openaffect.types.timeline import Timeline, concatenate

from .spans import merge_spans

FORMAT = "openaffect.spill/2"


@dataclass(frozen=True, slots=True)
class Part:
    """One finished stretch of a stream.

    timelines: the rows found, by timeline name.
    state: JSON values from which the stream goes on.
    """

    timelines: Mapping[str, Timeline]
    state: Mapping[str, Any]


class Spill:
    """The folder of one input's work.

    Parameters
    ----------
    folder: made when absent.
    key: what the work is; parts of other work lying there are removed.

    Raises :class:`OutputError` when the folder cannot be written.
    """

    def __init__(self, folder: Path, key: str) -> None:
        self._folder = folder
        header = {"format": FORMAT, "key": key}
        if _header(folder) != header:
            self.clear()
            self._write("header.json", json.dumps(header).encode())

    def parts(self, stream: str) -> Iterator[Part]:
        """Yield the finished parts of a stream in order."""
        for path in self._paths(stream):
            try:
                yield _read(path)
            except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
                self._drop_from(stream, path)
                return

    def append(
        self, stream: str, timelines: Mapping[str, Timeline], state: Mapping[str, Any]
    ) -> None:
        """Add a finished part to a stream."""
        name = f"{stream}.{len(self._paths(stream)):06d}.npz"
        partial = self._folder / f"{name}.partial"
        try:
            with partial.open("wb") as file:
                np.savez(file, **_arrays(timelines, state))  # type: ignore[arg-type]
            partial.replace(self._folder / name)
        except OSError as error:
            partial.unlink(missing_ok=True)
            raise _unwritable(self._folder, error) from error

    def finish(self, stream: str) -> None:
        """Say that a stream is whole."""
        self._write(f"{stream}.done", b"")

    def finished(self, stream: str) -> bool:
        """Tell whether a stream is whole."""
        return (self._folder / f"{stream}.done").exists()

    def collect(self, stream: str) -> dict[str, Timeline]:
        """Return each timeline of a stream, its parts joined."""
        rows: dict[str, list[Timeline]] = {}
        for part in self.parts(stream):
            for name, timeline in part.timelines.items():
                rows.setdefault(name, []).append(timeline)
        return {name: _joined(parts) for name, parts in rows.items()}

    def clear(self) -> None:
        """Remove the folder with everything in it."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _paths(self, stream: str) -> list[Path]:
        return sorted(self._folder.glob(f"{stream}.[0-9]*.npz"))

    def _drop_from(self, stream: str, path: Path) -> None:
        for later in self._paths(stream):
            if later >= path:
                later.unlink()
        (self._folder / f"{stream}.done").unlink(missing_ok=True)

    def _write(self, name: str, data: bytes) -> None:
        partial = self._folder / f"{name}.partial"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            partial.write_bytes(data)
            partial.replace(self._folder / name)
        except OSError as error:
            raise _unwritable(self._folder, error) from error


def _header(folder: Path) -> Any:
    try:
        return json.loads((folder / "header.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None


def _unwritable(folder: Path, error: OSError) -> OutputError:
    return OutputError(
        f"work folder {folder} cannot be written: {error.strerror or error}; free some space or "
        "name another place for the results"
    )


def _joined(parts: list[Timeline]) -> Timeline:
    whole = concatenate(parts)
    return Timeline(
        scheme=whole.scheme,
        scores=whole.scores,
        span=whole.span,
        unit=whole.unit,
        extra=whole.extra,
        coverage=merge_spans(whole.coverage),
        model=whole.model,
    )


def _arrays(timelines: Mapping[str, Timeline], state: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    head: dict[str, Any] = {"state": dict(state), "timelines": {}}
    arrays: dict[str, NDArray[Any]] = {}
    for number, (name, timeline) in enumerate(timelines.items()):
        head["timelines"][name] = {
            "scheme": timeline.scheme.to_dict(),
            "unit": str(timeline.unit),
            "model": timeline.model,
            "extra": {name: values.dtype == object for name, values in timeline.extra.items()},
        }
        arrays[f"{number}.scores"] = timeline.scores
        arrays[f"{number}.span"] = timeline.span
        arrays[f"{number}.coverage"] = timeline.coverage
        for column, values in enumerate(timeline.extra.values()):
            packed = _packed(values) if values.dtype == object else values
            arrays[f"{number}.extra.{column}"] = packed
    arrays["head"] = np.frombuffer(json.dumps(head).encode(), dtype=np.uint8)
    return arrays


def _packed(values: NDArray[Any]) -> NDArray[np.uint8]:
    """Return strings as the bytes of their JSON: exact for every character, none padded."""
    return np.frombuffer(json.dumps(values.tolist()).encode(), dtype=np.uint8)


def _strings(values: NDArray[np.uint8]) -> NDArray[Any]:
    """Undo :func:`_packed`."""
    return np.asarray(json.loads(values.tobytes()), dtype=object)


def _read(path: Path) -> Part:
    with np.load(path, allow_pickle=False) as arrays:
        head = json.loads(arrays["head"].tobytes())
        timelines = {
            name: _timeline(number, item, arrays)
            for number, (name, item) in enumerate(head["timelines"].items())
        }
    return Part(timelines, head["state"])


def _timeline(number: int, item: Mapping[str, Any], arrays: Any) -> Timeline:
    extras = [arrays[f"{number}.extra.{column}"] for column in range(len(item["extra"]))]
    return Timeline(
        scheme=Scheme.from_dict(item["scheme"]),
        scores=arrays[f"{number}.scores"],
        span=arrays[f"{number}.span"],
        unit=item["unit"],
        extra={
            name: _strings(values) if text else values
            for values, (name, text) in zip(extras, item["extra"].items(), strict=True)
        },
        coverage=arrays[f"{number}.coverage"],
        model=item["model"],
    )
