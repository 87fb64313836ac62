"""The tokenizer that a GGUF file carries: byte-level byte-pair encoding and a chat template."""

from __future__ import annotations

from typing import Any

from openaffect.types import IntegrityError, need

from ._chat_tokenizer import ChatTokenizer
from ._llama_graph import Fields

GgufTokenizer = ChatTokenizer

_CONTROL = 3
_PATTERNS = {
    "smollm": ("digits",),
    "gpt-2": (),
    "gpt2": (),
    "default": (),
    "llama-bpe": (
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
        r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    ),
}
"""How text is cut before the merges, by the file's ``tokenizer.ggml.pre``: nothing beyond GPT-2's
own rule, digits one by one, or a pattern."""


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
        "adds_start": bool(fields.get("tokenizer.ggml.add_bos_token", False)),
        "ends": sorted(_ends(fields, control)),
        "template": fields.get("tokenizer.chat_template"),
    }


def coder_of(fields: Fields) -> Any:
    """Build the tokenizer that the file describes.

    Raises :class:`IntegrityError` for a kind or a rule of cutting that is not run here.
    """
    library = need("tokenizers", extra="generate")
    kind = fields.required("tokenizer.ggml.model")
    cut = fields.get("tokenizer.ggml.pre", "default")
    if kind != "gpt2" or cut not in _PATTERNS:
        raise IntegrityError(
            f"the GGUF file's tokenizer is of kind {kind!r} with the rule {cut!r}; kind 'gpt2' "
            f"with {', '.join(_PATTERNS)} is run here: serve others by llama.cpp or Ollama and "
            "name the server"
        )
    tokens = list(fields.required("tokenizer.ggml.tokens"))
    merges = [tuple(pair.split(" ", 1)) for pair in fields.required("tokenizer.ggml.merges")]
    vocabulary = {token: number for number, token in enumerate(tokens)}
    coder = library.Tokenizer(library.models.BPE(vocabulary, merges))
    before = library.pre_tokenizers
    steps: list[Any] = []
    for rule in _PATTERNS[cut]:
        if rule == "digits":
            steps.append(before.Digits(individual_digits=True))
        else:
            steps.append(before.Split(library.Regex(rule), "isolated"))
    steps.append(before.ByteLevel(add_prefix_space=False, use_regex=cut != "llama-bpe"))
    coder.pre_tokenizer = before.Sequence(steps)
    coder.decoder = library.decoders.ByteLevel()
    control = _control(fields, tokens)
    coder.add_special_tokens([library.AddedToken(token, special=True) for token in control])
    return coder


def _control(fields: Fields, tokens: list[str]) -> dict[str, int]:
    kinds = fields.get("tokenizer.ggml.token_type", [1] * len(tokens))
    return {
        token: number
        for number, (token, kind) in enumerate(zip(tokens, kinds, strict=True))
        if kind == _CONTROL
    }


def _ends(fields: Fields, control: dict[str, int]) -> set[int]:
    named = [fields.get(f"tokenizer.ggml.{name}_token_id") for name in ("eos", "eot", "eom")]
    found = {int(number) for number in named if number is not None}
    marks = ("<|im_end|>", "<|endoftext|>", "<|eot_id|>", "<|end_of_text|>", "</s>")
    return found | {control[mark] for mark in marks if mark in control}
