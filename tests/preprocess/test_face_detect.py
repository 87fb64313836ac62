import numpy as np
import pytest

from openaffect.preprocess.face_detect import _anchors, detect_faces
from openaffect.preprocess.face_mesh import mesh
from openaffect.types import InvalidValueError

from . import face_samples as samples


def squares(height: int, width: int, *places: tuple[int, int, int]) -> np.ndarray:
    picture = np.zeros((height, width, 3), np.uint8)
    for left, top, side in places:
        picture[top : top + side, left : left + side] = 255
    return picture


def best_overlap(box: np.ndarray, place: tuple[int, int, int]) -> float:
    left, top, side = place
    truth = np.array([left, top, left + side, top + side])
    common = np.prod(
        np.clip(np.minimum(box[2:], truth[2:]) - np.maximum(box[:2], truth[:2]), 0, 9e9)
    )
    return float(common / (np.prod(box[2:] - box[:2]) + side * side - common))


def test_anchors_by_hand():
    full = _anchors(((48, 1),))
    assert full.shape == (2304, 2)
    assert np.allclose(
        full[[0, 1, 48]], [[0.5 / 48, 0.5 / 48], [1.5 / 48, 0.5 / 48], [0.5 / 48, 1.5 / 48]]
    )
    short = _anchors(((16, 2), (8, 6)))
    assert short.shape == (896, 2)
    assert np.allclose(short[1], [0.5 / 16, 0.5 / 16])  # two anchors share the first cell
    assert np.allclose(short[2], [1.5 / 16, 0.5 / 16])
    assert np.allclose(short[512], [0.5 / 8, 0.5 / 8])


