"""The ways of steering that are compared, ready to write."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from openaffect.generate._request import TextRequest
from openaffect.generate._rewriting import RewriteRequest
from openaffect.models.loading import Loader
from openaffect.models.registry import Registry
from openaffect.models.store import Store
from openaffect.pipeline.generate_text import DEFAULT_METHOD, Judge, methods, steering
from openaffect.pipeline.rewrite import rewriter as rewriter_of
from openaffect.types import Generated, Progress, UnknownNameError, nearest, no_progress

from .text_generation import Way
from .text_rewriting import Rewrite


def ways(
    names: Sequence[str],
    best_of: int,
    model: str,
    threads: int,
    progress: Progress = no_progress,
) -> tuple[Way, ...]:
    """Return the named ways, all but ``plain`` without a name, the package's default first.

    With ``best_of`` each stands a second time, taking the best of so many by the recogniser.

    Raises :class:`UnknownNameError` for a way that does not exist; the nearest is named.
    """
    known = methods()
    for name in names:
        if name not in known:
            raise UnknownNameError(
                f"no method is called {name!r}{nearest(name, known)} Known: {', '.join(known)}"
            )
    loader = Loader(
        Registry({"recognize": "openaffect.recognize"}), Store(), threads, progress=progress
    )
    language = loader.weights(model).language_model()
    judge = Judge(loader.load("text.emotion")) if best_of > 1 else None
    chosen = [*names] or sorted(set(known) - {"plain"}, key=lambda name: name != DEFAULT_METHOD)
    found: list[Way] = []
    for name in chosen:
        way = steering(loader, language, name)
        found.append(Way(name, way))
        if judge is not None:
            found.append(Way(f"{name}, best of {best_of}", way, best_of, _Best(judge)))
    return tuple(found)


def rewriting(model: str, progress: Progress = no_progress) -> Rewrite:
    """Return the package's rewriting at full intensity."""
    rewriter = rewriter_of(model=model, progress=progress)

    def rewrite(sentence: str, emotion: str, seed: int) -> Generated:
        request = RewriteRequest(text=sentence, emotion=emotion, intensity=1.0, seed=seed)
        *_, last = rewriter(request)
        assert last.result is not None
        return last.result

    return rewrite


class _Best:
    """Takes the candidate with most of what was asked for by the recogniser that steers."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge

    def __call__(self, texts: Sequence[str], request: TextRequest) -> str:
        considered = 1 + round(request.intensity * (len(texts) - 1))
        scores = self._judge(texts[:considered]) @ request.targets[-1].vector()
        return texts[int(np.argmax(scores))]
