"""Beginnings of texts for training writers: short sentences without a mood."""

from __future__ import annotations

import itertools

_PEOPLE = (
    "My neighbour", "The new colleague", "My sister", "A man from the village", "Our teacher",
    "The woman at the counter", "My old friend", "The driver", "My grandfather",
    "One of the guests",
)  # fmt: skip
_DEEDS = (
    "called me this morning", "opened the door", "was waiting outside", "put a box on the table",
    "came back from the city", "asked about the garden", "wrote me a letter", "moved the car",
    "left before dinner", "showed me the photographs", "spoke to the whole room",
    "brought the dog along",
)  # fmt: skip
_SCENES = (
    "The bus stopped at the corner", "We walked along the river", "I looked at my phone",
    "There was a parcel on the stairs", "The meeting began at nine", "I opened the fridge",
    "The film had just started", "It was getting dark", "We found a table by the window",
    "The results came in the post", "I went to the shop after work", "Somebody turned on the radio",
    "The house across the street has been sold", "We arrived at the station", "I read the message",
    "The kitchen smelled of something", "They changed the plan again", "I sat down to eat",
    "The phone rang at midnight", "Today was the last day of school",
)  # fmt: skip


def openings() -> tuple[str, ...]:
    """Return the 140 sentences, always in the same order."""
    deeds = (f"{who} {what}." for who, what in itertools.product(_PEOPLE, _DEEDS))
    return (*deeds, *(f"{scene}." for scene in _SCENES))
