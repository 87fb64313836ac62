import numpy as np
import pytest

from openaffect.preprocess.face_eyes import eye_closure, gaze, open_weight, rotations
from openaffect.types import InvalidValueError
from openaffect.types.schemes import ARKIT52


def weights(count=1, **values):
    table = np.zeros((count, 52), np.float32)
    for name, value in values.items():
        table[:, ARKIT52.index(name)] = value
    return table


def test_closure_lies_between_open_and_shut():
    row = weights(eyeBlinkLeft=0.35, eyeBlinkRight=0.9)
    assert eye_closure(row, 0.1)[0].tolist() == pytest.approx([0.5, 1.0])
    assert eye_closure(weights(eyeBlinkLeft=0.05), 0.1)[0].tolist() == [0, 0]
    assert np.isnan(eye_closure(np.full((1, 52), np.nan))).all()


def test_open_eyes_are_the_persons_own():
    assert open_weight(np.array([0.2] * 90 + [0.7] * 10)) == pytest.approx(0.2)
    assert open_weight(np.array([0.2] * 5)) == 0.1
    assert open_weight(np.array([0.7] * 50)) == 0.1


def test_a_turned_head_takes_the_gaze_along():
    straight = gaze(weights(), np.zeros((1, 3)))[0]
    turned = gaze(weights(), np.array([[0.0, 20.0, 0.0]]))[0]
    assert turned[0] - straight[0] == pytest.approx(20, abs=1)
    down = gaze(weights(), np.array([[20.0, 0.0, 0.0]]))[0]
    assert down[1] - straight[1] == pytest.approx(20, abs=1)


def test_eyes_that_look_aside_add_to_it():
    straight = gaze(weights(), np.zeros((1, 3)))[0]
    right = gaze(weights(eyeLookOutLeft=0.5, eyeLookInRight=0.5), np.zeros((1, 3)))[0]
    assert right[0] > straight[0] + 10
    down = gaze(weights(eyeLookDownLeft=0.5, eyeLookDownRight=0.5), np.zeros((1, 3)))[0]
    assert down[1] > straight[1] + 10


def test_rotations_by_hand():
    ahead = np.array([0.0, 0.0, -1.0])
    right = rotations(np.array([[0.0, 90.0, 0.0]]))[0] @ ahead
    assert np.allclose(right, [1, 0, 0], atol=1e-9)
    down = rotations(np.array([[90.0, 0.0, 0.0]]))[0] @ ahead
    assert np.allclose(down, [0, 1, 0], atol=1e-9)


def test_wrong_shapes_are_named():
    with pytest.raises(InvalidValueError, match=r"\(1, 51\)"):
        eye_closure(np.zeros((1, 51)))
    with pytest.raises(InvalidValueError, match="pose"):
        gaze(weights(2), np.zeros((1, 3)))
