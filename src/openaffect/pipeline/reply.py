"""A reply to a dialogue: what was heard, what a partner offers, what is safe, the best of it."""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
    DialogueRecognizer,
    Generated,
    Kind,
    LicenceError,
    Progress,
    Recognizer,
    ServerError,
    Timeline,
    UnknownNameError,
    Weights,
    WeightsUnavailableError,
    did_you_mean,
    no_progress,
)

from .by_server import ServerPartner
from .generate_text import language_server, made_by, steered, text_loader
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
_READ = 1000
"""Characters of what was said, its last ones, that a reply is held against."""
_SURE = 0.25
"""The probability of one of 32 emotions below which nothing is heard for sure."""
_PLAIN = 0.5
"""The probability from which what was said last plainly has a mood of its own."""
_USUAL = 0.3
"""The threshold of a label whose card names none."""
_WARM = ("caring", "love", "admiration", "gratitude", "optimism", "approval")
_WITH = {
    True: ("joy", "excitement", "pride", "relief", "amusement"),
    False: ("sadness", "remorse", "disappointment", "nervousness"),
}
"""GoEmotions' labels of a warm reply; and of feeling with what is glad, or is not."""
_AGAINST = {
    True: ("sadness", "remorse", "disappointment", "grief", "annoyance", "anger", "fear"),
    False: ("joy", "excitement", "amusement", "anger", "annoyance", "pride"),
}
"""Labels of a reply that does not feel with it."""
_Surprises = Sequence[np.ndarray | None]
"""(T,) log probabilities of each text's tokens, None where the partner has no such model."""
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


@dataclass(frozen=True, slots=True)
class Ear:
    """Hears the emotion in what was said, by a recogniser of any scheme of labels.

    One that reads the lines of a dialogue is given all of them. usual: another one, which reads
    what was said last alone; it is believed where the first is not sure, and where it plainly finds
    the opposite mood, as the whole talk lags behind a turn.
    """

    recognizer: Recognizer
    usual: Recognizer | None = None

    def __call__(self, request: ReplyRequest) -> Heard:
        """Return what is heard: the strongest label that its threshold lets through."""
        if not isinstance(self.recognizer, DialogueRecognizer):
            return _heard(self.recognizer, self.recognizer([_said(request)]))
        said = [(turn.speaker, turn.text) for turn in request.dialogue]
        heard = _heard(self.recognizer, self.recognizer.lines(said, len(said) - 1))
        if self.usual is None:
            return heard
        now = _heard(self.usual, self.usual([_said(request)]))
        turned = {heard.mood, now.mood} == {True, False} and now.share >= _PLAIN
        return now if turned or heard.share < _SURE else heard


def _heard(recognizer: Recognizer, timeline: Timeline) -> Heard:
    """Return what the last row of a timeline says."""
    scores = dict(zip(timeline.scheme.labels, map(float, timeline.scores[-1]), strict=True))
    ranked = dict(sorted(scores.items(), key=lambda item: -item[1]))
    card = recognizer.card
    told = [
        name
        for name, value in ranked.items()
        if name != "neutral" and value >= card.thresholds.get(name, _USUAL)
    ]
    exclusive = timeline.scheme.kind is Kind.CATEGORIES
    best = next(iter(ranked)) if exclusive else next(iter(told), "neutral")
    return Heard(best, ranked.get(best, 0.0), timeline.scheme.name, ranked, card.name)


