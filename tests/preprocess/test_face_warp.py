import numpy as np
import pytest

from openaffect.preprocess.face_warp import apply, check_picture, cut, square_to_picture
from openaffect.types import InvalidValueError


def ramp(height: int, width: int) -> np.ndarray:
    """A picture whose red is the column and whose green is the row."""
    picture = np.zeros((height, width, 3), np.uint8)
    picture[..., 0] = np.arange(width)[None, :]
    picture[..., 1] = np.arange(height)[:, None]
    return picture


def test_a_square_of_its_own_size_is_copied():
    picture = ramp(60, 80)
    matrix = square_to_picture(np.array([30.0, 20.0]), 20, 0.0, 20)
    assert np.array_equal(cut(picture, matrix, 20), picture[10:30, 20:40])


def test_corners_lie_where_the_square_says():
    matrix = square_to_picture(np.array([50.0, 40.0]), 20, 0.0, 10)
    corners = apply(matrix, np.array([[0.0, 0.0], [10.0, 10.0], [5.0, 5.0]]))
    assert np.allclose(corners, [[40, 30], [60, 50], [50, 40]])


def test_turning_is_clockwise_as_seen():
    matrix = square_to_picture(np.array([0.0, 0.0]), 10, np.pi / 2, 10)
    along = apply(matrix, np.array([[5.0, 5.0], [10.0, 5.0]]))
    assert np.allclose(along[1] - along[0], [0, 5])  # the crop's right is the picture's down


def test_a_quarter_turn_equals_rot90():
    picture = ramp(40, 40)
    matrix = square_to_picture(np.array([20.0, 20.0]), 40, np.pi / 2, 40)
    assert np.array_equal(cut(picture, matrix, 40), np.rot90(picture))


def test_shrinking_averages_instead_of_skipping():
    stripes = np.zeros((512, 512, 3), np.uint8)
    stripes[:, ::2] = 254
    matrix = square_to_picture(np.array([256.0, 256.0]), 512, 0.0, 32)
    crop = cut(stripes, matrix, 32)
    assert np.abs(crop.astype(int) - 127).max() <= 1


def test_shrinking_keeps_places():
    picture = ramp(256, 256)
    crop = cut(picture, square_to_picture(np.array([128.0, 128.0]), 256, 0.0, 64), 64).astype(int)
    expected = (np.arange(64) + 0.5) * 4 - 0.5
    assert np.abs(crop[32, :, 0] - expected).max() <= 1
    assert np.abs(crop[:, 32, 1] - expected).max() <= 1


@pytest.mark.parametrize(("replicate", "colour"), [(False, 0), (True, 200)])
def test_outside_is_black_or_the_edge(replicate, colour):
    picture = np.full((8, 8, 3), 200, np.uint8)
    matrix = square_to_picture(np.array([4.0, 4.0]), 24, 0.0, 24)
    crop = cut(picture, matrix, 24, replicate=replicate)
    assert (crop[0, 0] == colour).all()
    assert (crop[12, 12] == 200).all()


@pytest.mark.parametrize("center", [(-500.0, -500.0), (900.0, 5.0)])
def test_a_square_beside_the_picture_is_black(center):
    crop = cut(ramp(50, 50), square_to_picture(np.array(center), 64, 0.3, 16), 16)
    assert crop.shape == (16, 16, 3)
    assert not crop.any()


@pytest.mark.parametrize(
    "wrong",
    [
        np.zeros((4, 4), np.uint8),
        np.zeros((4, 4, 4), np.uint8),
        np.zeros((4, 4, 3), np.float32),
        np.zeros((0, 4, 3), np.uint8),
        "picture",
    ],
)
def test_other_pictures_are_refused(wrong):
    with pytest.raises(InvalidValueError, match="picture"):
        check_picture(wrong)
