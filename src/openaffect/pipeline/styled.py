"""The last touch on a generated text: its formality, and slips and hesitations on request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace

from openaffect.generate._formality import in_formality
from openaffect.generate._slips import rates, slipped
from openaffect.generate._style import Style
from openaffect.types import Chunk, Generated


def styled(chunks: Iterator[Chunk], style: Style, seed: int) -> Iterator[Chunk]:
    """Yield the pieces as they are, or the whole at the end where the style changes it.

    The scores tell the rates that were made, and every slip, so that they can be undone
    (:func:`~openaffect.generate._slips.undone`); the other scores are those of the text without
    them.
    """
    if not (style.formality or style.slips or style.hesitations):
        yield from chunks
        return
    *_, last = chunks
    assert last.result is not None
    result = touched(last.result, style, seed)
    yield Chunk(result.text, result)


def touched(result: Generated, style: Style, seed: int) -> Generated:
    """Return a result in the formality, with the slips and the hesitations asked for."""
    text = in_formality(result.text, style.formality)
    if not (style.slips or style.hesitations):
        return replace(result, text=text)
    text, changes = slipped(text, slips=style.slips, hesitations=style.hesitations, seed=seed)
    made, paused = rates(text, changes)
    scores = {
        **result.scores,
        "slips_made": round(made, 4),
        "hesitations_made": round(paused, 4),
        "changes": [asdict(change) for change in changes],
    }
    return replace(result, text=text, scores=scores)
