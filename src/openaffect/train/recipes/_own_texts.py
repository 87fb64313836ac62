"""What an adapter writes on from openings, judged, and pairs of a better and a worse text of it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np

from openaffect.generate._emotion import EMOTIONS
from openaffect.generate._request import TextRequest
from openaffect.generate._write import write
from openaffect.generate.text_lora import Adapter as Adapting
from openaffect.pipeline.judge import Judge
from openaffect.types import Card, LanguageModel

from ..context import Context, save_json
from . import _lora
from ._openings import openings

CANDIDATES = 6
LENGTH = 26
MARGIN = 1.0
"""What the better text of a pair is worth more, at least."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written on from an opening: its feeling, text, chance of the feeling, surprise."""

    opening: str
    feeling: int
    text: str
    chance: float
    surprise: float
    variety: float

    @property
    def worth(self) -> float:
        """Natural log of the chance, less a nat a nat of surprise, and less what repeats itself."""
        return float(np.log(self.chance + 0.02) - self.surprise + 3 * np.log(self.variety + 0.01))


@dataclass(frozen=True, slots=True)
class Round:
    """Numbers of the openings that are gone on from, and the widths of the gates, in turn."""

    openings: tuple[int, ...]
    widths: tuple[float, ...]


def written(
    context: Context,
    found: _lora.Base,
    adapter: Path,
    part: Round,
    judge: Judge,
    name: str,
    candidates: int = CANDIDATES,
) -> list[Written]:
    """Return what the adapter writes on from each opening for each feeling, candidates in order.

    Kept as ``NAME.json`` of the run's folder, which a resumed run reads again.
    """
    kept = context.out / f"{name}.json"
    if context.resume and kept.is_file():
        rows = json.loads(kept.read_text(encoding="utf-8"))["texts"]
        return [Written(*row) for row in rows]
    way = Adapting(found.model, _Given(adapter))  # type: ignore[arg-type]
    known = openings()
    made = []
    for number, place in enumerate(part.openings):
        for feeling, emotion in enumerate(EMOTIONS):
            way.widest = part.widths[(number + feeling) % len(part.widths)]
            request = TextRequest(
                prompt=known[place],
                emotion=emotion,
                intensity=1.0,
                length=LENGTH,
                candidates=candidates,
                seed=context.seed + number,
            )
            *_, drafts = write(way, request)
            texts = [draft.text.strip() for draft in drafts if draft.text.strip()]
            chances = judge(texts)[:, feeling] if texts else ()
            for text, chance in zip(texts, chances, strict=True):
                surprise = _surprise(found.model, known[place], text)
                made.append(
                    Written(known[place], feeling, text, float(chance), surprise, variety(text))
                )
        context.progress("writing", number + 1, len(part.openings))
    fields = ("opening", "feeling", "text", "chance", "surprise", "variety")
    save_json(kept, {"texts": [[getattr(item, key) for key in fields] for item in made]})
    return made


def pairs(texts: Sequence[Written]) -> list[tuple[Written, Written]]:
    """Return the best and the worst of each opening and feeling, where they are far apart."""
    groups: dict[tuple[str, int], list[Written]] = {}
    for item in texts:
        groups.setdefault((item.opening, item.feeling), []).append(item)
    found = []
    for group in groups.values():
        ranked = sorted(group, key=lambda item: item.worth)
        if ranked[-1].worth - ranked[0].worth >= MARGIN and ranked[-1].chance > 0.2:
            found.append((ranked[-1], ranked[0]))
    return found


def variety(text: str) -> float:
    """Return the share of pairs of neighbouring words that are no repeats, 1 below three words."""
    words = text.casefold().split()
    couples = list(itertools.pairwise(words))
    return len(set(couples)) / len(couples) if couples else 1.0


def _surprise(model: LanguageModel, opening: str, text: str) -> float:
    """Return the nats a token by which a text surprises the untouched model behind its opening."""
    values = model.log_probabilities(f"{opening} {text}")
    return float(-values[len(model.encode(opening)) :].mean())


def text_judge() -> Judge:
    from openaffect import load

    return Judge(cast(Any, load("text.emotion")))


class _Given:
    """An adapter's file as weights."""

    def __init__(self, path: Path) -> None:
        self.card = Card(
            path.stem, "text.adapter", "text", licence="Apache-2.0",
            preprocessing={"base": _lora.BASE},
        )  # fmt: skip
        self._path = path

    def path(self, role: str) -> str:
        """Return the file."""
        return str(self._path)
