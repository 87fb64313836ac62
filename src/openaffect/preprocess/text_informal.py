"""Emoji, emoticons and slang in plain English words, for a network that never learnt them.

A word-piece vocabulary of books and encyclopedias holds no emoji and splits young slang into
pieces; here they are said in words that it knows, in the spirit of "emoji2vec" (Eisner et al.,
2016) and of the lexicon of VADER (Hutto and Gilbert, ICWSM 2014). The tables are written by hand.
Only forms of one meaning stand in them: *lit*, *sick*, *fire* or *goat* alone may mean what they
say.
"""

from __future__ import annotations

import re

from ._texts import EMOJI, check_text
from .text_cleaning import replaced_emoji

_EMOJI = {
    ":)": "😀😃😄😁😊🙂☺😇😸😺🤗😎😌",
    "lol": "😂🤣😆😅😹",
    "<3": "😍🥰😘❤💕💖💗💓💞💘♥💙💚💛🧡💜🖤😻💝💟😗😙😚",
    "yay!": "🎉🥳🎊🍾🤩🙌",
    "nice": "👏💯🔥🏆👌👍💪",
    "bad": "👎",
    "thank you": "🙏",
    ";)": "😉😜😝😛🤪😏",
    ":(": "😢😞😔☹🙁😿🥺😥😓😩😫😖😣",
    ":'(": "😭",
    "so sad": "💔",
    "so angry": "😡😠🤬👿💢😤😾🖕",
    "so scary": "😱😨😰😧🙀",
    "so nervous": "😬😟😦",
    "ew, gross": "🤢🤮",
    "wow!": "😮😲😯🤯😳",
    "hmm?": "😕🤔🤨",
    "ugh": "🙄😒😑",
    "oops": "🤦🤭🙈",
    "idk": "🤷",
}
_PHRASES = {character: phrase for phrase, group in _EMOJI.items() for character in group}
_EMOTICONS = {
    "i am happy": (":)", ":-)", "(:", "=)", ":]", "^^", "^_^", ":d", ":-d", "=d"),
    "haha so funny": ("xd",),
    "just joking": (";)", ";-)", ":p", ":-p"),
    "i love it": ("<3",),
    "i am sad": (":(", ":-(", "):", "=(", ":[", ":'(", ";(", "t_t", ";_;", ":c"),
    "i am heartbroken": ("</3",),
    "i am angry": (">:(",),
    "i am surprised": (":o", ":-o", "o_o", "o.o"),
    "hmm": (":/", ":-/", ":|", ":-|"),
}
_SIGNS = {sign: phrase for phrase, signs in _EMOTICONS.items() for sign in signs}
_SLANG = {
    "af": "as hell",
    "bussin": "delicious",
    "bussing": "delicious",
    "cringe": "embarrassing and awful",
    "cringey": "embarrassing and awful",
    "cringy": "embarrassing and awful",
    "dope": "great",
    "ew": "that is disgusting",
    "eww": "that is disgusting",
    "ewww": "that is disgusting",
    "ffs": "for fuck sake",
    "fml": "fuck my life",
    "fr": "for real",
    "gg": "good game",
    "ghosted": "ignored and abandoned",
    "gr8": "great",
    "h8": "hate",
    "hella": "very",
    "hyped": "excited",
    "idc": "i do not care",
    "idgaf": "i do not give a fuck",
    "idk": "i do not know",
    "ikr": "i know, right",
    "ily": "i love you",
    "ilysm": "i love you so much",
    "istg": "i swear to god",
    "jk": "just kidding",
    "kinda": "kind of",
    "lmk": "let me know",
    "lowkey": "somewhat",
    "luv": "love",
    "meh": "boring and disappointing",
    "ngl": "not going to lie",
    "nvm": "never mind",
    "omfg": "oh my fucking god",
    "omg": "oh my god",
    "pls": "please",
    "plz": "please",
    "rn": "right now",
    "shook": "shocked",
    "shooketh": "shocked",
    "slaps": "is great",
    "smh": "shaking my head, how disappointing",
    "stan": "love",
    "stfu": "shut the fuck up",
    "tbh": "to be honest",
    "tf": "the fuck",
    "thx": "thanks",
    "ty": "thank you",
    "tysm": "thank you so much",
    "u": "you",
    "ur": "your",
    "wack": "bad and lame",
    "wtf": "what the fuck",
    "yeet": "throw",
    "yikes": "that is embarrassing",
    "yuck": "that is disgusting",
}
_TURNS = {
    "big yikes": "that is very embarrassing",
    "hits different": "is special",
    "lit af": "exciting as hell",
    "living rent free": "always on my mind",
    "no cap": "no lie",
    "on god": "i swear",
    "on point": "perfect",
    "so done with": "so sick of",
    "the goat": "the greatest of all time",
    "total goat": "the greatest of all time",
    "trash af": "awful",
    "you rock": "you are great",
}


def _one_of(words: dict[str, str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_SIGN = re.compile(rf"(?<![^\s.,!?])(?:{_one_of(_SIGNS)})(?![^\s.,!?])", re.IGNORECASE)
_WORD = re.compile(rf"(?<![\w'’-])(?:{_one_of({**_TURNS, **_SLANG})})(?![\w'’-])", re.IGNORECASE)


def plain_words(text: str, *, emoji: bool = True, slang: bool = True) -> str:
    """Return the text with emoji and emoticons, and slang, said in plain words.

    An emoji that the table does not hold becomes its Unicode name; the same one again in a row is
    said once. A word that stands in capitals is slang only where it has no other reading, as all
    in the table are.

    >>> plain_words("ty 😂😂")
    'thank you. haha so funny.'
    >>> plain_words("see you :(")
    'see you. i am sad.'
    """
    check_text(text)
    if slang:
        text = _WORD.sub(lambda match: _said(match.group()), text)
    if emoji:
        text = _SIGN.sub(lambda match: f". {_SIGNS[match.group().lower()]}. ", text)
        text = EMOJI.sub(lambda match: _picture(match.group()), text)
        text = _tidy(text)
    return text


def _said(word: str) -> str:
    return (_TURNS | _SLANG)[word.lower()]


def _picture(emoji: str) -> str:
    phrase = _PHRASES.get(emoji[0])
    return f" {phrase} " if phrase else f" {replaced_emoji(emoji)} "


_AGAIN = re.compile(r"(\. [^.]+)(?:\.\s*\1)+")


def _tidy(text: str) -> str:
    """Say a phrase once where it follows itself; no doubled marks or spaces."""
    text = _AGAIN.sub(r"\1", text)
    text = re.sub(r"([.!?,;:])\s*\.(?=\s)", r"\1", text)
    return re.sub(r"[ \t]{2,}", " ", re.sub(r"^\s*\.\s*|\s+$", "", text)).replace(" .", ".")
