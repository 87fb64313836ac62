"""People through cuts and absences; looks are made: a direction each, with a little noise."""

import json

import numpy as np
import pytest

from openaffect.preprocess.face_appearance import LENGTH, appearance
from openaffect.preprocess.known_people import KnownPeople
from openaffect.preprocess.shot_cuts import glance, is_cut
from openaffect.preprocess.track import Tracker
from openaffect.types import InvalidValueError

LEFT, RIGHT = [50.0, 50, 150, 150], [400.0, 50, 500, 150]


def looks(*people, seed=0):
    """Return a noisy look of each person: mostly an axis of its own."""
    draw = np.random.default_rng(seed)
    return np.eye(8)[list(people)] + draw.normal(0, 0.02, (len(people), 8))


def test_people_who_swap_places_at_a_cut_keep_their_numbers():
    tracker = Tracker()
    for frame in range(5):
        found = tracker.update(frame / 5, np.array([LEFT, RIGHT]), looks(0, 1, seed=frame))
        assert found.tolist() == [0, 1]
    after = tracker.update(1.0, np.array([LEFT, RIGHT]), looks(1, 0, seed=9), cut=True)
    assert after.tolist() == [1, 0]


def test_without_looks_a_cut_makes_newcomers():
    tracker = Tracker()
    assert tracker.update(0.0, np.array([LEFT])).tolist() == [0]
    assert tracker.update(0.2, np.array([LEFT]), cut=True).tolist() == [1]


def test_who_left_for_five_seconds_is_known_again_elsewhere():
    tracker = Tracker(gap=1.0)
    assert tracker.update(0.0, np.array([LEFT, RIGHT]), looks(0, 1)).tolist() == [0, 1]
    for frame in range(1, 26):
        assert tracker.update(frame / 5, np.array([RIGHT]), looks(1, seed=frame)).tolist() == [1]
    back = tracker.update(5.4, np.array([RIGHT, [700.0, 50, 800, 150]]), looks(1, 0, seed=50))
    assert back.tolist() == [1, 0]


def test_a_newcomer_gets_a_new_number():
    tracker = Tracker()
    assert tracker.update(0.0, np.array([LEFT]), looks(0)).tolist() == [0]
    assert tracker.update(5.0, np.array([LEFT]), looks(2)).tolist() == [1]
    assert tracker.update(10.0, np.array([LEFT]), looks(0, seed=3), cut=True).tolist() == [0]


def test_nobody_is_in_one_frame_twice():
    tracker = Tracker()
    tracker.update(0.0, np.array([LEFT]), looks(0))
    twins = tracker.update(0.2, np.array([LEFT, RIGHT]), looks(0, 0))
    assert twins.tolist() == [0, 1]


def test_no_more_people_are_remembered_than_asked_for():
    known = KnownPeople(most=3)
    for who in range(8):
        known.see(who, np.eye(8)[who], float(who))
        assert len(known) <= 3
    assert known.likeness(np.eye(8), ())[0] == [5, 6, 7]
    with pytest.raises(InvalidValueError, match="at least 1"):
        Tracker(people=0)


def test_a_restored_tracker_goes_on_as_if_nothing_had_happened():
    draw = np.random.default_rng(7)
    frames = []
    for frame in range(60):
        present = np.flatnonzero(draw.random(6) < 0.6)
        corners = np.column_stack([present * 150 + draw.integers(0, 30, len(present)), present * 9])
        boxes = np.column_stack([corners, corners + 100]).astype(np.float32)
        frames.append((frame * 0.3, boxes, looks(*present, seed=frame), frame % 17 == 16))
    whole, first = Tracker(), Tracker()
    expected = [whole.update(t, b, d, cut=c).tolist() for t, b, d, c in frames]
    found = [first.update(t, b, d, cut=c).tolist() for t, b, d, c in frames[:31]]
    second = Tracker()
    second.restore(json.loads(json.dumps(first.state())))
    found += [second.update(t, b, d, cut=c).tolist() for t, b, d, c in frames[31:]]
    assert found == expected
    assert second.state() == whole.state()
    fresh = Tracker()
    fresh.restore(json.loads(json.dumps(Tracker().state())))
    assert fresh.update(0.0, np.array([LEFT])).tolist() == [0]


def scenery(seed):
    blocks = np.random.default_rng(seed).integers(20, 235, (6, 8, 3)).astype(np.uint8)
    return blocks.repeat(40, axis=0).repeat(40, axis=1)


def test_a_cut_is_told_from_light_and_motion():
    before = glance(scenery(0))
    assert before.shape == (18, 32)
    assert is_cut(before, glance(scenery(1) // 2))
    assert not is_cut(before, before)
    assert not is_cut(before, glance(np.clip(scenery(0) * 0.6 + 20, 0, 255).astype(np.uint8)))
    assert not is_cut(before, glance(np.roll(scenery(0), 12, axis=1)))
    black, grey = np.zeros((18, 32), np.uint8), np.full((18, 32), 200, np.uint8)
    assert is_cut(black, grey)
    noise = np.random.default_rng(0).integers(0, 5, (2, 18, 32)).astype(np.uint8)
    assert not is_cut(*noise)
    with pytest.raises(InvalidValueError, match="frame has shape"):
        glance(np.zeros((9, 9), np.uint8))


def test_a_look_is_of_length_one_and_ignores_light_place_and_size():
    draw = np.random.default_rng(1)
    tints = draw.integers(90, 200, (4, 4, 3)).repeat(12, axis=1).repeat(24, axis=0)
    crop = np.pad(tints, ((0, 0), (24, 24), (0, 0))).astype(np.uint8)
    points = draw.normal(size=(468, 3)) * 40 + 200
    dim = np.round(crop * 0.5 - 4 + (crop == 0) * 4).astype(np.uint8)
    one, other = appearance(np.stack([crop, dim]), np.stack([points, 2 * points + 30]))
    assert one.shape == (LENGTH,)
    assert np.linalg.norm(one) == pytest.approx(1, abs=1e-6)
    assert one @ other > 0.99
    redder = crop.copy()
    redder[..., 0] = redder[..., 0] * 0.6
    (changed,) = appearance(redder[None], points[None])
    assert one @ changed < 0.99


def test_wrong_shapes_are_named():
    with pytest.raises(InvalidValueError, match="crops have shape"):
        appearance(np.zeros((1, 50, 50, 3), np.uint8), np.zeros((1, 468, 3)))
    with pytest.raises(InvalidValueError, match="points have shape"):
        appearance(np.zeros((1, 96, 96, 3), np.uint8), np.zeros((2, 468, 3)))
    assert appearance(np.zeros((0, 96, 96, 3), np.uint8), np.zeros((0, 478, 3))).shape == (0, 48)
