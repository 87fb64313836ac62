"""Everything found in one input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from .card import Card
from .errors import InvalidValueError, UnknownNameError, did_you_mean
from .timeline import Timeline

FORMAT = "openaffect.analysis/1"


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """The named timelines of one input, with its facts, the models' cards and the warnings.

    Fields
    ------
    source: where the input came from, as the caller named it.
    facts: what the reader found: ``modality``, ``duration`` (s), ``width`` and ``height`` (pixels),
        ``sample_rate`` (Hz), ``characters`` and the like; JSON values only.
    timelines: by name: ``face.emotion``, ``speech.emotion``, ``text.emotion``, ...
    cards: the cards of the models that spoke.
    warnings: sentences for a person: which stream was missing and why.
    """

    source: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    timelines: Mapping[str, Timeline] = field(default_factory=dict)
    cards: tuple[Card, ...] = ()
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "facts", MappingProxyType(dict(self.facts)))
        object.__setattr__(self, "timelines", MappingProxyType(dict(self.timelines)))
        object.__setattr__(self, "cards", tuple(self.cards))
        object.__setattr__(self, "warnings", tuple(self.warnings))

    def __getitem__(self, name: str) -> Timeline:
        try:
            return self.timelines[name]
        except KeyError:
            raise UnknownNameError(
                f"{self.source} has no timeline {name!r}{did_you_mean(name, self.timelines)} "
                f"It has: {', '.join(self.timelines) or 'none'}"
            ) from None

    def equals(self, other: object) -> bool:
        """Tell whether ``other`` says the same of the same input."""
        if not isinstance(other, Analysis) or self.timelines.keys() != other.timelines.keys():
            return False
        return (
            self.source == other.source
            and dict(self.facts) == dict(other.facts)
            and self.cards == other.cards
            and self.warnings == other.warnings
            and all(self.timelines[n].equals(other.timelines[n]) for n in self.timelines)
        )

    def rows(self) -> list[dict[str, Any]]:
        """Return one flat record a row of each timeline, with its name under ``timeline``."""
        return [
            {"timeline": name, **row}
            for name, timeline in self.timelines.items()
            for row in timeline.rows(file=self.source)
        ]

    def to_dict(self) -> dict[str, Any]:
        """Return the versioned JSON form."""
        return {
            "format": FORMAT,
            "source": self.source,
            "facts": dict(self.facts),
            "timelines": {name: line.to_dict() for name, line in self.timelines.items()},
            "cards": [card.to_dict() for card in self.cards],
            "warnings": list(self.warnings),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Analysis:
        """Build an analysis from its JSON form; raises :class:`InvalidValueError`."""
        if not isinstance(data, Mapping):
            raise InvalidValueError(f"analysis is a {type(data).__name__}; expected an object")
        if data.get("format") != FORMAT:
            raise InvalidValueError(
                f"analysis format is {data.get('format')!r}; this version reads {FORMAT!r}"
            )
        try:
            return cls(
                source=data["source"],
                facts=data["facts"],
                timelines={
                    name: Timeline.from_dict(line) for name, line in data["timelines"].items()
                },
                cards=tuple(Card.from_dict(card) for card in data["cards"]),
                warnings=tuple(data["warnings"]),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise InvalidValueError(
                f"analysis: key or value missing or of a wrong type: {error}"
            ) from error
