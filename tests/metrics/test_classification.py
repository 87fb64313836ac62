import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openaffect.metrics.agreement import concordance_correlation, pearson_correlation
from openaffect.metrics.bootstrap import bootstrap_interval, paired_bootstrap
from openaffect.metrics.calibration import expected_calibration_error
from openaffect.metrics.classification import (
    accuracy,
    confusion_matrix,
    f1_per_label,
    macro_f1,
    recall_per_class,
    unweighted_average_recall,
)
from openaffect.types import InvalidValueError

sklearn_metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn is the second source")

labels = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=60).map(
    lambda pairs: tuple(np.array(column) for column in zip(*pairs, strict=True))
)


@given(labels)
@settings(max_examples=60, deadline=None)
def test_single_label_measures_equal_scikit_learn(pair):
    truth, guess = pair
    assert accuracy(truth, guess) == pytest.approx(sklearn_metrics.accuracy_score(truth, guess))
    expected = sklearn_metrics.confusion_matrix(truth, guess, labels=range(5))
    assert (confusion_matrix(truth, guess, classes=5) == expected).all()
    # scikit-learn averages recall over the classes that occur; balanced accuracy is that mean.
    recalls = sklearn_metrics.recall_score(
        truth, guess, labels=np.unique(truth), average=None, zero_division=0
    )
    assert unweighted_average_recall(truth, guess, classes=5) == pytest.approx(recalls.mean())


def test_recall_of_an_absent_class_is_not_a_number():
    recall = recall_per_class([0, 0, 1], [0, 1, 1], classes=3)
    assert recall[:2].tolist() == [0.5, 1.0]
    assert np.isnan(recall[2])


@given(st.integers(1, 40), st.integers(1, 6), st.integers(0, 2**31))
@settings(max_examples=40, deadline=None)
def test_macro_f1_equals_scikit_learn(rows, columns, seed):
    generator = np.random.default_rng(seed)
    truth, guess = generator.integers(0, 2, (2, rows, columns))
    expected = sklearn_metrics.f1_score(truth, guess, average=None, zero_division=0)
    if columns == 1:
        expected = [sklearn_metrics.f1_score(truth[:, 0], guess[:, 0], zero_division=0)]
    assert f1_per_label(truth, guess) == pytest.approx(expected)
    assert macro_f1(truth, guess) == pytest.approx(np.mean(expected))


@pytest.mark.parametrize(("truth", "guess"), [([], []), ([0, 1], [0]), ([[0]], [[0]])])
def test_wrong_shapes_are_named(truth, guess):
    with pytest.raises(InvalidValueError, match=r"shape|no items"):
        accuracy(truth, guess)


def test_labels_outside_the_classes_are_named():
    with pytest.raises(InvalidValueError, match=r"prediction holds labels from 0 to 3"):
        confusion_matrix([0, 1], [0, 3], classes=3)


def test_calibration_error_by_hand():
    # Two bins of two: confidence .6 with half right, confidence .9 with all right.
    probabilities = [[0.6, 0.4], [0.6, 0.4], [0.9, 0.1], [0.9, 0.1]]
    assert expected_calibration_error(probabilities, [0, 1, 0, 0], bins=2) == pytest.approx(0.1)


def test_a_perfectly_calibrated_model_has_a_small_error():
    generator = np.random.default_rng(0)
    confidence = generator.uniform(0.5, 1, 60_000)
    right = generator.random(60_000) < confidence
    probabilities = np.stack([confidence, 1 - confidence], axis=1)
    assert expected_calibration_error(probabilities, np.where(right, 0, 1)) < 0.01


def test_correlations_equal_numpy_and_lin():
    generator = np.random.default_rng(1)
    truth = generator.normal(size=50)
    guess = 0.5 * truth + generator.normal(size=50)
    r = pearson_correlation(truth, guess)
    assert r == pytest.approx(np.corrcoef(truth, guess)[0, 1])
    # Lin 1989: rho_c = r * C_b, with C_b from the ratio of deviations and the shift.
    scale = truth.std() / guess.std()
    shift = (truth.mean() - guess.mean()) / np.sqrt(truth.std() * guess.std())
    assert concordance_correlation(truth, guess) == pytest.approx(
        r * 2 / (scale + 1 / scale + shift**2)
    )


def test_a_constant_series_has_no_correlation():
    with pytest.raises(InvalidValueError, match="constant"):
        pearson_correlation([1, 1, 1], [1, 2, 3])


def test_the_interval_of_a_mean_is_near_the_normal_one():
    values = np.random.default_rng(2).normal(size=400)
    interval = bootstrap_interval(lambda rows: float(values[rows].mean()), 400, resamples=4000)
    half = 1.96 * values.std() / 20
    assert interval.low == pytest.approx(values.mean() - half, abs=0.01)
    assert interval.high == pytest.approx(values.mean() + half, abs=0.01)


def test_groups_widen_the_interval_when_items_repeat_each_other():
    values = np.repeat(np.random.default_rng(3).normal(size=20), 30)
    groups = np.repeat(np.arange(20), 30)
    mean = lambda rows: float(values[rows].mean())  # noqa: E731
    alone = bootstrap_interval(mean, 600, resamples=500)
    grouped = bootstrap_interval(mean, 600, groups=groups, resamples=500)
    assert grouped.high - grouped.low > 3 * (alone.high - alone.low)


def test_paired_bootstrap_sees_a_real_and_no_difference():
    generator = np.random.default_rng(4)
    truth = generator.integers(0, 2, 500)
    good = np.where(generator.random(500) < 0.9, truth, 1 - truth)
    poor = np.where(generator.random(500) < 0.7, truth, 1 - truth)
    score = lambda guess: lambda rows: accuracy(truth[rows], guess[rows])  # noqa: E731
    real = paired_bootstrap(score(good), score(poor), 500, resamples=500)
    assert real.p < 0.01
    assert real.low > 0
    none = paired_bootstrap(score(good), score(good), 500, resamples=200)
    assert none.p == 1.0
    assert none.value == 0
