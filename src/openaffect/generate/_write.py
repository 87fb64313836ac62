"""The loop that writes: one or several texts side by side, token by token."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.types import InvalidValueError, LanguageModel, Scores

from ._request import TextRequest
from ._sampling import draw
from ._steering import Steering

_TRIES = 32
_STOPS = ("\n\n", "\n#", "\nQ:", "\n-")


@dataclass(slots=True)
class Draft:
    """One text on its way: ids so far, its text, and whether it has ended."""

    ids: list[int] = field(default_factory=list)
    text: str = ""
    ended: bool = False


def write(steering: Steering, request: TextRequest) -> Iterator[list[Draft]]:
    """Yield the drafts after each step, ``request.candidates`` of them, the same objects each time.

    The seed fixes every draw; a row's draws do not depend on how many rows there are.

    Raises :class:`InvalidValueError` when prompt and text together are longer than the model reads.
    """
    model = steering.model
    begin = opening(steering, request)
    if len(begin) + request.length > model.longest:
        raise InvalidValueError(
            f"the prompt has {len(begin)} tokens and {request.length} are to follow; "
            f"{model.card.name} reads {model.longest} at most: shorten the prompt"
        )
    drafts = [Draft() for _ in range(request.candidates)]
    draws = [np.random.default_rng([request.seed, row]) for row in range(len(drafts))]
    banned = _pattern(request.banned)
    scores = _read(steering, request, np.array([begin]), None, 0.0, repeat=len(drafts))
    for step in range(request.length):
        target = request.target(step / request.length)
        logits = scores.logits
        if request.intensity > 0:
            texts = [draft.ids for draft in drafts]
            logits = steering.adjusted(logits, texts, target, request.intensity)
        following = np.zeros((len(drafts), 1), np.int64)
        for row, draft in enumerate(drafts):
            following[row] = _next(model, draft, logits[row], draws[row], request, banned)
        yield drafts
        if step + 1 == request.length or all(draft.ended for draft in drafts):
            return
        scores = _read(steering, request, following, scores.state, (step + 1) / request.length)


def _read(
    steering: Steering,
    request: TextRequest,
    ids: NDArray[np.int64],
    state: Any,
    share: float,
    *,
    repeat: int = 1,
) -> Scores:
    """Read as the way of steering does, or as the model alone does at no intensity."""
    if request.intensity == 0:
        return steering.model.read(ids, state, repeat=repeat)
    target = request.target(share)
    return steering.read(ids, state, target, request.intensity, repeat=repeat)


def opening(steering: Steering, request: TextRequest) -> list[int]:
    """Return the ids that the model reads first: a conversation, if any, then the beginning."""
    if request.messages:
        return steering.model.chat(request.messages) + steering.model.encode(request.prompt)
    manner = request.style.manner()
    return steering.model.encode(manner + steering.lead(request) + request.prompt.strip())


def _next(
    model: LanguageModel,
    draft: Draft,
    logits: NDArray[np.float32],
    generator: np.random.Generator,
    request: TextRequest,
    banned: re.Pattern[str] | None,
) -> int:
    """Draw a draft's next token and take it in; an ended draft stays as it is.

    A token that would complete a banned word is drawn again, among the others.
    """
    end = next(iter(model.ends))
    if draft.ended:
        return end
    for _ in range(_TRIES):
        token = draw(logits, draft.ids, generator, temperature=request.temperature, top=request.top)
        if token in model.ends:
            break
        text = model.decode([*draft.ids, token])
        if banned is None or not banned.search(text):
            draft.ids.append(token)
            _take(draft, text)
            return token
        logits = logits.copy()
        logits[token] = -np.inf
    draft.ended = True
    return end


def _take(draft: Draft, text: str) -> None:
    draft.text = text
    for stop in _STOPS:
        before, found, _ = draft.text.partition(stop)
        if found:
            draft.text, draft.ended = before, True


def _pattern(words: Sequence[str]) -> re.Pattern[str] | None:
    """Return what finds any of the words, whole and in any case."""
    if not words:
        return None
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b", re.IGNORECASE)
