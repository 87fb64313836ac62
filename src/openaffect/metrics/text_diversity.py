"""Measures of how much a set of texts repeats itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, TypeVar

from openaffect.types import InvalidValueError, need

from ._metric import Metric, Takes
from ._texts import Tokenisation, check_tokenisation, text_list

_Token = TypeVar("_Token")
Words = Callable[[str], Sequence[str]]
"""A text to its tokens."""


def distinct(
    texts: Sequence[str],
    *,
    order: int = 1,
    over: Literal["tokens", "n-grams"] = "tokens",
    words: Words = str.split,
) -> float:
    """Count the different n-grams of all texts together, over their length; in [0, 1].

    The distinct-n of Li et al., "A Diversity-Promoting Objective Function for Neural Conversation
    Models", NAACL 2016: over the number of *tokens*. ``over="n-grams"`` divides by the
    number of n-grams, as much later code does; a text of T tokens has T - n + 1 of them. Higher is
    more varied, not better: shorter or wrong texts raise it, so compare at equal length. N-grams
    do not cross texts. ``words`` cuts a text (at white space; case and punctuation count).

    Raises :class:`InvalidValueError` for no texts, ``order`` below 1, or when nothing is to count.

    >>> distinct(["i do not know", "i do not"], order=1)  # i, do, not, know over 7
    0.5714285714285714
    >>> distinct(["i do not know", "i do not"], order=2, over="n-grams")  # 3 over 3 + 2
    0.6
    """
    if over not in ("tokens", "n-grams"):
        raise InvalidValueError(f"over is {over!r}; give 'tokens' or 'n-grams'")
    token_lists = [list(words(text)) for text in text_list(texts)]
    found = [gram for tokens in token_lists for gram in n_grams(tokens, order)]
    total = len(found) if over == "n-grams" else sum(map(len, token_lists))
    if not total:
        raise InvalidValueError(f"the texts hold no {over} of order {order}; nothing to count")
    return len(set(found)) / total


def distinct_1(texts: Sequence[str]) -> float:
    """Different words over words, of all texts together: :func:`distinct` of order 1.

    >>> distinct_1(["yes yes", "no yes"])
    0.5
    """
    return distinct(texts, order=1)


def distinct_2(texts: Sequence[str]) -> float:
    """Different word pairs over words, of all texts together: :func:`distinct` of order 2.

    >>> distinct_2(["yes yes", "no yes"])
    0.5
    """
    return distinct(texts, order=2)


def distinct_per_text(
    texts: Sequence[str],
    *,
    order: int = 1,
    over: Literal["tokens", "n-grams"] = "tokens",
    words: Words = str.split,
) -> float:
    """Mean of each text's own :func:`distinct`: repetition inside a text, not between texts.

    Raises :class:`InvalidValueError` also when one text is too short to hold what is divided by.

    >>> distinct_per_text(["no no", "yes"])  # 1/2 and 1
    0.75
    """
    scores = [distinct([text], order=order, over=over, words=words) for text in text_list(texts)]
    return sum(scores) / len(scores)


def self_bleu(
    texts: Sequence[str], *, tokenisation: Tokenisation = "13a", lowercase: bool = False
) -> float:
    """BLEU of each text against all the others, mean, in [0, 100]; higher is less varied.

    Zhu et al., "Texygen: A Benchmarking Platform for Text Generation Models", SIGIR 2018,
    with sacreBLEU's sentence BLEU (so 100 times the paper's, smoothed by ``exp``). The cost
    grows with the square of the number of texts; draw a sample of some hundreds.

    Raises :class:`InvalidValueError` for fewer than two texts or a blank one.

    >>> round(self_bleu(["i am very glad today"] * 3), 6)
    100.0
    >>> self_bleu(["i am very glad today", "you were not so sad yesterday"])
    0.0
    """
    check_tokenisation(tokenisation)
    every = text_list(texts, least=2)
    if any(not text.strip() for text in every):
        raise InvalidValueError("a text is blank; leave it out")
    library = need("sacrebleu.metrics", extra="metrics")
    scorer = library.BLEU(tokenize=tokenisation, lowercase=lowercase, effective_order=True)
    scores = [
        scorer.sentence_score(text, every[:place] + every[place + 1 :]).score
        for place, text in enumerate(every)
    ]
    return float(sum(scores) / len(scores))


def n_grams(tokens: Sequence[_Token], order: int) -> list[tuple[_Token, ...]]:
    """Return every run of ``order`` tokens, in order.

    Raises :class:`InvalidValueError` for ``order`` below 1.

    >>> n_grams("so it is".split(), 2)
    [('so', 'it'), ('it', 'is')]
    """
    if order < 1:
        raise InvalidValueError(f"order is {order}; give 1 for words, 2 for pairs, ...")
    return [tuple(tokens[place : place + order]) for place in range(len(tokens) - order + 1)]


_LI = "Li et al., NAACL 2016"
METRICS = (
    Metric("distinct-1", distinct_1, Takes.TEXTS, _LI, higher_is_better=None),
    Metric("distinct-2", distinct_2, Takes.TEXTS, _LI, higher_is_better=None),
    Metric(
        "self-BLEU",
        self_bleu,
        Takes.TEXTS,
        "Zhu et al., SIGIR 2018",
        higher_is_better=False,
        high=100.0,
        extra="metrics",
    ),
)
