"""Runs entrants over protocols: quality with intervals, speed on one thread, a row for each."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from openaffect.models import cards
from openaffect.models.loading import Loader
from openaffect.models.registry import Registry
from openaffect.models.store import Store
from openaffect.types import (
    Card,
    OpenAffectError,
    Progress,
    UnknownNameError,
    did_you_mean,
    no_progress,
)

from . import _cards, _facts, baselines, peers, scoring
from ._entrant import Answer, Contestant, Entrant
from ._material import Material
from .judging import judge, one_thread
from .protocols import PROTOCOLS, Protocol, chosen
from .results import Results, key_of


@dataclass(frozen=True, slots=True)
class Settings:
    """seed: of every random draw. limit: judged rows at most, for a trial; None for all.

    resamples: of the bootstrap behind the intervals.
    """

    seed: int = 0
    limit: int | None = None
    resamples: int = 1000


@dataclass(frozen=True, slots=True)
class Skipped:
    """What was not run, and why."""

    protocol: str
    model: str
    why: str


def entrants() -> tuple[Entrant, ...]:
    """Return the baselines and peers, found by listing their folders."""
    found = []
    for package in (baselines, peers):
        for item in pkgutil.iter_modules(package.__path__):
            found.append(importlib.import_module(f"{package.__name__}.{item.name}").ENTRANT)
    return tuple(found)


def models() -> tuple[str, ...]:
    """Return the names that may be run: cards that some protocol can ask, baselines, peers."""
    ours = [
        name
        for name, card in cards().items()
        if any(_cards.fits(card, protocol) for protocol in PROTOCOLS)
    ]
    return (*ours, *(entrant.name for entrant in entrants()))


def run(
    root: str | Path | None,
    out: str | Path,
    *,
    protocols: Sequence[str] = (),
    names: Sequence[str] = (),
    settings: Settings | None = None,
    progress: Progress = no_progress,
    tell: Callable[[dict[str, Any]], None] | None = None,
) -> list[Skipped]:
    """Run models over protocols and add a row for each to the folder ``out``; return what was not.

    A row that is already there (same protocol, model, seed, limit, data and weights) is not run
    again. A protocol whose data is absent, and a model that cannot be loaded, are skipped with the
    reason. Raises :class:`UnknownNameError` for a protocol or model that does not exist.
    """
    given = settings or Settings()
    for name in names:
        if name not in models():
            raise UnknownNameError(
                f"no model of the benchmark is called {name!r}{did_you_mean(name, models())} "
                f"Models: {', '.join(models())}"
            )
    results = Results(out)
    skipped: list[Skipped] = []
    plan = chosen(tuple(protocols))
    for number, protocol in enumerate(plan):
        progress("protocols", number, len(plan))
        asked = _asked(protocol, names)
        if not asked:
            continue
        try:
            material = protocol.read(root)
        except OpenAffectError as error:
            skipped.append(Skipped(protocol.name, "", str(error)))
            continue
        if given.limit is not None:
            material = material.limited(given.limit, given.seed)
        course = _Course(protocol, material, given, results, progress, tell)
        for model in asked:
            try:
                course.take(model)
            except OpenAffectError as error:
                skipped.append(Skipped(protocol.name, model.name, str(error)))
    return skipped


def _asked(protocol: Protocol, names: Sequence[str]) -> list[Card | Entrant]:
    found: list[Card | Entrant] = []
    found += [card for card in cards().values() if _cards.fits(card, protocol)]
    found += [item for item in entrants() if item.fits(protocol.modality, protocol.task())]
    return [item for item in found if not names or item.name in names]


class _Course:
    """One protocol's rows, over which the models go one after another."""

    def __init__(
        self,
        protocol: Protocol,
        material: Material,
        settings: Settings,
        results: Results,
        progress: Progress,
        tell: Callable[[dict[str, Any]], None] | None,
    ) -> None:
        self._protocol, self._material, self._settings = protocol, material, settings
        self._results, self._progress, self._tell = results, progress, tell
        self._task = protocol.task(settings.seed)
        self._finished = results.finished()

    def take(self, model: Card | Entrant) -> None:
        """Judge one model, unless its row is there."""
        seen = _cards.seen_by(model, self._protocol) if isinstance(model, Card) else "nothing"
        if isinstance(model, Card) and seen == "judged rows":
            self._add(self._stated(model))
            return
        contestant = self._start(model)
        row = self._row(model, contestant.weights)
        if key_of(row) in self._finished:
            return
        with one_thread():
            answer, speed = judge(contestant, self._material, self._progress, model.name)
        row |= {
            "origin": "measured",
            "seen": seen,
            "note": contestant.note,
            **self._figures(answer),
            "speed": speed,
        }
        self._results.keep_answer(row, self._material, answer)
        self._add(row)

    def _start(self, model: Card | Entrant) -> Contestant:
        if isinstance(model, Entrant):
            return model.start(self._task)
        loader = Loader(Registry({"recognize": "openaffect.recognize"}), Store(), threads=1)
        return _cards.CardContestant(model, self._protocol, self._task, loader)

    def _row(self, model: Card | Entrant, weights: str) -> dict[str, Any]:
        if isinstance(model, Card):
            who = {
                "title": model.name,
                "sort": "ours",
                "source": model.licence,
                "limits": list(model.limits),
            }
        else:
            who = {"title": model.title, "sort": model.sort, "source": model.source}
        return {
            "protocol": self._protocol.name,
            "dataset": self._protocol.dataset,
            "model": model.name,
            **who,
            "seed": self._settings.seed,
            "limit": self._settings.limit,
            "rows": len(self._material.test),
            "rule": self._protocol.rows,
            "data_sha256": self._material.digest,
            "weights_sha256": weights,
            "versions": _facts.versions(),
            "machine": _facts.machine(),
            "date": _facts.today(),
        }

    def _figures(self, answer: Answer) -> dict[str, Any]:
        material, task = self._material, self._task
        truth = material.truth[material.test]
        groups = None if material.groups is None else material.groups[material.test]
        measures = {
            name: asdict(
                scoring.figure(
                    name,
                    task,
                    truth,
                    answer.decided,
                    groups=groups,
                    resamples=self._settings.resamples,
                )
            )
            for name in self._protocol.measures
        }
        if error := scoring.calibration(task, truth, answer):
            measures["expected calibration error"] = asdict(error)
        return {
            "measures": measures,
            "interval": f"95 % percentile bootstrap over {material.grouped_by or 'items'}, "
            f"{self._settings.resamples} resamples",
            "confusion": scoring.confusion(task, truth, answer.decided),
        }

    def _stated(self, card: Card) -> dict[str, Any]:
        """Return the row of a card that learnt the judged rows: what its own card says instead."""
        stated = _cards.stated_scores(card, self._protocol)
        if not stated:
            raise UnknownNameError(
                f"{card.name} was trained on the judged rows, and its card states no nested score "
                f"for {self._protocol.corpus}"
            )
        return {
            **self._row(card, _cards.weights_digest(card)),
            "origin": "nested, from the card",
            "seen": "judged rows",
            "note": "the shipped weights learnt every judged row, so this is the card's own score "
            f"in nested cross-validation, not a measurement of this run: {stated[0].data}",
            "measures": {
                item.measure: asdict(scoring.Figure(item.value, item.low, item.high))
                for item in stated
            },
            "interval": "as the card states it, over items",
            "confusion": {},
            "speed": {},
        }

    def _add(self, row: dict[str, Any]) -> None:
        if key_of(row) not in self._finished:
            self._results.add(row)
            if self._tell:
                self._tell(row)
