"""The tokenizer that a GGUF file carries: pieces, the rule of cutting, and a chat template."""

from __future__ import annotations

from typing import Any

from openaffect.types import IntegrityError, need

from ._chat_tokenizer import END_MARKS
from ._llama_graph import Fields

_UNKNOWN, _CONTROL, _USER, _BYTE = 2, 3, 4, 6
_LETTERS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|"
_REST = r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
_DIGITS, _OWN = "digits", "own"
_RULES = {
    **dict.fromkeys(("gpt-2", "gpt2", "default", "mpt", "olmo", "jais"), _OWN),
    **dict.fromkeys(("smollm", "starcoder", "refact", "command-r", "codeshell"), _DIGITS),
    **dict.fromkeys(("llama-bpe", "llama3", "dbrx"), rf"{_LETTERS}\p{{N}}{{1,3}}{_REST}"),
    **dict.fromkeys(("qwen2", "stablelm2"), rf"{_LETTERS}\p{{N}}{_REST}"),
}
"""How text is cut before the merges of a byte-level tokenizer, by ``tokenizer.ggml.pre``: GPT-2's
own rule, digits one by one before it, or a pattern."""
_SPACE = "\u2581"


def facts_of(fields: Fields) -> dict[str, Any]:
    """Return what the file says of its tokens beside the vocabulary, JSON values only."""
    tokens = list(fields.required("tokenizer.ggml.tokens"))
    control = _control(fields, tokens)
    start = fields.get("tokenizer.ggml.bos_token_id")
    end = fields.get("tokenizer.ggml.eos_token_id")
    return {
        "control": sorted(control.values()),
        "start": None if start is None else int(start),
        "start_token": "" if start is None else tokens[start],
        "end_token": "" if end is None else tokens[end],
        "adds_start": bool(
            fields.get(
                "tokenizer.ggml.add_bos_token", fields.get("tokenizer.ggml.model") == "llama"
            )
        ),
        "ends": sorted(_ends(fields, control)),
        "template": fields.get("tokenizer.chat_template"),
    }


def coder_of(fields: Fields) -> Any:
    """Build the tokenizer that the file describes.

    Raises :class:`IntegrityError` for a kind or a rule of cutting that is not run here.
    """
    kind = fields.required("tokenizer.ggml.model")
    cut = fields.get("tokenizer.ggml.pre", "default")
    if kind == "llama":
        coder = _sentence_pieces(fields)
    elif kind == "gpt2" and cut in _RULES:
        coder = _byte_level(fields, _RULES[cut])
    else:
        raise IntegrityError(
            f"the GGUF file's tokenizer is of kind {kind!r} with the rule {cut!r}; kinds 'llama' "
            f"and 'gpt2' with {', '.join(_RULES)} are run here: serve others by llama.cpp or "
            "Ollama and name the server"
        )
    library = need("tokenizers", extra="generate")
    added = [
        library.AddedToken(token, special=kind == _CONTROL, normalized=False)
        for token, kind in zip(
            fields.required("tokenizer.ggml.tokens"), _kinds(fields), strict=True
        )
        if kind in (_CONTROL, _USER)
    ]
    coder.add_tokens(added)
    return coder


def _byte_level(fields: Fields, rule: str) -> Any:
    """Byte-pair encoding over bytes, as GPT-2's (Radford et al., 2019)."""
    library = need("tokenizers", extra="generate")
    merges = [tuple(pair.split(" ", 1)) for pair in fields.required("tokenizer.ggml.merges")]
    coder = library.Tokenizer(library.models.BPE(_numbers(fields), merges))
    before = library.pre_tokenizers
    steps: list[Any] = []
    if rule == _DIGITS:
        steps.append(before.Digits(individual_digits=True))
    elif rule != _OWN:
        steps.append(before.Split(library.Regex(rule), "isolated"))
    steps.append(before.ByteLevel(add_prefix_space=False, use_regex=rule in (_DIGITS, _OWN)))
    coder.pre_tokenizer = before.Sequence(steps)
    coder.decoder = library.decoders.ByteLevel()
    return coder


def _sentence_pieces(fields: Fields) -> Any:
    """Byte-pair encoding over letters, as SentencePiece's (Kudo and Richardson, EMNLP 2018).

    The file keeps no merges but a score a piece; the best piece that two neighbours make is merged
    first, so that each way to cut a piece in two is a merge of its rank. What no piece covers is
    written in bytes. Unlike SentencePiece's own, decoding keeps the space before the first word:
    what is decoded here goes on from a text.
    """
    library = need("tokenizers", extra="generate")
    numbers, kinds = _numbers(fields), _kinds(fields)
    scores = fields.required("tokenizer.ggml.scores")
    ranked: list[tuple[float, int, int, str, str]] = []
    for token, number in numbers.items():
        if kinds[number] in (_UNKNOWN, _CONTROL, _BYTE):
            continue
        for place in range(1, len(token)):
            left, right = token[:place], token[place:]
            if left in numbers and right in numbers:
                ranked.append((-scores[number], numbers[left], numbers[right], left, right))
    ranked.sort()
    tokens = fields.required("tokenizer.ggml.tokens")
    unknown = fields.get("tokenizer.ggml.unknown_token_id")
    coder = library.Tokenizer(
        library.models.BPE(
            numbers, [pair[3:] for pair in ranked], byte_fallback=True, fuse_unk=True,
            unk_token=None if unknown is None else tokens[unknown],
        )
    )  # fmt: skip
    steps = [library.normalizers.Replace(" ", _SPACE)]
    if fields.get("tokenizer.ggml.add_space_prefix", True):
        steps.insert(0, library.normalizers.Prepend(_SPACE))
    coder.normalizer = library.normalizers.Sequence(steps)
    coder.decoder = library.decoders.Sequence(
        [
            library.decoders.Replace(_SPACE, " "),
            library.decoders.ByteFallback(),
            library.decoders.Fuse(),
        ]
    )
    return coder


def _numbers(fields: Fields) -> dict[str, int]:
    return {token: number for number, token in enumerate(fields.required("tokenizer.ggml.tokens"))}


def _kinds(fields: Fields) -> list[int]:
    tokens = fields.required("tokenizer.ggml.tokens")
    return [int(kind) for kind in fields.get("tokenizer.ggml.token_type", [1] * len(tokens))]


def _control(fields: Fields, tokens: list[str]) -> dict[str, int]:
    return {
        token: number
        for number, (token, kind) in enumerate(zip(tokens, _kinds(fields), strict=True))
        if kind == _CONTROL
    }


def _ends(fields: Fields, control: dict[str, int]) -> set[int]:
    named = [fields.get(f"tokenizer.ggml.{name}_token_id") for name in ("eos", "eot", "eom")]
    found = {int(number) for number in named if number is not None}
    return found | {control[mark] for mark in END_MARKS if mark in control}
