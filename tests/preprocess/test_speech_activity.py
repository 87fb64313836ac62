"""Speech activity with a stand-in network whose probabilities are known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openaffect.preprocess.speech_activity import (
    FRAME,
    ActivityDetector,
    SegmentRules,
    speech_segments,
)
from openaffect.types import AudioChunk, InvalidValueError

STEP = 0.032
NO_PADDING = SegmentRules(padding=0.0)


class Loudness:
    """Says that a frame's probability is its mean, and checks what is carried from call to call."""

    inputs = ("input", "h", "c")
    outputs = ("speech_probs", "hn", "cn")

    def __init__(self):
        self.calls = 0

    def run(self, feeds):
        self.calls += 1
        sound, hidden, cell = feeds["input"], feeds["h"], feeds["c"]
        assert sound.dtype == hidden.dtype == cell.dtype == np.float32
        assert sound.shape[1:] == (576,)
        assert hidden.shape == cell.shape == (1, 1, 128)
        tails = np.concatenate([hidden[0, 0, None, :64], sound[:-1, -64:]])
        assert np.array_equal(sound[:, :64], tails), "the context is the end of the frame before"
        after = np.zeros_like(hidden)
        after[0, 0, :64] = sound[-1, -64:]
        return {
            "speech_probs": sound[:, 64:].mean(axis=1),
            "hn": after,
            "cn": cell + len(sound),
        }


def stream(probabilities, start=0.0, size=None):
    """Chunks of sound whose frames have these means."""
    samples = np.repeat(np.asarray(probabilities, np.float32), FRAME)
    size = size or max(1, len(samples))
    return [
        AudioChunk(samples[at : at + size], start + at / 16_000, 16_000)
        for at in range(0, len(samples), size)
    ]


def joined(activities):
    activities = list(activities)
    return (
        np.concatenate([activity.probabilities for activity in activities]),
        np.concatenate([activity.segments for activity in activities]),
        np.concatenate([activity.confidence for activity in activities]),
    )


def segments(probabilities, rules=None, start=0.0):
    return joined(speech_segments(stream(probabilities, start), Loudness(), rules))[1]


def test_hysteresis_by_hand():
    # frames 10..29 are speech; 20 and 21 fall between the thresholds and end nothing
    values = [0.1] * 10 + [0.9] * 10 + [0.4] * 2 + [0.8] * 8 + [0.1] * 20
    assert np.allclose(segments(values, NO_PADDING), [[10 * STEP, 30 * STEP]])
    assert np.allclose(segments(values), [[10 * STEP - 0.1, 30 * STEP + 0.1]])
    assert np.allclose(segments(values, start=5.0), [[5.22, 6.06]])


def test_confidence_is_the_mean_probability():
    values = [0.0] * 5 + [0.6, 0.8] * 10 + [0.0] * 20
    assert np.allclose(joined(speech_segments(stream(values), Loudness()))[2], [0.7])


def test_a_short_gap_joins_and_a_long_one_parts():
    speech = [1.0] * 10
    assert len(segments(speech + [0.0] * 9 + speech)) == 1  # 288 ms
    assert len(segments(speech + [0.0] * 10 + speech)) == 2  # 320 ms


def test_short_speech_is_left_out():
    quiet = [0.0] * 20
    assert len(segments(quiet + [1.0] * 7 + quiet)) == 0  # 224 ms
    assert len(segments(quiet + [1.0] * 8 + quiet)) == 1  # 256 ms


def test_padding_stays_within_the_stream():
    assert np.allclose(segments([1.0] * 20), [[0.0, 20 * STEP]])


def test_long_speech_is_cut_at_its_least_likely_frame_and_loses_nothing():
    rules = SegmentRules(maximum_speech=2.0, padding=0.0)
    values = [0.9] * 50 + [0.6] + [0.9] * 60
    found = segments(values, rules)
    assert np.allclose(found[0], [0.0, 50 * STEP])
    assert np.allclose(found[1:, 0], found[:-1, 1])
    assert np.isclose(found[-1, 1], 111 * STEP)
    assert (found[:, 1] - found[:, 0] <= 2.0).all()


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from([0.0, 0.4, 0.6, 1.0]), max_size=120),
    st.integers(100, 5000),
)
def test_chunks_of_any_size_tell_the_same(values, size):
    rules = SegmentRules(maximum_speech=1.0, minimum_silence=0.2)
    whole = joined(speech_segments(stream(values), Loudness(), rules))
    parts = list(speech_segments(stream(values, size=size), Loudness(), rules))
    for left, right in zip(whole, joined(parts), strict=True):
        assert np.allclose(left, right)
    found = whole[1]
    assert (found[:, 0] < found[:, 1]).all()
    assert (found[1:, 0] >= found[:-1, 1] - 1e-9).all()
    settled = 0.0
    for activity in parts:
        assert (activity.segments[:, 0] >= settled - 1e-9).all()
        assert activity.settled >= settled - 1e-9
        settled = activity.settled


def test_many_frames_go_in_few_calls():
    session = Loudness()
    list(speech_segments(stream([0.0] * 1024), session))
    assert session.calls == 2


@pytest.mark.parametrize("samples", [0, 1, 160, 511])
def test_less_than_a_frame(samples):
    chunk = AudioChunk(np.zeros(samples, np.float32), 0.0, 16_000)
    probabilities, found, _ = joined(speech_segments([chunk], Loudness()))
    assert len(probabilities) == (samples > 0)
    assert len(found) == 0


def test_no_chunk_at_all():
    probabilities, found, confidence = joined(speech_segments([], Loudness()))
    assert len(probabilities) == len(confidence) == 0
    assert found.shape == (0, 2)


def test_refuses_gaps_and_other_rates():
    detector = ActivityDetector(Loudness())
    detector.feed(AudioChunk(np.zeros(1600, np.float32), 0.0, 16_000))
    with pytest.raises(InvalidValueError, match=r"starts at 5.000 s; expected 0.100 s"):
        detector.feed(AudioChunk(np.zeros(1600, np.float32), 5.0, 16_000))
    with pytest.raises(InvalidValueError, match="8000 Hz"):
        detector.feed(AudioChunk(np.zeros(1600, np.float32), 0.1, 8_000))


def test_refuses_another_form_of_the_network():
    class Stepwise(Loudness):
        inputs = ("input", "state", "sr")

    with pytest.raises(InvalidValueError, match="sequence form"):
        ActivityDetector(Stepwise())


@pytest.mark.parametrize(
    "wrong",
    [
        {"onset": 1.5},
        {"release": 0.6},
        {"padding": 0.2},
        {"minimum_speech": -1.0},
        {"maximum_speech": 0.5},
        {"onset": float("nan")},
    ],
)
def test_rules_that_make_no_sense(wrong):
    with pytest.raises(InvalidValueError):
        SegmentRules(**wrong)
