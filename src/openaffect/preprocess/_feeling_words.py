"""English words that name a feeling, with how a sentence is built around them. Written by hand.

Each table gives an emotion (Ekman's six) its words: verbs whose subject feels, verbs whose object
feels, adjectives, nouns, and what a body does. Love is counted as happiness, envy as anger.
"""

from __future__ import annotations

FELT_BY_SUBJECT = {
    "happiness": "love adore enjoy cherish treasure admire appreciate",
    "anger": "hate despise resent envy",
    "disgust": "loathe detest abhor can't_stand cannot_stand",
    "fear": "fear dread",
    "sadness": "miss regret mourn",
}
"""I love it."""
FELT_BY_OBJECT = {
    "happiness": "delight please cheer thrill amuse",
    "anger": "anger annoy irritate infuriate enrage bother offend",
    "disgust": "disgust repulse sicken revolt",
    "fear": "scare frighten terrify worry alarm",
    "sadness": "sadden upset depress disappoint hurt devastate",
    "surprise": "surprise shock amaze astonish startle stun",
}
"""It scares me."""
ADJECTIVES = {
    "happiness": "happy glad proud grateful thankful delighted pleased thrilled excited joyful "
    "cheerful overjoyed happier relieved content fond ecstatic",
    "anger": "angry mad furious annoyed irritated outraged upset jealous envious fed_up sick_of "
    "tired_of livid enraged frustrated bitter",
    "disgust": "disgusted revolted repulsed appalled",
    "fear": "afraid scared terrified frightened anxious nervous worried fearful petrified",
    "sadness": "sad unhappy miserable heartbroken depressed lonely disappointed devastated "
    "ashamed hopeless homesick sorry gloomy",
    "surprise": "surprised shocked amazed astonished stunned startled",
}
"""I am happy."""
NOUNS = {
    "happiness": "love joy happiness delight pride gratitude excitement admiration",
    "anger": "anger rage fury hatred resentment frustration envy jealousy",
    "disgust": "disgust revulsion loathing",
    "fear": "fear terror anxiety dread panic worry",
    "sadness": "sadness grief sorrow despair regret shame",
    "surprise": "surprise astonishment amazement shock",
}
"""Her joy at it."""
DONE = {
    "happiness": "laugh smile grin rejoice",
    "sadness": "cry weep sob",
    "fear": "worry panic",
}
"""She cried."""
_IRREGULAR = {"weep": ("wept",), "upset": ("upset",), "hurt": ("hurt",)}


def forms(verb: str) -> set[str]:
    """Return the verb with its endings: loves, loved; never the ing, which is seldom finite."""
    if "_" in verb:
        return {verb.replace("_", " ")}
    if verb in _IRREGULAR:
        return {verb, verb + "s", *_IRREGULAR[verb]}
    if verb.endswith("y") and verb[-2] not in "aeou":
        return {verb, verb[:-1] + "ies", verb[:-1] + "ied"}
    past = verb + "d" if verb.endswith("e") else verb + "ed"
    doubled = {verb + "ned", verb + "ted"} if verb in ("grin", "regret", "stun") else set()
    ending = "es" if verb.endswith(("s", "sh", "ch")) else "s"
    return {verb, verb + ending, past, *doubled}


def table(words: dict[str, str], *, inflected: bool) -> dict[str, str]:
    """Return the emotion of each form."""
    return {
        form: emotion
        for emotion, listed in words.items()
        for word in listed.split()
        for form in (forms(word) if inflected else {word.replace("_", " ")})
    }
