"""Text with an emotion: a language model and a way of steering it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from openaffect.generate._defaults import DEFAULT_METHOD, DEFAULT_MODEL
from openaffect.generate._ending import SHORT, ended
from openaffect.generate._request import TextRequest
from openaffect.generate._steering import Steering
from openaffect.generate._write import Draft, write
from openaffect.generate.text_prompt import instruction
from openaffect.types import (
    Chunk,
    Generated,
    InvalidValueError,
    LanguageModel,
    Progress,
    ServerError,
    UnknownNameError,
    did_you_mean,
    no_progress,
)

from .judge import Judge, chosen, judgement, text_judge
from .styled import styled

if TYPE_CHECKING:
    from openaffect.models.backends.openai_server import OpenAIServer, Sampling
    from openaffect.models.loading import Loader

_BY_WORDS = "prompt"


class TextGenerator:
    """Generates texts by one model and one way of steering.

    judge: chooses among candidates and scores the outcome; without one the first is taken.
    """

    def __init__(self, steering: Steering, judge: Judge | None = None) -> None:
        self._steering, self._judge = steering, judge

    def __call__(self, request: TextRequest) -> Iterator[Chunk]:
        """Yield the text piece by piece, the last piece with the whole and its scores.

        Several candidates are written side by side and the chosen one comes in one piece; so does a
        text of less than 32 tokens, which is cut back to its last whole sentence, or word.
        Interrupted, the last piece carries what was written, marked as incomplete.
        """
        yield from styled(self._written(request), request.style, request.seed)

    def _written(self, request: TextRequest) -> Iterator[Chunk]:
        shown = ""
        drafts: list[Draft] = [Draft()]
        reason = ""
        at_once = request.candidates > 1 or request.length < SHORT
        try:
            for drafts in write(self._steering, request):
                text = drafts[0].text
                if not at_once and _goes_on(shown, text):
                    yield Chunk(text[len(shown) :])
                    shown = text
        except KeyboardInterrupt:
            reason = "interrupted"
            texts = [draft.text for draft in drafts]
        else:
            texts = [ended(self._steering, request, draft) for draft in drafts]
        text = chosen(texts, request, self._judge)
        rest = text[len(shown) :] if text.startswith(shown) else ""
        card = self._steering.model.card
        origin = {
            "model": card.name,
            "licence": card.licence,
            "method": self._steering.name,
        }
        yield Chunk(rest, _result(text, request, origin, self._scores(text, request), reason))

    def _scores(self, text: str, request: TextRequest) -> dict[str, Any]:
        if not text.strip():
            return {}
        surprise = -self._steering.model.log_probabilities(text.strip()).mean()
        perplexity = {"perplexity": round(math.exp(min(surprise, 50.0)), 2)}
        return perplexity | judgement(text, request, self._judge)


class ServerTextGenerator:
    """Generates texts by a model behind a server, which can only be steered by words.

    A server that breaks off leaves what it had sent, marked as incomplete.
    """

    def __init__(self, server: OpenAIServer, judge: Judge | None = None) -> None:
        self._server, self._judge = server, judge

    def __call__(self, request: TextRequest) -> Iterator[Chunk]:
        """Yield the text piece by piece, the last piece with the whole and its scores.

        Raises :class:`ServerError` when not a word came.
        """
        yield from styled(self._written(request), request.style, request.seed)

    def _written(self, request: TextRequest) -> Iterator[Chunk]:
        if request.intensity < 0:
            raise InvalidValueError(
                f"intensity is {request.intensity}; a server's model is steered by words, from 0 "
                "to 1"
            )
        texts: list[str] = []
        reason = ""
        for number in range(request.candidates):
            text = ""
            try:
                for piece in self._server.answer(
                    instruction(request), self._sampling(request, number)
                ):
                    text += piece
                    if request.candidates == 1:
                        yield Chunk(piece)
            except KeyboardInterrupt:
                reason = "interrupted"
            except ServerError as error:
                if not text and not texts:
                    raise
                reason = str(error)
            if text:
                texts.append(text)
            if reason:
                break
        text = chosen(texts or [""], request, self._judge)
        origin = {
            "model": self._server.model, "licence": "the server's own", "method": "prompt",
            "server": self._server.address,
        }  # fmt: skip
        rest = "" if request.candidates == 1 else text
        scores = judgement(text, request, self._judge) if text.strip() else {}
        yield Chunk(rest, _result(text, request, origin, scores, reason))

    def _sampling(self, request: TextRequest, number: int) -> Sampling:
        from openaffect.models.backends.openai_server import Sampling

        return Sampling(request.length, request.temperature, request.top, request.seed + number)


def text_generator(
    *,
    model: str = DEFAULT_MODEL,
    method: str = DEFAULT_METHOD,
    license: str = "any",
    threads: int = 0,
    server: str = "",
    judged: bool = True,
    progress: Progress = no_progress,
) -> TextGenerator | ServerTextGenerator:
    """Return a generator of text that is ready to be called.

    Parameters
    ----------
    model: the card of a language model; a GGUF file, a folder of transformers or a name that the
        Hugging Face cache holds (see :func:`openaffect.models.language.language_model_at`); or the
        name that ``server`` knows it by.
    method: a way of steering, see :func:`methods`; a server's model is steered by words alone.
    server: the address of one that speaks OpenAI's protocol, up to ``/v1``; empty for none.
    license: ``any`` or ``permissive``. threads: 0 for one a core, at most 4.
    judged: whether a recogniser chooses among candidates and scores the outcome.

    Raises
    ------
    UnknownNameError
        for a model or method that does not exist; the nearest is named.
    WeightsUnavailableError
        when the weights are neither here nor to be had now.
    """
    loading = text_loader(license=license, threads=threads, progress=progress)
    judge = text_judge(loading) if judged else None
    if server:
        return ServerTextGenerator(language_server(server, model, method), judge)
    return TextGenerator(steered(loading, model, method), judge)


def text_loader(
    *, license: str = "any", threads: int = 0, progress: Progress = no_progress
) -> Loader:
    """Return what loads the models of text; see :func:`text_generator` for the settings."""
    from openaffect.models.loading import Loader
    from openaffect.models.registry import Registry
    from openaffect.models.store import Store

    from .options import Options

    options = Options(license=license, threads=threads)
    return Loader(
        Registry({"recognize": "openaffect.recognize"}),
        Store(),
        options.thread_count,
        license=license,  # type: ignore[arg-type]
        progress=progress,
    )


def steered(loading: Loader, model: str, method: str) -> Steering:
    """Return a way of steering, by its name, over the language model of a card or of one's own."""
    return steering(loading, language_model(loading, model, _way(method).gradients), method)


