"""A text said with another emotion, sentence by sentence, its names and numbers kept."""

from __future__ import annotations

import math
import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from openaffect.generate._author import Author, SteeredAuthor, Wish
from openaffect.generate._defaults import DEFAULT_METHOD, DEFAULT_MODEL
from openaffect.generate._emotion import EMOTIONS, Target
from openaffect.generate._facts import lost
from openaffect.generate._rewriting import RewriteRequest, Wording, by_hand, joined, with_clause
from openaffect.generate._sentence import Kind, kind_of, stays
from openaffect.preprocess.text_language import language_of
from openaffect.preprocess.text_sentences import sentences
from openaffect.types import Chunk, Generated, Progress, ServerError, no_progress

from .by_server import ServerAuthor
from .generate_text import language_server, made_by, steered, text_loader
from .judge import Judge, text_judge
from .styled import styled
from .wording_worth import Weighed, clear, worth_of

if TYPE_CHECKING:
    from openaffect.models.loading import Loader

Similarity = Callable[[Sequence[str]], NDArray[np.float32]]
"""Texts to (N, D) vectors of length 1, alike where texts mean alike."""
_SENTENCE = re.compile(r"\w\W+\w.*[.!?…][\"'”’)\]]*$", re.DOTALL)
"""Two words at least, and an end: what has none is a greeting, a heading or a row of a table."""
_LOOKED_AT = 10
"""Wordings whose fluency is weighed: those that are best without it."""
_USUAL = 2.5
"""Nats that a word added by a fluent writer costs, about; what costs more is held against it."""
_TWICE, _JOINED = 0.6, 8
"""The intensity from which a second phrase may join, and the wordings that it may join."""
_TASTE = 0.15
"""Drawn by the seed, so that near equals take turns from text to text (of the logarithm)."""
_AGAIN = 0.5
"""What is left of a wording's worth for each phrase and word that a recent sentence was given."""
_RECENT = 4
"""Sentences in which a reader hears that something comes again."""
_TELLING = 5
"""Words of a sentence from which its language can be told."""
_SPARING = 0.5
"""The intensity below which requests stay, and no two sentences in a row are coloured alike."""


@dataclass(slots=True)
class _Passage:
    """One sentence on its way: what stands before it, in all and in its paragraph."""

    sentence: str
    before: str
    paragraph: str
    target: Target
    number: int


@dataclass(slots=True)
class _Past:
    """What the sentences before were given.

    recent: the phrases and words, sentence by sentence. target: of the last sentence where it was
    changed. doubled: whether two phrases stand around the last sentence.
    """

    recent: deque[frozenset[str]] = field(default_factory=lambda: deque(maxlen=_RECENT))
    target: Target | None = None
    doubled: bool = False

    def heard(self, signs: frozenset[str]) -> int:
        """Return how often the signs came in the sentences before."""
        return sum(len(signs & before) for before in self.recent)

    def take(self, passage: _Passage, wording: Wording) -> None:
        """Remember what a sentence was given."""
        self.recent.append(wording.signs(passage.sentence))
        self.target = passage.target if wording.text != passage.sentence else None
        self.doubled = len(wording.phrases) > 1


@dataclass(slots=True)
class _Scores:
    """What is told of the sentences done."""

    similarity: list[float] = field(default_factory=list)
    target: list[float] = field(default_factory=list)
    reached: list[float] = field(default_factory=list)
    changed: int = 0


