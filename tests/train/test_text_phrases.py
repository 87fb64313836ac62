# ruff: noqa: E402
"""Stock phrases, counted in made texts."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is not installed (extra: train)")
for library in ("gguf", "tensorboard", "transformers"):
    pytest.importorskip(library, reason=f"{library} is not installed")

from openaffect.generate._emotion import EMOTIONS, parse
from openaffect.generate._stock import StockPhrases
from openaffect.train.recipes import text_phrases
from openaffect.train.recipes._varied import shared_runs

ANGER, JOY = EMOTIONS.index("anger"), EMOTIONS.index("happiness")


class Letters:
    """Each letter is a token."""

    def encode(self, text):
        return [ord(letter) - ord("a") for letter in text.strip()]


def texts():
    """Half of what is happy says "abc"; b comes in anger as often."""
    happy = [
        (f"opening {place}", JOY, "abc" if place % 2 else "xyz"[place % 3]) for place in range(40)
    ]
    return happy + [(f"opening {place}", ANGER, "b" if place % 2 else "q") for place in range(40)]


def test_a_run_is_worn_by_how_much_oftener_than_its_due_it_comes():
    found = text_phrases.counted(Letters(), texts())
    over = np.log(0.5 / text_phrases.DUE)
    assert found[JOY, (0, 1, 2)] == pytest.approx(over)
    assert found[JOY, (0,)] == found[JOY, (0, 1)] == pytest.approx(over)
    assert (JOY, (1,)) not in found and (ANGER, (1,)) not in found  # as often in both
    assert found[ANGER, (16,)] == pytest.approx(over)


def test_the_table_is_read_as_it_was_counted():
    found = text_phrases.counted(Letters(), texts())
    (target,) = parse("joy")
    tokens, values = StockPhrases(text_phrases.as_arrays(found), 30).worn([0, 1], target)
    worn = dict(zip(tokens.tolist(), values.tolist(), strict=True))
    assert worn[2] == pytest.approx(found[JOY, (0, 1, 2)], rel=1e-5)
    assert 16 not in worn


def test_what_texts_share_is_counted_over_openings():
    """Of two other openings one has half the runs; a text on from the same one does not count."""
    rows = [("one", JOY, "so it is good"), ("two", JOY, "So it is."), ("three", JOY, "no"),
            ("one", JOY, "it is good"), ("two", ANGER, "it is good")]  # fmt: skip
    assert shared_runs(rows) == pytest.approx([1 / 4, 1 / 4, 0, 0, 0])
