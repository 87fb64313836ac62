"""A dialogue as a conversation that a language model goes on with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from openaffect.types import LanguageModel, Message

Role = Literal["user", "assistant"]


def turns(said: Sequence[tuple[bool, str]]) -> list[Message]:
    """Return turns, each whether it is the listener's and its text, as messages of two sides.

    Turns of one side after another are joined, a line each.
    """
    messages: list[Message] = []
    for ours, text in said:
        role: Role = "assistant" if ours else "user"
        if messages and messages[-1].role == role:
            text = f"{messages.pop().content}\n{text}"
        messages.append(Message(role, text.strip()))
    return messages


def conversation(said: Sequence[tuple[bool, str]], emotion: str) -> tuple[Message, ...]:
    """Return the messages that an adapter for replies was trained on.

    The emotion is that of the other side, in a word; empty for one that is not known.
    """
    feels = f" The other person feels {emotion}." if emotion else ""
    return (Message("system", f"You listen to somebody.{feels}"), *turns(said))


def shortened(
    model: LanguageModel, said: Sequence[tuple[bool, str]], emotion: str, room: int
) -> tuple[Message, ...]:
    """Return the conversation of as many of the last turns as ``room`` tokens hold."""
    kept = list(said)
    while len(kept) > 1 and len(model.chat(conversation(kept, emotion))) > room:
        kept = kept[1:]
    return conversation(kept, emotion)
