"""What every recogniser shares: checking the batch, batching it, and building the timeline.

A recogniser is one file of this folder with a class, named ``RECOGNIZER`` at its end, that says how
one item is prepared and how a few prepared items are scored::

    class Smile(BatchRecognizer):
        modality = "face"

        def prepare(self, item):
            return item.mean(axis=2, dtype=np.float32)

        def encode(self, batch):
            feeds = {"image": np.stack(batch)}
            return self.weights.session("model").run(feeds)["scores"]

    RECOGNIZER = Smile
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from openaffect.types import (
    BUILT_IN,
    Card,
    InvalidValueError,
    Kind,
    Scheme,
    Timeline,
    Unit,
    Weights,
    scheme,
)

_LOUDEST = 2.0
"""Decoders and resamplers overshoot full scale a little; integers passed off as floats go far."""


def scheme_of(card: Card) -> Scheme:
    """Return the card's scheme: the built-in one of that name, or the one that the card spells out.

    Raises :class:`UnknownNameError` for a name that is neither built in nor spelt out by ``kind``.
    """
    if card.scheme in BUILT_IN or not card.kind:
        return scheme(card.scheme)
    return Scheme(card.scheme, card.labels, Kind(card.kind))


class BatchRecognizer:
    """Turns a batch of items into a timeline, one row an item, in the order given.

    A subclass declares ``modality`` and gives :meth:`prepare` and :meth:`encode`. Items are checked
    at the door (:class:`InvalidValueError` names the index), put into batches of at most
    ``batch_size`` items of similar length, scored, and brought back into the caller's order.

    The columns that :meth:`encode` returns are in the order of the card's ``labels`` (of its scheme
    when it names none); the timeline's are in the order of its scheme. Where the card's
    ``calibration`` holds ``abstain_below``, rows of a distribution whose best score is lower are
    flagged in ``extra["abstain"]``.
    """

    modality: ClassVar[str]
    """face: (H, W, 3) uint8 RGB; speech: (T,) float at 16 kHz in [-1, 1]; text: str."""
    batch_size: ClassVar[int] = 32

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.card = weights.card
        self.scheme = scheme_of(self.card)
        labels = self.card.labels or self.scheme.labels
        if sorted(labels) != sorted(self.scheme.labels):
            raise InvalidValueError(
                f"card {self.card.name!r} has labels {list(labels)}; its scheme "
                f"{self.scheme.name!r} has {list(self.scheme.labels)}: they must be the same set"
            )
        self._columns = [labels.index(label) for label in self.scheme.labels]

    def prepare(self, item: Any) -> NDArray[Any]:
        """Return what the network is fed for one item."""
        raise NotImplementedError

    def encode(self, batch: Sequence[NDArray[Any]]) -> NDArray[Any]:
        """Return (N, K) scores of N prepared items, which may differ in length a little."""
        raise NotImplementedError

    def __call__(self, batch: Sequence[Any], /) -> Timeline:
        """Recognise every item; an empty batch gives a timeline of no rows."""
        items = checked(batch, self.modality)
        return self.answers(items, self.prepare, [_length(item, self.modality) for item in items])

    def answers(
        self, items: Sequence[Any], prepare: Callable[[Any], NDArray[Any]], lengths: Sequence[int]
    ) -> Timeline:
        """Prepare and score every item, in batches of similar length; one row an item, in order."""
        scores = np.zeros((len(items), len(self.scheme)), np.float32)
        order = sorted(range(len(items)), key=lambda row: lengths[row])
        for start in range(0, len(order), self.batch_size):
            rows = order[start : start + self.batch_size]
            scores[rows] = self.scores([prepare(items[row]) for row in rows])
        return Timeline(
            scheme=self.scheme,
            scores=scores,
            span=np.zeros((len(items), 2)),
            unit=Unit.WHOLE,
            extra=self._extra(scores),
            model=self.card.name,
        )

    def scores(self, batch: Sequence[NDArray[Any]]) -> NDArray[Any]:
        """Return (N, K) scores of prepared items, columns in the scheme's order."""
        scores = np.asarray(self.encode(batch))
        if scores.shape != (len(batch), len(self._columns)):
            raise InvalidValueError(
                f"card {self.card.name!r}: the network gave scores of shape {scores.shape}; "
                f"expected ({len(batch)}, {len(self._columns)}), one row an item and one column a "
                "label of the card"
            )
        return scores[:, self._columns]

    def _extra(self, scores: NDArray[np.float32]) -> dict[str, NDArray[Any]]:
        floor = self.card.calibration.get("abstain_below")
        if floor is None or self.scheme.kind is not Kind.CATEGORIES:
            return {}
        return {"abstain": scores.max(axis=1, initial=0.0) < floor}


def softmax(logits: NDArray[Any]) -> NDArray[Any]:
    """Return the distributions of (N, K) logits."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def checked(batch: Sequence[Any], modality: str) -> list[Any]:
    """Return the items of ``batch`` as ``modality`` needs them, or say which one is wrong.

    Raises :class:`InvalidValueError` with the index, what was found and what was expected.
    """
    if isinstance(batch, (str, bytes)) or not hasattr(batch, "__iter__"):
        raise InvalidValueError(
            f"a recogniser takes a list of items; got one {type(batch).__name__}. Put it in a list"
        )
    check = _CHECKS[modality]
    return [check(item, f"{modality} item {index}") for index, item in enumerate(batch)]


def _image(item: Any, name: str) -> NDArray[np.uint8]:
    array = _array(item, name)
    if array.ndim != 3 or array.shape[2] != 3 or array.size == 0:
        raise InvalidValueError(
            f"{name} has shape {array.shape}; expected (H, W, 3) RGB with H and W of at least 1. "
            "A single picture goes in a list"
        )
    if array.dtype != np.uint8:
        raise InvalidValueError(f"{name} is of type {array.dtype}; expected uint8 in 0..255")
    return array


def _samples(item: Any, name: str) -> NDArray[np.float32]:
    array = _array(item, name)
    if array.ndim != 1 or array.size == 0:
        raise InvalidValueError(
            f"{name} has shape {array.shape}; expected (T,) mono samples with T of at least 1. "
            "A single recording goes in a list"
        )
    if array.dtype.kind != "f":
        raise InvalidValueError(
            f"{name} is of type {array.dtype}; expected float32 in [-1, 1] (divide int16 by 32768)"
        )
    loudest = float(np.abs(array).max())
    if not loudest <= _LOUDEST:
        raise InvalidValueError(f"{name} reaches {loudest:.4g}; expected finite samples in [-1, 1]")
    return array.astype(np.float32, copy=False)


def _text(item: Any, name: str) -> str:
    if not isinstance(item, str):
        raise InvalidValueError(f"{name} is a {type(item).__name__}; expected str")
    return item


def _array(item: Any, name: str) -> NDArray[Any]:
    if not isinstance(item, np.ndarray):
        raise InvalidValueError(f"{name} is a {type(item).__name__}; expected a NumPy array")
    return item


def _length(item: Any, modality: str) -> int:
    return 0 if modality == "face" else len(item)


_CHECKS: dict[str, Callable[[Any, str], Any]] = {
    "face": _image,
    "speech": _samples,
    "text": _text,
}