class Rewriter:
    """Rewrites texts.

    author: the language model. judge: tells how much of each emotion is in a text. similarity:
    tells how near two texts are in meaning. second: another judge, of another kind, that has a say
    in the choice, so that it does not hang on one judge's taste.
    """

    def __init__(
        self,
        author: Author,
        judge: Judge,
        similarity: Similarity,
        second: Judge | None = None,
    ) -> None:
        self._author, self._judge, self._similarity = author, judge, similarity
        self._judges = [judge, second] if second else [judge]

    def __call__(self, request: RewriteRequest) -> Iterator[Chunk]:
        """Yield the text sentence by sentence, white space kept, the last piece with the whole.

        Interrupted, the last piece carries what was rewritten, marked as incomplete.
        """
        yield from styled(self._rewritten(request), request.style, request.seed)

    def _rewritten(self, request: RewriteRequest) -> Iterator[Chunk]:
        text, place, reason = "", 0, ""
        scores = _Scores()
        spans = sentences(request.text)
        past = _Past()
        try:
            for number, (start, end) in enumerate(spans):
                paragraph = max(request.text.rfind("\n\n", 0, start), 0)
                passage = _Passage(
                    request.text[start:end],
                    request.text[max(0, start - 400) : start],
                    request.text[paragraph:start],
                    request.target(number / len(spans)),
                    number,
                )
                piece = request.text[place:start] + self._sentence(passage, request, past, scores)
                text, place = text + piece, end
                yield Chunk(piece)
        except KeyboardInterrupt:
            reason = "interrupted"
        except ServerError as error:
            if not text:
                raise
            reason = str(error)
        rest = "" if reason else request.text[place:]
        yield Chunk(rest, self._result(text + rest, request, scores, reason))

    def _sentence(
        self, passage: _Passage, request: RewriteRequest, past: _Past, scores: _Scores
    ) -> str:
        """Return the best wording of a sentence."""
        rewritten = (
            request.intensity > 0
            and _SENTENCE.search(passage.sentence)
            and not stays(passage.paragraph, passage.sentence)
            and not _foreign(passage.sentence)
            and not (request.intensity < _SPARING and self._spared(passage, past))
        )
        found = self._wordings(passage, request) if rewritten else []
        table = self._weighed(passage, [Wording(passage.sentence, "source"), *found], request, past)
        if rewritten and request.intensity >= _TWICE and not past.doubled:
            again = joined(table.best(_JOINED), passage.target.best)
            table = table + self._weighed(passage, list(again), request, past)
        best = max(table.best(_LOOKED_AT), key=lambda item: table.worth[item.text] * self._fluency(
            passage.sentence, item.text))  # fmt: skip
        past.take(passage, best)
        scores.similarity.append(table.similarity[best.text])
        scores.target.append(table.target[best.text])
        scores.reached.append(table.reached[best.text])
        scores.changed += best.text != passage.sentence
        return best.text

    @staticmethod
    def _spared(passage: _Passage, past: _Past) -> bool:
        """Tell whether a mild rewriting leaves a sentence: a request, or the next one."""
        return past.target == passage.target or kind_of(passage.sentence) in (
            Kind.CALLS,
            Kind.GREETS,
        )

    def _weighed(
        self,
        passage: _Passage,
        wordings: Sequence[Wording],
        request: RewriteRequest,
        past: _Past,
    ) -> Weighed:
        """Return what the wordings are worth, without those that lose or invent a fact."""
        kept = [item for item in wordings if not lost(passage.sentence, item.text)]
        if not kept:
            return Weighed()
        texts = [item.text for item in kept]
        vectors = self._similarity([passage.sentence, *texts])
        similarity = vectors[1:] @ vectors[0]
        shares = passage.target.vector()
        found = self._judge(texts)
        target = found @ shares
        reached = [self._judge.reached(row, passage.target) for row in found]
        shown = np.mean([clear(judge(texts)) @ shares for judge in self._judges], axis=0)
        worth = worth_of(kept, shown, similarity, request)
        worth *= [_AGAIN ** past.heard(item.signs(passage.sentence)) for item in kept]
        draws = np.random.default_rng((request.seed, passage.number, len(kept)))
        worth *= np.exp(_TASTE * draws.standard_normal(len(kept)))
        return Weighed(
            {item.text: item for item in reversed(kept)},
            dict(zip(texts, map(float, worth), strict=True)),
            dict(zip(texts, map(float, target), strict=True)),
            dict(zip(texts, reached, strict=True)),
            dict(zip(texts, map(float, similarity), strict=True)),
        )

    def _wordings(self, passage: _Passage, request: RewriteRequest) -> list[Wording]:
        sentence, wish = passage.sentence, passage.target
        found = [
            wording
            for emotion in wish.shares
            for wording in by_hand(sentence, emotion, self._author.low)
        ]
        wanted = Wish(str(wish), request.intensity, request.seed * 1000 + passage.number)
        said = kind_of(sentence) not in (Kind.ASKS, Kind.CALLS, Kind.GREETS)
        if request.candidates and set(wish.shares) != {"neutral"} and said:
            clauses = self._author.clauses(passage.before, sentence, wanted, request.candidates)
            found += [with_clause(sentence, clause) for clause in clauses]
        return found + [Wording(text, "model") for text in self._author.wordings(sentence, wanted)]

    def _fluency(self, sentence: str, text: str) -> float:
        """Return 1 for a text that reads as well as the sentence does, less for a clumsier one."""
        if text == sentence:
            return 1.0
        before, length = self._author.surprise(sentence)
        after, longer = self._author.surprise(text)
        added = max(longer - length, 1)
        return math.exp(-max(0.0, (after - before) / added - _USUAL) / 4)

    def _result(
        self, text: str, request: RewriteRequest, scores: _Scores, reason: str
    ) -> Generated:
        author = self._author
        origin = {"model": author.name, "licence": author.licence, "method": author.method}
        found = self._judge([text])[0] if text.strip() else np.zeros(len(EMOTIONS))
        nats, tokens = author.surprise(text[:4000]) if text.strip() else (0.0, 0)
        told = {
            "target": round(float(np.mean(scores.target or [0.0])), 4),
            "intensity_reached": round(float(np.mean(scores.reached or [0.0])), 4),
            "similarity": round(float(np.mean(scores.similarity or [1.0])), 4),
            "similarity_least": round(float(np.min(scores.similarity or [1.0])), 4),
            "sentences": len(scores.similarity),
            "changed": scores.changed,
            "emotions": {
                name: round(float(value), 4) for name, value in zip(EMOTIONS, found, strict=True)
            },
            "judge": self._judge.recognizer.card.name,
        }
        if tokens:
            told["perplexity"] = round(math.exp(min(nats / tokens, 50.0)), 2)
        mark = made_by(origin, request.seed)
        return Generated(text, request.to_dict(), mark, told, not reason, reason)


