"""Stock phrases of steered texts, counted, so that the default way of steering keeps from them.

The default way, without a table, goes on from all openings but those held back, for each emotion,
at full intensity. A run of up to four tokens is worn by the natural log of how much oftener texts
of an emotion have it than is its due: a share of texts that surprises nobody, or, for one or two
tokens, what texts of the other emotions have.

Protocol: texts on from the openings held back, without and with the table; what a text shares with
those of its emotion from other openings is the mean, over its runs of three words, of the share
of openings that have the run too. Baseline in the same run: the way without the table.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.generate._emotion import EMOTIONS
from openaffect.generate._felt import shares
from openaffect.generate._phrases import NAMES
from openaffect.generate._request import TextRequest
from openaffect.generate._stock import LONGEST, StockPhrases
from openaffect.generate._write import write
from openaffect.generate.text_guided import ADAPTER, Guided
from openaffect.metrics.text_diversity import n_grams
from openaffect.pipeline.generate_text import text_loader
from openaffect.types import LanguageModel

from ..classical import save_arrays
from ..context import Context, save_json
from ..scores import compared
from . import _lora
from ._openings import openings
from ._steering_card import save_steering_card
from ._varied import shared_runs

NAME = "text-phrases"
HELP = "stock phrases that steered texts are kept from, counted in texts of the default way"
HELD = 14
"""One opening in so many is held back."""
TEXTS = 2
"""Texts an opening and emotion."""
DUE = 0.015
"""The share of an emotion's texts that may have a run."""
LEAST = 0.4
"""Nats below which a run is not worn."""
Text = tuple[str, int, str]
"""Its opening, the number of its emotion, and what was written."""
Run = tuple[int, tuple[int, ...]]
"""The number of an emotion, and up to four tokens."""


def run(context: Context) -> Path:
    """Write, count, measure on the openings held back, write the card."""
    found = _lora.base(context)
    way = steering(found.model)
    known = openings()
    texts = written(
        context, way, [name for place, name in enumerate(known) if place % HELD], "texts"
    )
    before = written(context, way, known[::HELD], "held-before")
    path = context.out / f"{NAME}.npz"
    arrays = save_arrays(path, as_arrays(counted(found.model, texts)), half=("worn",))
    way.stock = StockPhrases(arrays, found.model.vocabulary)
    after = written(context, way, known[::HELD], "held-after")
    return save_steering_card(
        context,
        path,
        name=NAME,
        task="text.phrases",
        facts={"language_model": _lora.BASE},
        paper="Li et al., 2016, A diversity-promoting objective function for neural conversation "
        "models, NAACL",
        scores=score_rows(way, before, after),
        limits=(
            "English; runs of one language model's tokens, as the default way of steering writes",
            "What is kept from makes way for other wording, which may be odder",
        ),
        material=("texts of the default way of steering, counted",),
    )


def steering(model: LanguageModel) -> Guided:
    """Return the default way with all that it takes but stock phrases."""
    loader = text_loader(threads=1)
    way = Guided(model, loader.weights(Guided.card))
    way.take(loader.weights(ADAPTER))
    way.adviser = loader.load(Guided.advice)
    return way


def written(context: Context, way: Guided, known: Sequence[str], name: str) -> list[Text]:
    """Return what is written on from each opening for each emotion at full intensity.

    Kept as ``NAME.json`` of the run's folder while it grows, which a resumed run goes on with.
    """
    kept = context.out / f"{name}.json"
    made: list[Text] = []
    if context.resume and kept.is_file():
        made = [tuple(row) for row in json.loads(kept.read_text(encoding="utf-8"))["texts"]]
    done = {text[0] for text in made}
    for number, opening in enumerate(known):
        if opening in done:
            continue
        for place, emotion in enumerate(EMOTIONS):
            request = TextRequest(
                prompt=opening, emotion=emotion, intensity=1.0, candidates=TEXTS,
                seed=context.seed, banned=NAMES,
            )  # fmt: skip
            *_, drafts = write(way, request)
            made += [(opening, place, draft.text.strip()) for draft in drafts]
        save_json(kept, {"texts": made})
        context.progress(f"writing {name}", number + 1, len(known))
    return made


def counted(model: LanguageModel, texts: Sequence[Text]) -> dict[Run, float]:
    """Return how worn each run is, in nats, where it is."""
    counts: Counter[Run] = Counter()
    for _, place, text in texts:
        ids = model.encode(f" {text}")
        for length in range(1, LONGEST + 1):
            counts.update({(place, run) for run in n_grams(ids, length)})
    number = Counter(place for _, place, _ in texts)
    found = {}
    for (place, run), count in counts.items():
        others = [counts[other, run] / number[other] for other in number if other != place]
        due = max(DUE, float(np.mean(others or [0])) if len(run) <= 2 else 0.0)
        worn = float(np.log(count / number[place] / due))
        if worn >= LEAST:
            found[place, run] = worn
    return found


def as_arrays(table: Mapping[Run, float]) -> dict[str, NDArray[Any]]:
    """Return the table as :class:`StockPhrases` reads it, the runs in order."""
    keys = sorted(table)
    runs = [[-1] * (LONGEST - len(run)) + list(run) for _, run in keys]
    return {
        "runs": np.array(runs, np.int32).reshape(-1, LONGEST),
        "emotions": np.array([place for place, _ in keys], np.uint8),
        "worn": np.array([table[key] for key in keys], np.float64),
    }


def score_rows(way: Guided, before: Sequence[Text], after: Sequence[Text]) -> list[dict[str, Any]]:
    """Return the score rows: what texts share, and how much of the emotion is in them."""
    assert way.adviser is not None
    places = np.array([place for _, place, _ in after])
    groups = np.array([opening for opening, _, _ in after])
    felt = [
        shares(way.adviser([text for _, _, text in side]))[np.arange(len(side)), places]
        for side in (after, before)
    ]
    measured = (
        (
            "share of other openings with the same run of three words",
            [np.array(shared_runs(side)) for side in (after, before)],
        ),
        ("share of the emotion by text-emotion, which steers", felt),
    )
    return [
        compared(
            lambda _, values: float(values.mean()), places, *values,
            data=f"{len(after)} texts on from {len(set(groups))} sentences that were held back",
            name=name, baseline="the same way with stock phrases", groups=groups,
        )
        for name, values in measured
    ]  # fmt: skip
