# ruff: noqa: E402
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed (extra: train)")

from hypothesis import given
from hypothesis import strategies as st

from openaffect.train import text

LENGTHS = st.lists(st.integers(1, 30), min_size=1, max_size=70)


def ids_of(lengths):
    return [[row + 1] * length for row, length in enumerate(lengths)]


def test_pad_by_hand():
    ids, mask = text.pad([[5, 6], [7]])
    assert ids.tolist() == [[5, 6], [7, 0]]
    assert mask.tolist() == [[1, 1], [1, 0]]
    assert ids.dtype == mask.dtype == torch.int64


@given(LENGTHS, st.integers(1, 16), st.integers(0, 5))
def test_an_epoch_sees_every_row_once_with_its_target(lengths, size, epoch):
    targets = np.arange(1, len(lengths) + 1, dtype=np.float32)[:, None]
    rows = []
    for ids, mask, target in text.batches(ids_of(lengths), targets, size, 0, epoch):
        assert len(ids) <= size
        assert torch.equal(ids != 0, mask == 1)
        assert torch.equal(ids[:, 0].float(), target[:, 0])
        assert mask.sum(1).tolist() == [lengths[int(row) - 1] for row in ids[:, 0]]
        rows += ids[:, 0].tolist()
    assert sorted(rows) == list(range(1, len(lengths) + 1))


def test_the_order_follows_from_seed_and_epoch():
    targets = np.zeros((100, 1), np.float32)

    def order(seed, epoch):
        made = text.batches(ids_of(range(1, 101)), targets, 8, seed, epoch)
        return [ids[:, 0].tolist() for ids, _, _ in made]

    assert order(0, 0) == order(0, 0)
    assert order(0, 0) != order(0, 1)
    assert order(0, 0) != order(1, 0)


class First(torch.nn.Module):
    def forward(self, ids, mask):
        return torch.stack([ids[:, 0].float(), mask.sum(1).float()], 1)


@given(LENGTHS)
def test_predictions_come_in_the_order_of_the_texts(lengths):
    scores = text.predict(First(), ids_of(lengths))
    assert scores[:, 0].tolist() == list(range(1, len(lengths) + 1))
    assert scores[:, 1].tolist() == lengths
