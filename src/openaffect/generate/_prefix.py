"""What a beginning of a text promises: a small recurrent classifier over a model's tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.types import IntegrityError

from ._emotion import EMOTIONS

_MOST = 65536


class PrefixClassifier:
    """Log-probabilities of :data:`EMOTIONS` after each token, each emotion as likely beforehand.

    A gated recurrent network (Cho et al., "Learning phrase representations using RNN
    encoder-decoder", EMNLP 2014). Arrays: ``tokens`` (V, E), of int8 with ``tokens_unit`` (1, E)
    or of float32; ``input`` (3H, E), ``recurrent`` (3H, H), ``input_bias`` and ``recurrent_bias``
    (3H,), gates in the order reset, update, new; ``output`` (7, H) and ``output_bias`` (7,).

    Raises :class:`IntegrityError` for arrays that are absent or of shapes that do not fit.
    """

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        try:
            self._tokens = arrays["tokens"]
            self._unit = np.asarray(arrays.get("tokens_unit", np.ones((1, 1))), np.float32)
            self._input, self._recurrent, self._output = (
                np.asarray(arrays[name], np.float32) for name in ("input", "recurrent", "output")
            )
            self._biases = tuple(
                np.asarray(arrays[name], np.float32)
                for name in ("input_bias", "recurrent_bias", "output_bias")
            )
        except KeyError as error:
            raise IntegrityError(f"the prefix classifier's file holds no array {error}") from error
        self.vocabulary, read = self._tokens.shape
        width = self._recurrent.shape[1]
        shapes = [item.shape for item in (self._input, self._recurrent, self._output)]
        wanted = [(3 * width, read), (3 * width, width), (len(EMOTIONS), width)]
        if shapes != wanted or self.vocabulary > _MOST * 8:
            raise IntegrityError(
                f"the prefix classifier's arrays have shapes {shapes}; expected {wanted}"
            )
        self.width = width

    def start(self) -> NDArray[np.float32]:
        """Return the (H,) state before any token."""
        return np.zeros(self.width, np.float32)

    def states(self, state: NDArray[np.float32], tokens: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the (N, H) states after each of N tokens, every one read after ``state`` (H,)."""
        read = self._tokens[tokens].astype(np.float32) * self._unit
        gates = read @ self._input.T + self._biases[0]
        held = state @ self._recurrent.T + self._biases[1]
        width = self.width
        reset = _sigmoid(gates[:, :width] + held[:width])
        update = _sigmoid(gates[:, width : 2 * width] + held[width : 2 * width])
        new = np.tanh(gates[:, 2 * width :] + reset * held[2 * width :])
        return np.asarray((1 - update) * new + update * state, np.float32)

    def log_probabilities(self, states: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return (N, 7): the log-probability of each emotion at (N, H) states, in sum 1."""
        odds = states @ self._output.T + self._biases[2]
        odds -= odds.max(axis=-1, keepdims=True)
        return np.asarray(odds - np.log(np.exp(odds).sum(axis=-1, keepdims=True)), np.float32)

    def beginnings(self, tokens: Sequence[int]) -> NDArray[np.float32]:
        """Return (T, 7): the log-probabilities after each token of one text."""
        state = self.start()
        found = []
        for token in tokens:
            state = self.states(state, np.array([token]))[0]
            found.append(state)
        return self.log_probabilities(np.stack(found))


def _sigmoid(values: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(1 / (1 + np.exp(-values)), np.float32)
