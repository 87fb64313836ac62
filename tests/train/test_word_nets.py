# ruff: noqa: E402
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed (extra: train)")

from openaffect.train.nets.escm import ESCM, CorrelationGraph
from openaffect.train.nets.words import WIDTH, Batch, EmotionWords, SequenceToSequence
from openaffect.train.words import Encoded, batches, joined, pad

VOCABULARY, EMOTIONS = 30, 4


def example(random, said, written):
    return Encoded(
        context=random.integers(4, VOCABULARY, said),
        roles=np.repeat([0, 1], [said - said // 2, said // 2]),
        turns=np.repeat([1, 2], [said - said // 2, said // 2]),
        heads=np.arange(said),
        relations=random.integers(0, 5, said),
        answer=np.array([2, *random.integers(4, VOCABULARY, written)]),
        wanted=np.array([*random.integers(4, VOCABULARY, written), 3]),
        emotion=int(random.integers(EMOTIONS)),
    )


@pytest.fixture
def batch():
    random = np.random.default_rng(0)
    return pad([example(random, 9, 5), example(random, 4, 7)])


def net(kind):
    torch.manual_seed(0)
    vectors = 0.1 * torch.randn(VOCABULARY, WIDTH)
    if kind == "escm":
        return ESCM(vectors, torch.arange(4, 4 + EMOTIONS), 5).eval()
    if kind == "seq2seq":
        return SequenceToSequence(vectors, EMOTIONS).eval()
    return EmotionWords(vectors, EMOTIONS, kind, width=16).eval()


def asked(kind, made, batch):
    with torch.no_grad():
        if kind in ("escm", "seq2seq"):
            return made(batch.context, batch.roles, batch.turns, batch.answer)[0]
        return made(batch.emotion, batch.answer)


@pytest.mark.parametrize("kind", ["escm", "seq2seq", "rnn", "lstm"])
def test_no_word_knows_those_to_come(kind, batch):
    made = net(kind)
    later = batch._replace(answer=batch.answer.clone())
    later.answer[:, 3:] = 9
    first, second = asked(kind, made, batch), asked(kind, made, later)
    assert torch.allclose(first[:, :3], second[:, :3], atol=1e-6)
    assert not torch.allclose(first[:, 3:], second[:, 3:])


@pytest.mark.parametrize("kind", ["escm", "seq2seq"])
def test_padding_changes_nothing(kind):
    random = np.random.default_rng(1)
    short, long = example(random, 4, 5), example(random, 12, 5)
    made = net(kind)
    alone, beside = asked(kind, made, pad([short])), asked(kind, made, pad([short, long]))
    # The net that reads both ways begins behind the end, so that padding does reach it.
    tolerance = 1e-5 if kind == "escm" else 0.2
    assert torch.allclose(alone[0], beside[0], atol=tolerance)


@pytest.mark.parametrize("kind", ["escm", "seq2seq", "rnn", "lstm"])
def test_a_few_steps_learn_two_answers(kind, batch):
    made = net(kind).train()
    optimizer = torch.optim.Adam(made.parameters(), 3e-3)
    begun = float(made.loss(batch).detach())
    for _ in range(30):
        optimizer.zero_grad()
        loss = made.loss(batch)
        loss.backward()
        optimizer.step()
    assert float(loss.detach()) < 0.6 * begun


def test_the_loss_is_that_of_the_distribution_it_writes_by(batch):
    made = net("escm")
    scores = asked("escm", made, batch)
    assert scores.exp().sum(-1).numpy() == pytest.approx(1, abs=1e-4)
    with torch.no_grad():
        read = made.read(batch.context, batch.roles, batch.turns)
        whole = made.loss(batch)
        known = batch.heads >= 0
        others = sum(
            torch.nn.functional.cross_entropy(logits, wanted)
            for logits, wanted in (
                (read.by_correlation, batch.emotion),
                (read.by_context, batch.emotion),
                (read.arcs[known], batch.heads[known]),
                (read.relations[known], batch.relations[known]),
            )
        )
    rows, steps = np.nonzero(batch.wanted.numpy())
    chosen = scores.numpy()[rows, steps, batch.wanted.numpy()[rows, steps]]
    assert float(whole - others) == pytest.approx(-chosen.mean(), abs=1e-4)


def test_heads_lie_within_the_turn(batch):
    made = net("escm")
    with torch.no_grad():
        arcs = made.read(batch.context, batch.roles, batch.turns).arcs.softmax(-1)
    across = batch.turns.unsqueeze(1) != batch.turns.unsqueeze(2)
    assert float(arcs[across].max()) == 0


def test_graph_hears_neighbours_alone():
    torch.manual_seed(0)
    graph = CorrelationGraph(6, 3)
    x, kinds = torch.randn(1, 4, 6), torch.softmax(torch.randn(1, 4, 3), -1)
    arcs = torch.zeros(1, 4, 4)
    for word, head in enumerate((1, 1, 1, 3)):  # 0 and 2 hang on 1; 3 stands alone
        arcs[0, word, head] = 1
    moved = x.clone()
    moved[0, 0] += 1
    with torch.no_grad():
        apart = (graph(x, arcs, kinds) - graph(moved, arcs, kinds)).abs().amax(-1)[0]
    assert apart[0] > 1e-2 and apart[1] > 1e-3
    assert float(apart[2:].max()) < 1e-3


def test_trees_of_turns_are_joined_and_cut():
    arcs = [(np.array([1, 1]), np.array([3, 0])), (np.array([0, 0, 1]), np.array([0, 1, 2]))]
    heads, kinds = joined(arcs, 5)
    assert heads.tolist() == [1, 1, 2, 2, 3] and kinds.tolist() == [3, 0, 0, 1, 2]
    heads, kinds = joined(arcs, 2)  # the head of the first of both was cut off
    assert heads.tolist() == [-1, 0] and kinds.tolist() == [1, 2]


def test_parts_make_a_pass():
    random = np.random.default_rng(2)
    examples = [example(random, 3 + n % 5, 2 + n % 3) for n in range(50)]
    seen = [
        tuple(row[row > 0].tolist())
        for epoch in range(4, 8)
        for one in batches(examples, 8, seed=0, epoch=epoch, parts=4)
        for row in Batch(*one).wanted.numpy()
    ]
    assert sorted(seen) == sorted(tuple(one.wanted.tolist()) for one in examples)


@pytest.mark.parametrize(("kind", "steps"), [("seq2seq", 60), ("escm", 30)])
def test_a_reader_hears_single_words_among_others(kind, steps):
    """One of four words says which emotion it is; vectors are spread as those learnt with are."""
    torch.manual_seed(0)
    random = np.random.default_rng(0)
    vectors = 0.15 * torch.randn(64, WIDTH)
    if kind == "escm":
        net = ESCM(vectors, torch.arange(60, 64), 5)
    else:
        net = SequenceToSequence(vectors, 4)
    pace = torch.optim.AdamW(net.parameters(), 2e-3)
    for _ in range(steps):
        emotion = random.integers(4, size=32)
        said = random.integers(10, 60, (32, 12))
        said[np.arange(32), random.integers(12, size=32)] = 4 + emotion
        context, answer = torch.from_numpy(said), torch.full((32, 2), 3)
        heard = net(context, torch.zeros_like(context), torch.ones_like(context), answer)[1]
        cost = torch.nn.functional.cross_entropy(heard, torch.from_numpy(emotion))
        pace.zero_grad()
        cost.backward()
        pace.step()
    assert float(cost.detach()) < np.log(4) / 3
