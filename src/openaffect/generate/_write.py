"""The loop that writes: one or several texts side by side, token by token."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from openaffect.types import InvalidValueError, Scores

from ._emotion import Target
from ._request import TextRequest
from ._sampling import draw, gumbel
from ._steering import Steering
from ._wording import Wording

_ATTEMPTS = 48
MARKS = (".", "!", "?", '."', "...")
HURRY = 3.0
"""The most that the end of a sentence gains where the text must close."""
EARLY = 2.0
"""What the end of the text loses in the first half of its length."""


@dataclass(slots=True)
class Draft:
    """One text on its way: ids so far, its text, and whether it has ended."""

    ids: list[int] = field(default_factory=list)
    text: str = ""
    ended: bool = False

    def take(self, other: Draft) -> None:
        """Become what another draft is."""
        self.ids, self.text, self.ended = list(other.ids), other.text, other.ended


def write(steering: Steering, request: TextRequest) -> Iterator[list[Draft]]:
    """Yield the drafts as they grow, ``request.candidates`` of them, the same objects each time.

    Where the way of steering tries several goings-on, each draft is written in that many ways for
    ``stride`` tokens, and goes on from one that is worth most. A text ends with a sentence where
    one ends in the last third of its length; that third comes at once.

    Seed and beginning fix every draw, so that one seed does not bring the same words behind every
    beginning; a row's draws do not depend on how many rows there are.

    Raises :class:`InvalidValueError` when prompt and text together are longer than the model reads,
    or for a negative intensity that the way of steering has no use for.
    """
    if request.intensity < 0 and not steering.signed:
        raise InvalidValueError(
            f"intensity is {request.intensity}; {steering.name} goes from 0 to 1: take method "
            "'activation' to lead away from an emotion"
        )
    begin = opening(steering, request)
    longest = steering.model.longest
    if len(begin) + request.length > longest:
        raise InvalidValueError(
            f"the prompt has {len(begin)} tokens and {request.length} are to follow; "
            f"{steering.model.card.name} reads {longest} at most: shorten the prompt"
        )
    yield from _Writer(steering, request).run(begin)


def opening(steering: Steering, request: TextRequest) -> list[int]:
    """Return the ids that the model reads first: a conversation, if any, then the beginning."""
    if request.messages:
        return steering.model.chat(request.messages) + steering.model.encode(request.prompt)
    manner = request.style.manner()
    return steering.model.encode(manner + steering.lead(request) + request.prompt.strip())


class _Writer:
    """Writes what one request asks for."""

    def __init__(self, steering: Steering, request: TextRequest) -> None:
        self._steering, self._request = steering, request
        self._model = steering.model
        self._tries = steering.tries if request.intensity else 1
        self._stride = steering.stride if self._tries > 1 else request.length
        self._closing = request.length - request.length // 3
        self._wording = Wording(request.prompt.strip(), request.banned)
        said = "\n".join([*(message.content for message in request.messages), request.prompt])
        self._chance = (request.seed, crc32(said.encode()))
        self._ends = sorted(self._model.ends)
        single = (self._model.encode(mark) for mark in MARKS)
        self._marks = sorted({ids[0] for ids in single if len(ids) == 1})

    def run(self, begin: Sequence[int]) -> Iterator[list[Draft]]:
        kept = [Draft() for _ in range(self._request.candidates)]
        shown = [0] * len(kept)
        step = 0
        for step in self._steps(kept, begin):
            if step <= self._closing:
                shown = [len(draft.text) for draft in kept]
                yield kept
        for draft, length in zip(kept, shown, strict=True):
            whole = self._wording.cut(draft.text)
            if not draft.ended and len(whole) > length:
                draft.text = whole
        yield kept

    def _steps(self, kept: list[Draft], begin: Sequence[int]) -> Iterator[int]:
        """Write, and yield how many tokens the longest draft has whenever there are more."""
        scores = self._read(np.array([begin]), None, 0, repeat=len(kept) * self._tries)
        step, state = 0, scores.state
        while True:
            tried = [draft for draft in kept for _ in range(self._tries)]
            if self._tries > 1:
                tried = [Draft(list(draft.ids), draft.text, draft.ended) for draft in tried]
            for behind in self._stretch(tried, scores, step):
                state = behind.state
                step += 1
                if self._tries == 1:
                    yield step
            if self._tries == 1:
                return
            rows = self._keep(kept, tried, step)
            yield step
            if step >= self._request.length or all(draft.ended for draft in kept):
                return
            last = [[draft.ids[-1] if draft.ids else begin[-1]] for draft in kept]
            state = self._steering.branch(state, rows)
            scores = self._read(np.array(last), state, step, repeat=self._tries)

    def _stretch(self, drafts: list[Draft], scores: Scores, begun: int) -> Iterator[Scores]:
        """Write ``stride`` tokens of each draft at most.

        Yields after each what was read before it.
        """
        stop = min(begun + self._stride, self._request.length)
        for step in range(begun, stop):
            following = self._following(drafts, scores.logits, step)
            yield scores
            if step + 1 == stop or all(draft.ended for draft in drafts):
                return
            scores = self._read(following, scores.state, step + 1)

    def _read(self, ids: NDArray[Any], state: Any, step: int, *, repeat: int = 1) -> Scores:
        """Read as the way of steering does, or as the model alone does at no intensity."""
        request = self._request
        if request.intensity == 0:
            return self._model.read(ids, state, repeat=repeat)
        return self._steering.read(ids, state, self._target(step), request.intensity, repeat=repeat)

    def _target(self, step: int) -> Target:
        """Return the target at a step: an arc is whole where the text may first end."""
        return self._request.target(step / max(self._closing, 1))

    def _following(
        self, drafts: list[Draft], logits: NDArray[np.float32], step: int
    ) -> NDArray[np.int64]:
        """Draw each draft's next token; return them (B, 1)."""
        request = self._request
        if request.intensity:
            ids = [draft.ids for draft in drafts]
            logits = self._steering.adjusted(logits, ids, self._target(step), request.intensity)
        following = np.full((len(drafts), 1), self._ends[0], np.int64)
        for row, draft in enumerate(drafts):
            if not draft.ended:
                place = (*self._chance, *divmod(row, self._tries), step)
                following[row] = self._next(draft, self._leaning(logits[row], step), place)
        return following

    def _leaning(self, logits: NDArray[np.float32], step: int) -> NDArray[np.float32]:
        """Return the scores, less ready to end early, readier to end a sentence late."""
        logits = logits.copy()
        if step < self._request.length // 2:
            logits[self._ends] -= EARLY
        if step > self._closing:
            late = (step - self._closing) / max(self._request.length - self._closing, 1)
            logits[self._marks] += HURRY * late
        return logits

    def _next(self, draft: Draft, logits: NDArray[np.float32], place: tuple[int, ...]) -> int:
        """Draw a draft's next token and take it in.

        A token that must not come is drawn again, among the others.
        """
        request, step = self._request, place[-1]
        for _ in range(_ATTEMPTS):
            if not np.isfinite(logits).any():
                break
            token = draw(logits, draft.ids, place, temperature=request.temperature, top=request.top)
            if token in self._model.ends:
                break
            text = self._model.decode([*draft.ids, token])
            if "\n" in text[len(draft.text) :]:
                # A new paragraph is where a text ends, and where lists and headings begin.
                if step >= request.length // 2 and self._wording.complete(draft.text):
                    break
            elif not self._wording.refuses(draft.text, text, draft.ids, token):
                draft.ids.append(token)
                draft.text = text
                draft.ended = step >= self._closing and self._wording.complete(text)
                return token
            logits[token] = -np.inf
        draft.ended = True
        return self._ends[0]

    def _keep(self, kept: list[Draft], tried: list[Draft], step: int) -> list[int]:
        """Let each draft go on as one of its tries that is worth most; return which ones."""
        request = self._request
        worth = self._steering.worth(
            [draft.text for draft in tried],
            [draft.ids for draft in tried],
            self._target(step),
            request.intensity,
        )
        ways = np.arange(self._tries)
        chosen = []
        for row, draft in enumerate(kept):
            chance = gumbel((*self._chance, row, step), ways)
            best = int(np.argmax(worth.reshape(len(kept), -1)[row] + chance))
            chosen.append(row * self._tries + best)
            draft.take(tried[chosen[-1]])
        return chosen
