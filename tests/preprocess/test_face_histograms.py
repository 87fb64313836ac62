import numpy as np
import pytest


def features(images):
    from openaffect.preprocess.face_histograms import histogram_features

    return histogram_features(np.asarray(images, np.uint8))


def test_a_flat_picture_has_no_direction():
    assert not features(np.full((1, 48, 48), 90)).any()


@pytest.mark.parametrize(("axis", "direction"), [(1, 0), (0, 4)])
def test_a_ramp_points_in_one_direction(axis, direction):
    """Across is bin 0; down is 90 degrees, half-way between bins 4 (80) and 5 (100)."""
    ramp = np.indices((48, 48))[axis] * 5
    found = features([ramp]).reshape(25, 4, 9)
    expected = np.zeros(9)
    if direction:
        expected[[4, 5]] = 8**-0.5  # equal shares in each of four cells
    else:
        expected[0] = 0.5
    assert found[12] == pytest.approx(np.tile(expected, (4, 1)), abs=1e-3)


def test_contrast_does_not_matter_and_order_does_not():
    images = np.random.default_rng(0).integers(0, 120, (600, 48, 48))
    found = features(images)
    assert found.shape == (600, 900)
    assert found.dtype == np.float32
    assert features(images * 2) == pytest.approx(found, abs=1e-4)
    assert np.array_equal(features(images[550:]), found[550:])


def test_directions_and_cells_are_laid_out_as_in_scikit_image():
    """Theirs casts whole votes, so the two agree closely, not exactly; other layouts do not."""
    skimage = pytest.importorskip("skimage.feature", reason="scikit-image is not installed")
    image = np.random.default_rng(1).integers(0, 256, (48, 48), dtype=np.uint8)
    smooth = np.cumsum(np.cumsum(image.astype(float) - 127, axis=0), axis=1)
    image = ((smooth - smooth.min()) / np.ptp(smooth) * 255).astype(np.uint8)
    theirs = skimage.hog(image, 9, (8, 8), (2, 2), block_norm="L2-Hys").reshape(5, 5, 4, 9)
    ours = features([image]).reshape(5, 5, 4, 9)
    # Their bins reach from one centre of ours to the next.
    ours = (ours + np.roll(ours, -1, axis=-1)) / 2

    def likeness(other):
        return np.corrcoef(other.ravel(), theirs.ravel())[0, 1]

    others = [np.roll(ours, shift, axis=-1) for shift in range(1, 9)]
    others += [ours[..., ::-1], ours.transpose(1, 0, 2, 3), ours[:, :, [0, 2, 1, 3]]]
    assert likeness(ours) > 0.85
    assert likeness(ours) > max(likeness(other) for other in others) + 0.1