class Replier:
    """Replies to dialogues.

    partner: offers replies. ear: hears the emotion. recognizer: of ``goemotions28``, tells how warm
    a reply is. encoder: tells how near it is to what was said.
    """

    def __init__(
        self, partner: Partner, ear: Ear, recognizer: Recognizer, encoder: Encoder
    ) -> None:
        self._partner, self._ear = partner, ear
        self._recognizer, self._encoder = recognizer, encoder

    def __call__(self, request: ReplyRequest) -> Iterator[Chunk]:
        """Yield the reply sentence by sentence, the last piece with the whole.

        Signs of danger get a fixed reply, whatever the partner would say, and the log says so.
        """
        heard = self._ear(request)
        sign = sign_in(_said(request))
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
            said = sum(request.is_ours(turn) for turn in request.dialogue)
            text = _FALLBACK[heard.mood][said % 2]
            yield from self._fixed(text, "fixed: fallback", request, heard, {})
            return
        alone = [self._partner.surprise(reply) for reply in replies]
        parts = self._parts(replies, alone, request, heard)
        best = int(np.argmax(_empathy(parts)))
        scores: dict[str, Any] = {
            "empathy": round(float(_empathy(parts)[best]), 4),
            **{name: round(float(column[best]), 4) for name, column in parts.items()},
        }
        if (surprise := alone[best]) is not None:
            scores["perplexity"] = round(math.exp(min(-float(surprise.mean()), 50.0)), 2)
        origin = {**self._partner.origin(), "method": self._partner.name}
        result = self._result(replies[best], origin, request, heard, scores, reason)
        yield from _pieces(result)

    def _parts(
        self, replies: Sequence[str], alone: _Surprises, request: ReplyRequest, heard: Heard
    ) -> dict[str, np.ndarray]:
        """Return what is told of N replies, (N,) each in [0, 1]; ``alone`` as for :meth:`_fits`.

        warm: cares, or feels with the other; near: is about what was said and does not repeat it;
        asks: asks on; new: says something else than the replies before; fits: is likelier after
        what was said than by itself. After the mechanisms of
        Sharma et al. (EMNLP 2020): emotional reactions, interpretations, explorations.
        """
        timeline = self._recognizer(list(replies))
        labels = timeline.scheme.labels
        found = np.asarray(timeline.scores, np.float64)
        warm = found[:, [labels.index(name) for name in (*_WARM, *_WITH[heard.glad])]].max(axis=1)
        cold = found[:, [labels.index(name) for name in _AGAINST[heard.glad]]].max(axis=1)
        ours = [turn.text for turn in request.dialogue if request.is_ours(turn)]
        vectors = self._encoder([*replies, _said(request), *ours])
        mine, said, before = (
            vectors[: len(replies)],
            vectors[len(replies)],
            vectors[len(replies) + 1 :],
        )
        close = mine @ said
        again = (mine @ before.T).max(axis=1) if len(before) else np.zeros(len(replies))
        return {
            "warm": warm * (1 - cold),
            "near": np.where(close > 0.85, 0.0, np.clip(close / 0.6, 0, 1)),
            "asks": np.array([float("?" in reply) for reply in replies]),
            "new": (again < 0.9).astype(float),
            "fits": self._fits(replies, alone, request),
        }

    def _fits(self, replies: Sequence[str], alone: _Surprises, request: ReplyRequest) -> np.ndarray:
        """Return (N,) in [0, 1]: how much likelier replies are after what was said than alone.

        That is the nats a token of Li et al., "A diversity-promoting objective function for neural
        conversation models", NAACL 2016, equation 9 with lambda 1; 1 from 1.5 on, .5 where the
        partner has no such model. alone: log probabilities of each reply's tokens by itself.
        """
        said = f"{_said(request)[-_READ:]}\n"
        before = self._partner.surprise(said)
        if before is None:
            return np.full(len(replies), 0.5)
        gains = []
        for reply, by_itself in zip(replies, alone, strict=True):
            after = self._partner.surprise(said + reply)
            assert by_itself is not None
            assert after is not None
            gains.append((after.sum() - before.sum() - by_itself.sum()) / max(len(by_itself), 1))
        return np.clip(np.array(gains) / 1.5, 0, 1)

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
    ear = Ear(_listener(loading, recognizer), recognizer)
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


def _listener(loading: Loader, usual: Recognizer) -> Recognizer:
    """Return the recogniser of 32 emotions of situations where one is installed, else the usual."""
    try:
        return loading.load("text.situation")
    except (UnknownNameError, LicenceError):
        return usual


def _said(request: ReplyRequest) -> str:
    """Return what the other side said since the last reply."""
    said: list[str] = []
    for turn in reversed(request.dialogue):
        if request.is_ours(turn):
            break
        said.append(turn.text)
    return "\n".join(reversed(said))


def _sign_before(request: ReplyRequest) -> Sign | None:
    """Return a sign of danger in what the other side said shortly before."""
    theirs = [turn.text for turn in request.dialogue if not request.is_ours(turn)]
    return next(filter(None, map(sign_in, reversed(theirs[-_AGO:]))), None)


def _empathy(parts: dict[str, np.ndarray]) -> np.ndarray:
    """Return (N,) worths of replies: a mean of the parts, the warmth first."""
    total = 0.4 * parts["warm"] + 0.2 * parts["near"] + 0.2 * parts["fits"] + 0.2 * parts["asks"]
    worth: np.ndarray = total * (0.2 + 0.8 * parts["new"])
    return worth


def _pieces(result: Generated) -> Iterator[Chunk]:
    """Yield a text sentence by sentence, the last one with the result."""
    ends = [end for _, end in sentences(result.text)] or [len(result.text)]
    place = 0
    for end in ends[:-1]:
        yield Chunk(result.text[place:end])
        place = end
    yield Chunk(result.text[place:], result)
