# ruff: noqa: E402
import json

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed (extra: train)")

from torch import nn

from openaffect.train.context import Context
from openaffect.train.loop import Fit, Plan, seed_everything


def test_a_linear_plan_by_hand():
    plan = Plan(epochs=10, steps=10, warmup=0.1, final=0.0, cosine=False)
    assert plan.rate(0) == pytest.approx(0.1)
    assert plan.rate(9) == pytest.approx(1)
    assert plan.rate(10) == pytest.approx(1)
    assert plan.rate(55) == pytest.approx(0.5)
    assert plan.rate(99) == pytest.approx(1 / 90)


def test_a_cosine_plan_by_hand():
    plan = Plan(epochs=4, steps=25, warmup=0.0, final=0.2)
    assert plan.rate(0) == pytest.approx(1)
    assert plan.rate(50) == pytest.approx(0.2 + 0.8 / 2)
    assert plan.rate(25) == pytest.approx(0.2 + 0.8 * (1 + 2**-0.5) / 2)
    rates = [plan.rate(step) for step in range(100)]
    assert rates == sorted(rates, reverse=True)


def test_cycles_start_again_at_half_the_peak():
    plan = Plan(epochs=7, steps=10, warmup=0.1, final=0.0, cycles=(4, 2, 1))
    assert plan.last_cycle == 6
    assert plan.rate(4) == pytest.approx(1)
    assert plan.rate(40) == pytest.approx(0.5 / 2)  # first of two warm-up steps
    assert plan.rate(42) == pytest.approx(0.5)
    assert plan.rate(51) == pytest.approx(0.25)  # half-way down from 0.5
    assert plan.rate(60) == pytest.approx(0.25)
    assert plan.rate(39) < 0.01
    assert Plan(epochs=3, steps=1).last_cycle == 0


class Noisy(nn.Module):
    """A net with all that a checkpoint has to carry: dropout, running statistics, counters."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.3), nn.Linear(8, 1)
        )

    def forward(self, x):
        return self.body(x)


def batches(epoch):
    generator = torch.Generator().manual_seed(epoch)
    for _ in range(5):
        x = torch.randn(16, 4, generator=generator)
        yield x, x.sum(1, keepdim=True)


def loss(net, batch):
    return nn.functional.mse_loss(net(batch[0]).float(), batch[1])


def score(net):
    x, y = next(batches(999))
    return {"score": -float(nn.functional.mse_loss(net(x), y))}


def fit(context, epochs=5, **options):
    seed_everything(context.seed)
    net = Noisy()
    optimizer = torch.optim.AdamW(net.parameters(), lr=0.02)
    plan = Plan(epochs=epochs, steps=5, average=0.9, **options)
    return Fit(net, optimizer, plan, context, name="tiny")


def same(left, right):
    return left.keys() == right.keys() and all(torch.equal(left[k], right[k]) for k in left)


def test_a_run_is_the_same_twice(tmp_path):
    first, second = (
        fit(Context(out=tmp_path / name, seed=1)).run(batches, loss, score, "score")
        for name in ("a", "b")
    )
    assert same(first, second)


@pytest.mark.parametrize("stop_at", [1, 7, 10, 24])
def test_a_resumed_run_ends_with_the_same_weights(tmp_path, stop_at):
    whole = fit(Context(out=tmp_path / "whole", seed=1))
    wanted = whole.run(batches, loss, score, "score")

    def interrupt(what, done, total):
        if done == stop_at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit(Context(out=tmp_path / "cut", seed=1, progress=interrupt)).run(
            batches, loss, score, "score"
        )
    # Other draws between the two must not matter.
    torch.rand(17)
    again = fit(Context(out=tmp_path / "cut", seed=1, resume=True))
    assert same(again.run(batches, loss, score, "score"), wanted)
    assert same(again.average, whole.average)
    assert (again.best_epoch, again.step) == (whole.best_epoch, whole.step)
    assert again.best_score == whole.best_score
    events = [json.loads(line) for line in (tmp_path / "cut" / "log.jsonl").open()]
    assert ("resumed" in [item["event"] for item in events]) == (stop_at > 5)


def test_without_resume_a_checkpoint_is_not_taken_up(tmp_path):
    context = Context(out=tmp_path, seed=1)
    wanted = fit(context).run(batches, loss, score, "score")
    again = fit(context)
    assert same(again.run(batches, loss, score, "score"), wanted)
    assert again.step == 25


@pytest.mark.parametrize(
    ("options", "epochs"),
    [({}, 3), ({"cycles": (2, 6)}, 5), ({"cycles": (4, 4)}, 7)],
)
def test_training_stops_early(context, options, epochs):
    falling = iter(range(100, 0, -1))
    run = fit(context, epochs=8, patience=2, **options)
    seen = []

    def evaluate(net):
        seen.append({key: value.clone() for key, value in net.state_dict().items()})
        return {"score": next(falling)}

    best = run.run(batches, loss, evaluate, "score")
    assert run.epoch == epochs
    assert run.best_epoch == 0
    assert same(best, seen[0])
    assert same(dict(run.net.state_dict()), seen[0])


def test_the_average_follows_the_weights_by_hand(context):
    net = nn.Linear(1, 1, bias=False)
    nn.init.zeros_(net.weight)
    plan = Plan(epochs=1, steps=3, warmup=0, final=1, average=0.25, clip=1.0, bfloat16=False)
    run = Fit(net, torch.optim.SGD(net.parameters(), lr=1.0), plan, context)
    # The gradient is 1 in each step: weights -1, -2, -3. Decay is 2/11, then 3/12, then 0.25.
    run.run(
        lambda epoch: [(torch.ones(1, 1),)] * 3,
        lambda net, batch: net(batch[0]).sum(),
        lambda net: {"score": 0.0},
        "score",
    )
    first = -1 * (9 / 11)
    second = first * 0.25 - 2 * 0.75
    third = second * 0.25 - 3 * 0.75
    assert float(run.average["weight"]) == pytest.approx(third, rel=1e-5)
    assert net.weight.item() == pytest.approx(third, rel=1e-5)  # the averaged weights are kept


def test_gradients_are_clipped(context):
    net = nn.Linear(1, 1, bias=False)
    nn.init.zeros_(net.weight)
    plan = Plan(epochs=1, steps=1, warmup=0, final=1, clip=0.5, bfloat16=False)
    Fit(net, torch.optim.SGD(net.parameters(), lr=1.0), plan, context).run(
        lambda epoch: [(torch.ones(1, 1),)],
        lambda net, batch: 100 * net(batch[0]).sum(),
        lambda net: {"score": 0.0},
        "score",
    )
    assert net.weight.item() == pytest.approx(-0.5, rel=1e-4)


def test_the_log_has_a_line_an_epoch(context):
    fit(context, epochs=2).run(batches, loss, score, "score")
    events = [json.loads(line) for line in (context.out / "log.jsonl").open()]
    assert [item["step"] for item in events] == [5, 10]
    assert all({"train_loss", "score", "epoch", "time"} <= item.keys() for item in events)
    context.close()
    assert list((context.out / "tensorboard").iterdir())
