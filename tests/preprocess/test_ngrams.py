"""Hashed character runs, against scikit-learn's own counting."""

import zlib
from collections import Counter

import numpy as np
import pytest

from openaffect.preprocess._ngrams import hashed_ngrams, spaced


@pytest.mark.parametrize("text", ["Kiitos paljon", "a", "ei  ei EI!", "Ich weiß"])
def test_runs_are_those_of_scikit_learn(text):
    sklearn = pytest.importorskip("sklearn.feature_extraction.text")
    counter = sklearn.CountVectorizer(analyzer="char_wb", ngram_range=(1, 5))
    runs = Counter(counter.build_analyzer()(text.casefold()))
    wanted = Counter()
    for run, count in runs.items():
        wanted[zlib.crc32(run.encode()) % 1024] += count
    places, weights = hashed_ngrams(text, buckets=1024)
    found = dict(zip(places.tolist(), np.exp(weights - 1), strict=True))
    assert set(found) == set(wanted)
    for place, count in wanted.items():
        assert found[place] == pytest.approx(count, rel=1e-5)


def test_a_text_without_characters_weighs_nothing():
    for text in ("", " \n"):
        assert hashed_ngrams(text)[1].tolist() == [0]


def test_scripts_with_and_without_spaces():
    assert [spaced(text) for text in ("guten Tag", "今天天气很好", "Я иду", "これは本", "")] == [
        True, False, True, False, True,
    ]  # fmt: skip
