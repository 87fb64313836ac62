"""Do our recognisers' probabilities mean what they say, and what does abstaining gain?

Every card that gives probabilities is asked about the judged rows of the protocols in its own
labels. One whose weights learnt those rows cannot be judged on them: its training run leaves the
answers of its nested cross-validation as ``NAME.PROTOCOL.nested.npz``, and those count instead.

Top label: the best label, its probability as confidence, right when it is the true one (for label
sets: one of the true ones). A recalibration is fitted on one half of the rows and measured on the
other, both ways; groups (speakers) stay on one side. Its form is chosen within the fitting half.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.metrics.bootstrap import bootstrap_interval
from openaffect.metrics.calibration import calibration_gap, reliability, risk_coverage
from openaffect.metrics.recalibration import FORMS, chosen_form, crossfitted, fitted
from openaffect.models import cards
from openaffect.models.loading import Loader
from openaffect.models.registry import Registry
from openaffect.models.store import Store
from openaffect.types import (
    Card,
    InvalidValueError,
    Kind,
    OpenAffectError,
    Progress,
    no_progress,
)

from . import _cards
from ._material import Material
from .judging import judge, one_thread
from .protocols import Protocol, chosen
from .scoring import Figure

BINS = 15
COVERAGES = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
_PARTS = 2
_HIDDEN = 1e-7
_DRAWS = 200

Table = NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Answered:
    """What a card said of N judged rows.

    scores: (N, K) probabilities. truth: (N,) columns, or (N, K) 0/1 for label sets. groups: (N,) or
    None. origin: ``measured``, or ``nested``.
    """

    card: Card
    protocol: Protocol
    scores: Table
    truth: Table
    groups: Table | None
    origin: str

    @property
    def sets(self) -> bool:
        """Whether an item may have several labels."""
        return self.truth.ndim == 2


@dataclass(frozen=True, slots=True)
class Judged:
    """How well probabilities are calibrated.

    error: top-label expected calibration error over 15 bins of equal count. brier, loss: mean
    squared distance and log loss over all labels.
    """

    error: Figure
    brier: float
    loss: float


@dataclass(frozen=True, slots=True)
class Row:
    """One card on one protocol.

    raw: without the temperature that the card states, where it does. shipped: as the card answers.
    after: moved by the form named in ``form`` (the two halves' choices), cross-fitted. forms: the
    error of every form. floor: the mean error that honest probabilities of these very confidences
    have, for so few rows in a bin are right more or less often by chance. floor_high: what 95 of
    100 such errors stay under. area: under the risk-coverage curve. risks: error rate by coverage.
    """

    model: str
    protocol: str
    origin: str
    rows: int
    right: float
    shipped: Judged
    after: Judged
    form: str
    forms: Mapping[str, float]
    area: Figure
    risks: Mapping[str, float]
    weights_sha256: str
    floor: float
    floor_high: float
    raw: Judged | None = None
    curve: Table = field(default_factory=lambda: np.zeros(0), repr=False, compare=False)

    def to_dict(self) -> dict[str, Any]:
        """Return JSON values, without the curve."""
        data = {name: value for name, value in asdict(self).items() if name != "curve"}
        return {**data, "forms": dict(self.forms), "risks": dict(self.risks)}


def judge_all(
    root: str | Path | None,
    *,
    names: Sequence[str] = (),
    protocols: Sequence[str] = (),
    nested: Path | None = None,
    seed: int = 0,
    limit: int | None = None,
    resamples: int = 500,
    progress: Progress = no_progress,
    missing: Callable[[str], None] = lambda sentence: None,
) -> Iterator[Row]:
    """Yield a row for every card and protocol in the card's own labels.

    ``missing`` is told in a sentence what could not be judged: no data, no nested answers.
    """
    for protocol in chosen(tuple(protocols)):
        asked = [
            card
            for card in cards().values()
            if fits(card, protocol) and (not names or card.name in names)
        ]
        material: Material | None = None
        for card in asked:
            try:
                if _cards.seen_by(card, protocol) == "judged rows":
                    answered = read_nested(card, protocol, nested)
                else:
                    material = material or _material(protocol, root, limit, seed)
                    answered = ask(card, protocol, material, seed, progress)
            except OpenAffectError as error:
                missing(f"{card.name} on {protocol.name}: {error}")
                continue
            yield judged(answered, resamples=resamples, seed=seed)


def fits(card: Card, protocol: Protocol) -> bool:
    """Tell whether the card gives probabilities of the protocol's labels and learnt its corpus."""
    return (
        _cards.fits(card, protocol)
        and protocol.scheme.kind is not Kind.DIMENSIONS
        and protocol.stated
        and _cards.seen_by(card, protocol) != "nothing"
        and set(protocol.labels) <= set(card.labels)
    )


def ask(
    card: Card, protocol: Protocol, material: Material, seed: int, progress: Progress
) -> Answered:
    """Let the card answer every judged row."""
    loader = Loader(Registry({"recognize": "openaffect.recognize"}), Store(), threads=1)
    contestant = _cards.CardContestant(card, protocol, protocol.task(seed), loader)
    with one_thread():
        answer, _ = judge(contestant, material, progress, card.name)
    if answer.scores is None:
        raise InvalidValueError("it gives no probabilities")
    groups = None if material.groups is None else material.groups[material.test]
    truth = material.truth[material.test]
    return Answered(card, protocol, answer.scores, truth, groups, "measured")


def read_nested(card: Card, protocol: Protocol, folder: Path | None) -> Answered:
    """Read the answers of a card's nested cross-validation from its training run's folder."""
    if folder is None:
        raise InvalidValueError(
            "its weights learnt the judged rows; give --nested the folder of its training run"
        )
    path = folder / f"{card.name}.{protocol.name}.nested.npz"
    if not path.is_file():
        raise InvalidValueError(
            f"its weights learnt the judged rows and {path} is not there; `openaffect train "
            f"{card.name}` leaves it"
        )
    with np.load(path, allow_pickle=False) as held:
        return Answered(card, protocol, held["scores"], held["truth"], held["groups"], "nested")


def judged(answered: Answered, *, resamples: int = 500, seed: int = 0) -> Row:
    """Measure one card's answers."""
    scores = np.asarray(answered.scores, np.float64)
    confidence, right = top_label(scores, answered.truth)
    part = halves(answered, seed)
    moved, form = _recalibrated(answered, scores, part, seed)
    curve = risk_coverage(confidence, right)
    floor = chance_errors(confidence, seed)

    def measured(found: Table) -> Judged:
        return _judged(answered, found, resamples, seed)

    area = _figure(
        lambda rows: float(risk_coverage(confidence[rows], right[rows]).mean()),
        answered,
        resamples,
        seed,
    )
    kept = [max(1, round(share * len(curve))) for share in COVERAGES]
    raw = _raw(answered.card, scores)
    return Row(
        model=answered.card.name,
        protocol=answered.protocol.name,
        origin=answered.origin,
        rows=len(scores),
        right=round(float(right.mean()), 4),
        shipped=measured(scores),
        after=measured(moved),
        form=form,
        forms={
            name: round(_error(*top_label(_moved(name, answered, scores, part), answered.truth)), 4)
            for name in _forms(answered)
        },
        area=area,
        risks={
            f"{share:g}": round(float(curve[k - 1]), 4)
            for share, k in zip(COVERAGES, kept, strict=True)
        },
        weights_sha256=_cards.weights_digest(answered.card),
        floor=round(float(floor.mean()), 4),
        floor_high=round(float(np.quantile(floor, 0.95)), 4),
        raw=None if raw is None else measured(raw),
        curve=curve,
    )


def top_label(scores: Table, truth: Table) -> tuple[Table, Table]:
    """Return the (N,) probability of the best label and whether it is right."""
    best = scores.argmax(axis=1)
    rows = np.arange(len(scores))
    right = truth == best if truth.ndim == 1 else truth[rows, best] > 0
    return scores[rows, best], np.asarray(right, dtype=bool)


def chance_errors(confidence: Table, seed: int) -> Table:
    """Return errors, one a draw, where an item of confidence c is right with probability c."""
    generator = np.random.default_rng(seed)
    draws = generator.random((_DRAWS, len(confidence))) < confidence
    return np.array([_error(confidence, right) for right in draws])


def halves(answered: Answered, seed: int) -> NDArray[np.int64]:
    """Return the half (0 or 1) of each row, drawn at random; a group lies in one."""
    generator = np.random.default_rng(seed)
    count = len(answered.scores)
    if answered.groups is None:
        return generator.permutation(count) % _PARTS
    names, place = np.unique(answered.groups, return_inverse=True)
    return np.asarray((generator.permutation(len(names)) % _PARTS)[place])


def _recalibrated(answered: Answered, scores: Table, part: Table, seed: int) -> tuple[Table, str]:
    """Return the rows of each half, moved by what was chosen and fitted on the other."""
    moved, forms = np.empty_like(scores), []
    for name in np.unique(part):
        here = part == name
        inner = np.random.default_rng(seed + 1).permutation((~here).sum()) % _PARTS
        if answered.sets:
            form = _chosen_sets(scores[~here], answered.truth[~here], inner)
            moved[here] = _fit_sets(form, scores[~here], answered.truth[~here])(scores[here])
        else:
            form = chosen_form(scores[~here], answered.truth[~here], inner)
            moved[here] = (
                scores[here]
                if form == "none"
                else fitted(form, scores[~here], answered.truth[~here])(scores[here])
            )
        forms.append(form)
    return moved, ", ".join(dict.fromkeys(forms))


def _forms(answered: Answered) -> tuple[str, ...]:
    return ("temperature", "vector") if answered.sets else tuple(FORMS)


def _moved(form: str, answered: Answered, scores: Table, part: Table) -> Table:
    if not answered.sets:
        return crossfitted(form, scores, answered.truth, part)
    moved = np.empty_like(scores)
    for name in np.unique(part):
        here = part == name
        moved[here] = _fit_sets(form, scores[~here], answered.truth[~here])(scores[here])
    return moved


def _fit_sets(form: str, scores: Table, truth: Table) -> Callable[[Table], Table]:
    """Fit a form to independent labels: one slope for all, or a slope and a shift a label."""
    if form == "none":
        return lambda other: other
    if form == "temperature":
        one = fitted("temperature", _two(scores.ravel()), truth.ravel().astype(np.int64))
        return lambda other: one(_two(other.ravel()))[:, 1].reshape(other.shape)
    each = [
        fitted("vector", _two(column), wanted.astype(np.int64))
        if 0 < wanted.sum() < len(wanted)
        else None
        for column, wanted in zip(scores.T, truth.T, strict=True)
    ]
    return lambda other: np.stack(
        [
            column if move is None else move(_two(column))[:, 1]
            for move, column in zip(each, other.T, strict=True)
        ],
        axis=1,
    )


def _chosen_sets(scores: Table, truth: Table, part: Table) -> str:
    losses = {}
    for form in ("none", "temperature", "vector"):
        moved = np.empty_like(scores)
        for name in np.unique(part):
            here = part == name
            moved[here] = _fit_sets(form, scores[~here], truth[~here])(scores[here])
        losses[form] = _loss(moved, truth)
    return min(losses, key=losses.__getitem__)


def _two(column: Table) -> Table:
    held = np.clip(column, _HIDDEN, 1 - _HIDDEN)
    return np.stack([1 - held, held], axis=1)


def _raw(card: Card, scores: Table) -> Table | None:
    """Undo the temperature that the card's graph applies, where it states one."""
    temperature = card.calibration.get("temperature_in_graph")
    if temperature is None:
        return None
    logs = np.log(np.maximum(scores, _HIDDEN)) * float(temperature)
    powers = np.exp(logs - logs.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _judged(answered: Answered, scores: Table, resamples: int, seed: int) -> Judged:
    confidence, right = top_label(scores, answered.truth)
    error = _figure(lambda rows: _error(confidence[rows], right[rows]), answered, resamples, seed)
    wanted = answered.truth
    if not answered.sets:
        wanted = np.eye(scores.shape[1])[answered.truth]
    brier = float(((scores - wanted) ** 2).sum(axis=1).mean())
    return Judged(error, round(brier, 4), round(_loss(scores, answered.truth), 4))


def _loss(scores: Table, truth: Table) -> float:
    """Return the log loss, summed over labels where they are independent."""
    held = np.clip(scores, _HIDDEN, 1 - _HIDDEN)
    if truth.ndim == 1:
        return float(-np.log(held[np.arange(len(held)), truth]).mean())
    each = truth * np.log(held) + (1 - truth) * np.log(1 - held)
    return float(-each.sum(axis=1).mean())


def _error(confidence: Table, right: Table) -> float:
    return calibration_gap(reliability(confidence, right, bins=BINS))


def _figure(
    measure: Callable[[NDArray[np.int64]], float], answered: Answered, resamples: int, seed: int
) -> Figure:
    found = bootstrap_interval(
        measure, len(answered.scores), groups=answered.groups, resamples=resamples, seed=seed
    )
    return Figure(round(found.value, 4), round(found.low, 4), round(found.high, 4))


def _material(
    protocol: Protocol, root: str | Path | None, limit: int | None, seed: int
) -> Material:
    material = protocol.read(root)
    return material if limit is None else material.limited(limit, seed)
