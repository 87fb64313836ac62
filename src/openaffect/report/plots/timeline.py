"""Everything over time; of a still its faces, of a text its sentences."""

from __future__ import annotations

from typing import Any

from openaffect.types import OpenAffectError

from ..frames import shown_frames
from ..picture import analysis_figure
from ._plot import Plot, Wanted


def draw(wanted: Wanted) -> Any:
    """Return the figure; without the analysed file it has no frames, and a notice says so."""
    analysis = wanted.analysis()
    try:
        frames = shown_frames(analysis, wanted.file(analysis))
    except OpenAffectError as error:
        wanted.notice(f"the picture has no frames: {error}")
        frames = []
    return analysis_figure(analysis, frames, anonymize=wanted.hides(analysis))


PLOT = Plot("face, voice, words and all together over time", draw)
