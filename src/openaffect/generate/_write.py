"""The loop that writes: one or several texts side by side, token by token."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from openaffect.types import InvalidValueError, LanguageModel

from ._request import TextRequest
from ._sampling import draw
from ._steering import Steering

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
    forbidden = _first_ids(model, request.banned)
    scores = model.read(np.array([begin]), repeat=len(drafts))
    for step in range(request.length):
        target = request.target(step / request.length)
        logits = scores.logits
        if request.intensity > 0:
            texts = [draft.ids for draft in drafts]
            logits = steering.adjusted(logits, texts, target, request.intensity)
        logits = logits.copy()
        logits[:, forbidden] = -np.inf
        following = np.zeros((len(drafts), 1), np.int64)
        for row, draft in enumerate(drafts):
            following[row] = _next(model, draft, logits[row], draws[row], request)
        yield drafts
        if all(draft.ended for draft in drafts):
            return
        push = steering.push(target, request.intensity) if request.intensity > 0 else None
        scores = model.read(following, scores.state, push=push)


def opening(steering: Steering, request: TextRequest) -> list[int]:
    """Return the ids that the model reads first.

    A text to go on with stands as it is, without a conversation around it; the other tasks are
    instructions.
    """
    messages = steering.messages(request)
    if request.task == "write":
        lead = "".join(f"{turn.content}\n\n" for turn in messages)
        return steering.model.encode(lead + request.prompt.strip())
    return steering.model.chat(messages)


def _next(
    model: LanguageModel,
    draft: Draft,
    logits: NDArray[np.float32],
    generator: np.random.Generator,
    request: TextRequest,
) -> int:
    """Draw a draft's next token and take it in; an ended draft stays as it is."""
    if draft.ended:
        return next(iter(model.ends))
    token = draw(logits, draft.ids, generator, temperature=request.temperature, top=request.top)
    if token in model.ends:
        draft.ended = True
        return token
    draft.ids.append(token)
    draft.text = model.decode(draft.ids)
    for stop in _STOPS:
        before, found, _ = draft.text.partition(stop)
        if found:
            draft.text, draft.ended = before, True
    return token


def _first_ids(model: LanguageModel, words: Sequence[str]) -> list[int]:
    """Return the first tokens of banned words, in the forms that begin a word."""
    forms = {form for word in words for form in (word, word.lower(), word.capitalize())}
    return sorted({ids[0] for form in forms if (ids := model.encode(f" {form}")) and len(ids) == 1})
