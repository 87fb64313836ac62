"""Steps whose answer is known: where is half of the way, and where the end?"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openaffect.pipeline.smoothing import HALF_WAY, CausalSmoother, smooth, stated_lag
from openaffect.types import InvalidValueError, Timeline, scheme
from openaffect.types.timeline import concatenate

LABELS = scheme("primary8").labels
HAPPY, CALM = LABELS.index("happiness"), LABELS.index("neutral")


def surely(column, count, mass=0.9):
    rows = np.full((count, 8), (1 - mass) / 7)
    rows[:, column] = mass
    return rows


def frames(times, scores, **extra):
    """Return rows from each time to the next; the last lasts a tenth of a second."""
    ends = np.append(times[1:], times[-1] + 0.1)
    return Timeline(scheme("primary8"), scores, np.c_[times, ends], extra=extra)


def step(times, at):
    before = int((times < at).sum())
    return np.concatenate([surely(CALM, before), surely(HAPPY, len(times) - before)])


def progress(timeline):
    """Return how far each row has gone from calm (0) to happy (1), in log-odds."""
    odds = np.log(timeline.scores[:, HAPPY] / timeline.scores[:, CALM])
    whole = np.log(0.9 / (0.1 / 7))
    return (odds + whole) / (2 * whole)


uneven = st.lists(st.floats(0.01, 0.4), min_size=40, max_size=80).map(np.cumsum)
windows = st.floats(0.2, 3.0)


@settings(max_examples=15, deadline=None)
@given(uneven, windows, st.floats(0.2, 0.8))
def test_centred_is_half_way_exactly_at_the_step(times, seconds, share):
    at = times[int(share * len(times))]
    gone = progress(smooth(frames(times, step(times, at)), seconds))
    assert (gone[times >= at] > 0.5).all()
    assert (gone[times < at] < 0.5).all()
    middle = (times + np.append(times[1:], times[-1] + 0.1)) / 2
    np.testing.assert_allclose(gone[middle > at + seconds / 2 + 1e-6], 1, atol=1e-4)
    np.testing.assert_allclose(gone[middle < at - seconds / 2 - 1e-6], 0, atol=1e-4)


@settings(max_examples=15, deadline=None)
@given(uneven, windows, st.floats(0.2, 0.8))
def test_causal_is_half_way_within_the_stated_lag_and_whole_within_the_window(
    times, seconds, share
):
    at = times[int(share * len(times))]
    gone = progress(CausalSmoother(seconds).feed(frames(times, step(times, at))))
    lag = stated_lag(seconds, causal=True)
    assert (gone[times >= at + lag + 1e-5] >= 0.5 - 1e-4).all()
    np.testing.assert_allclose(gone[times >= at + seconds], 1, atol=1e-4)
    np.testing.assert_allclose(gone[times < at], 0, atol=1e-4)


def test_the_causal_lag_is_what_is_stated_and_no_less():
    times = np.arange(0, 6, 0.001)
    gone = progress(CausalSmoother(1.0).feed(frames(times, step(times, 3.0))))
    assert times[np.argmax(gone >= 0.5)] - 3.0 == pytest.approx(HALF_WAY, abs=2e-3)
    assert stated_lag(1.0, causal=True) == pytest.approx(0.2929, abs=1e-4)  # 1 - sqrt(1/2)


def test_an_evenly_timed_window_is_a_triangle():
    """Seven rows of 0.1 s in a window of 0.8 s: by hand, 32 parts fall as 1 + 4 + 6 + 7 ..."""
    times = np.arange(20) * 0.1
    scores = surely(CALM, 20)
    scores[10] = surely(HAPPY, 1)
    gone = progress(smooth(frames(times, scores), 0.8))
    edges = np.array([-4, -3.5, -2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5, 4]) / 4
    mass = 0.5 + edges - np.sign(edges) * edges**2 / 2
    np.testing.assert_allclose(gone[6:15], np.diff(mass), atol=1e-4)
    assert gone[5] == pytest.approx(0, abs=1e-5)
    assert np.diff(mass)[4] == pytest.approx(15 / 64)


@settings(max_examples=15, deadline=None)
@given(uneven, windows, st.integers(1, 7))
def test_pieces_give_the_answer_of_the_whole(times, seconds, size):
    generator = np.random.default_rng(len(times))
    whole = frames(times, generator.dirichlet(np.ones(8), len(times)))
    smoother = CausalSmoother(seconds)
    pieces = [
        smoother.feed(whole.select(np.arange(at, min(at + size, len(whole)))))
        for at in range(0, len(whole), size)
    ]
    np.testing.assert_allclose(
        concatenate(pieces).scores, CausalSmoother(seconds).feed(whole).scores, atol=1e-6
    )


@pytest.mark.parametrize("form", [smooth, lambda line, s: CausalSmoother(s).feed(line)])
def test_subjects_do_not_touch_each_other(form):
    times = np.repeat(np.arange(10) * 0.1, 2)
    subject = np.tile([0, 1], 10)
    scores = np.where(subject[:, None] == 0, surely(CALM, 20), surely(HAPPY, 20))
    line = Timeline(
        scheme("primary8"), scores, np.c_[times, times + 0.1], extra={"subject": subject}
    )
    np.testing.assert_allclose(form(line, 0.5).scores, scores, atol=1e-5)


@pytest.mark.parametrize("form", [smooth, lambda line, s: CausalSmoother(s).feed(line)])
def test_abstaining_rows_keep_their_scores_and_have_no_part(form):
    times = np.arange(10) * 0.1
    scores = surely(CALM, 10)
    scores[4:6] = surely(HAPPY, 2)
    abstain = np.zeros(10, bool)
    abstain[4:6] = True
    found = form(frames(times, scores, abstain=abstain), 0.6)
    np.testing.assert_allclose(found.scores, scores, atol=1e-5)
    assert found.extra["abstain"].tolist() == abstain.tolist()


@pytest.mark.parametrize("form", [smooth, lambda line, s: CausalSmoother(s).feed(line)])
def test_a_hole_starts_anew(form):
    times = np.r_[np.arange(10) * 0.1, 1.6 + np.arange(10) * 0.1]  # a hole of 0.6 s
    scores = np.concatenate([surely(CALM, 10), surely(HAPPY, 10)])
    line = Timeline(scheme("primary8"), scores, np.c_[times, times + 0.1])
    np.testing.assert_allclose(form(line, 1.1).scores, scores, atol=1e-5)
    if form is not smooth:  # a longer window bridges the hole, from the past
        assert form(line, 2.0).scores[10, HAPPY] < 0.9 - 0.01


def test_flicker_is_gone_and_the_recognisers_own_scores_stay():
    times = np.arange(40) * 0.05
    scores = surely(CALM, 40)
    scores[4::8] = surely(HAPPY, 5)
    found = smooth(frames(times, scores), 1.0)
    assert set(found.best()) == {"neutral"}
    np.testing.assert_allclose(found.extra["raw"], scores, atol=1e-6)
    again = smooth(found, 1.0)
    np.testing.assert_allclose(again.extra["raw"], scores, atol=1e-6)


def test_a_row_of_low_quality_counts_less():
    times = np.arange(9) * 0.1
    scores = surely(CALM, 9)
    scores[4] = surely(HAPPY, 1)
    quality = np.ones(9)
    plain = smooth(frames(times, scores, quality=quality), 0.4).scores[4, HAPPY]
    quality[4] = 0.1
    assert smooth(frames(times, scores, quality=quality), 0.4).scores[4, HAPPY] < plain


def test_windows_that_overlap_are_cut_where_they_meet():
    """Speech: windows of 3 s every 1.5 s; the middle one owns half, 1.5 s of 3."""
    span = np.array([[0, 3], [1.5, 4.5], [3, 6]])
    line = Timeline(
        scheme("primary8"), np.r_[surely(CALM, 1), surely(HAPPY, 1), surely(CALM, 1)], span
    )
    gone = progress(smooth(line, 3.0))
    assert gone[1] == pytest.approx(0.75, abs=1e-4)  # the triangle's middle half: 1 - 1/4


def test_nothing_in_nothing_out():
    empty = Timeline.empty(scheme("primary8"))
    assert len(smooth(empty, 1.0)) == 0
    assert len(CausalSmoother(1.0).feed(empty)) == 0


def test_what_cannot_be_smoothed_is_refused():
    line = frames(np.arange(3) * 0.1, surely(CALM, 3))
    with pytest.raises(InvalidValueError, match="positive"):
        smooth(line, 0.0)
    affect = Timeline(scheme("valence-arousal"), [[0.1, 0.2]], [[0, 1]])
    with pytest.raises(InvalidValueError, match="categories"):
        smooth(affect, 1.0)
