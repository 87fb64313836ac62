# ruff: noqa: E402
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed (extra: train)")

from openaffect.train.nets.dialogue import DialogueNet


def answers(net, vectors, same):
    with torch.no_grad():
        return net.eval()(vectors, same)


@pytest.mark.parametrize("both", [False, True])
def test_only_the_net_for_both_ways_hears_what_comes_later(both):
    torch.manual_seed(0)
    net = DialogueNet(6, 3, both=both)
    vectors, same = torch.randn(1, 5, 6), torch.zeros(1, 5)
    later = vectors.clone()
    later[:, 3:] += 1
    first, second = answers(net, vectors, same), answers(net, later, same)
    assert torch.equal(first[:, :3], second[:, :3]) is not both
    assert not torch.equal(first[:, 3:], second[:, 3:])


def test_what_was_said_before_and_by_whom_counts():
    torch.manual_seed(0)
    net = DialogueNet(6, 3)
    vectors, same = torch.randn(1, 4, 6), torch.zeros(1, 4)
    whole = answers(net, vectors, same)
    alone = answers(net, vectors[:, 3:], same[:, 3:])
    assert not torch.allclose(whole[:, 3:], alone)
    assert not torch.allclose(whole, answers(net, vectors, torch.ones(1, 4)))
