import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openaffect.preprocess.face_canonical import INDEX, POSITION, WEIGHT
from openaffect.preprocess.face_detect import detect_faces
from openaffect.preprocess.face_mesh import mesh
from openaffect.preprocess.face_pose import head_pose
from openaffect.types import InvalidValueError

from . import face_samples as samples


def head(pitch=0.0, yaw=0.0, roll=0.0, scale=20.0, shift=(300.0, 200.0, 0.0)) -> np.ndarray:
    """A mesh of the average head, turned step by step: pitch, then yaw, then roll."""
    points = np.zeros((1, 468, 3))
    x, y, z = POSITION.T
    a, b, c = np.radians([pitch, yaw, roll])
    y, z = y * np.cos(a) - z * np.sin(a), y * np.sin(a) + z * np.cos(a)
    x, z = x * np.cos(b) - z * np.sin(b), x * np.sin(b) + z * np.cos(b)
    x, y = x * np.cos(c) - y * np.sin(c), x * np.sin(c) + y * np.cos(c)
    points[0, INDEX] = np.stack([x, y, z], axis=1) * scale + shift
    return points


@given(
    pitch=st.floats(-170, 170),
    yaw=st.floats(-85, 85),
    roll=st.floats(-170, 170),
    scale=st.floats(0.5, 200),
)
def test_turns_are_found_exactly(pitch, yaw, roll, scale):
    found = head_pose(head(pitch, yaw, roll, scale))[0]
    assert np.allclose(found, [pitch, yaw, roll], atol=1e-3)


def test_signs_by_where_the_nose_goes():
    nose = int(np.argmin(POSITION[:, 2]))  # the point nearest to the viewer
    straight = head()[0, INDEX[nose]]
    down = head(pitch=20)[0, INDEX[nose]]
    right = head(yaw=20)[0, INDEX[nose]]
    assert down[1] > straight[1]
    assert right[0] > straight[0]
    eyes = head(roll=20)[0, [33, 263]]
    assert eyes[1, 1] > eyes[0, 1]  # clockwise: the right end goes down


def test_several_heads_at_once():
    both = np.concatenate([head(yaw=30), head(roll=-40, shift=(0, 0, 5))])
    assert np.allclose(head_pose(both), [[0, 30, 0], [0, 0, -40]], atol=1e-3)


def test_a_mirror_image_is_not_taken_for_a_turn():
    points = head(yaw=25, roll=10)
    mirrored = points.copy()
    swap = {int(i): int(i) for i in INDEX}
    for index, place in zip(INDEX, POSITION, strict=True):
        other = np.argmin(np.abs(POSITION - place * [-1, 1, 1]).sum(axis=1))
        swap[int(index)] = int(INDEX[other])
    for index in INDEX:
        mirrored[0, index] = points[0, swap[int(index)]] * [-1, 1, 1]
    assert np.allclose(head_pose(mirrored), [[0, -25, -10]], atol=1e-2)


def test_the_average_head_is_symmetric():
    assert WEIGHT.sum() == pytest.approx(1, abs=0.3)
    assert abs((WEIGHT[:, None] * POSITION).sum(axis=0)[0]) < 1e-4


def test_nobody_is_no_row():
    assert head_pose(np.zeros((0, 478, 3))).shape == (0, 3)


def test_a_wrong_shape_is_named():
    with pytest.raises(InvalidValueError, match=r"\(1, 478, 2\)"):
        head_pose(np.zeros((1, 478, 2)))


def measured(picture) -> np.ndarray:
    found = detect_faces(picture, samples.session("face-landmarker", "detector"), variant="short")
    landmarks = samples.session("face-landmarker", "landmarks")
    return head_pose(mesh(picture, found, landmarks, variant="478").points)[0]


@pytest.mark.parametrize("degrees", [-30, -15, 15, 30])
def test_turning_a_picture_changes_roll_alone(degrees):
    picture = samples.astronaut()[:300, 70:370]
    straight, turned = (
        measured(samples.turned(picture, 0)),
        measured(samples.turned(picture, degrees)),
    )
    assert np.allclose(turned - straight, [0, 0, degrees], atol=4)


def test_mirroring_a_picture_mirrors_yaw_and_roll():
    picture = samples.media("still_portrait_512.jpg")
    straight, mirrored = measured(picture), measured(np.ascontiguousarray(picture[:, ::-1]))
    assert np.allclose(mirrored, straight * [1, -1, -1], atol=4)
