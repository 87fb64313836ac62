"""What partners that reply through a language model share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from openaffect.types import Message

from ._dialogue import Heard, ReplyRequest
from ._partner import Partner
from ._request import TextRequest
from ._steering import Steering
from ._write import write


class ModelPartner(Partner):
    """Replies through ``steering``, a language model with its way of steering."""

    steering: Steering

    def messages(self, request: ReplyRequest, heard: Heard) -> tuple[Message, ...]:
        """Return the conversation that the model goes on with: as many turns as it can read."""
        raise NotImplementedError

    def surprise(self, text: str) -> NDArray[np.float64]:
        """Return (T,) log probabilities of a text's tokens, by the model unsteered."""
        return self.steering.model.log_probabilities(text)

    def written(
        self,
        request: ReplyRequest,
        messages: Sequence[Message],
        intensity: float,
        emotion: str = "neutral",
    ) -> Iterator[Sequence[str]]:
        """Yield the model's next turns of a conversation token by token, side by side."""
        asked = TextRequest(
            prompt="",
            messages=tuple(messages),
            emotion=emotion,
            intensity=intensity,
            length=request.length,
            candidates=request.candidates,
            seed=request.seed,
            temperature=request.temperature,
            top=request.top,
        )
        for drafts in write(self.steering, asked):
            yield [draft.text for draft in drafts]
