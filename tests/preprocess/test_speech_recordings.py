"""Real voices, where the recordings are at hand: pitch, syllables and speech activity."""

import csv
import os
from pathlib import Path

import numpy as np
import pytest

from openaffect.io.audio import load_audio
from openaffect.preprocess.speech_activity import speech_segments
from openaffect.preprocess.speech_prosody import prosody
from openaffect.types import AudioChunk, OpenAffectError
from openaffect.types.schemes import PROSODY

DATA = Path(os.environ.get("OPENAFFECT_DATA", Path(__file__).parents[3] / "shared" / "data"))
SPEECH = DATA / "speech"

SYLLABLES = {
    "a01": 8, "a02": 9, "a04": 11, "a05": 18, "a07": 10, "b01": 15, "b02": 20, "b03": 24,
    "b09": 17, "b10": 14,
}  # fmt: skip
"""Counted by hand in EMO-DB's ten sentences."""


@pytest.fixture(scope="module")
def emodb():
    table = SPEECH / "emodb-full.csv"
    if not table.is_file():
        pytest.skip(f"{table} is not here: set OPENAFFECT_DATA to the folder of the recordings")
    with table.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))[::4]
    for row in rows:
        samples = load_audio(SPEECH / row["file"]).samples
        row["measured"] = dict(zip(PROSODY.labels, prosody(samples).tolist(), strict=True))
        row["spoken"] = len(samples) / 16_000 * (1 - row["measured"]["pause_share"])
    return rows


def mean_pitch(rows, **wanted):
    picked = [row for row in rows if all(row[name] == value for name, value in wanted.items())]
    return np.mean([row["measured"]["f0_mean"] for row in picked])


def test_neutral_voices_lie_where_men_and_women_speak(emodb):
    assert 90 < mean_pitch(emodb, emotion="neutral", sex="male") < 150
    assert 165 < mean_pitch(emodb, emotion="neutral", sex="female") < 255


def test_anger_is_higher_than_sadness(emodb):
    for sex in ("male", "female"):
        angry, sad = (mean_pitch(emodb, emotion=name, sex=sex) for name in ("anger", "sadness"))
        assert angry > 1.3 * sad


def test_syllables_agree_with_the_sentences(emodb):
    true = np.array([SYLLABLES[row["text_code"]] for row in emodb])
    found = np.array([row["measured"]["syllable_rate"] * row["spoken"] for row in emodb])
    assert np.corrcoef(true, found)[0, 1] > 0.85
    assert 0.75 < np.mean(found / true) < 1.1


@pytest.fixture(scope="module")
def network():
    from openaffect import models

    card, store = models.card("silero-vad"), models.Store(offline=True)
    if store.locate(card, "activity") is None:
        pytest.skip("silero-vad is not on this machine: openaffect models pull silero-vad")
    try:
        return models.CardWeights(card, store).session("activity")
    except OpenAffectError as error:
        pytest.skip(f"silero-vad cannot be loaded here: {error}")


def segments(samples, network):
    found = list(speech_segments([AudioChunk(samples, 0.0, 16_000)], network))
    return np.concatenate([activity.segments for activity in found])


@pytest.mark.parametrize("kind", ["silence", "noise", "tone"])
def test_what_is_no_speech_has_no_segment(network, kind):
    time = np.arange(5 * 16_000) / 16_000
    samples = {
        "silence": np.zeros(len(time)),
        "noise": np.random.default_rng(0).normal(0, 0.1, len(time)),
        "tone": 0.3 * np.sin(2 * np.pi * 440 * time),
    }[kind]
    assert len(segments(samples.astype(np.float32), network)) == 0


def test_a_voice_between_silences_is_found(network):
    path = SPEECH / "emodb-full" / "03a01Fa.flac"
    if not path.is_file():
        pytest.skip(f"{path} is not here: set OPENAFFECT_DATA to the folder of the recordings")
    gap = np.zeros(2 * 16_000, np.float32)
    voice = load_audio(path).samples
    found = segments(np.concatenate([gap, voice, gap]), network)
    assert len(found) == 1
    assert abs(found[0, 0] - 2.0) < 0.15
    assert abs(found[0, 1] - (2.0 + len(voice) / 16_000)) < 0.25
