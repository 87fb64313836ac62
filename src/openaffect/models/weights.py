"""What a recogniser is handed: the files and sessions of its card."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from openaffect.types import (
    Card,
    IntegrityError,
    InvalidValueError,
    LanguageModel,
    Progress,
    Session,
    no_progress,
)

from .store import Store

T = TypeVar("T")

BACKENDS = {".onnx": "onnx", ".tflite": "litert"}
"""The runtime of a graph, by the suffix of its file (or of its member, within an archive)."""
FOLDER_BACKENDS = ("whisper", "sentences")
"""Runtimes that load a whole folder."""


class CardWeights:
    """The files of one card, fetched, verified and loaded on demand.

    Implements :class:`openaffect.types.Weights`.

    Parameters
    ----------
    card, store: whose files, and from where.
    threads: threads of one session.
    device: ``cpu`` or ``cuda``.
    progress: told of downloads.
    """

    def __init__(
        self,
        card: Card,
        store: Store,
        threads: int = 1,
        device: str = "cpu",
        progress: Progress = no_progress,
    ) -> None:
        self.card = card
        self._store = store
        self._threads = threads
        self._device = device
        self._progress = progress
        self._loaded: dict[str, Any] = {}

    def path(self, role: str) -> str:
        """Return the verified local path of the file with that role (of its archive)."""
        return str(self._store.fetch(self.card, role, self._progress))

    def session(self, role: str) -> Session:
        """Return a session over the graph with that role; the same one each time.

        A file that its runtime cannot read is checked against its card and, when it was damaged,
        fetched once more.
        """
        if role not in self._loaded:
            self._loaded[role] = self._mended(lambda: self._load(role))
        session: Session = self._loaded[role]
        return session

    def language_model(self, *, gradients: bool = False) -> LanguageModel:
        """Return the language model that the file ``model`` holds; the same one each time.

        gradients: whether it has to give gradients (:class:`openaffect.types.GradientModel`).
        What is made of the file at the first use is kept in the store's folder ``.graphs``.
        """
        kept = "language.gradients" if gradients else "language"
        if kept not in self._loaded:
            from .language import load_gguf

            key = self.card.file("model").sha256[:16]
            graphs = self._store.root / ".graphs"
            self._loaded[kept] = self._mended(
                lambda: load_gguf(
                    Path(self.path("model")), self.card, graphs, key, self._threads,
                    gradients=gradients,
                )
            )  # fmt: skip
        model: LanguageModel = self._loaded[kept]
        return model

    def open(self, backend: str) -> Any:
        """Return the model that one of :data:`FOLDER_BACKENDS` makes of all the files."""
        if backend not in FOLDER_BACKENDS:
            raise InvalidValueError(
                f"backend {backend!r} is none of {', '.join(FOLDER_BACKENDS)}; graphs are opened "
                "by session(role)"
            )
        if backend not in self._loaded:
            self._loaded[backend] = self._mended(lambda: self._open(backend))
        return self._loaded[backend]

    def _load(self, role: str) -> Session:
        file = self.card.file(role)
        suffix = Path(file.member or file.name).suffix
        if suffix not in BACKENDS:
            raise InvalidValueError(
                f"card {self.card.name!r}: {file.member or file.name} is no graph "
                f"({' or '.join(BACKENDS)}); take its path instead"
            )
        backend = importlib.import_module(f"{__package__}.backends.{BACKENDS[suffix]}")
        session: Session = backend.load(self.path(role), self._threads, self._device, file.member)
        return session

    def _open(self, backend: str) -> Any:
        module = importlib.import_module(f"{__package__}.backends.{backend}")
        folder = self._store.folder(self.card, self._progress)
        return module.load(folder, self._threads, self._device)

    def _mended(self, load: Callable[[], T]) -> T:
        """Load; when that fails for damage, let the store fetch the damaged file and load again."""
        try:
            return load()
        except IntegrityError:
            if not self._store.verify(self.card):
                raise
            return load()
