"""Recordings of a speaker, found and cut, and handed to the recogniser of emotions."""

import numpy as np
import pytest

from openaffect.io.audio import write_wav
from openaffect.pipeline.known_speaker import for_speaker
from openaffect.pipeline.options import Options
from openaffect.recognize.speech_emotion import SpeechEmotion
from openaffect.types import Card, InvalidValueError, SourceNotFoundError

RATE = 16_000


class Listening(SpeechEmotion):
    """Keeps what it is told."""

    def __init__(self):
        self.card = Card(name="stub", task="speech.emotion", modality="speech", licence="none")

    def for_speaker(self, clips):
        self.lengths = [len(clip) for clip in clips]
        return self


@pytest.fixture
def folder(tmp_path):
    for name, seconds in (("a.wav", 2), ("b.wav", 7)):
        write_wav(tmp_path / name, np.full(seconds * RATE, 0.1, np.float32), RATE)
    (tmp_path / "notes.txt").write_text("not a sound", encoding="utf-8")
    return tmp_path


def test_every_recording_is_cut_into_windows(folder):
    told = for_speaker(Listening(), str(folder), 3.0)
    assert told.lengths[0] == 2 * RATE
    assert sum(told.lengths[1:]) == 7 * RATE
    assert max(told.lengths) <= 3 * RATE


def test_no_sound_is_told(folder):
    with pytest.raises(InvalidValueError, match="no sound"):
        for_speaker(Listening(), str(folder / "notes.txt"), 3.0)
    with pytest.raises(InvalidValueError, match="cannot be told of a speaker"):
        for_speaker(type("Other", (), {"card": Listening().card})(), str(folder), 3.0)


def test_the_option_is_checked_at_once_and_counts_for_resuming(folder):
    with pytest.raises(SourceNotFoundError, match="nowhere"):
        Options(speaker="nowhere.wav")
    given = Options(speaker=str(folder)).key()
    assert given != Options().key()
    write_wav(folder / "c.wav", np.zeros(RATE, np.float32), RATE)
    assert Options(speaker=str(folder)).key() != given
