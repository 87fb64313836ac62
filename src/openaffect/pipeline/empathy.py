"""How good a reply is to what was said: warm, near it, asking on, new, and fitting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from openaffect.generate._dialogue import Heard, ReplyRequest
from openaffect.generate._partner import Encoder, Partner
from openaffect.types import Recognizer

from .hearing import said

_READ = 1000
"""Characters of what was said, its last ones, that a reply is held against."""
_WARM = ("caring", "love", "admiration", "gratitude", "optimism", "approval")
_WITH = {
    True: ("joy", "excitement", "pride", "relief", "amusement"),
    False: ("sadness", "remorse", "disappointment", "nervousness"),
}
"""GoEmotions' labels of a warm reply; and of feeling with what is glad, or is not."""
_AGAINST = {
    True: ("sadness", "remorse", "disappointment", "grief", "annoyance", "anger", "fear"),
    False: ("joy", "excitement", "amusement", "anger", "annoyance", "pride"),
}
"""Labels of a reply that does not feel with it."""
Surprises = Sequence[np.ndarray | None]
"""(T,) log probabilities of each text's tokens, None where the partner has no such model."""


@dataclass(frozen=True, slots=True)
class EmpathyScale:
    """Weighs replies.

    recognizer: of ``goemotions28``, tells how warm a reply is. encoder: tells how near it is to
    what was said. partner: its model, where it has one, tells how likely a reply is.
    """

    recognizer: Recognizer
    encoder: Encoder
    partner: Partner

    def parts(
        self, replies: Sequence[str], alone: Surprises, request: ReplyRequest, heard: Heard
    ) -> dict[str, np.ndarray]:
        """Return what is told of N replies, (N,) each in [0, 1].

        warm: cares, or feels with the other; near: is about what was said and does not repeat it;
        asks: asks on; new: says something else than the replies before; fits: is likelier after
        what was said than by itself. After the mechanisms of
        Sharma et al. (EMNLP 2020): emotional reactions, interpretations, explorations.
        alone: log probabilities of each reply's tokens by itself.
        """
        timeline = self.recognizer(list(replies))
        labels = timeline.scheme.labels
        found = np.asarray(timeline.scores, np.float64)
        warm = found[:, [labels.index(name) for name in (*_WARM, *_WITH[heard.glad])]].max(axis=1)
        cold = found[:, [labels.index(name) for name in _AGAINST[heard.glad]]].max(axis=1)
        ours = [turn.text for turn in request.dialogue if request.is_ours(turn)]
        vectors = self.encoder([*replies, said(request), *ours])
        mine, theirs, before = np.split(vectors, [len(replies), len(replies) + 1])
        close = mine @ theirs[0]
        again = (mine @ before.T).max(axis=1) if len(before) else np.zeros(len(replies))
        return {
            "warm": warm * (1 - cold),
            "near": np.where(close > 0.85, 0.0, np.clip(close / 0.6, 0, 1)),
            "asks": np.array([float("?" in reply) for reply in replies]),
            "new": (again < 0.9).astype(float),
            "fits": self._fits(replies, alone, request),
        }

    def _fits(self, replies: Sequence[str], alone: Surprises, request: ReplyRequest) -> np.ndarray:
        """Return (N,) in [0, 1]: how much likelier replies are after what was said than alone.

        That is the nats a token of Li et al., "A diversity-promoting objective function for neural
        conversation models", NAACL 2016, equation 9 with lambda 1; 1 from 1.5 on, .5 where the
        partner has no such model.
        """
        heard = f"{said(request)[-_READ:]}\n"
        before = self.partner.surprise(heard)
        if before is None:
            return np.full(len(replies), 0.5)
        gains = []
        for reply, by_itself in zip(replies, alone, strict=True):
            after = self.partner.surprise(heard + reply)
            assert by_itself is not None
            assert after is not None
            gains.append((after.sum() - before.sum() - by_itself.sum()) / max(len(by_itself), 1))
        return np.clip(np.array(gains) / 1.5, 0, 1)


def empathy(parts: dict[str, np.ndarray]) -> np.ndarray:
    """Return (N,) worths of replies: a mean of the parts, the warmth first."""
    total = 0.4 * parts["warm"] + 0.2 * parts["near"] + 0.2 * parts["fits"] + 0.2 * parts["asks"]
    worth: np.ndarray = total * (0.2 + 0.8 * parts["new"])
    return worth
