# ruff: noqa: E402
import hashlib

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed (extra: train)")
pytest.importorskip("onnx", reason="onnx is not installed (extra: train)")

from torch import nn

from openaffect.train.export import (
    digest,
    export,
    parity,
    quantise_dynamic,
    quantise_static,
    run_file,
)
from openaffect.types import InvalidValueError


class Pictures(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.Conv2d(16, 16, 3),
            nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(16, 4),
        )  # fmt: skip

    def forward(self, image):
        return torch.softmax(self.body(image), 1)


class Words(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding, self.head = nn.Embedding(50, 64), nn.Linear(64, 4)

    def forward(self, ids):
        return torch.sigmoid(self.head(torch.relu(self.embedding(ids).mean(1))))


def test_pictures_through_float_and_int8(tmp_path):
    torch.manual_seed(0)
    net = Pictures().eval()
    path = export(
        net,
        [torch.rand(2, 1, 12, 12)],
        tmp_path / "net.float32.onnx",
        inputs=["image"],
        outputs=["scores"],
        dynamic={"image": {0: "n"}, "scores": {0: "n"}},
    )
    images = np.random.default_rng(0).random((40, 1, 12, 12), np.float32)
    feeds = [{"image": images[start : start + 8]} for start in range(0, 40, 8)]
    with torch.no_grad():
        reference = net(torch.from_numpy(images)).numpy()
    floats = run_file(path, feeds)
    assert parity(reference, floats).largest < 1e-5
    small = quantise_static(path, tmp_path / "net.onnx", feeds)
    assert parity(floats, run_file(small, feeds)).largest < 0.05
    assert sorted(item.name for item in tmp_path.iterdir()) == ["net.float32.onnx", "net.onnx"]


def test_words_through_float_and_int8(tmp_path):
    torch.manual_seed(0)
    net = Words().eval()
    axes = {0: "n", 1: "length"}
    path = export(
        net,
        [torch.zeros(2, 3, dtype=torch.int64)],
        tmp_path / "net.float32.onnx",
        inputs=["ids"],
        outputs=["scores"],
        dynamic={"ids": axes, "scores": {0: "n"}},
    )
    random = np.random.default_rng(0)
    feeds = [{"ids": random.integers(0, 50, (5, length))} for length in (1, 4, 9)]
    with torch.no_grad():
        reference = np.concatenate([net(torch.from_numpy(feed["ids"])).numpy() for feed in feeds])
    floats = run_file(path, feeds)
    assert parity(reference, floats).largest < 1e-5
    small = quantise_dynamic(path, tmp_path / "net.onnx")
    assert parity(floats, run_file(small, feeds)).largest < 0.05
    assert small.stat().st_size < path.stat().st_size


def test_parity_by_hand():
    left = np.array([[0.6, 0.4], [0.1, 0.9]])
    found = parity(left, np.array([[0.4, 0.6], [0.1, 0.9]]))
    assert found.largest == pytest.approx(0.2)
    assert found.mean == pytest.approx(0.1)
    assert (found.agreement, found.rows) == (0.5, 2)
    with pytest.raises(InvalidValueError, match=r"\(2, 2\) with \(1, 2\)"):
        parity(left, left[:1])


def test_digest_is_sha256(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")
    assert digest(tmp_path / "a") == hashlib.sha256(b"abc").hexdigest()
