"""What was said before and what the listener answered: the examples of a partner in dialogue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from openaffect.types import InvalidValueError

from ._dataset import Item


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer of the listener with all that was said before it.

    conversation: its name in the corpus. said: the turns before, oldest first; roles: of each,
    ``speaker`` or ``listener``. answer: what the listener then said. emotion: of the situation that
    the conversation is about; situation: that, as the speaker had described it beforehand.
    """

    conversation: str
    said: tuple[str, ...]
    roles: tuple[str, ...]
    answer: str
    emotion: str
    situation: str


def replies(items: Iterable[Item]) -> list[Reply]:
    """Return the listener's answers of EmpatheticDialogues, conversation by conversation.

    A turn that the files lack is passed over; an answer before anything was said is left out.

    Raises :class:`InvalidValueError` for no answer.
    """
    conversations: dict[str, list[Item]] = {}
    for item in items:
        conversations.setdefault(str(item.extra["conversation"]), []).append(item)
    found = [
        reply
        for name, turns in conversations.items()
        for reply in _replies(name, sorted(turns, key=lambda item: int(item.extra["turn"])))
    ]
    if not found:
        raise InvalidValueError("no listener answers anything in these items; give a dialogue's")
    return found


def _replies(name: str, turns: Sequence[Item]) -> Iterable[Reply]:
    for place, item in enumerate(turns):
        if place and item.extra["role"] == "listener" and (item.text or "").strip():
            yield Reply(
                name,
                tuple(turn.text or "" for turn in turns[:place]),
                tuple(str(turn.extra["role"]) for turn in turns[:place]),
                item.text or "",
                item.label,
                str(item.extra["situation"]),
            )


def unlike(examples: Sequence[Reply], judged: Sequence[Reply]) -> list[Reply]:
    """Return the examples of conversations whose situation and beginning no judged one shares.

    Case and white space do not count.
    """

    def folded(one: Reply) -> set[str]:
        return {" ".join(text.casefold().split()) for text in (one.situation, one.said[0])}

    seen = set().union(*(folded(one) for one in judged))
    shared = {one.conversation for one in examples if folded(one) & seen}
    return [one for one in examples if one.conversation not in shared]


def held_back(examples: Sequence[Reply], share: float, seed: int = 0) -> tuple[list[Reply], ...]:
    """Return (fit, choose): whole conversations on one side, ``share`` of them in ``choose``."""
    names = sorted({example.conversation for example in examples})
    count = int(len(names) * share)
    chosen = set(np.random.default_rng(seed).permutation(names)[:count].tolist())
    return (
        [example for example in examples if example.conversation not in chosen],
        [example for example in examples if example.conversation in chosen],
    )


def one_each(examples: Sequence[Reply], count: int, seed: int = 0) -> list[Reply]:
    """Return one answer of each of ``count`` conversations, both drawn by the seed."""
    conversations: dict[str, list[Reply]] = {}
    for example in examples:
        conversations.setdefault(example.conversation, []).append(example)
    random = np.random.default_rng(seed)
    names = random.permutation(sorted(conversations))[:count].tolist()
    return [conversations[name][int(random.integers(len(conversations[name])))] for name in names]
