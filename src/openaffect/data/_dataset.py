"""What a corpus is to this package: its description, its items, its check."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from openaffect.types import (
    InvalidValueError,
    Scheme,
    SchemeMapping,
    SourceNotFoundError,
    UnknownNameError,
    did_you_mean,
)

from ._folder import Folder, Problem

Modality = Literal["face", "speech", "text"]
Status = Literal["verified", "documented", "unverified"]


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """One labelled thing of a corpus.

    key: unique in the corpus, stable between machines. path: picture, sound or video on disk.
    image: (H, W) or (H, W, 3) uint8 where the corpus keeps pixels in a table. text: what was said
    or written. labels: names of the corpus's scheme; one for categories, any number for label sets.
    values: quantities by name (votes, ratings, coordinates) in the corpus's own units. subject:
    who is seen or heard, or wrote; empty when the corpus does not say. split: the official one, or
    empty. start, end: seconds of the part of ``path`` that is meant; frame: its picture's number.
    extra: anything else the corpus says.
    """

    key: str
    path: Path | None = None
    image: NDArray[np.uint8] | None = None
    text: str | None = None
    labels: tuple[str, ...] = ()
    values: Mapping[str, float] = field(default_factory=dict)
    subject: str = ""
    split: str = ""
    start: float | None = None
    end: float | None = None
    frame: int | None = None
    extra: Mapping[str, str | int | float] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The only label; empty when there is none or more than one."""
        return self.labels[0] if len(self.labels) == 1 else ""


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """A corpus: where to ask for it, how its folder looks, how it is read.

    name: lower case, as the folder under the data root. layout: the published tree, as text.
    status: ``verified`` on real files, ``documented`` by ``source``, or ``unverified``. scheme: of
    ``Item.labels``; None when the corpus carries no emotion. mapping: from ``scheme`` to a built-in
    one; None when ``scheme`` is built in. splits: the official ones. counts: published numbers of
    items, by split or under ``all``. commercial: may weights trained on it be sold, None when its
    terms do not say. read: yields items from an opened folder, and notes problems there. tables:
    reads the same corpus from tables of the data root, where it is kept so.
    """

    name: str
    title: str
    modalities: tuple[Modality, ...]
    citation: str
    licence: str
    address: str
    layout: str
    status: Status
    source: str
    read: Callable[[Folder], Iterator[Item]]
    scheme: Scheme | None = None
    mapping: SchemeMapping | None = None
    splits: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    commercial: bool | None = None
    note: str = ""
    tables: Callable[[Folder], Iterator[Item]] | None = None

    def __post_init__(self) -> None:
        if self.mapping is not None and self.mapping.source != self.scheme:
            raise InvalidValueError(
                f"dataset {self.name!r}: mapping reads {self.mapping.source.name!r}, "
                "which is not the dataset's scheme"
            )

    def open(self, root: str | Path) -> Reading:
        """Return the reading of the corpus in ``root``: its own folder, or the one that holds it.

        Raises :class:`SourceNotFoundError` when ``root`` does not exist.
        """
        given = Folder(root)
        own = given.root / self.name
        if own.is_dir():
            return Reading(self, Folder(own), self.read)
        if self.tables is not None and self._has_tables(given):
            return Reading(self, given, self.tables)
        return Reading(self, given, self.read)

    def items(self, root: str | Path, *, split: str | None = None) -> Iterator[Item]:
        """Yield the items of ``root``, of one official split if it is named.

        Raises :class:`UnknownNameError` for a split that the corpus does not have and
        :class:`SourceNotFoundError` when nothing of the corpus is there.
        """
        if split is not None and split not in self.splits:
            raise UnknownNameError(
                f"{self.name} has no official split {split!r}{did_you_mean(split, self.splits)} "
                f"Official: {', '.join(self.splits) or 'none; see data.splits'}"
            )
        return self._items(self.open(root), split)

    def _items(self, reading: Reading, split: str | None) -> Iterator[Item]:
        empty = True
        for item in reading:
            empty = False
            if split is None or item.split == split:
                yield item
        if empty:
            reasons = "; ".join(str(problem) for problem in reading.problems[:3])
            raise SourceNotFoundError(
                f"nothing of {self.title} is under {reading.folder.root}: {reasons}. "
                f"`openaffect data show {self.name}` prints the layout that is expected"
            )

    def _has_tables(self, folder: Folder) -> bool:
        assert self.tables is not None
        return next(iter(self.tables(Folder(folder.root))), None) is not None


class Reading:
    """Iterate once over a corpus's items; ``problems`` then names what was wrong."""

    def __init__(
        self, dataset: Dataset, folder: Folder, read: Callable[[Folder], Iterator[Item]]
    ) -> None:
        self.dataset, self.folder, self._read = dataset, folder, read

    @property
    def published(self) -> bool:
        """The corpus lies in its own layout, not in tables that may leave rows out."""
        return self._read is self.dataset.read

    @property
    def problems(self) -> list[Problem]:
        """What was missing or malformed so far."""
        return self.folder.problems

    def __iter__(self) -> Iterator[Item]:
        seen: set[str] = set()
        for item in self._read(self.folder):
            if item.key in seen:
                self.folder.problem(item.key, "this key occurs twice; the second is left out")
                continue
            seen.add(item.key)
            if bad := self._unknown(item):
                self.folder.problem(item.key, bad)
                item = replace(item, labels=())
            yield item

    def _unknown(self, item: Item) -> str:
        scheme = self.dataset.scheme
        known = scheme.labels if scheme else ()
        wrong = [label for label in item.labels if label not in known]
        return f"label {', '.join(wrong)} is none of {', '.join(known)}" if wrong else ""
