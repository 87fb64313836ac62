"""Ways of steering a language model asked for the same texts, kept cell by cell.

A cell is a prompt, an emotion and an intensity; its texts differ by the seed alone. What is written
is kept at once, so that an interrupted run goes on where it was.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from openaffect.generate._request import TextRequest
from openaffect.generate._steering import Steering
from openaffect.generate._write import write
from openaffect.types import OutputError, Progress, no_progress

from .text_generation_set import BANNED, EMOTIONS, INTENSITIES, PROMPTS

Chooser = Callable[[Sequence[str], TextRequest], str]
"""Picks one of several candidates, as the generator does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much is asked: seeds a cell, tokens a text, how many of the prompts and steps."""

    seeds: int = 8
    length: int = 40
    prompts: tuple[str, ...] = PROMPTS
    intensities: tuple[float, ...] = INTENSITIES

    def part(self, prompts: int, seeds: int) -> Plan:
        """Return the plan of the first prompts and seeds."""
        return replace(self, prompts=self.prompts[:prompts], seeds=min(seeds, self.seeds))


@dataclass(frozen=True, slots=True)
class Way:
    """A way of steering under the name of its row; the best of ``candidates`` is taken."""

    name: str
    steering: Steering
    candidates: int = 1
    choose: Chooser | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """The texts of one prompt, emotion and intensity, a seed each; unsteered where it is 0."""

    prompt: str
    emotion: str
    intensity: float
    texts: tuple[str, ...]

    def part(self, plan: Plan) -> Cell:
        """Return the cell with the texts of a plan's first seeds."""
        return replace(self, texts=self.texts[: plan.seeds])


@dataclass(frozen=True, slots=True)
class Speed:
    """One text after another on the threads of the model: tokens a second, first token in seconds,
    most memory of the process in bytes."""

    tokens_per_second: float
    first_token: float
    memory: int


def write_cells(
    way: Way, plan: Plan, folder: Path, progress: Progress = no_progress
) -> Iterator[Cell]:
    """Yield every cell of a way, read from ``folder`` where it was written before.

    At intensity 0 every way is the model itself, asked once a prompt.
    """
    path = folder / f"{way.name.replace(' ', '-')}.jsonl"
    known = _known(path)
    asked = list(_asked(plan))
    for number, (prompt, emotion, intensity) in enumerate(asked):
        request = TextRequest(
            prompt=prompt,
            emotion=emotion or "neutral",
            intensity=intensity,
            length=plan.length,
            candidates=plan.seeds * (way.candidates if intensity else 1),
            banned=BANNED,
        )
        key = _key(way, request)
        if key not in known:
            known[key] = _texts(way, request, plan.seeds)
            _keep(path, {"key": key, "way": way.name, **_said(request), "texts": known[key]})
        progress(way.name, number + 1, len(asked))
        yield Cell(prompt, emotion, intensity, tuple(known[key]))


def measure_speed(way: Way, plan: Plan, texts: int = 6) -> Speed:
    """Write some texts at full intensity, one after another, by the clock."""
    _timed(way, plan, plan.prompts[-1], EMOTIONS[-1])  # what loads at the first use is loaded
    spent, first, tokens = 0.0, [], 0
    for number in range(texts):
        prompt, emotion = plan.prompts[number % len(plan.prompts)], EMOTIONS[number % 6]
        begun, count, took = _timed(way, plan, prompt, emotion)
        spent, tokens = spent + took, tokens + count
        first.append(begun)
    return Speed(tokens / spent, float(np.median(first)), _most_memory())


def _asked(plan: Plan) -> Iterator[tuple[str, str, float]]:
    for prompt in plan.prompts:
        for intensity in plan.intensities:
            if intensity == 0:
                yield prompt, "", 0.0
            else:
                yield from ((prompt, emotion, intensity) for emotion in EMOTIONS)


def _texts(way: Way, request: TextRequest, seeds: int) -> list[str]:
    *_, drafts = write(way.steering, request)
    texts = [draft.text.strip() for draft in drafts]
    if len(texts) == seeds:
        return texts
    several = [texts[seed::seeds] for seed in range(seeds)]
    assert way.choose is not None
    return [way.choose(candidates, request) for candidates in several]


def _timed(way: Way, plan: Plan, prompt: str, emotion: str) -> tuple[float, int, float]:
    request = TextRequest(
        prompt=prompt, emotion=emotion, intensity=1.0, length=plan.length,
        candidates=way.candidates, banned=BANNED,
    )  # fmt: skip
    begun = time.perf_counter()
    steps = write(way.steering, request)
    drafts = next(steps)
    first = time.perf_counter() - begun
    for _ in steps:
        pass  # the same drafts at every step
    text = drafts[0].text
    if way.choose is not None:
        text = way.choose([draft.text for draft in drafts], request)
        first = time.perf_counter() - begun
    return first, len(way.steering.model.encode(text)), time.perf_counter() - begun


def _most_memory() -> int:
    try:
        import resource
    except ModuleNotFoundError:  # Windows
        return 0
    import sys

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _key(way: Way, request: TextRequest) -> str:
    """Return what stands for a cell: the request, the model, the method and its weights."""
    steered = bool(request.intensity)
    held = (way.steering.weights, *way.steering.taken) if steered else ()
    files = [file.sha256 for weights in held if weights for file in weights.card.files]
    said = {
        **request.to_dict(),
        "model": way.steering.model.card.name,
        "method": way.steering.name if steered else "",
        "weights": files,
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:24]


def _said(request: TextRequest) -> dict[str, Any]:
    return {
        "prompt": request.prompt,
        "emotion": request.emotion if request.intensity else "",
        "intensity": request.intensity,
    }


def _known(path: Path) -> dict[str, list[str]]:
    """Return what was written before; a line cut off by an interruption is left out."""
    if not path.exists():
        return {}
    found: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            row = json.loads(line)
        except ValueError:
            continue
        found[row["key"]] = row["texts"]
    return found


def _keep(path: Path, row: dict[str, Any]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error}") from error
