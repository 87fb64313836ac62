"""Runs of characters, counted in a table of fixed size: features for texts of any language."""

from __future__ import annotations

import zlib
from collections import Counter

import numpy as np
from numpy.typing import NDArray

BUCKETS = 1 << 18
LONGEST = 5
LONGEST_UNSPACED = 3


def spaced(text: str) -> bool:
    """Tell whether the text's script sets spaces between words (Chinese, Thai and such do not).

    >>> spaced("guten Tag"), spaced("今天天气很好")
    (True, False)
    """
    wide = sum("\u3040" <= character <= "\u9fff" for character in text)
    return 2 * wide < sum(character.isalpha() for character in text) + (not text)


def hashed_ngrams(
    text: str, *, longest: int = LONGEST, buckets: int = BUCKETS
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return the buckets of the text's character runs and 1 + ln(count) of each, (M,) both.

    Runs of 1 to ``longest`` characters lie within words, whose ends are marked by a space, as in
    W. Cavnar and J. Trenkle, "N-gram-based text categorization", 1994; a run's bucket is its CRC-32
    (K. Weinberger et al., "Feature hashing", ICML 2009). Case is folded. A text without a character
    gives bucket 0 with weight 0.
    """
    counts: Counter[int] = Counter()
    for word in text.casefold().split():
        marked = f" {word} "
        for size in range(1, longest + 1):
            for start in range(max(1, len(marked) - size + 1)):
                run = marked[start : start + size].encode("utf-8", "replace")
                counts[zlib.crc32(run) % buckets] += 1
            if size >= len(marked):
                break
    if not counts:
        return np.zeros(1, np.int64), np.zeros(1, np.float32)
    places = np.fromiter(counts, np.int64, len(counts))
    weights = 1 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))
    return places, weights.astype(np.float32)
