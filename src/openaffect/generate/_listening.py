"""A dialogue as the conversation that an adapter for replies was trained on."""

from __future__ import annotations

from collections.abc import Sequence

from openaffect.types import LanguageModel, Message


def conversation(said: Sequence[tuple[bool, str]], emotion: str) -> tuple[Message, ...]:
    """Return the messages of turns, each whether it is the listener's and its text.

    Turns of one side after another are joined. The emotion is that of the other side, in a word;
    empty for one that is not known.
    """
    messages: list[Message] = []
    for ours, text in said:
        role = "assistant" if ours else "user"
        if messages and messages[-1].role == role:
            text = f"{messages.pop().content}\n{text}"
        messages.append(Message("assistant" if ours else "user", text.strip()))
    feels = f" The other person feels {emotion}." if emotion else ""
    return (Message("system", f"You listen to somebody.{feels}"), *messages)


def shortened(
    model: LanguageModel, said: Sequence[tuple[bool, str]], emotion: str, room: int
) -> tuple[Message, ...]:
    """Return the conversation of as many of the last turns as ``room`` tokens hold."""
    kept = list(said)
    while len(kept) > 1 and len(model.chat(conversation(kept, emotion))) > room:
        kept = kept[1:]
    return conversation(kept, emotion)
