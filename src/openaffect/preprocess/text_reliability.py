"""How far a sentence can be trusted to tell anything: whether it holds words at all."""

from __future__ import annotations

import re

_WORD = re.compile(r"\w+|[^\w\s]{1,4}")
_ENOUGH = 3


def reliability(text: str) -> float:
    """Return 0 for no word (or sign, such as an emoji), 1 from three on, straight between."""
    return min(1.0, len(_WORD.findall(text)) / _ENOUGH)
