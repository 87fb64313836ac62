"""Reply through the language model: told how to listen, shown three replies, steered gently."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from openaffect.types import Message

from ._dialogue import Heard, ReplyRequest
from ._language_partner import ModelPartner
from ._listening import turns
from ._partner import Resources
from ._style import Style

_SYSTEM = (
    "You are a kind listener, a computer program and no person. Answer in one or two short "
    "sentences: show that you understood what happened and how it feels, and ask a gentle question."
)
_SHOWN = {
    True: (
        ("I passed my driving test today, on the third try!",
         "Congratulations! Passing on the third try must feel wonderful. Where will you drive "
         "first?"),
        ("My sister is coming to visit for the first time in two years.",
         "How lovely, two years are a long time! What will you do together?"),
        ("I finally finished painting my room and it looks great.",
         "Well done! A fresh room makes such a difference. Which colour did you choose?"),
    ),
    False: (
        ("I failed my driving test today, for the third time.",
         "I'm so sorry. Trying so hard and failing again must be discouraging. What went wrong?"),
        ("My boss blamed me for his own mistake in front of everyone.",
         "That sounds so unfair, no wonder that you are upset. Did anyone speak up for you?"),
        ("I have to go to the dentist tomorrow.",
         "Waiting for that can be worse than the visit. What worries you most about it?"),
    ),
}  # fmt: skip
"""What was said and what a good listener answers, about pleasant things and others; by hand."""


class LanguagePartner(ModelPartner):
    """The language model as a listener."""

    name = "language"
    help = "the language model, told how to listen"

    def __init__(self, resources: Resources) -> None:
        super().__init__(resources)
        self.steering = resources.steering()

    def respond(self, request: ReplyRequest, heard: Heard) -> Iterator[Sequence[str]]:
        """Yield the replies token by token, written side by side."""
        emotion = "happiness" if heard.glad else "sadness"
        yield from self.written(request, self.messages(request, heard), request.intensity, emotion)

    def origin(self) -> dict[str, Any]:
        """Return the language model's name and licence, and the way of steering."""
        card = self.steering.model.card
        return {"model": card.name, "licence": card.licence, "steering": self.steering.name}

    def messages(self, request: ReplyRequest, heard: Heard) -> tuple[Message, ...]:
        """Return how to listen, replies that are shown, and the last turns."""
        shown = [
            message
            for said, answer in _SHOWN[heard.glad]
            for message in (Message("user", said), Message("assistant", answer))
        ]
        system, *said = instructed(request, heard)
        head = [system, *shown]
        model = self.steering.model
        room = model.longest - request.length
        while len(said) > 1 and len(model.chat([*head, *said])) > room:
            said = said[1:]
            if said[0].role == "assistant" and len(said) > 1:
                said = said[1:]
        return (*head, *said)


def instructed(request: ReplyRequest, heard: Heard) -> list[Message]:
    """Return how to listen, as the first message, and the turns of the dialogue."""
    system = _SYSTEM
    if heard.emotion not in ("", "neutral"):
        system += f" The last message sounds like {heard.emotion}."
    said = [(request.is_ours(turn), turn.text) for turn in request.dialogue]
    return [Message("system", system + _manner(request.style)), *turns(said)]


def _manner(style: Style) -> str:
    """Return how to speak, in words for the model."""
    voice = f" You speak in the manner of {style.persona}." if style.persona else ""
    how = " and ".join(filter(None, [style.tone, style.formality]))
    return f"{voice} Your tone is {how}." if how else voice


GENERATOR = LanguagePartner
