import numpy as np
import pytest

from openaffect.recognize._base import softmax
from openaffect.recognize.face_emotion import RECOGNIZER, grey
from openaffect.types import Card
from openaffect.types.schemes import PRIMARY8
from preprocess import face_samples as samples

FERPLUS = (
    "neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt",
)  # fmt: skip


class Session:
    """Says what the mean of each picture is, in its first column."""

    inputs, outputs = ("image",), ("scores",)

    def __init__(self, output="scores") -> None:
        self.output, self.seen = output, []

    def run(self, feeds):
        assert set(feeds) == {"image"}
        image = feeds["image"]
        assert image.dtype == np.float32
        self.seen.append(image)
        scores = np.zeros((len(image), 8), np.float32)
        scores[:, 0] = image.mean(axis=(1, 2, 3))
        scores[:, 1] = 1 - scores[:, 0]
        return {self.output: scores}


class Weights:
    def __init__(self, session=None, **card) -> None:
        facts = {
            "name": "stub", "task": "face.emotion", "modality": "face", "licence": "MIT",
            "scheme": "primary8", "preprocessing": {"size": 48},
        }  # fmt: skip
        self.card = Card.from_dict({**facts, **card})
        self._session = session or Session()

    def session(self, role):
        assert role == "model"
        return self._session

    def path(self, role):
        raise AssertionError(role)


def crop(value: int, height: int = 60, width: int = 40) -> np.ndarray:
    return np.full((height, width, 3), value, np.uint8)


def test_crops_of_any_size_become_grey_squares():
    session = Session()
    timeline = RECOGNIZER(Weights(session))([crop(0), crop(51, 1, 1), crop(255, 300, 300)])
    assert session.seen[0].shape == (3, 1, 48, 48)
    assert np.allclose(session.seen[0].mean(axis=(1, 2, 3)), [0, 0.2, 1])
    assert timeline.scheme == PRIMARY8
    assert np.allclose(timeline.scores[:, 0], [0, 0.2, 1])


def test_mean_and_deviation_come_from_the_card():
    session = Session()
    facts = {"size": 8, "mean": 0.5, "std": 0.25}
    recognizer = RECOGNIZER(Weights(session, preprocessing=facts))
    assert np.allclose(recognizer.prepare(crop(255)), np.full((1, 8, 8), 2.0))


def test_columns_follow_the_card():
    timeline = RECOGNIZER(Weights(labels=list(FERPLUS)))([crop(255), crop(0)])
    assert timeline.best() == ["neutral", "happiness"]


def test_logits_go_through_the_softmax_at_the_temperature():
    weights = Weights(Session("logits"), calibration={"temperature": 0.5})
    row = RECOGNIZER(weights)([crop(255)]).scores[0]
    assert row[0] == pytest.approx(np.exp(2) / (np.exp(2) + 7))
    assert row.sum() == pytest.approx(1)


def test_softmax_of_large_logits_is_finite():
    assert softmax(np.array([[1000.0, 1000.0, -1000.0]])).tolist() == [[0.5, 0.5, 0.0]]


def test_grey_is_the_luma_of_pillow():
    image = pytest.importorskip("PIL.Image")
    picture = np.random.default_rng(0).integers(0, 256, (48, 48, 3), dtype=np.uint8)
    theirs = np.asarray(image.fromarray(picture).convert("L")).astype(int)
    assert np.abs(grey(picture, 48).astype(int) - theirs).max() <= 1


def test_a_grey_picture_of_its_size_is_untouched():
    face = np.random.default_rng(0).integers(0, 256, (48, 48), dtype=np.uint8)
    assert np.array_equal(grey(np.repeat(face[:, :, None], 3, axis=2), 48), face)


def test_shrinking_averages():
    stripes = np.zeros((96, 96, 3), np.uint8)
    stripes[:, ::2] = 200
    assert (grey(stripes, 48) == 100).all()


def test_nobody_is_no_row():
    assert len(RECOGNIZER(Weights())([])) == 0


@pytest.mark.parametrize("degrees", [0, 30, -30])
def test_a_real_smile_is_happiness_however_it_is_turned(degrees):
    from openaffect import models
    from openaffect.preprocess.face_align import align
    from openaffect.preprocess.face_detect import detect_faces
    from openaffect.preprocess.face_mesh import mesh

    if "face-emotion" not in models.cards():
        pytest.skip("the card face-emotion is not installed")
    cv2 = pytest.importorskip("cv2")
    picture = samples.astronaut()
    size = picture.shape[1], picture.shape[0]
    turn = cv2.getRotationMatrix2D((size[0] / 2, size[1] / 2), degrees, 1.0)
    picture = cv2.warpAffine(picture, turn, size)
    found = detect_faces(picture, samples.session("face-landmarker", "detector"), variant="short")
    landmarks = samples.session("face-landmarker", "landmarks")
    crops = align(picture, mesh(picture, found, landmarks, variant="478").points)
    weights = models.CardWeights(models.card("face-emotion"), models.Store(offline=True))
    assert RECOGNIZER(weights)(list(crops)).best() == ["happiness"]
