import numpy as np
import pytest

from openaffect.preprocess.face_action_units import TABLE, from_blendshapes
from openaffect.types import InvalidValueError
from openaffect.types.schemes import ARKIT52, FACS_AU


def units(**weights: float) -> dict[str, float]:
    row = np.zeros((1, 52), np.float32)
    for name, value in weights.items():
        row[0, ARKIT52.index(name)] = value
    found = from_blendshapes(row)[0]
    return {label: float(v) for label, v in zip(FACS_AU.labels, found, strict=True) if v > 1e-6}


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ({}, {}),
        ({"browInnerUp": 1.0}, {"AU01": 5.0}),
        ({"mouthSmileLeft": 0.8, "mouthSmileRight": 0.4}, {"AU12": 3.0}),
        ({"eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0}, {"AU43": 5.0, "AU45": 5.0}),
        ({"jawOpen": 0.6}, {"AU26": 3.0, "AU25": 3.0}),
        ({"jawOpen": 0.6, "mouthClose": 0.6}, {"AU26": 3.0}),
        ({"mouthLowerDownLeft": 0.5, "mouthLowerDownRight": 0.5}, {"AU25": 2.5}),
        ({"mouthUpperUpLeft": 1.0, "mouthUpperUpRight": 1.0}, {"AU10": 5.0, "AU25": 5.0}),
    ],
)
def test_by_hand(weights, expected):
    assert units(**weights) == pytest.approx(expected)


def test_every_unit_but_two_has_its_blendshapes():
    assert set(FACS_AU.labels) - set(TABLE) == {"AU23", "AU25"}
    assert all(name in ARKIT52.labels for names in TABLE.values() for name in names)


def test_the_unit_without_a_blendshape_is_not_measured():
    found = from_blendshapes(np.ones((2, 52), np.float32))
    assert np.isnan(found[:, FACS_AU.index("AU23")]).all()
    assert np.isfinite(np.delete(found, FACS_AU.index("AU23"), axis=1)).all()
    assert np.nanmax(found) <= 5


def test_what_was_not_measured_stays_so():
    assert np.isnan(from_blendshapes(np.full((1, 52), np.nan, np.float32))).all()


def test_nobody_is_no_row():
    assert from_blendshapes(np.zeros((0, 52))).shape == (0, len(FACS_AU))


def test_a_wrong_shape_is_named():
    with pytest.raises(InvalidValueError, match=r"\(1, 51\)"):
        from_blendshapes(np.zeros((1, 51)))
