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
from openaffect.train.row_quantisation import quantise_by_row
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


def test_convolutions_hand_int8_on_to_each_other(tmp_path):
    import onnx

    torch.manual_seed(0)
    path = export(
        Pictures().eval(),
        [torch.rand(2, 1, 12, 12)],
        tmp_path / "net.float32.onnx",
        inputs=["image"],
        outputs=["scores"],
        dynamic={"image": {0: "n"}, "scores": {0: "n"}},
    )
    feeds = [{"image": np.random.default_rng(0).random((8, 1, 12, 12), np.float32)}]

    def between(file):
        return sum(node.op_type == "Relu" for node in onnx.load(file).graph.node)

    assert between(path) == 2
    assert between(quantise_static(path, tmp_path / "net.onnx", feeds)) == 0
    # What is kept in float32 keeps what clips it.
    assert between(quantise_static(path, tmp_path / "net.onnx", feeds, keep=["/body/body."])) == 2


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


class Tokens(nn.Module):
    """Two products of matrices, row by row of the tokens."""

    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Linear(32, 64), nn.Linear(64, 4)

    def forward(self, tokens):
        return torch.sigmoid(self.second(torch.relu(self.first(tokens))).mean(1))


def test_quantised_by_row_an_item_is_deaf_to_its_neighbours(tmp_path):
    torch.manual_seed(0)
    axes = {0: "n", 1: "length"}
    path = export(
        Tokens().eval(),
        [torch.zeros(2, 3, 32)],
        tmp_path / "net.float32.onnx",
        inputs=["tokens"],
        outputs=["scores"],
        dynamic={"tokens": axes, "scores": {0: "n"}},
    )
    tokens = np.random.default_rng(0).standard_normal((1, 5, 32)).astype(np.float32)
    loud = np.concatenate([tokens, 50 * tokens])
    wholly = quantise_dynamic(path, tmp_path / "whole.onnx")
    floats, alone, beside = (
        run_file(file, [{"tokens": feed}])[:1]
        for file, feed in ((path, tokens), (wholly, tokens), (wholly, loud))
    )
    assert parity(alone, beside).largest > 1e-3
    by_row = quantise_by_row(wholly)
    ours, ours_beside = (run_file(by_row, [{"tokens": feed}])[:1] for feed in (tokens, loud))
    assert np.array_equal(ours, ours_beside)
    assert parity(floats, ours).largest < 0.02


def test_nothing_to_quantise_by_row_is_refused(tmp_path):
    path = export(
        Pictures().eval(),
        [torch.rand(2, 1, 12, 12)],
        tmp_path / "net.onnx",
        inputs=["image"],
        outputs=["scores"],
        dynamic={"image": {0: "n"}, "scores": {0: "n"}},
    )
    with pytest.raises(InvalidValueError, match=r"net\.onnx holds no dynamically quantised"):
        quantise_by_row(path)


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
