"""Language models that no card names: the user's own files, folders and cached names.

For each kind of file one backend: a GGUF file of a Llama network runs as a graph of ours, without
PyTorch; everything else by transformers and PyTorch (extra ``train``). Nothing is fetched.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from openaffect.types import (
    Card,
    IntegrityError,
    LanguageModel,
    SourceNotFoundError,
    WeightsUnavailableError,
    need,
)

from .store import cache_folder

if TYPE_CHECKING:
    from .backends.torch_language import TorchLanguageModel

_HUB_NAME = re.compile(r"[\w][\w.-]*/[\w][\w.-]*")
_LICENCE = "not stated in the file: see where it came from"


def is_own_model(name: str) -> bool:
    """Tell whether a name is meant for :func:`language_model_at` and not for a card.

    It is when it holds a slash or ends in ``.gguf``; a card's name does neither, whatever folders
    there are. A folder right here is ``./folder``.
    """
    return "/" in name or os.sep in name or name.endswith(".gguf")


def language_model_at(
    path: str | Path,
    *,
    threads: int = 1,
    gradients: bool = False,
    cache: Path | None = None,
) -> LanguageModel:
    """Load a language model from the user's own file or folder.

    Parameters
    ----------
    path: a GGUF file; a folder as transformers saves it (``config.json``, safetensors); or a name,
        ``OWNER/MODEL``, that the Hugging Face cache of this user holds already.
    threads: threads of one operator.
    gradients: whether the model has to give gradients (:class:`openaffect.types.GradientModel`);
        then it is run by PyTorch, whatever it is.
    cache: the folder for what is made of a GGUF file at its first use; by default ``.graphs`` in
        the cache of the store.

    The model's card is made up here: its name is that of the file, its licence what the file says.

    Raises
    ------
    SourceNotFoundError
        when there is nothing at the path.
    WeightsUnavailableError
        when the name is not in the Hugging Face cache; the message says how to get it there.
    IntegrityError
        when it is damaged, or of a kind that nothing here runs.
    MissingDependencyError
        without the libraries that run it.
    """
    found = Path(path).expanduser()
    if found.is_file():
        return _from_gguf(found, threads, gradients, cache or cache_folder() / ".graphs")
    if found.is_dir():
        return _from_folder(found, found.resolve().name, threads)
    if _HUB_NAME.fullmatch(str(path)) and not str(path).endswith(".gguf"):
        return _from_folder(_cached(str(path)), str(path), threads)
    raise SourceNotFoundError(
        f"{path} does not exist; give a GGUF file, the folder of a language model, or a card's name"
    )


def _from_gguf(path: Path, threads: int, gradients: bool, cache: Path) -> LanguageModel:
    state = path.resolve().stat()
    facts = f"{path.resolve()}\n{state.st_size}\n{state.st_mtime_ns}"
    key = hashlib.sha256(facts.encode()).hexdigest()[:16]
    return load_gguf(path, _card(path.stem, _LICENCE), cache, key, threads, gradients=gradients)


def load_gguf(
    path: Path, card: Card, cache: Path, key: str, threads: int, *, gradients: bool = False
) -> LanguageModel:
    """Load a GGUF file by the backend for its kind: a graph of ours, or else PyTorch.

    cache, key: where what is made of the file is kept; ``key`` stands for its content.
    gradients: whether the model has to give gradients, which only PyTorch does.
    """
    from .backends import llama, transformers_gguf

    own = transformers_gguf.architecture_of(path) == "llama"
    if own and not gradients:
        try:
            return llama.load(path, card, cache, key, threads)
        except IntegrityError:
            if importlib.util.find_spec("torch") is None:
                raise
    return transformers_gguf.load(path, card, cache, key, threads)


def _from_folder(folder: Path, name: str, threads: int) -> TorchLanguageModel:
    from .backends import transformers_folder

    return transformers_folder.load(folder, _card(name, _licence(folder)), threads)


def _cached(name: str) -> Path:
    """Return the folder of a model in the user's Hugging Face cache; fetches nothing."""
    library = need("huggingface_hub", extra="train")
    try:
        return Path(library.snapshot_download(name, local_files_only=True))
    except (library.errors.LocalEntryNotFoundError, library.errors.HFValidationError) as error:
        raise WeightsUnavailableError(
            f"{name!r} is neither a file nor in the Hugging Face cache of this machine, and "
            f"nothing is fetched unasked: run `hf download {name}` first"
        ) from error


def _licence(folder: Path) -> str:
    """Return the licence that the head of a model's README states, as the hub has it."""
    try:
        text = (folder / "README.md").read_text(encoding="utf-8", errors="replace")[:20_000]
    except OSError:
        return _LICENCE
    head = re.match(r"---\n(.*?)\n---", text, re.DOTALL)
    line = re.search(r"^license:\s*([\w.+-]+)\s*$", head[1] if head else "", re.MULTILINE)
    return line[1] if line else _LICENCE


def _card(name: str, licence: str) -> Card:
    slug = re.sub(r"[^a-z0-9._-]+", "-", name.casefold()).strip("-._") or "model"
    return Card(
        name=slug,
        task="text.language",
        modality="text",
        licence=licence,
        provenance="The user's own file.",
    )
