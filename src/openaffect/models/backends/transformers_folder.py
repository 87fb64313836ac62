"""Language models as transformers saves them: a folder of ``config.json`` and safetensors.

Any causal model that transformers knows. Nothing is fetched, no pickle is read, and no code out of
a folder is run.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from openaffect.types import Card, IntegrityError, InvalidValueError, OpenAffectError, need

from ._chat_tokenizer import END_MARKS, ChatTokenizer
from .torch_language import TorchLanguageModel

_CAUSAL = ("ForCausalLM", "LMHeadModel", "ForConditionalGeneration")


def load(
    folder: Path, card: Card, threads: int = 1, precision: str = "", tokenizer: Any = None
) -> TorchLanguageModel:
    """Load a model from its folder.

    Parameters
    ----------
    folder: the folder. card: what it is called and may be used for.
    threads: threads of PyTorch, which has one number for the whole process.
    precision: ``float32`` or ``bfloat16``; empty for the first where half of this machine's memory
        holds it, else the second.
    tokenizer: a :class:`ChatTokenizer` where the folder holds none of transformers' own.

    Raises
    ------
    MissingDependencyError
        without PyTorch and transformers (extra ``train``).
    IntegrityError
        when it is no causal language model, is damaged, or has no weights in safetensors.
    InvalidValueError
        when the model is larger than this machine's memory.
    """
    torch = need("torch", extra="train")
    library = need("transformers", extra="train")
    size = _weights_size(folder)
    safe: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    torch.set_num_threads(threads)
    try:
        with quietly(library):
            config = library.AutoConfig.from_pretrained(folder, **safe)
            _refuse_others(config, folder)
            kind = getattr(torch, precision or _precision(size, config, folder))
            net, told = library.AutoModelForCausalLM.from_pretrained(
                folder, config=config, use_safetensors=True, dtype=kind, output_loading_info=True,
                **safe,
            )  # fmt: skip
            tokenizer = tokenizer or _tokenizer(library, folder, net, safe)
    except OpenAffectError:
        raise
    except Exception as error:  # whatever a hostile or damaged folder makes the library raise
        reason = str(error).strip().partition("\n")[0]
        raise IntegrityError(
            f"{folder}: transformers {library.__version__} cannot load it as a language model: "
            f"{reason}"
        ) from error
    if lacking := sorted(map(str, (*told["missing_keys"], *told["mismatched_keys"]))):
        raise IntegrityError(
            f"{folder}: {len(lacking)} of the model's weights are not in the files, or not in its "
            f"shape ({lacking[0]}); fetch it anew"
        )
    net.eval().requires_grad_(False)
    return TorchLanguageModel(card, net, tokenizer)


@contextmanager
def quietly(library: Any) -> Iterator[None]:
    """Load without the library's bars and warnings; what matters is raised."""
    logging = library.utils.logging
    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()


def _weights_size(folder: Path) -> int:
    """Return the bytes of the weights; raises when there is no such folder or no safetensors."""
    if not (folder / "config.json").is_file():
        raise IntegrityError(f"{folder} holds no config.json; give the folder of a language model")
    sizes = [path.stat().st_size for path in folder.glob("*.safetensors")]
    if not sizes:
        raise IntegrityError(
            f"{folder} holds no weights in safetensors; other formats may carry code and are not "
            "read: convert them with transformers' save_pretrained where you trust them"
        )
    return sum(sizes)


def _refuse_others(config: Any, folder: Path) -> None:
    kinds = getattr(config, "architectures", None) or ()
    if kinds and not any(kind.endswith(_CAUSAL) for kind in kinds):
        raise IntegrityError(
            f"{folder} holds a {', '.join(kinds)}, which does not tell the next token; give a "
            "causal language model"
        )
    if getattr(config, "is_encoder_decoder", False):
        raise IntegrityError(
            f"{folder} holds an encoder with a decoder ({', '.join(kinds)}); give a model that "
            "goes on from a text"
        )


def _precision(size: int, config: Any, folder: Path) -> str:
    """Choose by the memory of the machine, which ``os.sysconf`` tells on Linux and macOS."""
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        memory = 8 * 2**30
    stored = 4 if str(getattr(config, "dtype", "")).endswith("float32") else 2
    values = size / stored
    if 4 * values < memory / 2:
        return "float32"
    if 2 * values < 0.8 * memory:
        return "bfloat16"
    raise InvalidValueError(
        f"{folder} holds {values / 1e9:.1f} billion values, more than the {memory / 1e9:.0f} GB of "
        "this machine take: serve it by llama.cpp or Ollama in 4 bits and name the server"
    )


def _tokenizer(library: Any, folder: Path, net: Any, safe: dict[str, Any]) -> ChatTokenizer:
    text = library.AutoTokenizer.from_pretrained(folder, **safe)
    if not getattr(text, "backend_tokenizer", None):
        raise IntegrityError(
            f"the tokenizer {type(text).__name__} of {folder} has no tokenizer.json and none can "
            "be made of it here; save one with transformers' save_pretrained"
        )
    start = text.bos_token_id
    control = {number for number, token in text.added_tokens_decoder.items() if token.special}
    facts = {
        "control": sorted(control | set(text.all_special_ids)),
        "start": start,
        "start_token": text.bos_token or "",
        "end_token": text.eos_token or "",
        "adds_start": start is not None and text("a").input_ids[:1] == [start],
        "ends": sorted(_ends(text, net)),
        "template": text.chat_template if isinstance(text.chat_template, str) else None,
    }
    return ChatTokenizer(text.backend_tokenizer, facts)


def _ends(text: Any, net: Any) -> set[int]:
    named: list[Any] = [text.eos_token_id, net.config.get_text_config().eos_token_id]
    named.append(getattr(net.generation_config, "eos_token_id", None))
    found: set[int] = set()
    for item in named:
        several = item if isinstance(item, list) else [item]
        found |= {int(number) for number in several if number is not None}
    known = text.get_vocab()
    return found | {known[mark] for mark in END_MARKS if mark in known}
