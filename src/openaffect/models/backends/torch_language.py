"""Language models of the library transformers, run by PyTorch.

Any causal model that transformers knows: a folder with ``config.json`` and weights in safetensors,
or a name that is already in the user's Hugging Face cache. Nothing is fetched, no pickle is read
and no code out of a folder is run. Slower than :mod:`.llama` and larger in memory, but it takes any
architecture, and it has gradients (:mod:`._torch_gradients`).
"""

from __future__ import annotations

import copy
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.types import (
    Card,
    IntegrityError,
    InvalidValueError,
    Message,
    OpenAffectError,
    Scores,
    need,
)

from ._chat_tokenizer import ChatTokenizer
from ._language_checks import checked_ids, checked_push

_MOST_SCORES = 2**24
"""Scores held at once when a text is measured."""
_UNKNOWN_LENGTH = 2048
_CAUSAL = ("ForCausalLM", "LMHeadModel", "ForConditionalGeneration")
_END_MARKS = ("<|im_end|>", "<|endoftext|>", "<|eot_id|>", "<|end_of_text|>", "<end_of_turn>")


@dataclass(frozen=True, slots=True, eq=False)
class TorchState:
    """Keys and values of what B texts have been read, and how many tokens; never changed."""

    cache: Any
    tokens: int
    rows: int


