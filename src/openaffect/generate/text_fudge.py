"""Steer by a prefix classifier: prefer next tokens after which the text will show the emotion.

Yang and Klein, "FUDGE: Controlled text generation with future discriminators", NAACL 2021: the
model's score of each likely next token gains the log-probability, by a classifier that was trained
on beginnings of texts, that the text they begin carries the attribute. The classifier here is a
gated recurrent network (Cho et al., 2014) over the language model's own tokens, small enough to try
every candidate token at each step.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.types import IntegrityError, LanguageModel, Weights

from ._emotion import Target
from ._steering import Steering

_STRONGEST = 4.0
"""The factor on the classifier's log-probability at intensity 1."""
_CANDIDATES = 96
"""Likely next tokens that are weighed; the others are ruled out."""


class PrefixClassifier:
    """What a beginning of a text promises: log-probabilities of :data:`EMOTIONS`.

    Arrays of ``weights``: ``embedding`` (V, E) int8 with ``scale`` (E,) float32; the recurrent
    layer's ``input`` (3H, E), ``recurrent`` (3H, H), ``input_bias`` and ``recurrent_bias`` (3H,),
    gates in the order reset, update, new; ``output`` (7, H) and ``output_bias`` (7,).
    """

    def __init__(self, weights: dict[str, NDArray[Any]]) -> None:
        try:
            self._embedding, self._scale = weights["embedding"], weights["scale"]
            self._input, self._recurrent = weights["input"], weights["recurrent"]
            self._biases = weights["input_bias"], weights["recurrent_bias"]
            self._output, self._output_bias = weights["output"], weights["output_bias"]
        except KeyError as error:
            raise IntegrityError(f"the prefix classifier's file holds no array {error}") from error
        self.vocabulary = len(self._embedding)
        self._width = self._recurrent.shape[1]

    def start(self) -> NDArray[np.float32]:
        """Return the (H,) state before any token."""
        return np.zeros(self._width, np.float32)

    def states(self, state: NDArray[np.float32], tokens: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the (N, H) states after each of N tokens, every one read after ``state`` (H,)."""
        read = self._embedding[tokens] * self._scale
        gates = read @ self._input.T + self._biases[0]
        held = state @ self._recurrent.T + self._biases[1]
        width = self._width
        reset = _sigmoid(gates[:, :width] + held[:width])
        update = _sigmoid(gates[:, width : 2 * width] + held[width : 2 * width])
        new = np.tanh(gates[:, 2 * width :] + reset * held[2 * width :])
        return np.asarray((1 - update) * new + update * state, np.float32)

    def log_probabilities(self, states: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return (N, 7): the log-probability of each emotion, independent of each other."""
        odds = states.astype(np.float64) @ self._output.T + self._output_bias
        return np.asarray(-np.logaddexp(0, -odds))


class Fudge(Steering):
    """Weighs likely next tokens by what they promise."""

    name = "fudge"
    help = "weigh next tokens by a classifier of beginnings (FUDGE)"
    needs = "text.prefix"

    def __init__(self, model: LanguageModel, weights: Weights | None = None) -> None:
        super().__init__(model, weights)
        if weights is None:
            raise IntegrityError("fudge needs the weights of its prefix classifier")
        with np.load(weights.path("model"), allow_pickle=False) as arrays:
            self._classifier = PrefixClassifier({name: arrays[name] for name in arrays.files})
        if self._classifier.vocabulary != model.vocabulary:
            raise IntegrityError(
                f"the prefix classifier knows {self._classifier.vocabulary} tokens and "
                f"{model.card.name} {model.vocabulary}; it belongs to another model: take "
                "another method"
            )
        self._states: dict[tuple[int, ...], NDArray[np.float32]] = {}

    def adjusted(
        self,
        logits: NDArray[np.float32],
        texts: Sequence[Sequence[int]],
        target: Target,
        intensity: float,
    ) -> NDArray[np.float32]:
        """Return the scores with the classifier's say, unlikely tokens ruled out."""
        shares = target.vector()
        changed = np.full_like(logits, -np.inf)
        fresh = {}
        for row, text in enumerate(texts):
            state = self._state(tuple(text))
            fresh[tuple(text)] = state
            likely = np.argpartition(-logits[row], _CANDIDATES)[:_CANDIDATES]
            promise = self._classifier.log_probabilities(self._classifier.states(state, likely))
            gain = _STRONGEST * intensity * (promise @ shares)
            changed[row, likely] = logits[row, likely] + gain
        self._states = fresh
        return changed

    def _state(self, text: tuple[int, ...]) -> NDArray[np.float32]:
        """Return the state after a text, from that of the text without its last token if kept."""
        if not text:
            return self._classifier.start()
        state = self._states.get(text)
        if state is None:
            before = self._state(text[:-1])
            state = self._classifier.states(before, np.array(text[-1:]))[0]
        return state


def _sigmoid(values: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(1 / (1 + np.exp(-values)), np.float32)


GENERATOR = Fudge
