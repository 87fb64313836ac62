import numpy as np
import pytest

from openaffect.pipeline.people_signals import signals
from openaffect.types import Timeline, scheme
from openaffect.types.schemes import ARKIT52


def measured(rate, seconds, *, blinks=(), shut=(), yaw=lambda time: 0.0, smile=(), subject=0):
    times = np.arange(int(seconds * rate)) / rate
    weights = np.full((len(times), 52), 0.05, np.float32)
    closing = np.zeros(len(times))
    for onset in blinks:
        closing = np.maximum(
            closing, np.interp(times, [onset, onset + 0.12, onset + 0.3], [0, 1, 0])
        )
    for onset, offset in shut:
        closing[(times >= onset) & (times < offset)] = 1
    for name in ("eyeBlinkLeft", "eyeBlinkRight"):
        weights[:, ARKIT52.index(name)] = 0.1 + 0.6 * closing
    for name in ("eyeLookDownLeft", "eyeLookDownRight"):
        weights[:, ARKIT52.index(name)] += 13.1 / 43.7
    for onset in smile:
        bump = np.interp(times, [onset, onset + 0.16, onset + 0.36], [0, 0.5, 0])
        for name in ("mouthSmileLeft", "mouthSmileRight"):
            weights[:, ARKIT52.index(name)] += bump
    pose = np.zeros((len(times), 3))
    pose[:, 1] = [yaw(time) + 4.6 for time in times]
    span = np.stack([times, times + 1 / rate], axis=1)
    extra = {
        "box": np.zeros((len(times), 4)),
        "subject": np.full(len(times), subject),
        "quality": np.ones(len(times)),
    }
    shared = {"extra": extra, "coverage": [[0, seconds]]}
    return {
        "face.blendshapes": Timeline(scheme("arkit52"), weights, span, **shared),
        "face.pose": Timeline(scheme("head-pose"), pose, span, **shared),
    }


def events(found, label):
    line = found["face.events"]
    return line.select(line.column(label) > 0)


def test_blinks_are_counted_on_every_frame():
    facts: dict = {}
    found = signals(measured(25, 30, blinks=(2, 8, 14, 20, 26)), facts)
    blinks = events(found, "blink")
    assert len(blinks) == 5
    assert blinks.span[0, 0] == pytest.approx(2, abs=0.09)
    assert blinks.extra["apex"][0] == pytest.approx(2.12, abs=0.05)
    rate = found["face.engagement"].column("blink_rate")
    assert rate.tolist() == pytest.approx([10], abs=0.05)
    assert facts == {}


def test_sparse_looks_give_no_rate_and_say_so():
    facts: dict = {}
    found = signals(measured(5, 30, blinks=(2, 8), shut=((20, 22),)), facts)
    assert len(events(found, "blink")) == 0
    assert np.isnan(found["face.engagement"].column("blink_rate")).all()
    assert "--every all" in facts["blinks"]
    (span,) = events(found, "long_closure").span
    assert span.tolist() == pytest.approx([20, 22], abs=0.3)


def test_perclos_is_the_share_of_time_with_shut_eyes():
    found = signals(measured(25, 60, shut=((10, 13), (30, 33))), {})
    assert found["face.engagement"].column("perclos").tolist() == pytest.approx([0.1], abs=1e-3)
    assert len(events(found, "blink")) == 0
    assert len(events(found, "long_closure")) == 2


def test_looking_away_is_an_event_and_a_share():
    away = measured(25, 20, yaw=lambda time: 40.0 if 5 <= time < 10 else 0.0)
    found = signals(away, {})
    (span,) = events(found, "gaze_away").span
    assert span.tolist() == pytest.approx([5, 10], abs=0.05)
    assert found["face.engagement"].column("gaze_on_camera")[0] == pytest.approx(0.75, abs=0.01)


def test_head_motion_is_degrees_a_second():
    found = signals(measured(25, 4, yaw=lambda time: 10 * time), {})
    assert found["face.engagement"].column("head_motion")[0] == pytest.approx(10, abs=0.1)


def test_a_brief_smile_is_a_candidate_and_a_blink_is_not():
    found = signals(measured(25, 20, blinks=(3, 9), smile=(14,)), {})
    brief = events(found, "micro_expression_candidate")
    assert len(brief) == 1
    assert brief.extra["apex"][0] == pytest.approx(14.16, abs=0.06)
    assert "mouthSmile" in brief.extra["text"][0]


def test_every_minute_and_person_has_a_row():
    found = signals(measured(5, 150, subject=3), {})
    rows = found["face.engagement"]
    assert rows.extra["subject"].tolist() == [3, 3, 3]
    assert rows.span.round(6).tolist() == [[0, 60], [60, 120], [120, 150]]


def test_without_blendshapes_or_time_there_is_nothing():
    assert signals({}, {}) == {}
    nobody = measured(25, 0)
    found = signals(nobody, {})
    assert [len(line) for line in found.values()] == [0, 0, 0, 0]
