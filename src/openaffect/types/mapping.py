"""Translation between schemes: explicit, cited, and open about what it drops."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .errors import InvalidValueError
from .scheme import Kind, Scheme
from .timeline import Timeline


@dataclass(frozen=True, slots=True, eq=False)
class Mapped:
    """A translated timeline and the share of each row that had no place in the target.

    dropped: (N,) float32. For categories the probability mass lost before rescaling to 1 (a row
    that lost everything becomes uniform, with dropped = 1); for multilabel the highest dropped
    score.
    """

    timeline: Timeline
    dropped: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SchemeMapping:
    """Labels of ``source`` that stand for each label of ``target``.

    ``groups`` maps a target label to the source labels that mean it; target labels without a group
    get zero. ``citation`` says who grouped them so.
    """

    source: Scheme
    target: Scheme
    groups: Mapping[str, tuple[str, ...]]
    citation: str

    def __post_init__(self) -> None:
        if Kind.DIMENSIONS in (self.source.kind, self.target.kind):
            raise InvalidValueError("dimensions cannot be grouped; map categories or multilabel")
        for label, members in self.groups.items():
            self.target.index(label)
            for member in members:
                self.source.index(member)
        used = [member for members in self.groups.values() for member in members]
        if len(set(used)) != len(used):
            raise InvalidValueError(
                f"mapping {self.source.name} -> {self.target.name} uses a source label twice"
            )

    @property
    def drops(self) -> tuple[str, ...]:
        """Source labels that have no place in the target."""
        used = {member for members in self.groups.values() for member in members}
        return tuple(label for label in self.source.labels if label not in used)

    def apply(self, timeline: Timeline) -> Mapped:
        """Translate every row.

        Categories add up within a group and are rescaled to 1. Independent labels give the
        probability that at least one of the group holds, 1 - (1 - p1)(1 - p2)..., as GoEmotions'
        own groupings label a text (any member set sets the group): the noisy or of J. Pearl,
        "Probabilistic Reasoning in Intelligent Systems", 1988, section 4.3.2.

        Raises :class:`InvalidValueError` when the timeline is of another scheme.
        """
        if timeline.scheme != self.source:
            raise InvalidValueError(
                f"mapping reads {self.source.name!r}; the timeline is {timeline.scheme.name!r}"
            )
        scores = np.zeros((len(timeline), len(self.target)), np.float32)
        additive = self.target.kind is Kind.CATEGORIES
        for label, members in self.groups.items():
            columns = [self.source.index(member) for member in members]
            block = timeline.scores[:, columns]
            scores[:, self.target.index(label)] = block.sum(1) if additive else _any(block)
        lost = timeline.scores[:, [self.source.index(label) for label in self.drops]]
        if additive:
            total = scores.sum(axis=1, keepdims=True)
            uniform = np.full_like(scores, 1 / len(self.target))
            scores = np.where(total > 1e-6, scores / np.maximum(total, 1e-6), uniform)
            dropped = 1 - total[:, 0]
        else:
            dropped = lost.max(axis=1, initial=0.0)
        mapped = Timeline(
            scheme=self.target,
            scores=scores,
            span=timeline.span,
            unit=timeline.unit,
            extra=timeline.extra,
            coverage=timeline.coverage,
            model=timeline.model,
        )
        return Mapped(mapped, np.clip(dropped, 0, 1).astype(np.float32))


def _any(probabilities: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the (N,) chance that any of (N, M) independent events happens; one alone stays."""
    if probabilities.shape[1] == 1:
        return probabilities[:, 0]
    none = np.prod(1 - probabilities.astype(np.float64), axis=1)
    return np.asarray(1 - none, dtype=np.float32)
