"""Stock phrases: what is worn, for which emotion, after which tokens."""

import numpy as np
import pytest

from openaffect.generate._emotion import EMOTIONS, parse
from openaffect.generate._stock import StockPhrases
from openaffect.types import IntegrityError

ANGER, JOY = EMOTIONS.index("anger"), EMOTIONS.index("happiness")


def arrays(**changed):
    runs = [[-1, -1, -1, 5], [-1, -1, 3, 5], [-1, -1, 3, 6], [1, 2, 3, 6], [-1, -1, -1, 6]]
    found = {
        "runs": np.array(runs, np.int32),
        "emotions": np.array([JOY, JOY, JOY, JOY, ANGER], np.uint8),
        "worn": np.array([1.0, 0.5, 0.25, 2.0, 4.0], np.float16),
    }
    return found | changed


def worn(ids, asked):
    (target,) = parse(asked)
    found = StockPhrases(arrays(), 8).worn(ids, target)
    return {token: float(value) for token, value in enumerate(found) if value}


def test_the_most_worn_run_counts():
    assert worn([], "joy") == {5: 1.0}
    assert worn([7, 3], "joy") == {5: 1.0, 6: 0.25}
    assert worn([1, 2, 3], "joy") == {5: 1.0, 6: 2.0}


def test_another_emotion_has_its_own():
    assert worn([1, 2, 3], "anger") == {6: 4.0}
    assert worn([1, 2, 3], "fear") == {}


def test_a_blend_takes_the_mean():
    found = worn([1, 2, 3], "joy:.75,anger:.25")
    assert found == pytest.approx({5: 0.75, 6: 0.75 * 2 + 0.25 * 4})


def test_none_is_well():
    empty = {"runs": np.zeros((0, 4), np.int32), "emotions": np.zeros(0), "worn": np.zeros(0)}
    (target,) = parse("joy")
    assert not StockPhrases(empty, 8).worn([1], target).any()


@pytest.mark.parametrize(
    "changed",
    [
        {"runs": np.zeros((5, 3), np.int32)},
        {"runs": np.full((5, 4), 8, np.int32)},
        {"runs": np.full((5, 4), -1, np.int32)},
        {"emotions": np.full(5, 7, np.uint8)},
        {"worn": np.full(5, np.nan, np.float32)},
        {"worn": np.zeros(5, np.float32)},
        {"worn": np.zeros(4, np.float32)},
    ],
)
def test_what_is_out_of_range_is_refused(changed):
    with pytest.raises(IntegrityError):
        StockPhrases(arrays(**changed), 8)


def test_an_absent_array_is_named():
    with pytest.raises(IntegrityError, match="worn"):
        StockPhrases({"runs": np.zeros((0, 4)), "emotions": np.zeros(0)}, 8)
