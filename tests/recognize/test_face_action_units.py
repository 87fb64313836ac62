import numpy as np

from openaffect.preprocess.face_action_units import from_blendshapes
from openaffect.recognize import face_action_units, face_blendshapes
from openaffect.types.schemes import FACS_AU

from .test_face_blendshapes import Weights, face


def test_units_are_those_of_the_blendshapes():
    crops = [face(), np.zeros((50, 50, 3), np.uint8)]
    units = face_action_units.RECOGNIZER(Weights("facs-au"))(crops)
    weights = face_blendshapes.RECOGNIZER(Weights())(crops)
    assert units.scheme == FACS_AU
    expected = from_blendshapes(weights.scores)
    assert np.allclose(units.scores, expected, equal_nan=True)
    assert np.isnan(units.scores[1]).all()


def test_nobody_is_no_row():
    assert face_action_units.RECOGNIZER(Weights("facs-au"))([]).scores.shape == (0, len(FACS_AU))
