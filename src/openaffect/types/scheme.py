"""Vocabularies of emotion: what the columns of a score table mean."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .errors import InvalidValueError, UnknownNameError, did_you_mean


class Kind(StrEnum):
    """How the columns of a scheme relate to each other."""

    CATEGORIES = "categories"
    """Mutually exclusive; a row is a probability distribution and sums to 1."""
    MULTILABEL = "multilabel"
    """Independent probabilities, each in [0, 1]."""
    DIMENSIONS = "dimensions"
    """Continuous quantities between ``low`` and ``high`` (either may be absent)."""
    INTENSITIES = "intensities"
    """Non-negative strengths between ``low`` and ``high``."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """A named, ordered set of labels with the range of their values.

    ``low`` and ``high`` bound every column; ``None`` leaves that side open. ``units`` names the
    physical unit of each column (same order as ``labels``), empty where there is none.
    """

    name: str
    labels: tuple[str, ...]
    kind: Kind
    low: float | None = 0.0
    high: float | None = 1.0
    units: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "labels", tuple(self.labels))
        object.__setattr__(self, "units", tuple(self.units))
        try:
            object.__setattr__(self, "kind", Kind(self.kind))
        except ValueError:
            raise InvalidValueError(
                f"scheme {self.name!r}: kind {self.kind!r} is none of {[*map(str, Kind)]}"
            ) from None
        if not self.name:
            raise InvalidValueError("a scheme needs a name; got an empty one")
        if not self.labels:
            raise InvalidValueError(f"scheme {self.name!r} has no labels; give at least one")
        if len(set(self.labels)) != len(self.labels):
            raise InvalidValueError(f"scheme {self.name!r} repeats a label: {self.labels}")
        if self.units and len(self.units) != len(self.labels):
            raise InvalidValueError(
                f"scheme {self.name!r} has {len(self.labels)} labels and {len(self.units)} units; "
                "give one unit a label, or none at all"
            )
        if self.low is not None and self.high is not None and not self.low < self.high:
            raise InvalidValueError(
                f"scheme {self.name!r} needs low < high; got low={self.low}, high={self.high}"
            )

    def index(self, label: str) -> int:
        """Return the column of ``label``.

        Raises :class:`UnknownNameError` naming the nearest label when there is none.
        """
        try:
            return self.labels.index(label)
        except ValueError:
            raise UnknownNameError(
                f"scheme {self.name!r} has no label {label!r}{did_you_mean(label, self.labels)} "
                f"Labels: {', '.join(self.labels)}"
            ) from None

    def __len__(self) -> int:
        return len(self.labels)

    def to_dict(self) -> dict[str, object]:
        """Return the JSON form."""
        return {
            "name": self.name,
            "labels": list(self.labels),
            "kind": str(self.kind),
            "low": self.low,
            "high": self.high,
            "units": list(self.units),
        }

    @classmethod
    def from_dict(cls, data: dict[str, object]) -> Scheme:
        """Build a scheme from its JSON form; unknown and missing keys are refused."""
        known = {"name", "labels", "kind", "low", "high", "units"}
        if extra := set(data) - known:
            raise InvalidValueError(f"scheme: unknown keys {sorted(extra)}; known: {sorted(known)}")
        try:
            return cls(**data)  # type: ignore[arg-type]
        except TypeError as error:
            raise InvalidValueError(f"scheme {data.get('name')!r}: {error}") from error
