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
    tokens, values = StockPhrases(arrays(), 8).worn(ids, target)
    return dict(zip(tokens.tolist(), values.tolist(), strict=True))


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
    tokens, values = StockPhrases(empty, 8).worn([1], target)
    assert len(tokens) == len(values) == 0


@pytest.mark.parametrize("asked", ["joy", "joy:.7,fear:.3", "anger:.2,fear:.3,neutral:.5"])
def test_all_runs_looked_through_one_by_one_give_the_same_bits(asked):
    """Four tokens and short texts, so that many runs end in the same token."""
    draws = np.random.default_rng(3)
    runs = np.unique(draws.integers(-1, 4, (600, 4)), axis=0)
    # No token stands before an absent one.
    runs = runs[(np.diff((runs >= 0).astype(int), axis=1) >= 0).all(1) & (runs[:, -1] >= 0)]
    places = draws.integers(0, 7, len(runs))
    values = draws.uniform(0.4, 5, len(runs)).astype(np.float16)
    stock = StockPhrases({"runs": runs, "emotions": places, "worn": values}, 4)
    (target,) = parse(asked)
    for _ in range(200):
        ids = draws.integers(0, 4, draws.integers(0, 7)).tolist()
        expected = np.zeros(4, np.float32)
        for place, share in enumerate(target.vector()):
            most = np.zeros(4, np.float32)
            for run, emotion, value in zip(runs.tolist(), places, values, strict=True):
                before = [token for token in run[:-1] if token >= 0]
                if emotion == place and before == ids[len(ids) - len(before) :]:
                    most[run[-1]] = max(most[run[-1]], value)
            expected += np.float32(share) * most
        tokens, worn = stock.worn(ids, target)
        assert len(set(tokens.tolist())) == len(tokens)
        found = np.zeros(4, np.float32)
        found[tokens] = worn
        assert (found == expected).all()


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
