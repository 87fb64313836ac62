# ruff: noqa: E402
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed (extra: train)")

from openaffect.train.augment import augment_faces


def faces(count=64):
    return torch.rand(count, 1, 48, 48, generator=torch.Generator().manual_seed(0))


def seen(seed=0, images=None):
    return augment_faces(faces() if images is None else images, torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("count", [1, 64])
def test_shape_and_range_are_kept(count):
    images = seen(images=faces(count))
    assert images.shape == (count, 1, 48, 48)
    assert images.dtype == torch.float32
    assert 0 <= images.min() <= images.max() <= 1


@pytest.mark.parametrize("level", [0.0, 1.0])
def test_black_and_white_stay_finite(level):
    images = seen(images=torch.full((32, 1, 48, 48), level))
    assert images.isfinite().all()


def test_a_seed_gives_the_same_pictures_whatever_else_is_drawn():
    first = seen(5)
    torch.rand(9)
    assert torch.equal(first, seen(5))
    assert not torch.equal(first, seen(6))


def test_the_pictures_handed_in_are_not_changed():
    images = faces()
    before = images.clone()
    seen(images=images)
    assert torch.equal(images, before)


def test_every_picture_is_its_own():
    images = seen(images=faces(1).expand(16, -1, -1, -1))
    assert all(not torch.equal(images[0], other) for other in images[1:])
    assert (images - faces(1)).abs().mean() < 0.5
