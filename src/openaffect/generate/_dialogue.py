"""A dialogue, what was heard in it, and what is asked of a reply."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from openaffect.types import InvalidValueError

from ._cleaning import cleaned
from ._request import LONGEST
from ._style import PLAIN, Style

OURS = ("assistant", "openaffect", "partner", "listener", "bot")
"""Speakers that stand for the side that replies."""
GLAD = frozenset({
    "admiration", "amusement", "approval", "caring", "desire", "excitement", "gratitude", "joy",
    "love", "optimism", "pride", "relief", "happiness", "proud", "joyful", "excited", "grateful",
    "hopeful", "content", "confident", "impressed", "prepared", "trusting", "faithful",
    "anticipating",
})  # fmt: skip
"""Labels, of GoEmotions and of EmpatheticDialogues, that a partner is glad about."""
NEITHER = ("neutral", "surprise", "realization", "curiosity", "confusion", "surprised")
"""Labels that are neither pleasant nor unpleasant."""
MOST_TURNS, MOST_CHARACTERS = 1000, 200_000
"""What is read of one dialogue."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker said at once."""

    speaker: str
    text: str


@dataclass(frozen=True, slots=True)
class Heard:
    """The emotion heard in what was said last.

    Fields
    ------
    emotion: the strongest label of ``scheme``. share: its probability, in [0, 1].
    emotions: the probabilities of all labels, the strongest first.
    judge: the card of the recogniser.
    """

    emotion: str
    share: float
    scheme: str
    emotions: Mapping[str, float]
    judge: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "emotions", MappingProxyType(dict(self.emotions)))

    @property
    def glad(self) -> bool:
        """Whether what is pleasant outweighs what is not, over all labels."""
        pleasant = sum(value for name, value in self.emotions.items() if name in GLAD)
        other = sum(self.emotions.values()) - pleasant
        return pleasant > other - sum(self.emotions.get(name, 0.0) for name in NEITHER)

    @property
    def mood(self) -> bool | None:
        """Whether it is pleasant; None for an emotion that is neither."""
        return None if self.emotion in NEITHER else self.glad

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form, with the five strongest labels."""
        strongest = dict(list(self.emotions.items())[:5])
        return {
            "emotion": self.emotion, "share": round(self.share, 4), "scheme": self.scheme,
            "emotions": {name: round(value, 4) for name, value in strongest.items()},
            "judge": self.judge,
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyRequest:
    """A reply to the last turn of a dialogue.

    Fields
    ------
    dialogue: the turns so far, the oldest first.
    ours: the speaker that replies; empty for the one named as in :data:`OURS`, or the other one of
        two.
    intensity: how far the reply is steered towards warmth, 0 to 1.
    length: tokens at most. candidates: replies to choose the best from. seed: of every draw.
    temperature, top: of sampling, see :class:`TextRequest`.
    style: the manner of the reply; a persona is a manner of speaking, never a claim to be one.
    """

    dialogue: tuple[Turn, ...]
    ours: str = ""
    intensity: float = 0.3
    length: int = 50
    candidates: int = 5
    seed: int = 0
    temperature: float = 0.7
    top: float = 0.9
    style: Style = PLAIN
    speaker: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        turns = tuple(Turn(turn.speaker.strip(), cleaned(turn.text)) for turn in self.dialogue)
        if not turns or not turns[-1].text.strip():
            raise InvalidValueError("the dialogue's last turn is empty; give something to reply to")
        size = sum(len(turn.text) for turn in turns)
        if len(turns) > MOST_TURNS or size > MOST_CHARACTERS:
            raise InvalidValueError(
                f"the dialogue has {len(turns)} turns and {size} characters; at most {MOST_TURNS} "
                f"and {MOST_CHARACTERS} are read: give its last part"
            )
        for name, low, high in (
            ("intensity", 0, 1), ("length", 1, LONGEST), ("candidates", 1, 64),
            ("temperature", 0, 2), ("top", 0, 1),
        ):  # fmt: skip
            value = getattr(self, name)
            if not low <= value <= high:
                raise InvalidValueError(f"{name} is {value}; give {low} to {high}")
        object.__setattr__(self, "dialogue", turns)
        object.__setattr__(self, "speaker", self.ours or _ours(turns))
        if turns[-1].speaker == self.speaker:
            raise InvalidValueError(
                f"the last turn is by {self.speaker!r}, who is to reply; end with another's turn"
            )

    @property
    def last(self) -> str:
        """Return what is replied to."""
        return self.dialogue[-1].text

    def is_ours(self, turn: Turn) -> bool:
        """Tell whether a turn is of the side that replies."""
        return turn.speaker == self.speaker

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form of what was asked for."""
        return {
            "task": "reply",
            "dialogue": [{"speaker": turn.speaker, "text": turn.text} for turn in self.dialogue],
            "ours": self.speaker,
            "intensity": self.intensity,
            "length": self.length,
            "candidates": self.candidates,
            "seed": self.seed,
            "temperature": self.temperature,
            "top": self.top,
            **self.style.to_dict(),
        }


def _ours(turns: Sequence[Turn]) -> str:
    """Return who replies: the one named so, else the other one of two, else nobody yet."""
    speakers = list(dict.fromkeys(turn.speaker for turn in turns))
    others = [name for name in speakers if name != turns[-1].speaker]
    named = [name for name in others if name.casefold() in OURS]
    if named:
        return named[0]
    return others[0] if len(others) == 1 else OURS[0]


def read_dialogue(text: str, name: str = "the dialogue") -> tuple[Turn, ...]:
    """Return the turns of JSON lines, one ``{"speaker": ..., "text": ...}`` a line.

    Raises :class:`InvalidValueError` for a line that is no such thing; the line is named.
    """
    turns = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise InvalidValueError(f"{name}, line {number} is no JSON: {error}") from error
        if not isinstance(item, dict) or not all(
            isinstance(item.get(key), str) for key in ("speaker", "text")
        ):
            raise InvalidValueError(
                f'{name}, line {number}: expected {{"speaker": "...", "text": "..."}}'
            )
        turns.append(Turn(item["speaker"], item["text"]))
    if not turns:
        raise InvalidValueError(f"{name} holds no turn; give one JSON line a turn")
    return tuple(turns)
