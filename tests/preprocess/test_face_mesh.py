import numpy as np
import pytest

from openaffect.preprocess.face_detect import FaceDetections, detect_faces
from openaffect.preprocess.face_mesh import boxes, mesh
from openaffect.types import InvalidValueError

from . import face_samples as samples


def one(box, left, right) -> FaceDetections:
    keypoints = np.zeros((1, 6, 2))
    keypoints[0, :2] = left, right
    return FaceDetections(np.array([box], float), np.ones(1), keypoints)


@pytest.mark.parametrize(("variant", "size"), [("468", 192), ("478", 256)])
def test_points_are_carried_back_from_a_square_of_one_and_a_half(variant, size):
    network = samples.FlatMesh(size, int(variant), (1.0, 0.5), logit=-3.0)
    faces = one([100, 100, 200, 200], (130, 130), (170, 130))
    found = mesh(np.zeros((400, 400, 3), np.uint8), faces, network, variant=variant)
    assert found.points.shape == (1, int(variant), 3)
    assert np.allclose(found.points[0, 0], [225, 150, 75])  # the middle of the right edge; z alike
    assert found.presence[0] == pytest.approx(1 / (1 + np.exp(3)))


def test_the_square_is_turned_to_level_the_eyes():
    network = samples.FlatMesh(192, 468, (1.0, 0.5), logit=-3.0)
    faces = one([100, 100, 200, 200], (150, 130), (150, 170))  # the eyes one above the other
    found = mesh(np.zeros((400, 400, 3), np.uint8), faces, network, variant="468")
    assert np.allclose(found.points[0, 0, :2], [150, 225])


def test_pixels_are_shown_in_zero_to_one_rgb():
    network = samples.FlatMesh(192, 468, (0.5, 0.5), logit=-3.0)
    picture = np.zeros((200, 200, 3), np.uint8)
    picture[...] = 255, 0, 51
    mesh(picture, one([80, 80, 120, 120], (90, 95), (110, 95)), network, variant="468")
    assert np.allclose(network.seen[0], [1.0, 0.0, 0.2])


def test_a_mesh_off_its_square_is_laid_again():
    far, near = samples.FlatMesh(192, 468, (0.9, 0.9)), samples.FlatMesh(192, 468, (0.5, 0.5))
    for network in (far, near):
        network.points[0, :2] -= 0.3 * 192
        network.points[1, :2] += 0.3 * 192
        network.points[33, 0] -= 30
        network.points[263, 0] += 30
    for network, looks in ((far, 2), (near, 1)):
        faces = one([100, 100, 200, 200], (130, 130), (170, 130))
        mesh(np.zeros((400, 400, 3), np.uint8), faces, network, variant="468")
        assert len(network.seen) == looks


def test_nobody_is_no_row():
    nobody = FaceDetections(np.zeros((0, 4)), np.zeros(0), np.zeros((0, 6, 2)))
    picture = np.zeros((9, 9, 3), np.uint8)
    found = mesh(picture, nobody, samples.FlatMesh(256, 478, (0.5, 0.5)), variant="478")
    assert found.points.shape == (0, 478, 3)
    assert len(found) == 0
    assert boxes(found.points).shape == (0, 4)


def test_an_unknown_variant_is_named():
    with pytest.raises(InvalidValueError, match="500"):
        nobody = FaceDetections(np.zeros((0, 4)), np.zeros(0), np.zeros((0, 6, 2)))
        mesh(np.zeros((9, 9, 3), np.uint8), nobody, None, variant="500")


def test_boxes_are_the_extent_of_the_points():
    points = np.array([[[1.0, 5.0, 0], [4.0, 2.0, 9], [3.0, 3.0, 1]]])
    assert boxes(points).tolist() == [[1.0, 2.0, 4.0, 5.0]]


def landmarker(picture):
    detector = samples.session("face-landmarker", "detector")
    found = detect_faces(picture, detector, variant="short")
    return mesh(picture, found, samples.session("face-landmarker", "landmarks"), variant="478")


@pytest.mark.parametrize("degrees", [-30, -10, 15, 30])
def test_the_mesh_turns_with_the_picture(degrees):
    picture = samples.astronaut()[:300, 70:370]
    upright = landmarker(samples.turned(picture, 0)).points[0, :, :2] - 150
    turned = landmarker(samples.turned(picture, degrees)).points[0, :, :2] - 150
    angle = np.radians(degrees)
    matrix = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    gap = np.hypot(*(turned - upright @ matrix.T).T)
    assert gap.mean() < 0.02 * np.ptp(upright[:, 0])


def test_two_networks_agree_on_a_face():
    picture = samples.astronaut()
    detector = samples.session("face-landmarker", "detector")
    found = detect_faces(picture, detector, variant="short")
    many = mesh(picture, found, samples.session("face-landmarker", "landmarks"), variant="478")
    few = mesh(picture, found, samples.session("face-mesh-468", "landmarks"), variant="468")
    gap = np.hypot(*(many.points[0, :468, :2] - few.points[0, :, :2]).T)
    assert gap.mean() < 0.03 * np.ptp(few.points[0, :, 0])
    assert min(many.presence[0], few.presence[0]) > 0.9


def test_a_wall_is_no_face():
    picture = samples.astronaut()
    network = samples.session("face-landmarker", "landmarks")
    wall = one([380, 300, 480, 400], (410, 330), (450, 330))
    assert mesh(picture, wall, network, variant="478").presence[0] < 0.5
