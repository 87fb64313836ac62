"""The chain against all paths counted by hand, and against what it is for."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openaffect.pipeline.dynamics import (
    AHEAD,
    LEARNT,
    POWER,
    RATE,
    SHARE,
    STAY,
    DynamicFace,
    dynamic,
)
from openaffect.types import InvalidValueError, Timeline, scheme
from openaffect.types.timeline import concatenate

PRIMARY8 = scheme("primary8")
HAPPY, CALM = PRIMARY8.index("happiness"), PRIMARY8.index("neutral")


def line(times, scores, subject=0, **extra):
    times = np.asarray(times, float)
    span = np.c_[times, times + 0.1]
    return Timeline(
        PRIMARY8, scores, span, extra={"subject": np.full(len(times), subject), **extra}, model="m"
    )


def surely(column, count, mass=0.9):
    rows = np.full((count, 8), (1 - mass) / 7)
    rows[:, column] = mass
    return rows


def by_all_paths(times, scores, quality):
    """Return each row's distribution by adding up the weight of every path."""
    weight = np.zeros((len(times), 8))
    since = np.diff(times, prepend=times[0] - 0.2)
    witness = np.minimum(since, 1 / RATE) * RATE * quality
    for path in product(range(8), repeat=len(times)):
        chance, before = 1.0, None
        for row, state in enumerate(path):
            stays = np.exp(-since[row] / STAY)
            came = SHARE[state] if before is None else (before == state)
            chance *= stays * came + (1 - stays) * SHARE[state]
            chance *= (scores[row, state] / LEARNT[state] ** POWER) ** witness[row]
            before = state
        for row, state in enumerate(path):
            weight[row, state] += chance
    return weight / weight.sum(axis=1, keepdims=True)


def test_it_is_the_sum_over_all_paths():
    generator = np.random.default_rng(0)
    times, quality = np.array([0.0, 0.1, 0.9, 3.0]), np.array([1.0, 0.4, 1.0, 0.7])
    scores = generator.dirichlet(np.ones(8) * 5, 4)
    found = dynamic(line(times, scores, quality=quality)).scores
    np.testing.assert_allclose(found, by_all_paths(times, scores, quality), atol=1e-5)


def test_shares_are_distributions():
    assert SHARE.sum() == pytest.approx(1)
    assert LEARNT.sum() == pytest.approx(1, abs=1e-3)


def test_one_wrong_frame_is_outvoted_and_a_lasting_change_is_not():
    scores = surely(CALM, 60)
    scores[10] = surely(HAPPY, 1)
    scores[30:50] = surely(HAPPY, 20)
    best = np.array(dynamic(line(np.arange(60) * 0.1, scores)).best())
    assert best[10] == "neutral"
    assert (best[31:49] == "happiness").all()
    assert (best[:29] == "neutral").all()


def test_a_long_gap_forgets():
    scores = np.r_[surely(HAPPY, 20), surely(CALM, 1, mass=0.3)]
    near = dynamic(line(np.r_[np.arange(20) * 0.1, 2.0], scores)).scores[-1, HAPPY]
    far = dynamic(line(np.r_[np.arange(20) * 0.1, 60.0], scores)).scores[-1, HAPPY]
    assert near > 0.8
    assert far < 0.4


def test_subjects_do_not_touch_each_other_and_unknown_ones_stay():
    times = np.arange(20) * 0.2
    one, two = line(times, surely(CALM, 20)), line(times, surely(HAPPY, 20), subject=1)
    nobody = line(times, surely(HAPPY, 20, 0.5), subject=-1)
    found = dynamic(concatenate([one, two, nobody]))
    np.testing.assert_allclose(found.scores[:20], dynamic(one).scores, atol=1e-6)
    np.testing.assert_allclose(found.scores[20:40], dynamic(two).scores, atol=1e-6)
    np.testing.assert_allclose(found.scores[40:], nobody.scores, atol=1e-6)
    assert found.model == "dynamics of m"


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 9), st.integers(0, 100))
def test_pieces_give_what_the_rows_seen_by_then_give(size, seed):
    """Exactly the whole answer over all rows that had come when a row was given out."""
    generator = np.random.default_rng(seed)
    times = np.cumsum(generator.uniform(0.05, 0.4, 60))
    whole = line(times, generator.dirichlet(np.ones(8), 60))
    stream, given_out = DynamicFace(), 0
    for at in range(0, 60, size):
        seen = min(at + size, 60)
        piece = stream.feed(whole.select(np.arange(at, seen)))
        rows = slice(given_out, given_out + len(piece))
        expected = dynamic(whole.select(np.arange(seen)))
        np.testing.assert_allclose(piece.scores, expected.scores[rows], atol=1e-5)
        np.testing.assert_array_equal(piece.span, whole.span[rows])
        given_out = rows.stop
        assert (times[given_out:seen] > times[seen - 1] - AHEAD).all()
    rest = stream.finish()
    np.testing.assert_allclose(rest.scores, dynamic(whole).scores[given_out:], atol=1e-5)
    assert given_out + len(rest) == 60


def test_memory_is_bounded():
    stream = DynamicFace()
    for second in range(200):
        stream.feed(line(second + np.arange(5) * 0.2, surely(CALM, 5)))
        assert stream._waiting is None or len(stream._waiting) <= 5 * (AHEAD + 1)


def test_nothing_in_nothing_out():
    empty = Timeline.empty(PRIMARY8)
    assert len(dynamic(empty)) == 0
    assert len(DynamicFace().feed(empty)) == 0
    assert len(DynamicFace().finish()) == 0


def test_another_scheme_is_refused():
    with pytest.raises(InvalidValueError, match="primary8"):
        dynamic(Timeline(scheme("emodb7"), np.eye(7)[:1], [[0, 1]]))
