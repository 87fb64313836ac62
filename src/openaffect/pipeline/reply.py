"""A reply to a dialogue: what was heard, what a partner offers, what is safe, the best of it."""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from openaffect.generate._defaults import DEFAULT_MODEL
from openaffect.generate._dialogue import Heard, ReplyRequest
from openaffect.generate._manners import well_mannered
from openaffect.generate._partner import Encoder, Partner, Resources
from openaffect.generate._safety import (
    AGAIN,
    PROGRAM,
    Sign,
    asks_for_a_person,
    claims_a_person,
    sign_in,
)
from openaffect.preprocess.text_sentences import sentences
from openaffect.types import (
    Chunk,
    Generated,
    Progress,
    Recognizer,
    ServerError,
    UnknownNameError,
    Weights,
    WeightsUnavailableError,
    did_you_mean,
    no_progress,
)

from .by_server import ServerPartner
from .empathy import EmpathyScale, empathy
from .generate_text import language_server, made_by, steered, text_loader
from .hearing import Ear, listener, said
from .rewrite import sentence_similarity
from .styled import styled

if TYPE_CHECKING:
    from openaffect.models.loading import Loader

DEFAULT_PARTNER, DEFAULT_STEERING = "language", "prompt"
"""Who replies, and how it is steered: by what it is told alone."""
_LOG = logging.getLogger("openaffect.reply")
_AGO = 3
"""Turns back in which a sign of danger still decides."""
_MOST_SENTENCES = 3
_FALLBACK = {
    True: (
        "That is good to hear. What made it so special for you?",
        "How lovely. How did it feel?",
    ),
    False: (
        "That sounds hard. Do you want to tell me more about it?",
        "I can see why that weighs on you. What is the worst of it?",
    ),
    None: ("I see. Do you want to tell me more about it?", "How is that for you?"),
}
"""What is said when nothing that a partner offered may be; they take turns."""


class Replier:
    """Replies to dialogues.

    partner: offers replies. ear: hears the emotion. recognizer, encoder: see
    :class:`EmpathyScale`.
    """

    def __init__(
        self, partner: Partner, ear: Ear, recognizer: Recognizer, encoder: Encoder
    ) -> None:
        self._partner, self._ear = partner, ear
        self._scale = EmpathyScale(recognizer, encoder, partner)

    def __call__(self, request: ReplyRequest) -> Iterator[Chunk]:
        """Yield the reply sentence by sentence, the last piece with the whole.

        Signs of danger get a fixed reply, whatever the partner would say, and the log says so.
        """
        heard = self._ear(request)
        sign = sign_in(said(request))
        text = sign.reply if sign else AGAIN
        if sign := sign or _sign_before(request):
            _LOG.warning("a sign of %s was found: the fixed reply was given", sign.kind)
            told = {"safety": {"sign": sign.kind, "about_another": sign.other}}
            yield from self._fixed(text, "fixed: safety", request, heard, told)
            return
        if asks_for_a_person(request.last):
            yield from self._fixed(PROGRAM, "fixed: no person", request, heard, {})
            return
        yield from styled(self._offered(request, heard), request.style, request.seed)

    def _offered(self, request: ReplyRequest, heard: Heard) -> Iterator[Chunk]:
        reason, offers = "", [""]
        try:
            for found in self._partner.respond(request, heard):
                offers = list(found)
        except KeyboardInterrupt:
            reason = "interrupted"
        except ServerError as error:
            if not any(offers):
                raise
            reason = str(error)
        replies = well_mannered(filter(None, map(tidied, offers)), heard.mood)
        if not replies and reason:
            origin = {**self._partner.origin(), "method": self._partner.name}
            yield from _pieces(self._result("", origin, request, heard, {}, reason))
            return
        if not replies:
            _LOG.info("none of %d offers may be said: a fixed reply was given", len(offers))
            ours = sum(request.is_ours(turn) for turn in request.dialogue)
            text = _FALLBACK[heard.mood][ours % 2]
            yield from self._fixed(text, "fixed: fallback", request, heard, {})
            return
        alone = [self._partner.surprise(reply) for reply in replies]
        parts = self._scale.parts(replies, alone, request, heard)
        best = int(np.argmax(empathy(parts)))
        scores: dict[str, Any] = {
            "empathy": round(float(empathy(parts)[best]), 4),
            **{name: round(float(column[best]), 4) for name, column in parts.items()},
        }
        if (surprise := alone[best]) is not None:
            scores["perplexity"] = round(math.exp(min(-float(surprise.mean()), 50.0)), 2)
        origin = {**self._partner.origin(), "method": self._partner.name}
        result = self._result(replies[best], origin, request, heard, scores, reason)
        yield from _pieces(result)

    def _fixed(
        self,
        text: str,
        method: str,
        request: ReplyRequest,
        heard: Heard,
        scores: dict[str, Any],
    ) -> Iterator[Chunk]:
        origin = {"model": "none", "licence": "Apache-2.0", "method": method}
        yield from _pieces(self._result(text, origin, request, heard, scores, ""))

    def _result(
        self,
        text: str,
        origin: dict[str, Any],
        request: ReplyRequest,
        heard: Heard,
        scores: dict[str, Any],
        reason: str,
    ) -> Generated:
        told = {"heard": heard.to_dict(), **scores}
        mark = made_by(origin, request.seed)
        return Generated(text, request.to_dict(), mark, told, not reason, reason)