def language_model(loading: Loader, model: str, gradients: bool = False) -> LanguageModel:
    """Return the language model of a card, or of one's own: a file, a folder, a cached name."""
    from openaffect.models.language import is_own_model, language_model_at

    if is_own_model(model):
        return language_model_at(model, threads=loading.threads, gradients=gradients)
    try:
        card = loading.card(model)
    except UnknownNameError as error:
        known = loading.names_of("text.language")
        raise UnknownNameError(
            f"no language model is called {model!r}{did_you_mean(model, known)} Known: "
            f"{', '.join(known)}; or give a GGUF file, a folder (./my-model), or OWNER/MODEL"
        ) from error
    if card.task != "text.language":
        raise InvalidValueError(
            f"card {card.name!r} is for {card.task}, not a language model (text.language)"
        )
    return loading.weights(card).language_model(gradients=gradients)


def steering(loading: Loader, language: LanguageModel, method: str) -> Steering:
    """Return a way of steering with its weights and the recogniser that it asks."""
    way = _way(method)
    found = way(language, loading.weights(way.card) if way.card else None)
    for name in way.beside:
        found.take(loading.weights(name))
    if way.advice:
        found.adviser = loading.load(way.advice)
    return found


def language_server(address: str, model: str, method: str = DEFAULT_METHOD) -> OpenAIServer:
    """Return a model of a server, which only words can steer."""
    if method not in (DEFAULT_METHOD, _BY_WORDS):
        raise InvalidValueError(
            f"method {method!r} needs the model's own scores, which a server does not give; "
            f"take {_BY_WORDS!r}"
        )
    from openaffect.models.backends.openai_server import OpenAIServer

    return OpenAIServer(address, model)


def methods() -> dict[str, type[Steering]]:
    """Return the ways of steering by name."""
    from openaffect.models.registry import Registry

    found = Registry({"generate": "openaffect.generate"}).every("generate")
    return {item.name: item for item in found.values() if issubclass(item, Steering)}


def _way(method: str) -> type[Steering]:
    known = methods()
    if method not in known:
        raise UnknownNameError(
            f"no method is called {method!r}{did_you_mean(method, known)} Known: {', '.join(known)}"
        )
    return known[method]


def _goes_on(shown: str, text: str) -> bool:
    """Tell whether there is more to show: half a character of several bytes is not yet."""
    return len(text) > len(shown) and text.startswith(shown) and not text.endswith("\ufffd")


def _result(
    text: str,
    request: TextRequest,
    origin: dict[str, Any],
    scores: dict[str, Any],
    reason: str,
) -> Generated:
    told = made_by(origin, request.seed)
    return Generated(text, request.to_dict(), told, scores, not reason, reason)


def made_by(origin: Mapping[str, Any], seed: int) -> dict[str, Any]:
    """Return the mark of what was generated: tool and version, ``origin``, seed."""
    from openaffect import __version__

    return {"tool": "openaffect", "version": __version__, **origin, "seed": seed}
