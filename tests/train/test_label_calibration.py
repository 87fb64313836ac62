import numpy as np
import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed (extra: train)")

from openaffect.metrics.calibration import expected_calibration_error
from openaffect.train.label_calibration import binary_calibration_error, calibration_rows, platt
from openaffect.types import InvalidValueError


def test_platt_finds_the_slope_and_offset_that_made_the_labels():
    random = np.random.default_rng(0)
    logits = random.normal(0, 2, (20_000, 1))
    chance = 1 / (1 + np.exp(-(0.5 * logits - 1)))
    labels = (random.random(chance.shape) < chance).astype(int)
    slope, offset = platt(logits, labels)[0]
    assert slope == pytest.approx(0.5, abs=0.03)
    assert offset == pytest.approx(-1, abs=0.05)


def test_platt_leaves_what_it_cannot_fit():
    logits = np.column_stack([np.arange(8.0), np.arange(8.0)])
    labels = np.column_stack([np.zeros(8), np.arange(8) < 4])  # none; and against the order
    assert platt(logits, labels).tolist() == [[1, 0], [1, 0]]


def test_the_error_of_two_sure_labels_is_the_top_label_error_of_the_field():
    random = np.random.default_rng(1)
    sure = random.uniform(0.5, 1, 600)
    right = random.random(600) < sure**2
    wanted = expected_calibration_error(np.column_stack([sure, 1 - sure]), (~right).astype(int))
    assert binary_calibration_error(sure, right) == pytest.approx(wanted, abs=1e-9)


def test_the_error_by_hand():
    confidence, right = np.array([0.1, 0.1, 0.9, 0.9]), np.array([0, 1, 1, 1])
    assert binary_calibration_error(confidence, right, bins=2) == pytest.approx((0.8 + 0.2) / 4)
    with pytest.raises(InvalidValueError, match="4 confidences and 4 answers cannot fill 15 bins"):
        binary_calibration_error(confidence, right)


def test_risk_falls_with_coverage_by_hand():
    scores = np.linspace(0.01, 0.99, 100)[:, None] * [[1, 0.5]]
    labels = np.zeros((100, 2))
    labels[50:, 0] = 1
    rows = {row["measure"]: row for row in calibration_rows("two", scores, labels, ("a", "b"), "")}
    risk = rows["wrong best labels among the surest, two"]["coverage"]
    assert risk == {"100%": 0.5, "90%": 0.4444, "75%": 0.3333, "50%": 0.0, "25%": 0.0}
