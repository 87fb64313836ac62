import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from openaffect.preprocess.track import Tracker, assign, generalised_overlap
from openaffect.types import InvalidValueError

RATE = 25


def box(x: float, y: float, side: float = 100) -> list[float]:
    return [x - side / 2, y - side / 2, x + side / 2, y + side / 2]


def run(tracker: Tracker, paths, frames: int, *, rate: int = RATE):
    """Feed frames of boxes from paths (frame -> (x, y) or None); return each person's subjects."""
    seen = [[] for _ in paths]
    rng = np.random.default_rng(0)
    for frame in range(frames):
        shown = [(person, path(frame)) for person, path in enumerate(paths)]
        shown = [(person, place) for person, place in shown if place is not None]
        rng.shuffle(shown)
        found = tracker.update(frame / rate, np.array([box(*place) for _, place in shown]))
        for (person, _), subject in zip(shown, found, strict=True):
            seen[person].append(int(subject))
    return seen


def test_a_face_that_stays_keeps_its_number():
    seen = run(Tracker(), [lambda frame: (100, 100)], 50)
    assert seen == [[0] * 50]


def test_faces_are_numbered_from_zero_as_they_come():
    paths = [lambda _: (100, 100), lambda frame: (500, 100) if frame >= 10 else None]
    assert run(Tracker(), paths, 20) == [[0] * 20, [1] * 10]


def test_people_who_cross_keep_their_numbers():
    paths = [lambda frame: (100 + 8 * frame, 100), lambda frame: (500 - 8 * frame, 150)]
    first, second = run(Tracker(), paths, 50)
    assert len(set(first)) == len(set(second)) == 1
    assert first[0] != second[0]


def test_people_who_cross_while_hidden_keep_their_numbers():
    def path(start, step, y):
        return lambda frame: None if 22 <= frame <= 28 else (start + step * frame, y)

    first, second = run(Tracker(), [path(100, 8, 100), path(500, -8, 120)], 50)
    assert len(set(first)) == len(set(second)) == 1
    assert first[0] != second[0]


def test_a_short_gap_is_bridged_and_a_long_one_not():
    def path(gap):
        return lambda frame: None if 10 <= frame < 10 + gap else (100, 100)

    assert set(run(Tracker(gap=1.0), [path(20)], 60)[0]) == {0}
    assert run(Tracker(gap=1.0), [path(30)], 60)[0] == [0] * 10 + [1] * 20


def test_slow_sampling_of_a_moving_face():
    (seen,) = run(Tracker(), [lambda frame: (100 + 60 * frame, 100)], 20, rate=5)
    assert set(seen) == {0}


def test_a_jump_across_the_picture_is_a_newcomer():
    (seen,) = run(Tracker(), [lambda frame: (100, 100) if frame < 10 else (900, 600)], 20)
    assert seen == [0] * 10 + [1] * 10


def test_a_crowd_that_trembles():
    rng = np.random.default_rng(1)
    homes = [(150 * column, 150 * row) for row in range(3) for column in range(4)]
    paths = [lambda _, home=home: tuple(np.array(home) + rng.normal(0, 6, 2)) for home in homes]
    seen = run(Tracker(), paths, 60)
    assert [set(person) for person in seen] == [{person[0]} for person in seen]
    assert sorted(person[0] for person in seen) == list(range(12))


def test_looks_tell_apart_who_stands_in_one_place():
    tracker = Tracker()
    places = np.array([box(100, 100)])
    assert tracker.update(0.0, places, np.array([[1.0, 0.0]])).tolist() == [0]
    assert tracker.update(0.1, places, np.array([[0.0, 1.0]])).tolist() == [1]
    assert tracker.update(0.2, places, np.array([[0.9, 0.1]])).tolist() == [0]


def test_looks_decide_where_boxes_do_not():
    tracker = Tracker()
    pair = np.array([box(100, 100), box(150, 100)])
    looks = np.array([[1.0, 0.5], [0.5, 1.0]])
    assert tracker.update(0.0, pair, looks).tolist() == [0, 1]
    middle = np.array([box(125, 100), box(125, 102)])
    assert tracker.update(0.1, middle, looks[::-1]).tolist() == [1, 0]


def test_nobody():
    tracker = Tracker()
    assert tracker.update(0.0, np.zeros((0, 4))).shape == (0,)
    assert tracker.update(0.1, np.array([])).dtype == np.int64
    assert tracker.update(0.2, np.array([box(9, 9)])).tolist() == [0]


def test_wrong_input_is_named():
    tracker = Tracker()
    tracker.update(1.0, np.zeros((0, 4)))
    with pytest.raises(InvalidValueError, match="does not come after"):
        tracker.update(1.0, np.zeros((0, 4)))
    with pytest.raises(InvalidValueError, match=r"\(2, 3\)"):
        tracker.update(2.0, np.zeros((2, 3)))
    with pytest.raises(InvalidValueError, match="one a box"):
        tracker.update(2.0, np.zeros((2, 4)), np.zeros((1, 8)))
    with pytest.raises(InvalidValueError, match="gap"):
        Tracker(gap=-1)


@given(
    cost=arrays.arrays(
        float,
        st.tuples(st.integers(0, 5), st.integers(0, 5)),
        elements=st.integers(-9, 9).map(float) | st.floats(0, 100),
    )
)
def test_the_assignment_is_the_cheapest_of_all(cost):
    pairs = assign(cost)
    assert len(pairs) == min(cost.shape)
    assert len({row for row, _ in pairs}) == len({column for _, column in pairs}) == len(pairs)
    table = cost if cost.shape[0] <= cost.shape[1] else cost.T
    every = itertools.permutations(range(table.shape[1]), table.shape[0])
    cheapest = min(sum(table[row, column] for row, column in enumerate(one)) for one in every)
    assert sum(cost[pair] for pair in pairs) == pytest.approx(cheapest, abs=1e-9)


def test_the_assignment_equals_scipy():
    optimize = pytest.importorskip("scipy.optimize")
    rng = np.random.default_rng(0)
    for shape in ((12, 12), (30, 9), (7, 40)):
        cost = rng.random(shape)
        rows, columns = optimize.linear_sum_assignment(cost)
        assert assign(cost) == list(zip(rows.tolist(), columns.tolist(), strict=True))


def test_generalised_overlap_by_hand():
    first = np.array([[0.0, 0, 2, 2]])
    second = np.array([[0.0, 0, 2, 2], [1, 0, 3, 2], [4, 0, 6, 2]])
    assert np.allclose(generalised_overlap(first, second), [[1, 1 / 3, -1 / 3]])
    # apart: the box around both holds 12, of which 4 belong to neither
