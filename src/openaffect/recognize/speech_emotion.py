"""Emotion of a voice, from the log-mel spectrogram that Whisper listens to.

The card's file of role ``model`` answers with ``scores`` (N, K), probabilities in the order of the
card's labels. With a file of role ``known`` the card also serves a speaker of whom other clips are
known: the network then answers with ``statistics`` (N, D), and the file, a plain ``.npz``, holds
the head over statistics that the speaker's mean is taken from: ``weight`` (D, K), ``offset`` (K,),
``mean`` (D,) of all training speakers, and ``pull``, the number of clips that it counts for.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.preprocess.speech_prosody import is_silent
from openaffect.types import InvalidValueError, Weights

from ._base import checked, softmax
from ._voice import VoiceNetwork

_KNOWN = "known"


class SpeechEmotion(VoiceNetwork):
    """One distribution over the card's emotions for each recording, window or utterance."""

    answer = "scores"

    def __init__(self, weights: Weights) -> None:
        super().__init__(weights)
        self._head: dict[str, NDArray[Any]] | None = None

    def for_speaker(self, clips: Sequence[NDArray[np.float32]]) -> SpeechEmotion:
        """Return a recogniser for one speaker, of whom ``clips`` in any mood are known, unlabelled.

        What is the speaker's own in every clip (sex, timbre, microphone) is taken off before the
        emotion is told, so the clips should be of several moods, ten or more of them. A few count
        in proportion: the fewer, the more all speakers' mean stands in.

        Raises :class:`InvalidValueError` for no clip that sounds, or a card without that head.
        """
        if all(file.role != _KNOWN for file in self.card.files):
            raise InvalidValueError(
                f"card {self.card.name!r} has no head for known speakers; speech-free and "
                "speech-research have"
            )
        heard = [item for item in checked(clips, self.modality) if not is_silent(item)]
        if not heard:
            raise InvalidValueError(
                f"{len(clips)} clips of the speaker, none of which sounds; give one or more"
            )
        with np.load(self.weights.path(_KNOWN), allow_pickle=False) as file:
            head = {name: file[name].astype(np.float64) for name in file.files}
        own = np.sum([self.listen(item, "statistics") for item in heard], axis=0)
        pull = float(head["pull"])
        head["mean"] = (own + pull * head["mean"]) / (len(heard) + pull)
        known = copy(self)
        known._head, known.answer = head, "statistics"
        return known

    def told(self, answer: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the (K,) probabilities, of the statistics where the speaker is known."""
        if self._head is None:
            return answer
        margins = (answer - self._head["mean"]) @ self._head["weight"] + self._head["offset"]
        return np.asarray(softmax(margins[None])[0], np.float32)


RECOGNIZER = SpeechEmotion
