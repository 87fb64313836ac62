"""The end of a text that was cut off by its length."""

from __future__ import annotations

import numpy as np

from ._request import TextRequest
from ._steering import Steering
from ._wording import Wording
from ._write import Draft, opening

SHORT = 32
"""Tokens below which many a text has no sentence's end in its last third."""
_HALF = "\ufffd"
"""What stands for a character of which not all bytes have come."""


def ended(steering: Steering, request: TextRequest, draft: Draft) -> str:
    """Return a draft's text without half a character at its end.

    One of less than :data:`SHORT` tokens that the length cut off goes up to its last whole sentence
    or, where it has none, its last whole word; a lone word stays as it is.
    """
    text = draft.text.rstrip(_HALF).rstrip() if draft.text.endswith(_HALF) else draft.text
    if draft.ended or request.length >= SHORT:
        return text
    if whole := Wording(request.prompt.strip(), ()).cut(text):
        return whole
    if text == draft.text and _goes_on(steering, request, draft):
        before = text.rstrip().rpartition(" ")[0].rstrip()
        return before or text
    return text


def _goes_on(steering: Steering, request: TextRequest, draft: Draft) -> bool:
    """Tell whether the model would go on within the last word."""
    read = [*opening(steering, request), *draft.ids]
    token = int(np.argmax(steering.model.read(np.array([read]), None).logits[0]))
    if token in steering.model.ends:
        return False
    piece = steering.model.decode([*draft.ids, token])[len(draft.text) :][:1]
    last = draft.text[-1:]
    if piece.isalnum():
        return last.isalnum() or last in "-'’"
    return last.isalnum() and piece in ("'", "’")
