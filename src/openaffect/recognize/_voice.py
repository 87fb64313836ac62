"""What the networks that listen share: cutting a long recording, silence, the spectrogram.

The card's ``preprocessing`` says ``minimum_frames`` and ``maximum_frames`` (10 ms each) of what the
network takes, and its file of role ``model`` maps ``mel`` (N, 80, F) float32 to named answers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.preprocess.speech_mel import HOP, RATE, log_mel
from openaffect.preprocess.speech_prosody import is_silent
from openaffect.types import InvalidValueError, Timeline, Unit, Weights

from ._base import BatchRecognizer, checked

_SHORTEST = 0.25
"""Seconds: a shorter sound holds about one syllable and nothing that could be told."""
Heard = Mapping[str, NDArray[np.float32]] | None
"""What a network answered to one recording, by name, each (K,); None for silence."""


def heard_once(recognizers: Sequence[VoiceNetwork], batch: Sequence[Any]) -> list[Timeline]:
    """Return what each of the recognisers says of every item, the network run once for all.

    They must share it: see :meth:`VoiceNetwork.shares_network`.
    """
    items = checked(batch, VoiceNetwork.modality)
    first = recognizers[0]
    for other in recognizers[1:]:
        if not first.shares_network(other):
            raise InvalidValueError(
                f"cards {first.card.name!r} and {other.card.name!r} are of different networks; "
                "call them one after another"
            )
    asked = {each.answer for each in recognizers}
    heard = [first.hear(item, asked) for item in items]
    return [each.timeline(items, heard) for each in recognizers]


class VoiceNetwork(BatchRecognizer):
    """One row of answers for each recording, window or utterance.

    Each item is (T,) float32 at 16 kHz in [-1, 1]. One shorter than ``minimum_frames`` is filled up
    with silence at its end. One longer than ``maximum_frames`` is split into parts of equal length,
    each normalised by itself like a clip of training, and their answers are averaged, weighted by
    length; silent parts have no vote.

    ``extra["abstain"]`` is set where nothing can be told: silence (all below -70 dBFS; its row is
    :meth:`nothing`), less than 0.25 s of sound, or a best score below the card's ``abstain_below``.
    A row never depends on the other items of the batch.

    A subclass names ``answer``, the output of the network that it reads.
    """

    modality = "speech"
    answer: str

    def __init__(self, weights: Weights) -> None:
        super().__init__(weights)
        self._minimum = self._frames("minimum_frames")
        self._maximum = self._frames("maximum_frames")
        if self._minimum > self._maximum:
            raise InvalidValueError(
                f"card {self.card.name!r}: minimum_frames {self._minimum} is more than "
                f"maximum_frames {self._maximum}"
            )
        rate = self.card.preprocessing.get("rate", RATE)
        if rate != RATE:
            raise InvalidValueError(
                f"card {self.card.name!r}: rate is {rate}; this implementation listens at {RATE} Hz"
            )

    def __call__(self, batch: Sequence[Any], /) -> Timeline:
        """Recognise every item; an empty batch gives a timeline of no rows."""
        return heard_once((self,), batch)[0]

    def shares_network(self, other: object) -> bool:
        """Tell whether the other's answers come from the same run of the same network."""
        return other is self or (
            isinstance(other, VoiceNetwork)
            and self._digest() != ""
            and self._digest() == other._digest()
            and (self._minimum, self._maximum) == (other._minimum, other._maximum)
        )

    def timeline(self, items: Sequence[NDArray[np.float32]], heard: Sequence[Heard]) -> Timeline:
        """Return a row for each item, of what the network answered to it."""
        scores = np.zeros((len(items), len(self.scheme)), np.float32)
        answered: list[Any] = [*heard]
        if answered:
            scores[:] = self.scores(answered)
        extra = self._extra(scores)
        nothing = [len(item) < _SHORTEST * RATE or is_silent(item) for item in items]
        extra["abstain"] = extra.get("abstain", np.zeros(len(items), bool)) | np.array(
            nothing, bool
        )
        return Timeline(
            scheme=self.scheme,
            scores=scores,
            span=np.zeros((len(items), 2)),
            unit=Unit.WHOLE,
            extra=extra,
            model=self.card.name,
        )

    def encode(self, batch: Sequence[Any]) -> NDArray[np.float32]:
        """Return (N, K) scores of what the network answered to N recordings."""
        return np.stack(
            [self.nothing() if heard is None else self.told(heard[self.answer]) for heard in batch]
        )

    def told(self, answer: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the (K,) row that the network's answer stands for."""
        return answer

    def listen(self, samples: NDArray[np.float32], answer: str) -> NDArray[np.float32]:
        """Return the (K,) output called ``answer`` of one recording."""
        heard = self.hear(samples, (answer,))
        return self.nothing() if heard is None else heard[answer]

    def hear(self, samples: NDArray[np.float32], names: Collection[str]) -> Heard:
        """Return the outputs of these names for one recording of any length."""
        count = -(-len(samples) // (self._maximum * HOP))
        parts = [part for part in np.array_split(samples, count) if not is_silent(part)]
        if not parts:
            return None
        answers = [self._run(part) for part in parts]
        weights = [len(part) for part in parts]
        return {
            name: np.average(
                np.concatenate([answer[name] for answer in answers]), axis=0, weights=weights
            ).astype(np.float32)
            for name in names
        }

    def nothing(self) -> NDArray[np.float32]:
        """Return the (K,) row of silence: all labels alike."""
        return np.full(len(self.scheme), 1 / len(self.scheme), np.float32)

    def _run(self, part: NDArray[np.float32]) -> dict[str, NDArray[Any]]:
        missing = self._minimum * HOP - len(part)
        mel = log_mel(np.pad(part, (0, max(0, missing))))
        return self.weights.session("model").run({"mel": mel[None]})

    def _digest(self) -> str:
        return next((file.sha256 for file in self.card.files if file.role == "model"), "")

    def _frames(self, name: str) -> int:
        value = self.card.preprocessing.get(name)
        if not isinstance(value, int) or value < 1:
            raise InvalidValueError(
                f"card {self.card.name!r}: preprocessing {name!r} is {value!r}; it must be a whole "
                "number of 10 ms frames, at least 1"
            )
        return value
