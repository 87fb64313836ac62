# ruff: noqa: E402
"""dlib's file, written here layer by layer, read back; the network beside plain arithmetic."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed (extra: train)")

from torch.nn import functional

from openaffect.train.nets.identity_resnet import (
    IdentityResNet,
    load_identity,
    measure_statistics,
    read_layers,
)
from openaffect.types import InvalidValueError


def packed(number):
    digits = number.to_bytes(max(1, (number.bit_length() + 7) // 8), "little")
    return bytes([len(digits)]) + digits


def tensor(values, sides):
    return b"".join(packed(side) for side in (2, *sides)) + values.astype("<f4").tobytes()


def layer(name, values, sides):
    return packed(len(name)) + name + tensor(values, sides)


def published(seed=0):
    """The bytes of a file, and its (filters, biases, factors, offsets)."""
    random = np.random.default_rng(seed)
    data, layers = b"\x01\x02 whatever comes before", []
    for index, module in enumerate(IdentityResNet().modules()):
        if not isinstance(module, torch.nn.Conv2d):
            continue
        shape = list(module.weight.shape)
        if not layers:
            shape[1] = 3
        filters = random.normal(0, (2 / np.prod(shape[1:])) ** 0.5, shape).astype(np.float32)
        biases, offsets = random.normal(0, 0.1, (2, shape[0])).astype(np.float32)
        factors = random.uniform(0.5, 1.0, shape[0]).astype(np.float32)
        values = np.concatenate([filters.ravel(), biases])
        data += layer(b"con_4", values, (len(values), 1, 1, 1)) + bytes([index % 7, 0])
        affine = np.concatenate([factors, offsets])
        data += layer(b"affine_", affine, (2, shape[0], 1, 1))
        layers.append((filters, biases, factors, offsets))
    return data, layers


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    data, layers = published()
    path = tmp_path_factory.mktemp("dlib") / "net.dat"
    path.write_bytes(data)
    return path, layers


def faces(count=4, side=48):
    return torch.randn(count, 1, side, side, generator=torch.Generator().manual_seed(0))


def by_hand(x, layers):
    """dlib's network, for sides that stay odd where they are halved: before the head."""
    waiting = iter(layers)

    def convolve(x, stride, padding):
        filters, biases, factors, offsets = (torch.from_numpy(part) for part in next(waiting))
        y = functional.conv2d(x, filters, biases, stride, padding)
        return y * factors.view(1, -1, 1, 1) + offsets.view(1, -1, 1, 1)

    x = functional.max_pool2d(functional.relu(convolve(x, 2, 0)), 3, 2)
    for blocks, halves in ((3, False), (4, True), (3, True), (3, True), (1, True)):
        for block in range(blocks):
            stride = 2 if halves and not block else 1
            branch = functional.relu(convolve(x, stride, 0 if stride == 2 else 1))
            branch = convolve(branch, 1, 1)
            kept = functional.avg_pool2d(x, 2) if stride == 2 else x
            assert kept.shape[2:] == branch.shape[2:]
            kept = torch.cat([kept, torch.zeros_like(branch)[:, kept.shape[1] :]], 1)
            x = functional.relu(branch + kept)
    return x


def test_the_loaded_network_is_dlibs(file):
    path, layers = file
    side = 131  # the four levels halve 31, 15, 7 and 3
    net = load_identity(IdentityResNet(size=side), path).eval()
    for module in net.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.eps = 0.0
    grey = faces(2, side)
    colours = grey.expand(-1, 3, -1, -1) * 0.25
    with torch.no_grad():
        assert torch.allclose(net.blocks(net.stem(grey)), by_hand(colours, layers), atol=1e-4)


def test_sides_from_71_on_are_read(file):
    for side in (71, 80, 96):
        net = load_identity(IdentityResNet(5, size=side), file[0]).eval()
        assert net(faces(2)).shape == (2, 5)


def test_measured_statistics_leave_the_answers_as_they_are(file):
    net = load_identity(IdentityResNet(size=80), file[0]).eval()
    before = net(faces())
    measure_statistics(net, faces())
    assert torch.allclose(net(faces()), before, rtol=1e-3, atol=1e-4)
    net.train()
    for module in net.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
        if hasattr(module, "drop"):
            module.drop = 0.0
    # In training a norm takes the statistics of the batch: here the same faces.
    assert torch.allclose(net(faces()), before, rtol=1e-2, atol=1e-2)


@pytest.mark.parametrize("cut", [1000, 0])
def test_another_file_is_named(tmp_path, cut):
    path = tmp_path / "other.dat"
    path.write_bytes(published()[0][:cut])
    with pytest.raises(InvalidValueError, match=r"other.dat|ends beyond the file"):
        load_identity(IdentityResNet(), path)


def test_a_tensor_of_another_version_is_named():
    data = layer(b"con_4", np.zeros(1, np.float32), (1, 1, 1, 1))
    with pytest.raises(InvalidValueError, match="version 3; expected 2"):
        read_layers(data.replace(b"con_4\x01\x02", b"con_4\x01\x03"))
