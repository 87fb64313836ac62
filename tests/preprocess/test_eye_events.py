import numpy as np
import pytest

from openaffect.preprocess.eye_events import closures, perclos
from openaffect.preprocess.micro_expressions import candidates
from openaffect.types import InvalidValueError

RATE = 25


def made(seconds, *blinks):
    """Return times and closure: triangles of (onset, apex, offset)."""
    times = np.arange(int(seconds * RATE)) / RATE
    closure = np.zeros(len(times))
    for onset, apex, offset in blinks:
        closure = np.maximum(closure, np.interp(times, [onset, apex, offset], [0, 1, 0]))
    return times, closure


def test_blinks_are_found_where_they_are():
    found = closures(*made(4, (1.0, 1.12, 1.32), (2.4, 2.52, 2.72)))
    assert len(found) == 2
    for one, (onset, apex, offset) in zip(
        found, [(1.0, 1.12, 1.32), (2.4, 2.52, 2.72)], strict=True
    ):
        assert one.onset == pytest.approx(onset, abs=1 / RATE + 1e-6)
        assert one.apex == pytest.approx(apex, abs=1 / RATE)
        assert one.offset == pytest.approx(offset, abs=2 / RATE)
        assert one.lasts == pytest.approx(0.16, abs=0.02)


def test_half_closed_is_no_closure():
    times, closure = made(3, (1.0, 1.2, 1.4))
    assert closures(times, 0.5 * closure) == []


def test_a_long_closure_lasts():
    times = np.arange(100) / RATE
    closure = ((times >= 1) & (times < 2.5)).astype(float)
    (one,) = closures(times, closure)
    assert one.lasts == pytest.approx(1.5, abs=0.05)


def test_a_gap_or_what_was_not_measured_joins_nothing():
    times, closure = made(3, (1.0, 1.2, 1.4))
    closure[28:32] = np.nan
    assert all(
        one.offset <= 28 / RATE or one.onset >= 31 / RATE for one in closures(times, closure)
    )


def test_perclos_by_hand():
    starts, ends = np.array([0.0, 1, 2, 3]), np.array([1.0, 2, 3, 5])
    assert perclos(starts, ends, [0.9, 0.79, 0.0, 0.8]) == pytest.approx(3 / 5)
    assert perclos(starts, ends, [0.9, np.nan, 0.0, 0.0]) == pytest.approx(1 / 4)
    assert np.isnan(perclos(starts, ends, [np.nan] * 4))


def test_times_that_do_not_rise_are_refused():
    with pytest.raises(InvalidValueError, match="rise"):
        closures([0, 0], [0, 0])
    with pytest.raises(InvalidValueError, match="one value a time"):
        closures([0, 1], [0])


def activity(seconds, *bumps, noise=0.004):
    """Return times and (N, 4) movements; bumps are (column, onset, apex, offset, height)."""
    times = np.arange(int(seconds * RATE)) / RATE
    rows = np.random.default_rng(0).normal(0.05, noise, (len(times), 4))
    for column, onset, apex, offset, height in bumps:
        rows[:, column] += np.interp(times, [onset, apex, offset], [0, height, 0])
    return times, rows


def test_a_brief_movement_is_a_candidate():
    (one,) = candidates(*activity(8, (2, 3.0, 3.16, 3.36, 0.4)))
    assert one.columns[0] == 2
    assert one.apex == pytest.approx(3.16, abs=0.05)
    assert one.onset == pytest.approx(3.0, abs=0.12)
    assert one.offset == pytest.approx(3.36, abs=0.12)
    assert one.offset - one.onset <= 0.5


def test_slow_and_lasting_movements_and_noise_are_none():
    assert candidates(*activity(8)) == []
    assert candidates(*activity(8, (1, 2.0, 3.0, 5.0, 0.6))) == []
    times, rows = activity(8)
    rows[times > 4, 1] += 0.5
    assert candidates(times, rows) == []


def test_sparse_looks_have_no_candidates():
    times, rows = activity(8, (2, 3.0, 3.2, 3.4, 0.4))
    assert candidates(times[::5], rows[::5]) == []