class TorchLanguageModel:
    """A causal network of transformers; implements :class:`openaffect.types.LanguageModel`."""

    def __init__(self, card: Card, net: Any, tokenizer: ChatTokenizer) -> None:
        self.card = card
        self.net = net
        self.torch = need("torch", extra="train")
        config = net.config.get_text_config()
        self.vocabulary = int(net.get_input_embeddings().weight.shape[0])
        self.width = int(config.hidden_size)
        self.longest = int(getattr(config, "max_position_embeddings", None) or _UNKNOWN_LENGTH)
        self.ends = tokenizer.ends
        self._tokenizer = tokenizer
        self._blocks = _blocks(net, int(config.num_hidden_layers))
        self.layers = len(self._blocks)
        self._takes_last = "logits_to_keep" in net.forward.__code__.co_varnames

    def encode(self, text: str, *, special: bool = False) -> list[int]:
        """Return the token ids of a text; see :class:`~openaffect.types.LanguageModel`."""
        return self._tokenizer.encode(text, special=special)

    def decode(self, ids: Sequence[int]) -> str:
        """Return the text of token ids."""
        return self._tokenizer.decode(ids)

    def chat(self, messages: Sequence[Message]) -> list[int]:
        """Return the token ids of a conversation, ready for the model's next turn."""
        return self._tokenizer.chat(messages)

    def read(
        self,
        ids: NDArray[np.int64],
        state: TorchState | None = None,
        *,
        push: NDArray[np.float32] | None = None,
        repeat: int = 1,
    ) -> Scores:
        """Read (B, S) ids after ``state`` and score what comes next."""
        ids = self._checked(self.begun(ids, state), state)
        with self.torch.no_grad(), self._pushing(push, len(ids)):
            logits, hidden, after = self.run(self.torch.from_numpy(ids), state, last=1)
        logits, hidden = logits[:, -1], hidden[:, -1]
        if repeat > 1:
            after = _repeated(after, repeat)
            logits = logits.repeat_interleave(repeat, 0)
            hidden = hidden.repeat_interleave(repeat, 0)
        return Scores(logits.float().numpy(), hidden.float().numpy(), after)

    def log_probabilities(self, text: str, /) -> NDArray[np.float64]:
        """Return (T,): the natural log of each token's probability given those before it.

        The first token follows the model's start of text.
        """
        found = self.encode(text)
        start = self._tokenizer.start
        ids = self._checked(
            np.array([[min(self.ends) if start is None else start, *found]], np.int64), None
        )
        piece = max(1, min(256, _MOST_SCORES // self.vocabulary))
        scores: list[NDArray[np.float64]] = []
        state: TorchState | None = None
        tensor = self.torch.from_numpy(ids)
        for begin in range(0, len(found), piece):
            part = tensor[:, begin : min(begin + piece, len(found))]
            with self.torch.no_grad():
                logits, _, state = self.run(part, state)
                rows = self.torch.log_softmax(logits[0].double(), dim=-1)
            wanted = tensor[0, begin + 1 : begin + 1 + part.shape[1]]
            scores.append(rows[self.torch.arange(len(wanted)), wanted].numpy())
        return np.concatenate(scores) if scores else np.zeros(0)

    def run(self, ids: Any, state: TorchState | None, *, last: int = 0) -> tuple[Any, Any, Any]:
        """Return logits (B, S, V), hidden states (B, S, D) as tensors, and the state after.

        ids: (B, S) token ids, or (B, S, D) embeddings. last: positions at the end to score, 0 for
        all. Gradients flow where the caller has them on.
        """
        kind = "inputs_embeds" if ids.dim() == 3 else "input_ids"
        seen: list[Any] = []
        head = self.net.get_output_embeddings()
        hook = head.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
        try:
            answer = self.net(
                **{kind: ids},
                **({"logits_to_keep": last} if last and self._takes_last else {}),
                past_key_values=None if state is None else branched(state.cache),
                use_cache=True,
            )
        finally:
            hook.remove()
        cache = getattr(answer, "past_key_values", None)
        if cache is None or not seen:
            raise IntegrityError(
                f"{self.card.name} keeps no keys and values of what it read ({type(self.net)!r}); "
                "serve it and name the server"
            )
        tokens = ids.shape[1] + (0 if state is None else state.tokens)
        return answer.logits, seen[0], TorchState(cache, tokens, len(ids))

    def begun(self, ids: NDArray[np.int64], state: TorchState | None) -> NDArray[np.int64]:
        """Return the ids of texts behind the start that this model wants to read first, if any."""
        ids = np.asarray(ids, np.int64)
        start = self._tokenizer.first
        if state is not None or start is None or ids.ndim != 2 or not ids.size:
            return ids
        if (ids[:, 0] == start).all():
            return ids
        return np.hstack([np.full((len(ids), 1), start, np.int64), ids])

    def _checked(self, ids: NDArray[np.int64], state: TorchState | None) -> NDArray[np.int64]:
        if state is None:
            return checked_ids(ids, self)
        return checked_ids(ids, self, before=state.tokens, rows=state.rows)

    @contextmanager
    def _pushing(self, push: NDArray[np.float32] | None, rows: int) -> Iterator[None]:
        """Add to what each layer hands on, while inside."""
        if push is None:
            yield
            return
        added = self.torch.from_numpy(checked_push(push, self, rows)).to(self.net.dtype)
        hooks = [
            block.register_forward_hook(_adding(added[number][:, None, :]))
            for number, block in enumerate(self._blocks)
        ]
        try:
            yield
        finally:
            for hook in hooks:
                hook.remove()


def load(
    source: str | Path, card: Card, threads: int = 1, precision: str = ""
) -> TorchLanguageModel:
    """Load a model from a folder, or by a name that the user's Hugging Face cache holds.

    Parameters
    ----------
    source: the folder or the name, ``OWNER/MODEL``.
    card: what it is called and may be used for.
    threads: threads of PyTorch, which has one number for the whole process.
    precision: ``float32`` or ``bfloat16``; empty for the first where half of this machine's memory
        holds it, else the second.

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
    folder = Path(source)
    size = _weights_size(folder)
    safe: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    torch.set_num_threads(threads)
    try:
        with _quietly(library):
            config = library.AutoConfig.from_pretrained(folder, **safe)
            _refuse_others(config, folder)
            kind = getattr(torch, precision or _precision(size, config, folder))
            net, told = library.AutoModelForCausalLM.from_pretrained(
                folder, config=config, use_safetensors=True, dtype=kind, output_loading_info=True,
                **safe,
            )  # fmt: skip
            text = library.AutoTokenizer.from_pretrained(folder, **safe)
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
    return TorchLanguageModel(card, net, ChatTokenizer(text.backend_tokenizer, _facts(text, net)))


@contextmanager
def _quietly(library: Any) -> Iterator[None]:
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


def branched(cache: Any) -> Any:
    """Return keys and values that can be gone on from without changing ``cache``.

    Layers that grow by joining share their arrays until then; others are copied.
    """
    if not hasattr(cache, "layers"):
        return copy.deepcopy(cache)
    twin = copy.copy(cache)
    grows = ("DynamicLayer", "DynamicSlidingWindowLayer")
    twin.layers = [
        copy.copy(layer) if type(layer).__name__ in grows else copy.deepcopy(layer)
        for layer in cache.layers
    ]
    return twin


def _repeated(state: TorchState, times: int) -> TorchState:
    cache = branched(state.cache)
    cache.batch_repeat_interleave(times)
    return TorchState(cache, state.tokens, state.rows * times)


def _adding(added: Any) -> Any:
    def hook(module: Any, inputs: Any, output: Any) -> Any:
        if isinstance(output, tuple):
            return (output[0] + added, *output[1:])
        return output + added

    return hook


def _blocks(net: Any, count: int) -> list[Any]:
    """Return the layers of the residual stream: the first list of modules of that length."""
    torch = need("torch", extra="train")
    for module in net.modules():
        if isinstance(module, torch.nn.ModuleList) and len(module) == count:
            return list(module)
    raise IntegrityError(f"{type(net).__name__} has no list of {count} layers to add to")


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


def _facts(text: Any, net: Any) -> dict[str, Any]:
    """Return what :class:`ChatTokenizer` asks of the tokenizer that transformers read."""
    if not getattr(text, "backend_tokenizer", None):
        raise IntegrityError(
            f"the tokenizer {type(text).__name__} has no tokenizer.json and none can be made of "
            "it here; save one with transformers' save_pretrained"
        )
    start = text.bos_token_id
    control = {number for number, token in text.added_tokens_decoder.items() if token.special}
    control |= set(text.all_special_ids)
    return {
        "control": sorted(control),
        "start": start,
        "start_token": text.bos_token or "",
        "end_token": text.eos_token or "",
        "adds_start": start is not None and text("a").input_ids[:1] == [start],
        "ends": sorted(_ends(text, net)),
        "template": text.chat_template if isinstance(text.chat_template, str) else None,
    }


def _ends(text: Any, net: Any) -> set[int]:
    named: list[Any] = [text.eos_token_id, net.config.get_text_config().eos_token_id]
    named.append(getattr(net.generation_config, "eos_token_id", None))
    found: set[int] = set()
    for item in named:
        several = item if isinstance(item, list) else [item]
        found |= {int(number) for number in several if number is not None}
    known = text.get_vocab()
    return found | {known[mark] for mark in _END_MARKS if mark in known}
