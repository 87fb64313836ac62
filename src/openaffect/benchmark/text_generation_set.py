"""What every generator of text is asked: prompts without a mood, emotions, steps, banned words."""

from __future__ import annotations

PROMPTS = (
    "The train was late.",
    "I walked to the office this morning.",
    "The letter arrived on Tuesday.",
    "My sister called me last night.",
    "We moved the table to the other room.",
    "There was a knock on the door.",
    "He opened the box on the kitchen table.",
    "The meeting started at nine.",
    "I found my old notebook in the drawer.",
    "The neighbours came over for dinner.",
    "She looked out of the window.",
    "We drove along the coast road.",
    "The phone rang while I was reading.",
    "My brother sent me a photo.",
    "The shop on the corner has a new owner.",
    "I read the message twice.",
    "The teacher walked into the classroom.",
    "It started to rain in the afternoon.",
    "The doctor asked me to sit down.",
    "We waited in the hall for an hour.",
    "The dog sat by the gate.",
    "I met an old colleague at the station.",
    "They announced the results at noon.",
    "The bus stopped in front of the school.",
    "He put the keys on the shelf.",
    "I tried the soup at the new place.",
    "The lights went out in the building.",
    "My friend told me about her plan.",
    "We took the stairs to the top floor.",
    "The package was on the front step.",
)
"""Thirty beginnings that any emotion can follow; tuning of a method must not look at them."""

EMOTIONS = ("anger", "disgust", "fear", "happiness", "sadness", "surprise")
INTENSITIES = (0.0, 0.25, 0.5, 0.75, 1.0)

SYNONYMS = {
    "anger": (
        "anger", "angers", "angered", "angering", "angry", "angrier", "angrily", "mad", "madly",
        "furious", "furiously", "fury", "rage", "raging", "enraged", "irate", "wrath", "outrage",
        "outraged", "annoyed", "annoying", "annoyance", "irritated", "irritation", "livid",
    ),
    "disgust": (
        "disgust", "disgusts", "disgusted", "disgusting", "disgustingly", "revulsion", "revolted",
        "revolting", "repulsed", "repulsive", "repulsion", "repugnant", "loathing", "loathsome",
        "nausea", "nauseous", "nauseated", "nauseating", "sickened", "sickening",
    ),
    "fear": (
        "fear", "fears", "feared", "fearing", "fearful", "fearfully", "afraid", "scared", "scare",
        "scares", "scaring", "scary", "frightened", "frightening", "frighten", "fright", "terror",
        "terrified", "terrifying", "panic", "panicked", "dread", "dreaded", "horror", "horrified",
    ),
    "happiness": (
        "happiness", "happy", "happier", "happiest", "happily", "joy", "joys", "joyful",
        "joyfully", "joyous", "glad", "gladly", "delight", "delighted", "delightful", "cheerful",
        "cheerfully", "overjoyed", "elated", "pleased", "bliss", "blissful",
    ),
    "sadness": (
        "sadness", "sad", "sadder", "saddest", "sadly", "saddened", "sorrow", "sorrowful",
        "unhappy", "unhappiness", "grief", "grieving", "grieved", "heartbroken", "heartbreak",
        "depressed", "depressing", "miserable", "misery", "gloomy", "melancholy",
    ),
    "surprise": (
        "surprise", "surprises", "surprised", "surprising", "surprisingly", "astonished",
        "astonishing", "astonishment", "amazed", "amazing", "amazement", "shocked", "shocking",
        "shock", "startled", "startling", "stunned", "stunning", "unexpected", "unexpectedly",
    ),
}  # fmt: skip
"""The label's own name and its synonyms (WordNet's, with their everyday forms)."""

BANNED = tuple(word for words in SYNONYMS.values() for word in words)
"""All of them, in every text, whichever emotion is asked for: so that one set of unsteered texts
serves all emotions."""
