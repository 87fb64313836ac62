"""Diarisation errors against sums by hand, and the assignment against SciPy's."""

import numpy as np
import pytest

from openaffect.metrics.annotations import Annotation
from openaffect.metrics.speech_diarization import (
    _best_pairs,
    diarization_error,
    emotion_diarization_error,
)
from openaffect.types import InvalidValueError


def turns(*given):
    return [Annotation(start, end, label) for start, end, label in given]


TRUTH = turns((0, 4, "anna"), (5, 9, "bert"), (9, 10, "anna"))


def test_names_mean_nothing():
    assert diarization_error(TRUTH, turns((0, 4, "x"), (5, 9, "y"), (9, 10, "x"))).rate == 0


def test_each_kind_of_error_by_hand():
    # x stands for anna, y for bert: 4 to 5 nobody speaks, 3 to 4 missed, 9 to 10 is bert's.
    found = diarization_error(TRUTH, turns((0, 3, "x"), (4, 5, "x"), (5, 10, "y")))
    assert (found.false_alarm, found.missed, found.confusion, found.total) == (1, 1, 1, 9)
    assert found.rate == pytest.approx(3 / 9)


def test_two_at_once_count_twice():
    both = turns((0, 4, "anna"), (2, 4, "bert"))
    found = diarization_error(both, turns((0, 4, "x")))
    assert (found.missed, found.confusion, found.total) == (2, 0, 6)


def test_one_guess_cannot_stand_for_two():
    found = diarization_error(TRUTH, turns((0, 10, "x")))
    assert (found.false_alarm, found.confusion) == (1, 4)


def test_the_collar_leaves_boundaries_out():
    late = turns((0.2, 4.2, "x"), (5.2, 9, "y"), (9, 10, "x"))
    assert diarization_error(TRUTH, late).rate == pytest.approx((0.2 + 0.2 + 0.2) / 9)
    kept = diarization_error(TRUTH, late, collar=0.25)
    assert kept.rate == pytest.approx(0)
    assert kept.total == pytest.approx(3.5 + 3.5 + 0.5)


def test_nothing_found_is_all_missed():
    found = diarization_error(TRUTH, [])
    assert (found.missed, found.rate) == (9, 1)


def test_a_silent_reference_is_refused():
    with pytest.raises(InvalidValueError, match="nobody speaks"):
        diarization_error([], turns((0, 1, "x")))
    with pytest.raises(InvalidValueError, match="collar"):
        diarization_error(TRUTH, [], collar=-1)


@pytest.mark.parametrize("shape", [(1, 1), (3, 5), (5, 3), (6, 6), (1, 4)])
def test_the_best_pairs_are_scipys(shape):
    optimize = pytest.importorskip("scipy.optimize", reason="SciPy is not installed")
    for seed in range(20):
        gain = np.random.default_rng(seed).random(shape) * 10
        found = sum(gain[row, column] for row, column in _best_pairs(gain))
        assert found == pytest.approx(gain[optimize.linear_sum_assignment(-gain)].sum())
        assert len(_best_pairs(gain)) == min(shape)


def test_emotion_errors_by_hand():
    truth = turns((0, 4, "neutral"), (4, 8, "anger"), (8, 10, "sadness"))
    # 3 to 4 false alarm, 7 to 8 missed, 8 to 9 confused, 9 to 10 missed; of 10 s
    found = emotion_diarization_error(truth, turns((3, 7, "anger"), (8, 9, "fear")))
    assert (found.false_alarm, found.confusion, found.missed, found.total) == (1, 1, 2, 10)
    assert found.rate == pytest.approx(0.4)


def test_calm_may_count_as_no_emotion():
    truth, found = turns((0, 2, "calm"), (2, 4, "fear")), turns((2, 4, "fear"))
    assert emotion_diarization_error(truth, found).rate == 0.5
    assert emotion_diarization_error(truth, found, neutral=("neutral", "calm")).rate == 0


def test_what_cannot_be_measured_is_refused():
    with pytest.raises(InvalidValueError, match="lasts any time"):
        emotion_diarization_error([], [])
    with pytest.raises(InvalidValueError, match="reference overlap at 1"):
        emotion_diarization_error(turns((0, 2, "fear"), (1, 3, "anger")), [])
