import numpy as np
import pytest

from openaffect.preprocess.face_blendshapes import SUBSET, blendshapes
from openaffect.preprocess.face_detect import detect_faces
from openaffect.preprocess.face_mesh import mesh
from openaffect.types import InvalidValueError
from openaffect.types.schemes import ARKIT52

from . import face_samples as samples


def test_the_subset_is_146_distinct_points_in_order():
    assert len(SUBSET) == 146
    assert (np.diff(SUBSET) > 0).all()
    assert set(range(468, 478)) <= set(SUBSET.tolist())  # the irises


def test_the_network_is_fed_x_and_y_in_pixels():
    network = samples.Recorder()
    points = np.arange(2 * 478 * 3, dtype=float).reshape(2, 478, 3)
    weights = blendshapes(points, network)
    assert weights.shape == (2, 52)
    assert weights.min() == 0
    assert weights.max() == 1
    assert network.seen[1].shape == (1, 146, 2)
    assert network.seen[1].dtype == np.float32
    assert np.array_equal(network.seen[1][0], points[1, SUBSET, :2])


def test_nobody_is_no_row():
    assert blendshapes(np.zeros((0, 478, 3)), samples.Recorder()).shape == (0, 52)


def test_a_mesh_without_irises_is_refused():
    with pytest.raises(InvalidValueError, match="irises"):
        blendshapes(np.zeros((1, 468, 3)), samples.Recorder())


def measured(picture) -> dict[str, float]:
    def session(role):
        return samples.session("face-landmarker", role)

    found = detect_faces(picture, session("detector"), variant="short")
    points = mesh(picture, found, session("landmarks"), variant="478").points
    return dict(zip(ARKIT52.labels, blendshapes(points, session("blendshapes"))[0], strict=True))


def test_a_smile_is_seen():
    weights = measured(samples.astronaut())
    assert min(weights["mouthSmileLeft"], weights["mouthSmileRight"]) > 0.7
    assert max(weights["mouthFrownLeft"], weights["eyeBlinkLeft"], weights["mouthPucker"]) < 0.3


def test_a_smile_is_seen_however_turned():
    weights = measured(samples.turned(samples.astronaut()[:300, 70:370], 30))
    assert min(weights["mouthSmileLeft"], weights["mouthSmileRight"]) > 0.6


def test_the_same_person_happy_and_sad():
    happy, sad = (
        measured(samples.media("still_happy_256.png")),
        measured(samples.media("still_sad_256.png")),
    )
    assert happy["mouthSmileLeft"] > sad["mouthSmileLeft"] + 0.2
    assert happy["mouthSmileRight"] > sad["mouthSmileRight"] + 0.2
