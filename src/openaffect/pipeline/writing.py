"""Writing, rewriting and replying in one call each, as generators of chunks.

Each loads its models once for the same settings and keeps them: the second call begins at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from openaffect.generate._defaults import DEFAULT_METHOD, DEFAULT_MODEL
from openaffect.generate._dialogue import ReplyRequest, Turn
from openaffect.generate._request import TextRequest
from openaffect.generate._rewriting import RewriteRequest
from openaffect.generate._style import Style
from openaffect.types import Chunk

from . import generate_text
from . import reply as replying
from . import rewrite as rewriting


def write(
    prompt: str,
    *,
    emotion: str = "neutral",
    intensity: float = 0.8,
    topic: str = "",
    length: int = 60,
    candidates: int = 1,
    seed: int = 0,
    banned: Sequence[str] = (),
    persona: str = "",
    tone: str = "",
    formality: str = "",
    slips: float = 0.0,
    hesitations: float = 0.0,
    model: str = DEFAULT_MODEL,
    method: str = DEFAULT_METHOD,
    server: str = "",
    license: str = "any",
) -> Iterator[Chunk]:
    """Go on from a beginning with an emotion; yield the text piece by piece.

    The last chunk carries the whole as ``result``, with its origin and scores. What can be asked
    for is told by :class:`~openaffect.generate._request.TextRequest` and
    :class:`~openaffect.generate._style.Style`; model, method, server and license by
    :func:`~openaffect.pipeline.generate_text.text_generator`. What makes no sense raises before the
    first piece.
    """
    style = Style(
        persona=persona, tone=tone, formality=formality, slips=slips, hesitations=hesitations
    )
    request = TextRequest(
        prompt=prompt,
        emotion=emotion,
        intensity=intensity,
        topic=topic,
        length=length,
        candidates=candidates,
        seed=seed,
        banned=tuple(banned),
        style=style,
    )
    return _generator(model, method, server, license)(request)


def rewrite(
    text: str,
    *,
    emotion: str,
    intensity: float = 0.8,
    similarity: float = 0.75,
    candidates: int = 3,
    seed: int = 0,
    formality: str = "",
    slips: float = 0.0,
    hesitations: float = 0.0,
    model: str = DEFAULT_MODEL,
    method: str = DEFAULT_METHOD,
    server: str = "",
    license: str = "any",
) -> Iterator[Chunk]:
    """Say a text with another emotion; yield it sentence by sentence.

    See :class:`~openaffect.generate._rewriting.RewriteRequest`.
    """
    request = RewriteRequest(
        text=text,
        emotion=emotion,
        intensity=intensity,
        similarity=similarity,
        candidates=candidates,
        seed=seed,
        style=Style(formality=formality, slips=slips, hesitations=hesitations),
    )
    return _rewriter(model, method, server, license)(request)


def reply(
    dialogue: str | Sequence[tuple[str, str]],
    *,
    ours: str = "",
    partner: str = replying.DEFAULT_PARTNER,
    intensity: float = 0.3,
    length: int = 50,
    candidates: int = 5,
    seed: int = 0,
    persona: str = "",
    tone: str = "",
    formality: str = "",
    slips: float = 0.0,
    hesitations: float = 0.0,
    model: str = DEFAULT_MODEL,
    method: str = replying.DEFAULT_STEERING,
    server: str = "",
    license: str = "any",
) -> Iterator[Chunk]:
    """Answer what was said, or a dialogue of (speaker, text), with empathy; yield the reply.

    The emotion that was heard stands in the result's scores under ``heard``. See
    :class:`~openaffect.generate._dialogue.ReplyRequest`; ``partner`` is one of
    :func:`~openaffect.pipeline.reply.partners`.
    """
    turns = [("you", dialogue)] if isinstance(dialogue, str) else dialogue
    style = Style(
        persona=persona, tone=tone, formality=formality, slips=slips, hesitations=hesitations
    )
    request = ReplyRequest(
        dialogue=tuple(Turn(*turn) for turn in turns),
        ours=ours,
        intensity=intensity,
        length=length,
        candidates=candidates,
        seed=seed,
        style=style,
    )
    return _replier(partner, model, method, server, license)(request)


@lru_cache(maxsize=2)
def _generator(
    model: str, method: str, server: str, license: str
) -> generate_text.TextGenerator | generate_text.ServerTextGenerator:
    return generate_text.text_generator(model=model, method=method, server=server, license=license)


@lru_cache(maxsize=2)
def _rewriter(model: str, method: str, server: str, license: str) -> rewriting.Rewriter:
    return rewriting.rewriter(model=model, method=method, server=server, license=license)


@lru_cache(maxsize=2)
def _replier(partner: str, model: str, method: str, server: str, license: str) -> replying.Replier:
    return replying.replier(
        partner=partner, model=model, method=method, server=server, license=license
    )
