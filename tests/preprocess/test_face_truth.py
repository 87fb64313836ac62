"""The whole way from a picture, on drawn heads whose pose and expression are known."""

import numpy as np
import pytest

from openaffect.preprocess.face_action_units import from_blendshapes
from openaffect.preprocess.face_blendshapes import blendshapes
from openaffect.preprocess.face_detect import detect_faces
from openaffect.preprocess.face_eyes import eye_closure
from openaffect.preprocess.face_mesh import mesh
from openaffect.preprocess.face_pose import head_pose
from openaffect.types.schemes import ARKIT52, FACS_AU

from . import face_heads as heads
from . import face_samples as samples


def points(picture) -> np.ndarray:
    detector = samples.session("face-landmarker", "detector")
    found = detect_faces(picture, detector, variant="short")
    assert len(found) == 1
    return mesh(
        picture, found, samples.session("face-landmarker", "landmarks"), variant="478"
    ).points


@pytest.mark.parametrize(
    ("pitch", "yaw", "roll"),
    [(0, 0, 0), (0, 30, 0), (0, -30, 0), (15, 0, 0), (-15, 0, 0), (0, 0, 25), (10, 20, -15)],
)
def test_pose(pitch, yaw, roll):
    assert np.allclose(
        head_pose(points(heads.head(pitch, yaw, roll)))[0], [pitch, yaw, roll], atol=6
    )


def weights(**expression: float) -> np.ndarray:
    network = samples.session("face-landmarker", "blendshapes")
    return blendshapes(points(heads.head(**expression)), network)


@pytest.mark.parametrize(
    ("expression", "unit"),
    [
        (("mouthSmile_L", "mouthSmile_R"), "AU12"),
        (("eyeBlink_L", "eyeBlink_R"), "AU45"),
        (("jawOpen",), "AU26"),
        (("browOuterUp_L", "browOuterUp_R"), "AU02"),
        (("mouthUpperUp_L", "mouthUpperUp_R"), "AU10"),
        (("mouthShrugLower",), "AU17"),
        (("mouthPucker",), "AU18"),
    ],
)
def test_the_unit_that_moved_rises_most(expression, unit):
    moved, still = weights(**dict.fromkeys(expression, 1.0)), weights()
    change = (from_blendshapes(moved) - from_blendshapes(still))[0]
    assert change[FACS_AU.index(unit)] > 1.0
    assert change[FACS_AU.index(unit)] == np.nanmax(change)


@pytest.mark.parametrize(("side", "other"), [("Left", "Right"), ("Right", "Left")])
def test_left_and_right_are_the_persons_own(side, other):
    row = weights(**{f"eyeBlink_{side[0]}": 1.0})[0]
    assert row[ARKIT52.index(f"eyeBlink{side}")] > row[ARKIT52.index(f"eyeBlink{other}")] + 0.2


def test_shut_eyes_are_shut_and_open_ones_open():
    opened, shut = weights(), weights(eyeBlink_L=1.0, eyeBlink_R=1.0)
    usual = float(opened[0, [ARKIT52.index("eyeBlinkLeft"), ARKIT52.index("eyeBlinkRight")]].mean())
    assert eye_closure(opened, usual).max() < 0.2
    assert eye_closure(shut, usual).mean() > 0.8
