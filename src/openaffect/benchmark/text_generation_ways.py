"""The ways of steering that are compared, ready to write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openaffect.generate._author import SteeredAuthor
from openaffect.generate._defaults import DEFAULT_METHOD
from openaffect.generate._request import TextRequest
from openaffect.models.loading import Loader
from openaffect.pipeline.generate_text import language_model, methods, steered, steering
from openaffect.pipeline.judge import Judge, chosen, text_judge
from openaffect.pipeline.rewrite import rewrite_sentence, second_judge, sentence_similarity
from openaffect.types import Generated, LanguageModel, UnknownNameError, did_you_mean

from .text_generation import Way
from .text_rewriting import Rewrite


@dataclass(frozen=True, slots=True)
class Bench:
    """What all ways share: the loader, and one copy of the language model."""

    loader: Loader
    model: str
    language: LanguageModel


def bench(loader: Loader, model: str) -> Bench:
    """Return what the ways share, the model of a card or of one's own loaded once."""
    return Bench(loader, model, language_model(loader, model))


def ways(found: Bench, names: Sequence[str], best_of: int) -> tuple[Way, ...]:
    """Return the named ways; without a name those of :func:`usual`, the default first.

    With ``best_of`` each stands a second time, taking the best of so many by the recogniser.

    Raises :class:`UnknownNameError` for a way that does not exist; the nearest is named.
    """
    known = methods()
    for name in names:
        if name not in known:
            raise UnknownNameError(
                f"no method is called {name!r}{did_you_mean(name, known)} Known: {', '.join(known)}"
            )
    judge = text_judge(found.loader) if best_of > 1 else None
    made: list[Way] = []
    for name in names or usual():
        way = (
            steered(found.loader, found.model, name)
            if known[name].gradients
            else steering(found.loader, found.language, name)
        )
        made.append(Way(name, way))
        if judge is not None:
            made.append(Way(f"{name}, best of {best_of}", way, best_of, _Best(judge)))
    return tuple(made)


def usual() -> list[str]:
    """Return the ways that are compared unless others are named, the default first.

    Those by gradients take hours, and a library that others do without.
    """
    names = [name for name, way in methods().items() if name != "plain" and not way.gradients]
    return sorted(names, key=lambda name: name != DEFAULT_METHOD)


def rewriting(found: Bench) -> Rewrite:
    """Return the package's rewriting at full intensity."""
    loader = found.loader
    author = SteeredAuthor(steering(loader, found.language, DEFAULT_METHOD))
    judge, second = text_judge(loader), second_judge(loader)
    similarity = sentence_similarity(loader)

    def rewrite(sentence: str, emotion: str, seed: int) -> Generated:
        return rewrite_sentence(
            author, judge, similarity, sentence, emotion, seed=seed, second=second
        )

    return rewrite


class _Best:
    """Takes the candidate that the generator would take."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge

    def __call__(self, texts: Sequence[str], request: TextRequest) -> str:
        return chosen(texts, request, self._judge)
