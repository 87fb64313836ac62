"""Language models of the library transformers, run by PyTorch.

Slower than :mod:`.llama` and larger in memory, but it takes any causal architecture. Where models
come from: :mod:`.transformers_folder`.
"""

from __future__ import annotations

import copy
import inspect
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.types import (
    Attribute,
    Card,
    IntegrityError,
    Message,
    Nudge,
    Perturbed,
    Scores,
    need,
)

from ._chat_tokenizer import ChatTokenizer
from ._language_checks import checked_ids, checked_push

_MOST_SCORES = 2**24
"""Scores held at once when a text is measured."""
_UNKNOWN_LENGTH = 2048


@dataclass(frozen=True, slots=True, eq=False)
class TorchState:
    """Keys and values of what B texts have been read, and how many tokens; never changed."""

    cache: Any
    tokens: int
    rows: int

    def branch(self, rows: Any) -> TorchState:
        """Return a state of these rows."""
        cache = branched(self.cache)
        cache.batch_select_indices(rows)
        return TorchState(cache, self.tokens, len(rows))


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
        self._takes_last = "logits_to_keep" in inspect.signature(net.forward).parameters

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
            rows = self.torch.arange(len(ids)).repeat_interleave(repeat)
            logits, hidden, after = logits[rows], hidden[rows], after.branch(rows)
        return Scores(logits.float().numpy(), hidden.float().numpy(), after)

    def branch(self, state: Any, rows: Sequence[int]) -> Any:
        """Return a state of these rows; see :class:`~openaffect.types.LanguageModel`."""
        return state.branch(self.torch.as_tensor(list(rows)))

    def perturbed(
        self,
        ids: NDArray[np.int64],
        state: Any,
        attribute: Attribute,
        nudge: Nudge,
        *,
        repeat: int = 1,
    ) -> Perturbed:
        """Read with the past moved by gradients; see :class:`~openaffect.types.GradientModel`."""
        from ._torch_gradients import perturbed

        ids = self._checked(self.begun(ids, state), state)
        return perturbed(self, ids, state, attribute, nudge, repeat)

    def mean_hidden(self, texts: list[list[int]]) -> NDArray[np.float32]:
        """Return (N, D): the mean of the last layer's states over each text's tokens."""
        texts = [self.begun(np.array([text]), None)[0].tolist() for text in texts]
        lengths = self.torch.tensor([len(text) for text in texts])
        longest = int(lengths.max())
        padded = [text + [0] * (longest - len(text)) for text in texts]
        with self.torch.no_grad():  # what stands behind a text does not reach back into it
            states = self.net.base_model(self.torch.tensor(padded)).last_hidden_state.float()
        inside = self.torch.arange(longest)[None, :] < lengths[:, None]
        sums = (states * inside[:, :, None]).sum(1)
        means: NDArray[np.float32] = (sums / lengths[:, None]).numpy()
        return means

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

    def begun(self, ids: NDArray[np.int64], state: Any) -> NDArray[np.int64]:
        """Return the ids of texts behind the start that this model wants to read first, if any."""
        ids = np.asarray(ids, np.int64)
        start = self._tokenizer.first
        if state is not None or start is None or ids.ndim != 2 or not ids.size:
            return ids
        if (ids[:, 0] == start).all():
            return ids
        return np.hstack([np.full((len(ids), 1), start, np.int64), ids])

    def _checked(self, ids: NDArray[np.int64], state: Any) -> NDArray[np.int64]:
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