def replier(
    *,
    partner: str = DEFAULT_PARTNER,
    model: str = DEFAULT_MODEL,
    method: str = DEFAULT_STEERING,
    license: str = "any",
    threads: int = 0,
    server: str = "",
    progress: Progress = no_progress,
) -> Replier:
    """Return a replier that is ready to be called.

    ``partner`` is one of :func:`partners`, or with a ``server`` its model; the other settings are
    those of ``text_generator``.
    """
    loading = text_loader(license=license, threads=threads, progress=progress)
    encoder = sentence_similarity(loading)
    recognizer = loading.load("text.emotion")
    ear = Ear(listener(loading, recognizer), recognizer)
    if server:
        answering = ServerPartner(language_server(server, model, method))
        return Replier(answering, ear, recognizer, encoder)
    known = partners()
    if partner not in known:
        raise UnknownNameError(
            f"no partner is called {partner!r}{did_you_mean(partner, known)} "
            f"Known: {', '.join(known)}"
        )
    kind = known[partner]
    resources = Resources(
        lambda: steered(loading, model, method),
        lambda: encoder,
        _weights(loading, kind),
    )
    return Replier(kind(resources), ear, recognizer, encoder)


def _weights(loading: Loader, kind: type[Partner]) -> Weights | None:
    """Return a partner's own weights; an error says how they are had."""
    if not kind.card:
        return None
    try:
        return loading.weights(kind.card)
    except UnknownNameError as error:
        raise WeightsUnavailableError(
            f"partner {kind.name!r} needs {kind.card!r}, which is not installed: {kind.remedy}"
        ) from error


def partners() -> dict[str, type[Partner]]:
    """Return the partners by name."""
    from openaffect.models.registry import Registry

    found = Registry({"generate": "openaffect.generate"}).every("generate")
    return {item.name: item for item in found.values() if issubclass(item, Partner)}


def tidied(reply: str) -> str:
    """Return a reply's whole sentences, at most three, without those that may not be said.

    A sentence that speaks as a person with a life of their own is left out; a reply with a sign of
    danger in it is empty.
    """
    if sign_in(reply) is not None:
        return ""
    text = reply.split("\n\n")[0].strip().strip('"')
    kept = []
    for start, end in sentences(text):
        sentence = text[start:end]
        if not re.search(r"[.!?…][\"'”’)]*$", sentence):
            continue
        if not claims_a_person(sentence) and sentence not in kept:
            kept.append(sentence)
    return " ".join(" ".join(kept[:_MOST_SENTENCES]).split())


def _sign_before(request: ReplyRequest) -> Sign | None:
    """Return a sign of danger in what the other side said shortly before."""
    theirs = [turn.text for turn in request.dialogue if not request.is_ours(turn)]
    return next(filter(None, map(sign_in, reversed(theirs[-_AGO:]))), None)


def _pieces(result: Generated) -> Iterator[Chunk]:
    """Yield a text sentence by sentence, the last one with the result."""
    ends = [end for _, end in sentences(result.text)] or [len(result.text)]
    place = 0
    for end in ends[:-1]:
        yield Chunk(result.text[place:end])
        place = end
    yield Chunk(result.text[place:], result)
