# ruff: noqa: E402
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed (extra: train)")

import numpy as np

from openaffect.data._dataset import Item
from openaffect.train.nets.dialogue import DialogueNet, earlier_turns
from openaffect.train.recipes._dialogue_lines import Lines, fit, folds, probabilities


def answers(net, vectors, speaker):
    with torch.no_grad():
        return net.eval()(vectors, speaker)


def test_nothing_is_heard_of_what_comes_later():
    torch.manual_seed(0)
    net = DialogueNet(6, 3)
    vectors, speaker = torch.randn(1, 5, 6), torch.tensor([[0.0, 1, 0, 0, 1]])
    later = vectors.clone()
    later[:, 3:] += 1
    first, second = answers(net, vectors, speaker), answers(net, later, speaker)
    assert torch.equal(first[:, :3], second[:, :3])
    assert not torch.equal(first[:, 3:], second[:, 3:])


def test_what_was_said_before_and_by_whom_counts():
    torch.manual_seed(0)
    net = DialogueNet(6, 3)
    vectors, speaker = torch.randn(1, 4, 6), torch.tensor([[0.0, 1, 2, 3]])
    whole = answers(net, vectors, speaker)
    alone = answers(net, vectors[:, 3:], speaker[:, 3:])
    assert not torch.allclose(whole[:, 3:], alone)
    assert not torch.allclose(whole, answers(net, vectors, torch.zeros(1, 4)))
    renamed = torch.tensor([[7.0, 2, 0, 5]])
    assert torch.equal(whole, answers(net, vectors, renamed))


def test_earlier_turns_are_those_of_a_walk_through_the_dialogue():
    said = [2, 2, 0, 1, 0, 2, 2]
    same, (before, own, other) = earlier_turns(torch.tensor([said], dtype=torch.float32))
    for turn, speaker in enumerate(said):
        past = list(enumerate(said[:turn], 1))
        assert before[0, turn] == turn
        assert own[0, turn] == max([place for place, who in past if who == speaker], default=0)
        assert other[0, turn] == max([place for place, who in past if who != speaker], default=0)
        assert same[0, turn] == (turn > 0 and said[turn - 1] == speaker)


def lines(said, label=None):
    """Lines of dialogues given as texts; vectors and speakers are drawn."""
    items = [
        Item(
            key=f"{number}/{place}",
            text=text,
            labels=(label or "ab"[place % 2],),
            subject="AB"[place % 2],
            extra={"dialogue": str(number), "utterance": str(place)},
        )
        for number, dialogue in enumerate(said)
        for place, text in enumerate(dialogue)
    ]
    random = np.random.default_rng(0)
    return Lines(items, random.normal(size=(len(items), 6)).astype(np.float32), "ab")


def test_dialogues_that_share_a_telling_line_lie_in_one_fold():
    said = [[f"this is line {n} indeed", "yes", f"only here {n}"] for n in range(20)]
    said[3][2] = said[11][0] = "We were on a break!"
    said[11][2] = said[17][1] = "we were - on a break"
    masks = folds(lines(said), 4)
    assert np.sum(masks, axis=0).tolist() == [1] * 20
    assert len({tuple(mask[[3, 11, 17]]) for mask in masks}) == 2  # all in it, or none
    assert sum(mask[3] and mask[11] and mask[17] for mask in masks) == 1
    assert all(mask.any() for mask in masks)  # what is as short as "yes" ties nothing


def test_a_line_that_will_be_judged_is_read_but_not_learnt():
    given = lines([["one", "two"], ["three", "four"]])
    options = {"aware": True, "classes": 2, "epochs": 1}
    untaught = fit(given, given.dialogues, given.text, 0, **options)
    torch.manual_seed(0)
    fresh = DialogueNet(6, 2)
    for learnt, first in zip(untaught.parameters(), fresh.parameters(), strict=True):
        assert torch.equal(learnt, first)
    taught = fit(given, given.dialogues, given.text[:1], 0, **options)
    assert not torch.equal(taught.head.weight, fresh.head.weight)


def test_answers_stand_at_their_lines_however_they_are_packed():
    given = lines([["one"], ["two", "three", "four"], ["five", "six"]])
    net = fit(given, given.dialogues, given.text[:0], 0, aware=True, classes=2, epochs=1)
    chosen = [given.dialogues[2], given.dialogues[1]]
    together = probabilities([net, net], given, chosen, aware=True)
    apart = [probabilities([net], given, [part], aware=True) for part in chosen]
    np.testing.assert_allclose(together, np.concatenate(apart), atol=1e-6)
    alone = probabilities([net], given, chosen, aware=False)
    first = [0, 2]  # nothing was said before the first line of a dialogue
    np.testing.assert_allclose(alone[first], together[first], atol=1e-6)
    assert np.abs(alone - together).max() > 1e-4
