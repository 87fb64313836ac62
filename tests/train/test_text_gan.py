# ruff: noqa: E402
import math

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed (extra: train)")

from openaffect.train.nets.text_gan import TextJudge, relativistic, sample
from openaffect.train.nets.words import WIDTH, EmotionWords


def test_the_cost_by_hand():
    first, second = torch.tensor([2.0, 0.0]), torch.tensor([0.0, 1.0])
    expected = (math.log(1 + math.exp(-2)) + math.log(1 + math.e)) / 2
    assert float(relativistic(first, second)) == pytest.approx(expected, abs=1e-6)
    assert float(relativistic(first, first)) == pytest.approx(math.log(2), abs=1e-6)


def test_cold_draws_are_words_of_the_table_and_stop_at_the_end():
    torch.manual_seed(0)
    net = EmotionWords(0.5 * torch.randn(12, WIDTH), 2, "lstm", width=8).eval()
    with torch.no_grad():
        net.words.offset[3] = 2.0  # the end is likely
        drawn = sample(net, torch.tensor([0, 1] * 20), 2, 3, 9, 1e-4)
        table = torch.cat([net.words.vectors.weight, torch.zeros(1, WIDTH)])
        away = torch.cdist(drawn.flatten(0, 1), table).amin(-1)
    assert float(away.quantile(0.99)) < 0.1
    ended = (drawn - table[3]).norm(dim=-1) < 0.1
    after = ended.int().cumsum(1) - ended.int() > 0
    assert after.any()
    assert float(drawn[after].abs().max()) < 1e-3


def test_the_judges_gradient_reaches_the_generator():
    torch.manual_seed(0)
    net = EmotionWords(0.1 * torch.randn(12, WIDTH), 2, "lstm", width=8)
    judge = TextJudge(2)
    emotion = torch.tensor([0, 1, 1])
    scores = judge(sample(net, emotion, 2, 3, 5, 1.0), emotion)
    assert scores.shape == (3,)
    scores.sum().backward()
    assert float(net.leave.weight.grad.abs().sum()) > 0
