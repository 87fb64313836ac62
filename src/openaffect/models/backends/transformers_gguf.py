"""GGUF files of any architecture that transformers knows, as a folder of transformers' own.

A file is turned into weights in half precision once (a minute for 250 MB) and kept; its own 4 to 8
bits are coarser than that by far. The tokenizer is made by :mod:`._gguf_tokenizer`.
"""

from __future__ import annotations

import contextlib
import io
import json
import struct
import tempfile
from pathlib import Path
from typing import Any

from openaffect.types import Card, IntegrityError, OpenAffectError, need

from ._chat_tokenizer import ChatTokenizer
from ._gguf_tokenizer import coder_of, facts_of
from ._llama_graph import open_gguf
from .torch_language import TorchLanguageModel
from .transformers_folder import load as load_folder
from .transformers_folder import quietly

_VERSION = 1
"""Of what is made of a file; a change makes it be made anew."""
_CODER, _FACTS = "tokenizer.json", "facts.json"
_LONGEST_NAME = 64


def load(
    path: Path, card: Card, cache: Path, key: str, threads: int = 1, precision: str = ""
) -> TorchLanguageModel:
    """Load a GGUF file.

    Parameters
    ----------
    path: the file. card: what it is called and may be used for.
    cache: the folder that keeps what is made of it, under ``key``, which stands for the file's
        content.
    threads, precision: as of a folder.

    Raises
    ------
    MissingDependencyError
        without PyTorch and transformers (extra ``train``) or the libraries of ``generate``.
    IntegrityError
        when it is no GGUF file, or holds a network or tokenizer of a kind that is not run here.
    """
    folder = cache / f"transformers-{_VERSION}-{key}"
    if not (folder / _FACTS).is_file():
        _build(path, folder)
    library = need("tokenizers", extra="generate")
    coder = library.Tokenizer.from_file(str(folder / _CODER))
    facts = json.loads((folder / _FACTS).read_text(encoding="utf-8"))
    return load_folder(folder, card, threads, precision, ChatTokenizer(coder, facts))


def architecture_of(path: Path) -> str:
    """Return the kind of network by the file's first fact, which it is by custom; else empty."""
    with path.open("rb") as handle:
        head = handle.read(256)
    try:
        mark, _, _, _, length = struct.unpack_from("<4sIQQQ", head)
        name = head[32 : 32 + min(length, _LONGEST_NAME)]
        kind, size = struct.unpack_from("<IQ", head, 32 + len(name))
        value = head[44 + len(name) : 44 + len(name) + min(size, _LONGEST_NAME)]
    except struct.error:
        return ""
    known = mark == b"GGUF" and name == b"general.architecture" and kind == 8
    return value.decode("ascii", "replace") if known else ""


def _build(source: Path, folder: Path) -> None:
    """Make the folder of a network; it appears whole or not at all."""
    reader, fields = open_gguf(source)
    coder = coder_of(fields)
    facts = facts_of(fields)
    net = _network(source, fields.required("general.architecture"), len(reader.tensors))
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".transformers-", dir=folder.parent) as name:
        draft = Path(name) / "whole"
        with quietly(need("transformers", extra="train")):
            net.save_pretrained(draft)
        coder.save(str(draft / _CODER))
        (draft / _FACTS).write_text(json.dumps(facts), encoding="utf-8")
        if not folder.exists():
            draft.rename(folder)


def _network(source: Path, kind: str, tensors: int) -> Any:
    """Return the network in half precision; all of the file's tensors must have a place in it.

    By the pieces of transformers rather than its ``from_pretrained``, which asks for one more
    library and makes a tokenizer for a minute.
    """
    torch = need("torch", extra="train")
    library = need("transformers", extra="train")
    reading = need("transformers.modeling_gguf_pytorch_utils", extra="train")
    try:
        with quietly(library), contextlib.redirect_stderr(io.StringIO()):  # it draws a bar
            facts = dict(reading.load_gguf_checkpoint(str(source))["config"])
            config = library.AutoConfig.for_model(**facts)
            with torch.device("meta"):
                net = library.AutoModelForCausalLM.from_config(config)
            found = reading.load_gguf_checkpoint(
                str(source), return_tensors=True, model_to_load=net, torch_dtype=torch.float16
            )["tensors"]
            if len(found) < tensors:
                raise IntegrityError(
                    f"{source}: {tensors - len(found)} of the file's {tensors} tensors have no "
                    f"place in transformers' network of kind {kind!r}, which would then say "
                    "something else: serve it by llama.cpp or Ollama and name the server"
                )
            net = net.to_empty(device="cpu").half()
            lacking = net.load_state_dict(found, strict=False).missing_keys
            net.tie_weights()
    except OpenAffectError:
        raise
    except Exception as error:  # whatever a hostile or damaged file makes the library raise
        reason = str(error).strip().partition("\n")[0]
        raise IntegrityError(
            f"{source}: transformers {library.__version__} cannot load its network of kind "
            f"{kind!r}: {reason}; serve it by llama.cpp or Ollama and name the server"
        ) from error
    tied = set(getattr(net, "_tied_weights_keys", None) or ()) if config.tie_word_embeddings else ()
    if lacking := sorted(set(lacking) - set(tied)):
        raise IntegrityError(
            f"{source}: {len(lacking)} weights of the network are not in the file, {lacking[0]} "
            "for one; fetch it anew"
        )
    return net
