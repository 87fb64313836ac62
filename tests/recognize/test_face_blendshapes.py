import numpy as np
import pytest

from openaffect.recognize.face_blendshapes import RECOGNIZER
from openaffect.types import Card
from preprocess import face_samples as samples


class Weights:
    """Stand-ins for the landmarker's three networks."""

    def __init__(self, scheme="arkit52", presence=2.0, **sessions) -> None:
        self.card = Card("stub", "face.blendshapes", "face", scheme=scheme, licence="MIT")
        self.sessions = {
            "detector": samples.short_blobs(),
            "landmarks": samples.FlatMesh(256, 478, (0.5, 0.5), presence),
            "blendshapes": samples.Recorder(),
            **sessions,
        }

    def session(self, role):
        return self.sessions[role]

    def path(self, role):
        raise AssertionError(role)


def face() -> np.ndarray:
    picture = np.zeros((120, 100, 3), np.uint8)
    picture[30:90, 20:80] = 255
    return picture


def test_one_row_a_crop_and_no_row_made_up():
    timeline = RECOGNIZER(Weights())([face(), np.zeros((50, 50, 3), np.uint8), face()])
    assert timeline.scores.shape == (3, 52)
    assert np.allclose(timeline.scores[[0, 2]], np.clip(np.linspace(-0.1, 1.1, 52), 0, 1))
    assert np.isnan(timeline.scores[1]).all()


def test_what_the_mesh_doubts_is_not_measured():
    assert np.isnan(RECOGNIZER(Weights(presence=-2.0))([face()]).scores).all()


def test_the_largest_of_several_faces_is_taken():
    network = samples.FlatMesh(256, 478, (0.5, 0.5), -2.0)
    picture = np.zeros((400, 400, 3), np.uint8)
    picture[20:100, 20:100] = 255
    picture[150:350, 150:350] = 255
    RECOGNIZER(Weights(landmarks=network))([picture])
    assert len(network.seen) == 1
    assert network.seen[0].mean() == pytest.approx(1 / 1.5**2, abs=0.1)


@pytest.mark.parametrize("size", [1, 2, 7])
def test_tiny_crops(size):
    assert np.isnan(RECOGNIZER(Weights())([np.zeros((size, size, 3), np.uint8)]).scores).all()


def test_nobody_is_no_row():
    assert len(RECOGNIZER(Weights())([])) == 0


def real() -> Weights:
    roles = ("detector", "landmarks", "blendshapes")
    return Weights(**{role: samples.session("face-landmarker", role) for role in roles})


def test_a_real_smile_in_a_tight_and_a_loose_crop():
    picture = samples.astronaut()
    timeline = RECOGNIZER(real())([picture[60:190, 160:290], picture[:300, 70:370]])
    smile = (timeline.column("mouthSmileLeft") + timeline.column("mouthSmileRight")) / 2
    assert smile.min() > 0.6
