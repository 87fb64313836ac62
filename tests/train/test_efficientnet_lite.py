# ruff: noqa: E402
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed (extra: train)")

from torch.nn import functional

from openaffect.train.nets.efficientnet_lite import EfficientNetLite, GreyFilters
from openaffect.train.recipes._faces import mirrored


def test_grey_filters_see_what_three_equal_planes_show():
    torch.manual_seed(0)
    filters, grey = GreyFilters(3, 8, 3, 2, 1, bias=False), torch.rand(2, 1, 9, 9)
    colours = functional.conv2d(grey.expand(-1, 3, -1, -1), filters.weight, None, 2, 1)
    assert torch.allclose(filters(grey), colours, atol=1e-6)


def test_the_mirror_image_counts_as_much_as_the_face():
    torch.manual_seed(0)
    net, faces = EfficientNetLite(8, size=32).eval(), torch.randn(3, 1, 32, 32)
    with torch.no_grad():
        apart = (net(faces) + net(faces.flip(3))) / 2
        assert torch.allclose(mirrored(net, faces), apart, atol=1e-5)
        assert torch.allclose(mirrored(net, faces), mirrored(net, faces.flip(3)), atol=1e-5)