def rewriter(
    *,
    model: str = DEFAULT_MODEL,
    method: str = DEFAULT_METHOD,
    license: str = "any",
    threads: int = 0,
    server: str = "",
    progress: Progress = no_progress,
) -> Rewriter:
    """Return a rewriter that is ready to be called; settings as of ``text_generator``."""
    loading = text_loader(license=license, threads=threads, progress=progress)
    author: Author
    if server:
        author = ServerAuthor(language_server(server, model, method))
    else:
        author = SteeredAuthor(steered(loading, model, method))
    return Rewriter(
        author, text_judge(loading), sentence_similarity(loading), second_judge(loading)
    )


def second_judge(loading: Loader) -> Judge:
    """Return the recogniser of another kind that chooses among wordings too."""
    return Judge(loading.load("text-tfidf-lr"))


def sentence_similarity(loading: Loader) -> Similarity:
    """Return what tells how near texts are in meaning: the sentence encoder's vectors."""
    found: Similarity = loading.weights("minilm-l6").open("sentences")
    return found


def rewrite_sentence(
    author: Author,
    judge: Judge,
    similarity: Similarity,
    sentence: str,
    emotion: str,
    intensity: float = 1.0,
    seed: int = 0,
    second: Judge | None = None,
) -> Generated:
    """Return one sentence (or a short text) rewritten, with its scores."""
    request = RewriteRequest(text=sentence, emotion=emotion, intensity=intensity, seed=seed)
    *_, last = Rewriter(author, judge, similarity, second)(request)
    assert last.result is not None
    return last.result


def _foreign(sentence: str) -> bool:
    """Tell whether a sentence, long enough to tell, is in another language."""
    return len(sentence.split()) >= _TELLING and language_of(sentence) != "eng"
