"""Reply through the language model with an adapter that dialogues of two people taught."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.types import InvalidValueError, Message, Scores

from ._adapted import adapted
from ._dialogue import Heard, ReplyRequest
from ._emotion import Target
from ._language_partner import ModelPartner
from ._listening import shortened
from ._partner import Resources
from ._steering import Steering


class Listening(Steering):
    """Reads with the one gate of the adapter open."""

    name = "listening"

    def read(
        self,
        ids: NDArray[np.int64],
        state: Any,
        target: Target,
        intensity: float,
        *,
        repeat: int = 1,
    ) -> Scores:
        """Read with the gate open."""
        return self.model.read(ids, state, repeat=repeat, gates=np.ones(1))  # type: ignore[call-arg]


class AdaptedPartner(ModelPartner):
    """The language model, taught by people who listened to others (EmpatheticDialogues)."""

    name = "lora"
    help = "the language model with an adapter learnt from dialogues (non-commercial)"
    card = "reply-lora"
    remedy = (
        "openaffect train reply-lora --out runs/reply, then OPENAFFECT_WEIGHTS=runs/reply (weights "
        "for non-commercial use)"
    )

    def __init__(self, resources: Resources) -> None:
        super().__init__(resources)
        if resources.weights is None:
            raise InvalidValueError(f"partner {self.name!r} needs its adapter: {self.remedy}")
        plain = resources.steering().model
        self.steering = Listening(adapted(plain, resources.weights, self.name))

    def respond(self, request: ReplyRequest, heard: Heard) -> Iterator[Sequence[str]]:
        """Yield the replies token by token, written side by side."""
        yield from self.written(request, self.messages(request, heard), 1.0)

    def messages(self, request: ReplyRequest, heard: Heard) -> tuple[Message, ...]:
        """Return the last turns as the adapter learnt to answer them."""
        said = [(request.is_ours(turn), turn.text) for turn in request.dialogue]
        emotion = "" if heard.emotion == "neutral" else heard.emotion
        model = self.steering.model
        return shortened(model, said, emotion, model.longest - request.length)


GENERATOR = AdaptedPartner
