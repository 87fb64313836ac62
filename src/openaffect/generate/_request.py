"""What is asked of a generator of text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from openaffect.types import InvalidValueError, Message

from ._cleaning import cleaned
from ._emotion import Target, parse
from ._style import PLAIN, Style

LONGEST = 1024
"""Tokens that can be asked for."""
LONGEST_PROMPT = 200_000
"""Characters of a prompt that are looked at; what a model reads is a small part of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRequest:
    """One text to generate.

    Fields
    ------
    prompt: the beginning that the text goes on from; may be empty where there are ``messages``.
    messages: a conversation, whose next turn is written; empty for none.
    emotion: see :func:`~openaffect.generate._emotion.parse`; several targets are an arc.
    intensity: how strongly, from 0 (not steered at all) to 1; the ways that can lead away from the
        emotion go down to -1.
    topic: what it is about, in words; empty for anything.
    length: tokens at most. candidates: texts to choose the best from.
    seed: of every random draw. temperature, top: of sampling, ``top`` the share of probability kept
        (Holtzman et al., "The curious case of neural text degeneration", ICLR 2020).
    banned: words that must not occur, whatever their case.
    style: the manner of writing. Slips and hesitations are put in when the text is done.
    """

    prompt: str
    messages: tuple[Message, ...] = ()
    emotion: str = "neutral"
    intensity: float = 0.8
    topic: str = ""
    length: int = 60
    candidates: int = 1
    seed: int = 0
    temperature: float = 0.8
    top: float = 0.92
    banned: tuple[str, ...] = ()
    style: Style = PLAIN
    targets: tuple[Target, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "prompt", cleaned(self.prompt))
        if not self.prompt.strip() and not self.messages:
            raise InvalidValueError("the prompt is empty; give the text to start from")
        if len(self.prompt) > LONGEST_PROMPT:
            raise InvalidValueError(
                f"the prompt has {len(self.prompt)} characters; give {LONGEST_PROMPT} at most, and "
                "fewer tokens than the model reads"
            )
        for name, low, high in (
            ("intensity", -1, 1), ("length", 1, LONGEST), ("candidates", 1, 64),
            ("temperature", 0, 2), ("top", 0, 1),
        ):  # fmt: skip
            value = getattr(self, name)
            if not low <= value <= high:
                if name == "intensity":
                    raise InvalidValueError(
                        f"intensity is {value}; give 0 to 1, or down to -1 with a method that also "
                        "leads away from an emotion, 'activation' for one"
                    )
                raise InvalidValueError(f"{name} is {value}; give {low} to {high}")
        object.__setattr__(self, "targets", parse(self.emotion))

    def target(self, share: float) -> Target:
        """Return the target when ``share`` of the length, in [0, 1], has been written."""
        return self.targets[min(int(share * len(self.targets)), len(self.targets) - 1)]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form of what was asked for."""
        return {
            "prompt": self.prompt,
            "emotion": "->".join(str(target) for target in self.targets),
            "intensity": self.intensity,
            "topic": self.topic,
            "length": self.length,
            "candidates": self.candidates,
            "seed": self.seed,
            "temperature": self.temperature,
            "top": self.top,
            "banned": list(self.banned),
            **self.style.to_dict(),
        }
