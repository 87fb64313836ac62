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

_THINGS = (
    "The lift", "The ferry to the island", "My bag", "The film at the cinema", "The new timetable",
    "Our washing machine", "The key to the shed", "The visit to the museum", "The bread",
    "The parcel for my aunt", "The bridge by the mill", "The gift from my cousin",
    "The tent", "The wedding of my colleague", "The library", "The report for the board",
    "The dinner with her parents", "The fish in the pan", "The old piano", "The exam",
    "The road to the farm", "The ticket", "My first lesson", "The garden behind the house",
)  # fmt: skip
_STATES = (
    "was not what I had in mind", "was still there on Friday", "took most of the afternoon",
    "looked different in the morning", "was the first thing that I saw", "came up again at lunch",
    "had been there for years", "was gone by the evening", "turned out to be ours",
    "cost more than last year",
)  # fmt: skip
_NEAR = (
    "There was a parcel on the stairs.", "The meeting began at nine.", "I read the message.",
    "My sister called me this morning.",
)  # fmt: skip
"""Left out of the many: they are near beginnings of the benchmark."""
_MOMENTS = (
    "At half past three", "In the spring", "After the game", "On my way home", "Last weekend",
    "Before breakfast", "During the break", "On the second day", "A week later", "At the market",
    "Yesterday evening", "In the middle of the night", "On the phone", "At the end of the month",
)  # fmt: skip
_EVENTS = (
    "we heard steps in the attic", "my son asked for the car", "the boss read out our names",
    "I came across a cat", "they served the main course", "my wallet was on the counter",
    "the plane turned around", "a child came up to us", "she told us the price",
    "I looked under the bed", "the postman brought an envelope", "we reached the top of the hill",
    "somebody used my cup", "the band began to play", "I spoke to my mother",
    "the window was open", "he showed us the kitchen", "our coach said a few words",
)  # fmt: skip


def openings() -> tuple[str, ...]:
    """Return the 140 sentences, always in the same order."""
    deeds = (f"{who} {what}." for who, what in itertools.product(_PEOPLE, _DEEDS))
    return (*deeds, *(f"{scene}." for scene in _SCENES))


def many_openings() -> tuple[str, ...]:
    """Return 628 sentences, most of :func:`openings` first, always in the same order."""
    states = (f"{thing} {state}." for thing, state in itertools.product(_THINGS, _STATES))
    events = (f"{when} {what}." for when, what in itertools.product(_MOMENTS, _EVENTS))
    return tuple(one for one in (*openings(), *states, *events) if one not in _NEAR)