@pytest.mark.parametrize("variant", ["short", "full"])
@pytest.mark.parametrize(("height", "width"), [(300, 300), (480, 640), (900, 500)])
def test_boxes_and_keypoints_come_back_in_pixels(variant, height, width):
    detector = samples.full_blobs() if variant == "full" else samples.short_blobs()
    place = (width // 3, height // 4, 120)
    found = detect_faces(squares(height, width, place), detector, variant=variant)
    assert len(found) == 1
    assert best_overlap(found.box[0], place) > 0.93
    middle = np.array(place[:2]) + 60
    assert np.abs(found.keypoints[0, 2] - middle).max() < 4
    assert np.allclose(found.keypoints[0, 1] - found.keypoints[0, 0], [60, 0], atol=5)
    assert found.score[0] == pytest.approx(1 / (1 + np.exp(-3)))


def test_small_faces_of_a_large_picture_are_found_in_tiles_and_counted_once():
    places = [(100, 100, 40), (1500, 90, 44), (930, 700, 60), (1870, 1020, 40), (500, 400, 400)]
    found = detect_faces(squares(1080, 1920, *places), samples.full_blobs())
    assert len(found) == len(places)
    for place in places:
        assert max(best_overlap(box, place) for box in found.box) > 0.8


def test_a_small_picture_is_looked_at_once():
    detector = samples.full_blobs()
    detect_faces(squares(240, 320, (50, 50, 80)), detector)
    assert detector.runs == 1


def test_smallest_bounds_the_tiles():
    detector = samples.full_blobs()
    detect_faces(squares(1000, 1000, (50, 50, 300)), detector, smallest=125)
    assert detector.runs == 1


@pytest.mark.parametrize("shape", [(1, 1), (1, 3000), (3000, 2), (480, 640)])
@pytest.mark.parametrize("variant", ["short", "full"])
def test_nobody_is_no_row(shape, variant):
    detector = samples.full_blobs() if variant == "full" else samples.short_blobs()
    found = detect_faces(np.zeros((*shape, 3), np.uint8), detector, variant=variant)
    assert len(found) == 0
    assert found.box.shape == (0, 4)
    assert found.keypoints.shape == (0, 6, 2)


def test_overlapping_answers_are_blended_by_score():
    class Two:
        inputs = ("input",)
        outputs = ("a", "b")

        def run(self, feeds):
            raw, logits = (
                np.zeros((1, 2304, 16), np.float32),
                np.full((1, 2304, 1), -99, np.float32),
            )
            raw[0, 1200, :4] = 10, 0, 40, 40
            raw[0, 1201, :4] = 10, 0, 40, 40
            logits[0, 1200], logits[0, 1201] = 2.0, 1.0
            return {"a": logits, "b": raw}

    found = detect_faces(np.zeros((192, 192, 3), np.uint8), Two())
    high, low = 1 / (1 + np.exp(-2)), 1 / (1 + np.exp(-1))
    column = 1200 % 48  # the next anchor lies 4 pixels to the right
    middle = column * 4 + 2 + 10 + 4 * low / (high + low)
    assert len(found) == 1
    assert (found.box[0, 0] + found.box[0, 2]) / 2 == pytest.approx(middle, abs=1e-5)
    assert found.score[0] == pytest.approx(high)


def test_scores_below_the_threshold_are_left_out():
    picture = squares(192, 192, (50, 50, 60))
    assert len(detect_faces(picture, samples.full_blobs(), threshold=0.96)) == 0


def test_wrong_input_is_named():
    with pytest.raises(InvalidValueError, match="huge"):
        detect_faces(np.zeros((9, 9, 3), np.uint8), samples.full_blobs(), variant="huge")
    with pytest.raises(InvalidValueError, match=r"\(9, 9\)"):
        detect_faces(np.zeros((9, 9), np.uint8), samples.full_blobs())


def real(variant: str):
    if variant == "landmarker":
        return samples.session("face-landmarker", "detector"), "short"
    return samples.session(f"blazeface-{variant}", "detector"), variant


@pytest.mark.parametrize("weights", ["landmarker", "short", "full"])
@pytest.mark.parametrize("degrees", [-30, -15, 0, 15, 30])
def test_the_astronaut_is_found_however_turned(weights, degrees):
    detector, variant = real(weights)
    picture = samples.turned(samples.astronaut()[:300, 70:370], degrees)
    found = detect_faces(picture, detector, variant=variant)
    assert len(found) == 1
    across = found.keypoints[0, 1] - found.keypoints[0, 0]
    assert np.degrees(np.arctan2(across[1], across[0])) == pytest.approx(degrees, abs=8)


@pytest.mark.parametrize("weights", ["landmarker", "full"])
def test_faces_of_40_pixels_and_of_2000_are_found(weights):
    import cv2

    detector, variant = real(weights)
    face = samples.astronaut()[0:256, 96:352]  # the face in it is 105 pixels wide
    small = cv2.resize(face, None, fx=0.4, fy=0.4, interpolation=cv2.INTER_AREA)
    picture = np.full((720, 1280, 3), 120, np.uint8)
    for left, top in ((20, 30), (600, 300), (1150, 600)):
        picture[top : top + len(small), left : left + small.shape[1]] = small
    assert len(detect_faces(picture, detector, variant=variant)) == 3
    large = cv2.resize(face, (4000, 4000), interpolation=cv2.INTER_CUBIC)
    found = detect_faces(large, detector, variant=variant)
    assert np.ptp(found.box[0, [0, 2]]) == pytest.approx(1600, rel=0.2)


def test_several_people_side_by_side():
    detector, variant = real("landmarker")
    landmarks = samples.session("face-landmarker", "landmarks")
    names = ("still_happy_256.png", "still_sad_256.png")
    row = np.hstack([samples.media(name) for name in names] * 2)
    found = detect_faces(row, detector, variant=variant)
    found = found.select(mesh(row, found, landmarks, variant="478").presence > 0.5)
    middles = np.sort((found.box[:, 0] + found.box[:, 2]) / 2)
    assert np.allclose(middles, [128, 384, 640, 896], atol=40)


def test_noise_and_flat_pictures_hold_nobody():
    detector, variant = real("landmarker")
    noise = np.random.default_rng(0).integers(0, 256, (480, 640, 3), dtype=np.uint8)
    for picture in (noise, np.zeros_like(noise), np.full_like(noise, 255)):
        assert len(detect_faces(picture, detector, variant=variant)) == 0
