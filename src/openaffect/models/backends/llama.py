"""Llama networks in GGUF files through ONNX Runtime.

A GGUF file is turned into a graph once (seconds) and kept beside it; see :mod:`._llama_graph`, and
:mod:`._llama_adapter` for low-rank adapters on it.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.types import Card, InvalidValueError, Message, Scores, need

from ._chat_tokenizer import ChatTokenizer
from ._gguf_tokenizer import coder_of, facts_of
from ._llama_adapter import Adapter, adapted_graph, graph_name, read_adapter
from ._llama_graph import GraphBuilder, Shape, open_gguf, shape_of
from .onnx import load as load_graph

_VERSION = 1
"""Of what is made of a file; a change makes it be made anew."""
_GRAPH, _CODER, _FACTS = "graph.onnx", "tokenizer.json", "facts.json"


@dataclass(frozen=True, slots=True, eq=False)
class _State:
    """Keys and values of what B texts have been read, and how many tokens."""

    values: tuple[Any, ...]
    tokens: int
    rows: int


class Llama:
    """A Llama network; implements :class:`openaffect.types.LanguageModel`."""

    def __init__(
        self, card: Card, graph: Path, tokenizer: ChatTokenizer, shape: Shape, threads: int
    ) -> None:
        self.card = card
        self.vocabulary, self.width, self.layers = shape.vocabulary, shape.width, shape.layers
        self.longest = shape.longest
        self.ends = tokenizer.ends
        self._graph, self._tokenizer, self._shape = graph, tokenizer, shape
        self._threads = threads
        self._still = np.zeros((shape.layers, 1, shape.width), np.float32)

    @cached_property
    def _session(self) -> Any:
        """Opened at the first use: a model that is only read through an adapter takes no memory."""
        return load_graph(self._graph, self._threads)

    def adapted(self, path: str | Path) -> AdaptedLlama:
        """Return this model with an adapter; see :class:`openaffect.types.AdaptableModel`."""
        adapter = read_adapter(Path(path))
        graph = self._graph.with_name(graph_name(adapter.sites))
        model = adapted_graph(self._graph.with_name(_GRAPH), adapter, Path(path).name)
        if not graph.is_file():
            _put(graph, model.SerializeToString())
        return AdaptedLlama(
            self.card, graph, self._tokenizer, self._shape, self._threads, adapter=adapter
        )

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
        state: _State | None = None,
        *,
        push: NDArray[np.float32] | None = None,
        repeat: int = 1,
    ) -> Scores:
        """Read (B, S) ids after ``state`` and score what comes next."""
        return self._read(ids, state, push, repeat, self._closed())

    def branch(self, state: _State, rows: Sequence[int]) -> _State:
        """Return a state of these rows; see :class:`~openaffect.types.LanguageModel`."""
        return _rows(state, np.asarray(rows, np.int64))

    def log_probabilities(self, text: str, /) -> NDArray[np.float64]:
        """Return (T,): the natural log of each token's probability given those before it.

        The first token follows the model's start of text.
        """
        found = self.encode(text)
        start = self._tokenizer.start
        ids = np.array([[next(iter(self.ends)) if start is None else start, *found]], np.int64)
        ids = self._checked(ids, None)
        scores: list[NDArray[np.float64]] = []
        state: _State | None = None
        for begin in range(0, len(found), 256):
            part = ids[:, begin : min(begin + 256, len(found))]
            want = np.arange(part.shape[1])
            logits, _, state = self._run(part, state, None, want, self._closed())
            wanted = ids[0, begin + 1 : begin + 1 + part.shape[1]]
            scores.append(_log_softmax(logits[0])[np.arange(len(wanted)), wanted])
        return np.concatenate(scores) if scores else np.zeros(0)

    def _read(
        self,
        ids: NDArray[np.int64],
        state: _State | None,
        push: NDArray[np.float32] | None,
        repeat: int,
        more: dict[str, Any],
    ) -> Scores:
        ids = self._checked(ids, state)
        last = np.array([ids.shape[1] - 1])
        logits, hidden, after = self._run(ids, state, push, last, more)
        logits, hidden = logits[:, 0], hidden[:, 0]
        if repeat > 1:
            after = _rows(after, np.repeat(np.arange(after.rows), repeat))
            logits, hidden = np.repeat(logits, repeat, 0), np.repeat(hidden, repeat, 0)
        return Scores(logits, hidden, after)

    def _checked(self, ids: NDArray[np.int64], state: _State | None) -> NDArray[np.int64]:
        ids = np.asarray(ids, np.int64)
        if ids.ndim != 2 or not ids.size:
            raise InvalidValueError(f"ids have shape {ids.shape}; expected (B, S), S of at least 1")
        if ids.min() < 0 or ids.max() >= self.vocabulary:
            raise InvalidValueError(
                f"ids run from {ids.min()} to {ids.max()}; this model knows 0 to "
                f"{self.vocabulary - 1}"
            )
        if state is not None and state.rows != len(ids):
            raise InvalidValueError(f"{len(ids)} rows of ids for a state of {state.rows} rows")
        total = ids.shape[1] + (0 if state is None else state.tokens)
        if total > self.longest:
            raise InvalidValueError(
                f"the text has {total} tokens; {self.card.name} reads {self.longest} at most: "
                "shorten it"
            )
        return ids

    def _run(
        self,
        ids: NDArray[np.int64],
        state: _State | None,
        push: NDArray[np.float32] | None,
        want: NDArray[np.int64],
        more: dict[str, Any],
    ) -> tuple[NDArray[np.float32], NDArray[np.float32], _State]:
        rows, count = ids.shape
        total = count + (0 if state is None else state.tokens)
        feeds: dict[str, Any] = {
            "ids": ids,
            "last": np.full(rows, total - 1, np.int32),
            "total": np.array(total, np.int32),
            "want": np.asarray(want, np.int64),
            "push": self._pushed(push, rows),
        }
        values = self._empty(rows) if state is None else state.values
        for layer in range(self.layers):
            feeds[f"past_key_{layer}"] = values[2 * layer]
            feeds[f"past_value_{layer}"] = values[2 * layer + 1]
        answer = self._session.run_values(feeds | more)
        logits, hidden = (np.asarray(item.numpy()) for item in answer[:2])
        return logits, hidden, _State(tuple(answer[2:]), total, rows)

    def _closed(self) -> dict[str, Any]:
        """Return what else the graph is fed when nothing is added to the model."""
        return {}

    def _pushed(self, push: NDArray[np.float32] | None, rows: int) -> NDArray[np.float32]:
        if push is None:
            return self._still
        push = np.asarray(push, np.float32)
        if push.ndim == 2:
            push = push[:, None, :]
        if push.shape not in ((self.layers, 1, self.width), (self.layers, rows, self.width)):
            raise InvalidValueError(
                f"push has shape {push.shape}; expected ({self.layers}, {self.width}) or "
                f"({self.layers}, {rows}, {self.width})"
            )
        return push

    def _empty(self, rows: int) -> list[NDArray[np.float32]]:
        empty = np.zeros((rows, self._shape.key_heads, 0, self._shape.head), np.float32)
        return [empty] * (2 * self.layers)


class AdaptedLlama(Llama):
    """A Llama network with an adapter; implements :class:`openaffect.types.AdaptedModel`."""

    def __init__(self, *facts: Any, adapter: Adapter) -> None:
        super().__init__(*facts)
        self.gates = adapter.names
        self._adapter = adapter
        self._fed: tuple[bytes, dict[str, Any]] = (b"", {})

    def read(
        self,
        ids: NDArray[np.int64],
        state: _State | None = None,
        *,
        push: NDArray[np.float32] | None = None,
        repeat: int = 1,
        gates: NDArray[np.float32] | None = None,
    ) -> Scores:
        """Read (B, S) ids after ``state``, with (G,) or (B, G) gates open; none for no gate."""
        if gates is None:
            return super().read(ids, state, push=push, repeat=repeat)
        ranks = self._adapter.ranks(gates)
        if len(ranks) not in (1, len(ids)):
            raise InvalidValueError(f"{len(ranks)} rows of gates for {len(ids)} rows of ids")
        return self._read(ids, state, push, repeat, self._opened(ranks))

    def _closed(self) -> dict[str, Any]:
        return self._opened(np.zeros((1, self._adapter.mixing.shape[1]), np.float32))

    def _opened(self, ranks: NDArray[np.float32]) -> dict[str, Any]:
        used: NDArray[np.bool_] = np.asarray(ranks.any(axis=0))
        # A product over no rank at all is not what every version of the runtime takes.
        used[0] |= not used.any()
        return self._pairs(used) | {"gates": np.ascontiguousarray(ranks[:, None, used])}

    def _pairs(self, used: NDArray[np.bool_]) -> dict[str, Any]:
        """Return the pairs of the ranks in use, kept from read to read while those stay."""
        key, fed = used.tobytes(), self._fed
        if fed[0] != key:
            from onnxruntime import OrtValue

            pairs = {}
            for site in self._adapter.sites:
                down = np.ascontiguousarray(self._adapter.down[site][used].T)
                pairs[f"{site}.down"] = OrtValue.ortvalue_from_numpy(down)
                up = np.ascontiguousarray(self._adapter.up[site][used])
                pairs[f"{site}.up"] = OrtValue.ortvalue_from_numpy(up)
            self._fed = fed = (key, pairs)
        return fed[1]


def load(path: str | Path, card: Card, cache: Path, key: str, threads: int = 1) -> Llama:
    """Load a GGUF file.

    Parameters
    ----------
    path: the file. card: what it is called and may be used for.
    cache: the folder that keeps the graph made of it, under ``key``, which stands for the file's
        content.
    threads: threads inside one operator.

    Raises
    ------
    MissingDependencyError
        without the libraries of the extra ``generate``.
    IntegrityError
        when it is no GGUF file, or holds a network or tokenizer of a kind that is not run here.
    """
    source = Path(path)
    folder = cache / f"llama-{_VERSION}-{key}"
    if not (folder / _FACTS).is_file():
        _build(source, folder)
    library = need("tokenizers", extra="generate")
    facts = json.loads((folder / _FACTS).read_text(encoding="utf-8"))
    tokenizer = ChatTokenizer(library.Tokenizer.from_file(str(folder / _CODER)), facts["tokens"])
    return Llama(card, folder / _GRAPH, tokenizer, Shape(**facts["shape"]), threads)


def _build(source: Path, folder: Path) -> None:
    """Make the folder of a graph; it appears whole or not at all."""
    onnx = need("onnx", extra="generate")
    reader, fields = open_gguf(source)
    shape = shape_of(fields)
    coder = coder_of(fields)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".llama-", dir=folder.parent) as name:
        draft = Path(name) / "whole"
        draft.mkdir()
        with (draft / "values.bin").open("wb") as values:
            model = GraphBuilder(reader, shape, values, "values.bin").build()
        onnx.save(model, draft / _GRAPH)
        coder.save(str(draft / _CODER))
        facts = {"shape": asdict(shape), "tokens": facts_of(fields)}
        (draft / _FACTS).write_text(json.dumps(facts), encoding="utf-8")
        if not folder.exists():
            draft.rename(folder)


def _put(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".adapted-", delete=False) as file:
        file.write(content)
    Path(file.name).replace(path)


def _rows(state: _State, rows: NDArray[np.int64]) -> _State:
    from onnxruntime import OrtValue

    values = tuple(
        OrtValue.ortvalue_from_numpy(np.asarray(item.numpy())[rows]) for item in state.values
    )
    return _State(values, state.tokens, len(rows))


def _log_softmax(logits: NDArray[np.float32]) -> NDArray[np.float64]:
    wide = logits.astype(np.float64)
    wide -= wide.max(axis=-1, keepdims=True)
    result: NDArray[np.float64] = wide - np.log(np.exp(wide).sum(axis=-1, keepdims=True))
    return result
