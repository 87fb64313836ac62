import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openaffect.preprocess.face_align import (
    EYE_LEFT,
    EYE_RIGHT,
    MOUTH,
    TEMPLATE,
    align,
    anchors,
    similarity,
)
from openaffect.types import InvalidValueError


def face(eye_left, eye_right, mouth) -> np.ndarray:
    points = np.zeros((1, 468, 3))
    for pair, place in ((EYE_LEFT, eye_left), (EYE_RIGHT, eye_right), (MOUTH, mouth)):
        points[0, list(pair), :2] = place
    return points


@given(
    turn=st.floats(-3.1, 3.1),
    scale=st.floats(0.05, 50),
    x=st.floats(-1e3, 1e3),
    y=st.floats(-1e3, 1e3),
)
def test_a_similarity_is_found_exactly(turn, scale, x, y):
    matrix = scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    target = TEMPLATE @ matrix.T + [x, y]
    found = similarity(TEMPLATE, target)
    assert np.allclose(found, np.column_stack([matrix, [x, y]]), atol=1e-6 * max(scale, 1))


def test_the_fit_equals_scikit_image():
    transform = pytest.importorskip("skimage.transform")
    target = TEMPLATE * 90 + np.random.default_rng(0).normal(0, 5, (3, 2))
    theirs = transform.SimilarityTransform.from_estimate(TEMPLATE, target).params[:2]
    assert np.allclose(similarity(TEMPLATE, target), theirs)


def test_points_that_coincide_do_not_divide_by_zero():
    assert np.isfinite(similarity(np.zeros((3, 2)), TEMPLATE)).all()


def test_the_template_is_symmetric_and_upright():
    assert TEMPLATE[0, 0] + TEMPLATE[1, 0] == pytest.approx(1)
    assert TEMPLATE[0, 1] == TEMPLATE[1, 1] < TEMPLATE[2, 1]
    assert TEMPLATE[2, 0] == 0.5


def test_eyes_and_mouth_come_to_the_template():
    picture = np.zeros((400, 400, 3), np.uint8)
    left, right, mouth = TEMPLATE * 160 + [70, 90]
    for colour, (x, y) in enumerate((left, right, mouth)):
        picture[round(y) - 6 : round(y) + 6, round(x) - 6 : round(x) + 6, colour] = 255
    crop = align(picture, face(left, right, mouth), size=96)[0]
    for colour, place in enumerate(TEMPLATE * 96):
        rows, columns = np.nonzero(crop[..., colour] > 127)
        assert np.allclose([columns.mean() + 0.5, rows.mean() + 0.5], place, atol=0.6)


def test_a_face_framed_like_the_template_is_copied():
    picture = np.random.default_rng(0).integers(0, 256, (48, 48, 3), dtype=np.uint8)
    crop = align(picture, face(*(TEMPLATE * 48)), size=48)[0]
    assert np.array_equal(crop, picture)


def test_a_turned_face_is_set_upright():
    picture = np.random.default_rng(0).integers(0, 256, (48, 48, 3), dtype=np.uint8)
    upright = TEMPLATE * 48
    quarter = np.stack([48 - upright[:, 1], upright[:, 0]], axis=1)  # clockwise
    assert np.array_equal(align(np.rot90(picture, -1), face(*quarter), size=48)[0], picture)


def test_anchors_are_midpoints():
    points = np.zeros((1, 468, 3))
    points[0, 33, :2], points[0, 133, :2] = (10, 20), (30, 24)
    assert anchors(points)[0, 0].tolist() == [20, 22]


def test_nobody_is_no_crop():
    crops = align(np.zeros((9, 9, 3), np.uint8), np.zeros((0, 478, 3)), size=48)
    assert crops.shape == (0, 48, 48, 3)


def test_wrong_shapes_are_named():
    picture = np.zeros((9, 9, 3), np.uint8)
    with pytest.raises(InvalidValueError, match=r"\(5, 3\)"):
        align(picture, np.zeros((5, 3)))
    with pytest.raises(InvalidValueError, match="size is 0"):
        align(picture, np.zeros((1, 478, 3)), size=0)
