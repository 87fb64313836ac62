"""Text with an emotion: a language model, a way of steering it, and what judges the outcome."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from openaffect.generate._emotion import EMOTIONS, Target
from openaffect.generate._request import TextRequest
from openaffect.generate._steering import Steering
from openaffect.generate._write import Draft, write
from openaffect.types import (
    Chunk,
    Generated,
    LanguageModel,
    Progress,
    Recognizer,
    UnknownNameError,
    nearest,
    no_progress,
)
from openaffect.types.mappings import GOEMOTIONS_TO_EKMAN

if TYPE_CHECKING:
    from openaffect.models.loading import Loader

DEFAULT_METHOD = "fudge"


@dataclass(frozen=True, slots=True)
class Judge:
    """Tells how much of each emotion is in a text, by a recogniser of ``goemotions28``."""

    recognizer: Recognizer

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        """Return (N, 7) probabilities of :data:`EMOTIONS`, independent of each other."""
        return np.asarray(
            GOEMOTIONS_TO_EKMAN.apply(self.recognizer(list(texts))).timeline.scores, np.float64
        )


class TextGenerator:
    """Generates texts by one model and one way of steering.

    judge: chooses among candidates and scores the outcome; without one the first is taken.
    """

    def __init__(self, steering: Steering, judge: Judge | None = None) -> None:
        self._steering, self._judge = steering, judge

    def __call__(self, request: TextRequest) -> Iterator[Chunk]:
        """Yield the text piece by piece, the last piece with the whole and its scores.

        Several candidates are written side by side and the chosen one comes in one piece.
        Interrupted, the last piece carries what was written, marked as incomplete.
        """
        shown = ""
        drafts: list[Draft] = [Draft()]
        reason = ""
        try:
            for drafts in write(self._steering, request):
                if request.candidates == 1 and len(drafts[0].text) > len(shown):
                    text = drafts[0].text
                    if text.startswith(shown) and not text.endswith("�"):
                        yield Chunk(text[len(shown) :])
                        shown = text
        except KeyboardInterrupt:
            reason = "interrupted"
        texts = [draft.text for draft in drafts]
        chosen = self._choose(texts, request)
        rest = texts[chosen][len(shown) :] if texts[chosen].startswith(shown) else ""
        yield Chunk(rest, self._result(texts[chosen], request, reason))

    def _choose(self, texts: Sequence[str], request: TextRequest) -> int:
        """Return the best candidate by the judge; the stronger, the more of them are looked at."""
        considered = 1 + round(request.intensity * (len(texts) - 1))
        if considered == 1 or self._judge is None:
            return 0
        scores = self._judge(texts[:considered])
        return int(np.argmax(scores @ request.targets[-1].vector()))

    def _result(self, text: str, request: TextRequest, reason: str) -> Generated:
        return Generated(
            text=text,
            request=request.to_dict(),
            made_by=self._origin(request),
            scores=self._scores(text, request),
            complete=not reason,
            reason=reason,
        )

    def _origin(self, request: TextRequest) -> dict[str, Any]:
        from openaffect import __version__

        card = self._steering.model.card
        return {
            "tool": "openaffect",
            "version": __version__,
            "model": card.name,
            "licence": card.licence,
            "method": self._steering.name,
            "seed": request.seed,
            **self._steering.facts(),
        }

    def _scores(self, text: str, request: TextRequest) -> dict[str, Any]:
        if not text.strip():
            return {}
        surprise = -self._steering.model.log_probabilities(text.strip()).mean()
        scores: dict[str, Any] = {"perplexity": round(math.exp(min(surprise, 50.0)), 2)}
        if self._judge is not None:
            found = self._judge([text])[0]
            scores |= {
                "target": round(float(found @ _last(request).vector()), 4),
                "emotions": {
                    name: round(float(value), 4)
                    for name, value in zip(EMOTIONS, found, strict=True)
                },
                "judge": self._judge.recognizer.card.name,
            }
        return scores


def text_generator(
    *,
    model: str = "smollm2-135m-instruct",
    method: str = DEFAULT_METHOD,
    license: str = "any",
    threads: int = 0,
    judged: bool = True,
    progress: Progress = no_progress,
) -> TextGenerator:
    """Return a generator of text that is ready to be called.

    Parameters
    ----------
    model: the card of a language model. method: a way of steering, see :func:`methods`.
    license: ``any`` or ``permissive``. threads: 0 for one a core, at most 4.
    judged: whether a recogniser chooses among candidates and scores the outcome.

    Raises
    ------
    UnknownNameError
        for a model or method that does not exist; the nearest is named.
    WeightsUnavailableError
        when the weights are neither here nor to be had now.
    """
    from openaffect.models.loading import Loader
    from openaffect.models.registry import Registry
    from openaffect.models.store import Store

    from .options import Options

    options = Options(license=license, threads=threads)
    loader = Loader(
        Registry({"recognize": "openaffect.recognize"}),
        Store(),
        options.thread_count,
        license=license,  # type: ignore[arg-type]
        progress=progress,
    )
    language = loader.weights(model).language_model()
    judge = Judge(loader.load("text.emotion")) if judged else None
    return TextGenerator(_steering(method, language, loader), judge)


def methods() -> dict[str, type[Steering]]:
    """Return the ways of steering by name."""
    from openaffect.models.registry import Registry

    found = Registry({"generate": "openaffect.generate"}).every("generate")
    return {item.name: item for item in found.values() if issubclass(item, Steering)}


def _steering(method: str, language: LanguageModel, loader: Loader) -> Steering:
    known = methods()
    if method not in known:
        raise UnknownNameError(
            f"no method is called {method!r}{nearest(method, known)} Known: {', '.join(known)}"
        )
    needs = known[method].needs
    return known[method](language, loader.weights(needs) if needs else None)


def _last(request: TextRequest) -> Target:
    return request.targets[-1]
