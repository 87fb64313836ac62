"""Words that are known already: subtitles in the place of a transcript."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from openaffect.types.schemes import TRANSCRIPT
from openaffect.types.timeline import Timeline

from .rows import texts


def known_words(path: str | Path) -> Timeline:
    """Return the subtitles of a .srt or .vtt file as ``speech.transcript``, confidence 1 each."""
    from openaffect.io.subtitles import read_subtitles

    cues = read_subtitles(path)
    return Timeline(
        scheme=TRANSCRIPT,
        scores=np.ones((len(cues), 1), np.float32),
        span=np.asarray([(cue.start, cue.end) for cue in cues], np.float64).reshape(-1, 2),
        extra={"text": texts([cue.text for cue in cues])},
        coverage=np.asarray([(0.0, cue.end) for cue in cues[-1:]], np.float64).reshape(-1, 2),
    )
