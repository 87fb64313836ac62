"""How a text is to sound: whose voice, which tone, how formal; slips and hesitations on request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from openaffect.types import InvalidValueError

from ._cleaning import cleaned
from ._formality import FORMALITIES
from ._slips import HIGHEST

_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """A manner of writing; empty and zero for none.

    Fields
    ------
    persona: whose voice, ``an old sailor`` for example. tone: in words, ``warm`` for example.
    formality: ``formal``, ``informal`` or empty.
    slips, hesitations: shares of the words, in [0, 0.5], see :func:`~._slips.slipped`.
    """

    persona: str = ""
    tone: str = ""
    formality: str = ""
    slips: float = 0.0
    hesitations: float = 0.0

    def __post_init__(self) -> None:
        for name in ("persona", "tone"):
            value = " ".join(cleaned(getattr(self, name)).split())
            if len(value) > _LONGEST:
                raise InvalidValueError(
                    f"{name} has {len(value)} characters; say it in {_LONGEST} at most"
                )
            object.__setattr__(self, name, value)
        if self.formality not in FORMALITIES:
            raise InvalidValueError(
                f"formality {self.formality!r} is neither 'formal' nor 'informal'"
            )
        for name in ("slips", "hesitations"):
            if not 0 <= getattr(self, name) <= HIGHEST:
                raise InvalidValueError(
                    f"{name} is {getattr(self, name)}; give 0 to {HIGHEST:g} of the words"
                )

    def to_dict(self) -> dict[str, Any]:
        """Return what was asked for, without what was not."""
        found = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in found.items() if value}

    def manner(self) -> str:
        """Return what a model reads before a text in this manner; empty for none."""
        if not (self.persona or self.tone or self.formality):
            return ""
        voice = f"The words of {self.persona}" if self.persona else "A text"
        how = " and ".join(filter(None, [self.tone, self.formality]))
        return f"{voice}, {how}. " if how else f"{voice}. "


PLAIN = Style()
"""No manner at all."""
