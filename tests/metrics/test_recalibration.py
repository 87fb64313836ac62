"""Maps whose answer is known: a temperature that was put in is found again."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openaffect.metrics.calibration import (
    calibration_gap,
    expected_calibration_error,
    reliability,
    reliability_table,
    risk_coverage,
    risk_coverage_area,
)
from openaffect.metrics.recalibration import (
    FORMS,
    chosen_form,
    crossfitted,
    fitted,
    isotonic_top,
    temperature_scaling,
    vector_scaling,
)
from openaffect.types import InvalidValueError, UnknownNameError


def softmax(logits):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def drawn(rows=20_000, classes=4, seed=0):
    """Return logits and labels that are drawn from their very distribution."""
    generator = np.random.default_rng(seed)
    logits = generator.normal(0, 1.5, (rows, classes))
    chances = softmax(logits).cumsum(axis=1)
    return logits, (generator.random((rows, 1)) > chances).sum(axis=1).clip(0, classes - 1)


@pytest.mark.parametrize("temperature", [0.4, 1.0, 2.5])
def test_the_temperature_that_was_put_in_is_found(temperature):
    logits, truth = drawn()
    given = softmax(logits / temperature)
    found = temperature_scaling(given, truth)
    assert found.slope == pytest.approx(np.full(4, temperature), rel=0.05)
    np.testing.assert_allclose(found(given), softmax(logits), atol=0.02)


def test_a_shift_a_label_is_found():
    logits, truth = drawn()
    wrong = softmax((logits - np.array([0.0, 1.0, -1.0, 0.5])) / 2)
    moved = vector_scaling(wrong, truth)(wrong)
    assert np.abs(moved - softmax(logits)).mean() < 0.02
    one = temperature_scaling(wrong, truth)(wrong)
    assert np.abs(one - softmax(logits)).mean() > 0.05  # one number cannot mend it


def test_vector_scaling_minimises_its_loss():
    """A step in any direction is no better: the gradient was derived by hand."""
    logits, truth = drawn(2000)
    given = softmax(logits * 2)
    found = vector_scaling(given, truth)

    def loss(slope, shift):
        moved = softmax(np.log(given) * slope + shift)
        return -np.log(moved[np.arange(len(truth)), truth]).mean()

    best = loss(found.slope, found.shift)
    for column in range(4):
        for size in (-0.2, 0.2):
            step = np.eye(4)[column] * size
            assert loss(found.slope + step, found.shift) > best
            assert loss(found.slope, found.shift + step) > best


def test_isotonic_is_scikit_learns():
    isotonic = pytest.importorskip("sklearn.isotonic", reason="scikit-learn is not installed")
    logits, truth = drawn(500)
    given = softmax(logits * 2)
    top, right = given.max(axis=1), given.argmax(axis=1) == truth
    theirs = isotonic.IsotonicRegression(y_min=0.25, y_max=1.0).fit(top, right).predict(top)
    moved = isotonic_top(given, truth)(given)
    best = given.argmax(axis=1)
    np.testing.assert_allclose(moved[np.arange(500), best], theirs, atol=1e-9)
    others = np.delete(given[0], best[0])
    assert np.delete(moved[0], best[0]) / others == pytest.approx(
        np.full(3, (1 - theirs[0]) / (1 - top[0]))
    )


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(sorted(FORMS)), st.integers(0, 1000))
def test_every_form_gives_distributions(form, seed):
    logits, truth = drawn(60, seed=seed)
    given = softmax(logits * 3)
    moved = fitted(form, given, truth)(given)
    np.testing.assert_allclose(moved.sum(axis=1), 1, atol=1e-9)
    assert (moved >= 0).all()
    if form == "temperature":
        assert (moved.argmax(axis=1) == given.argmax(axis=1)).all()


def test_cross_fitting_never_sees_its_own_part():
    """One part is right and the other wrong throughout: each gets the other's map."""
    given = np.array([[0.8, 0.2]] * 40)
    truth = np.r_[np.zeros(20, int), np.ones(20, int)]
    part = np.r_[np.zeros(20, int), np.ones(20, int)]
    moved = crossfitted("isotonic", given, truth, part)
    assert moved[0, 0] == pytest.approx(0.5)  # learnt from those who were always wrong
    assert moved[-1, 0] == pytest.approx(1.0)


def test_the_form_is_chosen_by_what_helps():
    logits, truth = drawn(4000)
    part = np.arange(4000) % 2
    assert chosen_form(softmax(logits * 4), truth, part) in ("temperature", "vector")
    assert fitted(chosen_form(softmax(logits * 4), truth, part), softmax(logits), truth)


def test_unknown_forms_and_single_parts_are_refused():
    logits, truth = drawn(20)
    with pytest.raises(UnknownNameError, match="temperature"):
        fitted("platt", softmax(logits), truth)
    with pytest.raises(InvalidValueError, match="two or more"):
        crossfitted("temperature", softmax(logits), truth, np.zeros(20))


def test_the_error_of_decisions_is_that_of_classes():
    logits, truth = drawn(500)
    given = softmax(logits)
    top, right = given.max(axis=1), given.argmax(axis=1) == truth
    assert reliability(top, right) == reliability_table(given, truth)
    assert calibration_gap(reliability(top, right)) == expected_calibration_error(given, truth)
    curve = risk_coverage(top, right)
    assert curve.mean() == pytest.approx(risk_coverage_area(given, truth))
    assert curve[-1] == pytest.approx(1 - right.mean())
