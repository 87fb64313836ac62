"""Text to token ids and back, and conversations, for any model with a tokenizer of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from openaffect.types import IntegrityError, InvalidValueError, Message, need

END_MARKS = (
    "<|im_end|>", "<|endoftext|>", "<|eot_id|>", "<|end_of_text|>", "<end_of_turn>", "</s>",
)  # fmt: skip
"""How models write the end of a turn or a text, beside the one end that their files name."""


class ChatTokenizer:
    """Text to token ids and back, and conversations by the model's own template.

    coder: a tokenizer of the library ``tokenizers``.
    facts: JSON values: ``control`` the ids that are no text, ``start`` the id of the start of a
        text or None, ``start_token`` and ``end_token`` as they are written, ``adds_start`` whether
        each text begins with it, ``ends`` the ids that end a text, ``template`` the conversation's
        in Jinja or None.
    """

    def __init__(self, coder: Any, facts: Mapping[str, Any]) -> None:
        self._coder = coder
        self._control = frozenset(facts["control"])
        self._names = {"bos_token": facts["start_token"], "eos_token": facts["end_token"]}
        self._template: str | None = facts["template"]
        self.start: int | None = facts["start"]
        self.first: int | None = facts["start"] if facts["adds_start"] else None
        self.ends: frozenset[int] = frozenset(facts["ends"])

    def encode(self, text: str, *, special: bool) -> list[int]:
        """Return the ids; control tokens written in the text are read as such if ``special``."""
        self._coder.encode_special_tokens = not special
        ids: list[int] = self._coder.encode(text, add_special_tokens=False).ids
        return ids

    def decode(self, ids: Sequence[int]) -> str:
        """Return the text; control tokens are left out, broken bytes become U+FFFD."""
        kept = [int(number) for number in ids if int(number) not in self._control]
        text: str = self._coder.decode(kept, skip_special_tokens=False)
        return text

    def chat(self, messages: Sequence[Message]) -> list[int]:
        """Return the ids of a conversation, ready for the assistant's next turn.

        What people wrote is encoded apart from the template, so that control tokens in it are
        words like others and cannot close a turn.
        """
        if not messages:
            raise InvalidValueError("a conversation needs at least one message")
        marks = [f"\ue000{number}\ue001" for number in range(len(messages))]
        text = self._render(
            [
                {"role": item.role, "content": mark}
                for item, mark in zip(messages, marks, strict=True)
            ]
        )
        ids: list[int] = []
        for mark, message in zip(marks, messages, strict=True):
            before, found, text = text.partition(mark)
            if not found:
                raise IntegrityError("the model's chat template leaves a message out")
            ids += self.encode(before, special=True)
            ids += self.encode(message.content, special=False)
        ids += self.encode(text, special=True)
        wanted = [] if self.first is None or ids[:1] == [self.first] else [self.first]
        return wanted + ids

    def _render(self, messages: list[dict[str, str]]) -> str:
        if self._template is None:
            turns = [f"{item['role']}: {item['content']}\n" for item in messages]
            return "".join(turns) + "assistant:"
        sandbox = need("jinja2.sandbox", extra="generate")
        errors = need("jinja2", extra="generate")

        def refuse(message: str) -> None:
            raise errors.TemplateError(message)

        try:
            environment = sandbox.ImmutableSandboxedEnvironment(
                trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
            )
            environment.globals["raise_exception"] = refuse
            template = environment.from_string(self._template)
            rendered: str = template.render(
                messages=messages, add_generation_prompt=True, **self._names
            )
        except errors.TemplateError as error:
            raise IntegrityError(f"the model's chat template cannot be used: {error}") from error
        return rendered
