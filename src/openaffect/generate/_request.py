"""What is asked of a generator of text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from openaffect.types import InvalidValueError, Message

from ._emotion import Target, parse

TASKS = ("write", "rewrite", "reply")
LONGEST = 1024
"""Tokens that can be asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRequest:
    """One text to generate.

    Fields
    ------
    prompt: for ``write`` the beginning that the text goes on from, for ``rewrite`` the text itself,
        for ``reply`` the last turn, to which ``history`` leads.
    emotion: see :func:`~openaffect.generate._emotion.parse`; several targets are an arc.
    intensity: how strongly, from 0 (not steered at all) to 1.
    task: ``write``, ``rewrite`` or ``reply``.
    topic, tone, persona: words for the instruction, empty for none.
    length: tokens at most. candidates: texts to choose the best from.
    seed: of every random draw. temperature, top: of sampling, ``top`` the share of probability kept
        (Holtzman et al., "The curious case of neural text degeneration", ICLR 2020).
    banned: words that must not occur, whatever their case.
    """

    prompt: str
    emotion: str = "neutral"
    intensity: float = 0.8
    task: str = "write"
    topic: str = ""
    tone: str = ""
    persona: str = ""
    length: int = 60
    candidates: int = 1
    seed: int = 0
    temperature: float = 0.8
    top: float = 0.92
    banned: tuple[str, ...] = ()
    history: tuple[Message, ...] = ()
    targets: tuple[Target, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.task not in TASKS:
            raise InvalidValueError(f"task {self.task!r} is none of {', '.join(TASKS)}")
        if not self.prompt.strip():
            raise InvalidValueError("the prompt is empty; give the text to start from")
        for name, low, high in (
            ("intensity", 0, 1), ("length", 1, LONGEST), ("candidates", 1, 64),
            ("temperature", 0, 2), ("top", 0, 1),
        ):  # fmt: skip
            value = getattr(self, name)
            if not low <= value <= high:
                raise InvalidValueError(f"{name} is {value}; give {low} to {high}")
        object.__setattr__(self, "prompt", _cleaned(self.prompt))
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
            "task": self.task,
            "topic": self.topic,
            "tone": self.tone,
            "persona": self.persona,
            "length": self.length,
            "candidates": self.candidates,
            "seed": self.seed,
            "temperature": self.temperature,
            "top": self.top,
            "banned": list(self.banned),
            "history": [{"role": turn.role, "content": turn.content} for turn in self.history],
        }


def _cleaned(text: str) -> str:
    """Return the text without control characters, which no tokenizer was trained on."""
    return "".join(letter for letter in text if letter >= " " or letter in "\n\t")
