"""What was generated, and the statement that it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from .errors import InvalidValueError

FORMAT = "openaffect.generated/1"


@dataclass(frozen=True, slots=True, eq=False)
class Generated:
    """One generated text with where it comes from and how it was judged.

    Fields
    ------
    text: what was generated, without the prompt.
    request: what was asked for, JSON values only.
    made_by: tool, version, model card, method and seed: the machine-readable mark.
    scores: figures by name (``target`` probability, ``perplexity``, ``similarity`` ...), and what
        judged them under ``judges``.
    complete: false where it was cut off (interrupted, a server that died); ``reason`` says why.
    """

    text: str
    request: Mapping[str, Any]
    made_by: Mapping[str, Any]
    scores: Mapping[str, Any] = field(default_factory=dict)
    complete: bool = True
    reason: str = ""

    def __post_init__(self) -> None:
        for name in ("request", "made_by", "scores"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    def to_dict(self) -> dict[str, Any]:
        """Return the versioned JSON form; it opens with the statement that this is generated."""
        return {
            "format": FORMAT,
            "generated": True,
            "text": self.text,
            "complete": self.complete,
            "reason": self.reason,
            "request": dict(self.request),
            "made_by": dict(self.made_by),
            "scores": dict(self.scores),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Generated:
        """Build it from its JSON form; :class:`InvalidValueError` for another format."""
        if not isinstance(data, Mapping) or data.get("format") != FORMAT:
            found = data.get("format") if isinstance(data, Mapping) else type(data).__name__
            raise InvalidValueError(f"format is {found!r}; this version reads {FORMAT!r}")
        try:
            return cls(
                text=str(data["text"]),
                request=data["request"],
                made_by=data["made_by"],
                scores=data["scores"],
                complete=bool(data["complete"]),
                reason=str(data["reason"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise InvalidValueError(
                f"generated text: key or value missing or of a wrong type: {error}"
            ) from error


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a text on its way; the last one carries the whole as ``result``."""

    text: str
    result: Generated | None = None
