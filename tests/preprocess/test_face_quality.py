import cv2
import numpy as np
import pytest

from openaffect.preprocess.face_align import EYE_LEFT, EYE_RIGHT, MOUTH
from openaffect.preprocess.face_quality import quality
from openaffect.types import InvalidValueError


def drawn(size: int = 96) -> np.ndarray:
    """A crop with the coarse and fine structure that a face has."""
    rng = np.random.default_rng(0)
    coarse = cv2.resize(rng.uniform(70, 190, (6, 6)), (size, size), interpolation=cv2.INTER_CUBIC)
    fine = rng.normal(0, 9, (size, size))
    grey = np.clip(coarse + fine, 0, 255).astype(np.uint8)
    return np.repeat(grey[:, :, None], 3, axis=2)


def points(reach: float) -> np.ndarray:
    """A mesh whose mouth lies ``reach`` pixels below its eyes."""
    mesh = np.zeros((1, 478, 3))
    mesh[0, list(EYE_LEFT), 0], mesh[0, list(EYE_RIGHT), 0] = -reach / 2, reach / 2
    mesh[0, list(MOUTH), 1] = reach
    return mesh


def rate(crop, reach=40.0, pose=(0.0, 0.0, 0.0)):
    found = quality(crop[None], points(reach), np.array([pose]))
    return {name: float(getattr(found, name)[0]) for name in ("overall", *PARTS)}


PARTS = ("sharpness", "exposure", "size", "pose")


def test_a_good_face_is_full():
    assert rate(drawn()) == dict.fromkeys(("overall", *PARTS), 1.0)


def test_blur_lowers_sharpness_steadily():
    values = [rate(cv2.GaussianBlur(drawn(), (0, 0), s))["sharpness"] for s in (0.5, 2, 4, 8)]
    assert values == sorted(values, reverse=True)
    assert values[-1] < 0.2


@pytest.mark.parametrize("crop", [np.zeros((96, 96, 3)), np.full((96, 96, 3), 255)])
def test_black_and_white_are_nil(crop):
    assert rate(crop.astype(np.uint8))["exposure"] == 0


def test_a_third_of_the_pixels_lost_costs_half():
    crop = drawn()
    crop[:, ::3] = 0  # a third, less where it was lost already: (0.6 - 1/3) / 0.5
    assert rate(crop)["exposure"] == pytest.approx((0.6 - 1 / 3) / 0.5, abs=0.03)


@pytest.mark.parametrize(("reach", "value"), [(3, 0), (6, 0), (12, 0.5), (18, 1), (400, 1)])
def test_size_by_hand(reach, value):
    assert rate(drawn(), reach=reach)["size"] == pytest.approx(value)


@pytest.mark.parametrize(
    ("pitch", "yaw", "roll", "value"),
    [(0, 0, 0, 1), (0, 25, 0, 1), (0, -50, 0, 0.5), (50, 10, 0, 0.5), (0, 90, 0, 0), (0, 0, 80, 1)],
)
def test_pose_by_hand(pitch, yaw, roll, value):
    assert rate(drawn(), pose=(pitch, yaw, roll))["pose"] == pytest.approx(value)


def test_the_worst_part_counts():
    assert rate(drawn(), reach=12, pose=(0, 60, 0))["overall"] == pytest.approx(0.3)


@pytest.mark.parametrize("size", [1, 7, 48, 300])
def test_any_size_of_crop(size):
    crop = np.full((1, size, size, 3), 90, np.uint8)
    found = quality(crop, points(20), np.zeros((1, 3)))
    assert found.overall[0] == 0


def test_nobody_is_no_row():
    found = quality(np.zeros((0, 96, 96, 3), np.uint8), np.zeros((0, 478, 3)), np.zeros((0, 3)))
    assert found.overall.shape == (0,)


def test_lengths_must_agree():
    with pytest.raises(InvalidValueError, match="1 crops, 1 meshes and 2 poses"):
        quality(drawn()[None], points(9), np.zeros((2, 3)))
