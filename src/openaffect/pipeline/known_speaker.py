"""Emotion heard against other recordings of the one person who speaks."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from openaffect.io.audio import load_audio
from openaffect.io.kinds import find, kind_of
from openaffect.types.errors import InvalidValueError, MediaError
from openaffect.types.protocols import Recognizer

_RATE = 16_000


def for_speaker(recognizer: Recognizer, path: str, window: float) -> Recognizer:
    """Return the recogniser of emotions for the speaker of the recordings at ``path``.

    ``path`` is a file, folder or pattern; what is neither sound nor video with sound is left out;
    recordings are cut into pieces of at most ``window`` seconds.

    Raises
    ------
    SourceNotFoundError
        when nothing is there.
    InvalidValueError
        when none of it sounds, or when the recogniser has no head for known speakers.
    """
    from openaffect.recognize.speech_emotion import SpeechEmotion

    if not isinstance(recognizer, SpeechEmotion):
        raise InvalidValueError(
            f"card {recognizer.card.name!r} cannot be told of a speaker; leave speaker out"
        )
    clips = [piece for sound in _sounds(path) for piece in _pieces(sound, window)]
    if not clips:
        raise InvalidValueError(f"speaker {path}: there is no sound in it; give recordings")
    return recognizer.for_speaker(clips)


def _sounds(path: str) -> Iterator[NDArray[np.float32]]:
    for file in find([path]):
        try:
            if kind_of(file) in ("audio", "video"):
                yield load_audio(file, rate=_RATE).samples
        except MediaError:
            continue


def _pieces(sound: NDArray[np.float32], window: float) -> list[NDArray[np.float32]]:
    count = max(1, -(-len(sound) // round(window * _RATE)))
    return [piece for piece in np.array_split(sound, count) if len(piece)]
