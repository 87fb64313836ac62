"""The results in a folder, and which of them a file name in a table means."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from openaffect.types.analysis import Analysis
from openaffect.types.errors import InvalidValueError, SourceNotFoundError, nearest

from .manifest import read_manifest

_SUFFIX = ".json"


@dataclass(frozen=True, slots=True)
class Result:
    """One input of ``analyze``: where it came from, and its JSON file or why there is none."""

    source: str
    path: Path | None
    error: str = ""


def find_results(folder: Path) -> list[Result]:
    """Return the results in a folder: those of its manifest, then other JSON files in it.

    Raises :class:`SourceNotFoundError` when there is no such folder, :class:`InvalidValueError`
    when it holds no result.
    """
    if not folder.is_dir():
        near = nearest(folder.name, _folders(folder.parent)) or "; check the path"
        raise SourceNotFoundError(f"there is no folder {str(folder)!r}{near}")
    found: dict[Path, Result] = {}
    lost: dict[str, Result] = {}
    for record in read_manifest(folder):
        source = str(record.source)
        names = [name for name in record.files if name.endswith(_SUFFIX)]
        path = folder / Path(names[0]).name if names else None
        if record.status == "done" and path is not None and path.is_file():
            found[path] = Result(source, path)
        elif record.status == "done":
            why = "its JSON is not there; analyse it with --format json"
            lost[source] = Result(source, None, why)
        else:
            lost[source] = Result(source, None, f"it failed: {record.error}")
    for path in sorted(folder.glob("*" + _SUFFIX)):
        if path.is_file():
            found.setdefault(path, Result(path.name.removesuffix(_SUFFIX), path))
    if not found:
        raise InvalidValueError(
            f"{folder} holds no result; write some there with `openaffect analyze FOLDER --out "
            f"{folder} --format json`"
        )
    done = {result.source for result in found.values()}
    return [*found.values(), *(one for source, one in lost.items() if source not in done)]


def read_analysis(path: Path) -> Analysis:
    """Read the JSON that ``analyze`` wrote; raises :class:`InvalidValueError` for anything else."""
    try:
        return Analysis.from_dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, RecursionError) as error:
        raise InvalidValueError(
            f"{path.name} is no result of `openaffect analyze --format json`: {error}"
        ) from error


class Names:
    """Finds results by what a table calls them.

    A result answers to its source, to any number of its last parts (``a/one.mp4``, ``one.mp4``),
    and to the name of its JSON file with or without ``.json``.
    """

    def __init__(self, results: Iterable[Result]) -> None:
        self._by_end: dict[str, list[tuple[tuple[str, ...], Result]]] = {}
        for result in results:
            names = {_parts(result.source)}
            if result.path is not None:
                name = result.path.name
                names |= {(name,), (name.removesuffix(_SUFFIX),)}
            for parts in filter(None, names):
                self._by_end.setdefault(parts[-1], []).append((parts, result))

    def find(self, name: str) -> list[Result]:
        """Return the results that ``name`` may mean, only the exact one where there is one."""
        wanted = _parts(name)
        if not wanted:
            return []
        known = self._by_end.get(wanted[-1], [])
        exact = {result: None for parts, result in known if parts == wanted}
        if len(exact) == 1:
            return list(exact)
        return list({result: None for parts, result in known if _ends_alike(parts, wanted)})

    def nearest(self, name: str) -> str:
        """Return "; did you mean ...?" for the closest name, else an empty string."""
        return nearest((_parts(name) or ("",))[-1], self._by_end)


def check_source(name: str, path: Path, source: str) -> None:
    """Raise :class:`InvalidValueError` when ``name`` means another input than the JSON is of."""
    wanted = _parts(name)
    if wanted in ((path.name,), (path.name.removesuffix(_SUFFIX),)):
        return
    if not _ends_alike(wanted, _parts(source)):
        raise InvalidValueError(f"{path.name} is of {source}; give the path that it has there")


def _parts(name: str) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"[/\\]", name) if part not in ("", "."))


def _ends_alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    shared = min(len(one), len(other))
    return one[-shared:] == other[-shared:]


def _folders(parent: Path) -> list[str]:
    try:
        return [path.name for path in parent.iterdir() if path.is_dir()]
    except OSError:
        return []
