"""Cutting streams: nothing is lost, nothing depends on the chunks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openaffect.preprocess.speech_windows import SegmentCutter, WindowCutter, utterances, windows
from openaffect.types import AudioChunk, InvalidValueError

RATE = 100


def ramp(samples, size, start=0.0, rate=RATE):
    """A stream whose samples are their own numbers."""
    values = np.arange(samples, dtype=np.float32)
    return [
        AudioChunk(values[at : at + size], start + at / rate, rate)
        for at in range(0, samples, size)
    ]


@settings(max_examples=200)
@given(st.integers(0, 400), st.integers(1, 130), st.integers(1, 100), st.integers(1, 100))
def test_windows_hold_every_sample_once_at_least(samples, size, one, other):
    length, hop = max(one, other), min(one, other)
    found = list(windows(ramp(samples, size, 3.0), length=length / RATE, hop=hop / RATE))
    held = {int(value) for window in found for value in window.samples}
    assert held == set(range(samples))
    for window in found:
        assert len(window.samples) == min(length, samples)
        assert np.isclose(window.start, 3.0 + window.samples[0] / RATE)
        assert (np.diff(window.samples) == 1).all()
    starts = [int(window.samples[0]) for window in found]
    assert starts[:-1] == list(range(0, hop * (len(found) - 1), hop))
    if found:
        assert found[-1].samples[-1] == samples - 1


def test_the_last_window_is_laid_against_the_end():
    found = list(windows(ramp(250, 250), length=1.0, hop=1.0))
    assert [window.start for window in found] == [0.0, 1.0, 1.5]


def test_no_window_is_added_where_the_last_one_ends_the_stream():
    assert len(list(windows(ramp(300, 70), length=1.0, hop=1.0))) == 3


def test_memory_stays_at_a_window_and_a_chunk():
    cutter = WindowCutter(length=1.0, hop=0.25)
    for chunk in ramp(10_000, 50):
        cutter.feed(chunk)
        assert len(cutter._buffer._samples) <= 100 + 50


@pytest.mark.parametrize(("length", "hop"), [(1.0, 2.0), (1.0, 0.0), (0.0, 0.0), (-1.0, -2.0)])
def test_refuses_windows_that_skip(length, hop):
    with pytest.raises(InvalidValueError, match="hop"):
        WindowCutter(length=length, hop=hop)


def test_refuses_a_change_of_rate():
    cutter = WindowCutter(length=1.0, hop=1.0)
    cutter.feed(ramp(10, 10)[0])
    with pytest.raises(InvalidValueError, match="50 Hz follows one at 100 Hz"):
        cutter.feed(ramp(10, 10, rate=50)[0])


def test_a_segment_is_taken_by_time_and_what_is_forgotten_is_gone():
    cutter = SegmentCutter()
    for chunk in ramp(300, 100, start=10.0):
        cutter.feed(chunk)
    piece = cutter.take(10.5, 11.25)
    assert (piece.start, piece.samples[0], piece.samples[-1]) == (10.5, 50, 124)
    cutter.forget(11.0)
    assert cutter.take(11.0, 13.0).samples[0] == 100
    for start, end in [(10.9, 12.0), (12.0, 13.5)]:
        with pytest.raises(InvalidValueError, match="not held"):
            cutter.take(start, end)


class Energetic:
    """Speech is where the sound is not zero."""

    inputs = ("input", "h", "c")
    outputs = ("speech_probs", "hn", "cn")

    def run(self, feeds):
        loud = (feeds["input"][:, 64:] != 0).mean(axis=1).astype(np.float32)
        return {"speech_probs": loud, "hn": feeds["h"], "cn": feeds["c"]}


@pytest.mark.parametrize("size", [160, 7000, 200_000])
def test_utterances_are_the_spoken_stretches(size):
    samples = np.zeros(10 * 16_000, np.float32)
    spoken = [(2.0, 3.0), (5.0, 8.5)]
    for start, end in spoken:
        samples[int(start * 16_000) : int(end * 16_000)] = 0.5
    chunks = [
        AudioChunk(samples[at : at + size], 4.0 + at / 16_000, 16_000)
        for at in range(0, len(samples), size)
    ]
    found = list(utterances(chunks, Energetic()))
    assert len(found) == 2
    for (start, end), piece in zip(spoken, found, strict=True):
        assert abs(piece.start - (4.0 + start - 0.1)) < 0.04
        assert abs(piece.end - (4.0 + end + 0.1)) < 0.04
        assert piece.samples.sum() == 0.5 * (end - start) * 16_000


def test_silence_has_no_utterance():
    assert (
        list(utterances([AudioChunk(np.zeros(48_000, np.float32), 0.0, 16_000)], Energetic())) == []
    )
