"""Turns and feelings of made windows: who is who is known."""

import numpy as np
import pytest

from openaffect.pipeline.speakers import (
    EMBEDDING,
    Grouping,
    SpeakerParts,
    diarization,
    speakers,
    told_apart,
)
from openaffect.types import Timeline
from openaffect.types.schemes import (
    EMODB7,
    SPEAKER_EMBEDDING,
    SPEECH_ACTIVITY,
    VALENCE_AROUSAL,
)

RULES = Grouping(threshold=0.5, smallest=1, change=0.1, feeling=1.0, sharpness=8.0)
SPANS = [(0.0, 4.0), (5.0, 7.0), (8.0, 12.0)]
"""Three utterances: one voice, another, and both one after the other."""
WHO = [0, 0, 0, 0, 1, 1, 0, 0, 1, 1]


def windows(who=WHO, abstain=None):
    """A window a second, a voice being an axis; a little noise."""
    starts = [0, 1, 2, 3, 5, 6, 8, 9, 10, 11]
    scores = np.random.default_rng(0).normal(0, 0.02, (len(who), len(SPEAKER_EMBEDDING)))
    scores[np.arange(len(who)), who] += 0.9
    return Timeline(
        SPEAKER_EMBEDDING,
        scores,
        [(start, start + 1.0) for start in starts],
        extra={
            "utterance": [0, 0, 0, 0, 1, 1, 2, 2, 2, 2],
            "abstain": np.zeros(len(who), bool) if abstain is None else abstain,
        },
        coverage=[(0, 12)],
        model="voices",
    )


def activity(spans=SPANS):
    return Timeline(SPEECH_ACTIVITY, np.ones((len(spans), 1)), spans, coverage=[(0, 12)])


def emotion(labels, abstain=None):
    """Windows of two seconds, one a second, from the beginning of the recording."""
    scores = np.full((len(labels), 7), 0.05)
    for row, label in enumerate(labels):
        scores[row, EMODB7.index(label)] = 0.7
    return Timeline(
        EMODB7,
        scores,
        [(row, row + 2.0) for row in range(len(labels))],
        extra={
            "utterance": np.zeros(len(labels), int),
            "abstain": np.zeros(len(labels), bool) if abstain is None else abstain,
        },
        model="moods",
    )


def test_turns_follow_the_voices_and_part_an_utterance_without_a_gap():
    found = speakers(windows(), activity(), RULES)
    assert found.span.tolist() == [[0, 4], [5, 7], [8, 10], [10, 12]]
    assert found.extra["subject"].tolist() == [0, 1, 0, 1]
    assert found.scores.min() > 0.9
    assert (found.model, found.coverage.tolist()) == ("voices", [[0, 12]])


def test_numbers_are_by_first_appearance():
    found = speakers(windows([1 - who for who in WHO]), activity(), RULES)
    assert found.extra["subject"].tolist() == [0, 1, 0, 1]


def test_a_silent_window_has_no_say():
    abstain = np.zeros(10, bool)
    abstain[5] = True
    who = [*WHO]
    who[5] = 7  # as unlike as can be, but silent
    found = speakers(windows(who, abstain), activity(), RULES)
    assert set(found.extra["subject"].tolist()) == {0, 1}


def test_nobody_is_no_turn():
    empty = Timeline.empty(SPEAKER_EMBEDDING, coverage=[(0, 9)], model="voices")
    found = speakers(empty, activity([]), RULES)
    assert len(found) == 0
    assert found.extra["subject"].shape == (0,)
    assert len(diarization(found, emotion(["fear"]), RULES)) == 0


def test_who_felt_what_when():
    turns = speakers(windows(), activity(), RULES)
    moods = emotion(["anger"] * 2 + ["sadness"] * 2 + ["fear"] * 3 + ["neutral"] * 5)
    found = diarization(turns, moods, RULES)
    assert found.extra["subject"].tolist() == [0, 0, 1, 0, 1]
    assert found.best() == ["anger", "sadness", "fear", "neutral", "neutral"]
    assert found.span[:2].tolist() == [[0, 2.5], [2.5, 4]]
    assert found.scores.sum(axis=1) == pytest.approx(np.ones(5))
    assert found.model == "moods"


def test_a_flicker_costs_more_than_it_tells():
    turns = speakers(windows(), activity(), RULES)
    moods = emotion(["anger", "sadness", "anger", *["fear"] * 9])
    steady = Grouping(threshold=0.5, smallest=1, change=0.1, feeling=2.0, sharpness=8.0)
    assert diarization(turns, moods, steady).best()[0] == "anger"
    assert diarization(turns, moods, steady).span[0].tolist() == [0, 4]


def test_an_abstaining_window_is_not_heard():
    turns = speakers(windows(), activity(), RULES)
    abstain = np.zeros(12, bool)
    abstain[2] = True
    moods = emotion(["anger", "anger", "sadness", "anger", *["fear"] * 8], abstain)
    found = diarization(turns, moods, RULES)
    assert found.best()[0] == "anger"
    assert found.scores[0, EMODB7.index("sadness")] == pytest.approx(0.05)


class Voices:
    """Stands for a recogniser of embeddings."""

    card = None


def test_what_follows_from_a_recording():
    parts = SpeakerParts(Voices(), 1.0, 1.0, RULES)
    heard = {
        "speech.activity": activity(),
        "speech.emotion": emotion(["fear"] * 12),
        EMBEDDING: windows(),
    }
    found = told_apart(heard, parts)
    assert set(found) == {
        "speech.activity", "speech.emotion", "speech.utterances", "speech.affect",
        "speech.speakers", "speech.diarization",
    }  # fmt: skip
    assert found["speech.affect"].scheme == VALENCE_AROUSAL
    assert found["speech.affect"].model == "derived from moods"
    assert set(told_apart({"speech.activity": activity()}, None)) == {"speech.activity"}
