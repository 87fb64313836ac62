"""Who of several people in sight speaks: whose mouth moves while somebody is heard.

Within each stretch of speech the deviation of ``jawOpen`` over time is compared between the people
in sight. Somebody who opens and shuts the mouth without speaking (laughing, chewing) is mistaken
for the speaker, and a voice from elsewhere is nobody's only where no mouth moves.
``docs/decisions/fusion.md`` has what was measured.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from openaffect.types.schemes import SPEAKER_TURNS
from openaffect.types.timeline import Timeline

LEAST_MOTION = 0.006
"""Deviation of ``jawOpen`` (0 to 1) below which a mouth does not speak."""
LEAST_LEAD = 2.0
"""How many times more than the next one's the speaker's mouth has to move."""
_PIECE = 2.0
_LEAST_ROWS = 4


def speaking(shapes: Timeline, activity: Timeline) -> Timeline:
    """Return who speaks when: rows in seconds with the extra ``subject``.

    shapes: ``face.blendshapes``, the subject of each row told. activity: ``speech.activity``, a row
    a stretch of speech; each is judged in pieces of about two seconds. Score: how far the mouth of
    whoever moves most leads, in [0, 1]. Pieces in which nobody leads are left out.
    """
    jaw = shapes.column("jawOpen").astype(np.float64)
    times = shapes.span[:, 0]
    order = np.argsort(times, kind="stable")
    times, jaw = times[order], jaw[order]
    subjects = np.asarray(shapes.extra["subject"])[order]
    span, found, lead = [], [], []
    for start, end in _pieces(activity.span):
        rows = slice(*np.searchsorted(times, [start, end]))
        motion = _motion(jaw[rows], subjects[rows])
        if not motion:
            continue
        ranked = sorted(motion, key=lambda who: -motion[who])
        most = motion[ranked[0]]
        next_most = max(motion[ranked[1]] if len(ranked) > 1 else 0.0, LEAST_MOTION)
        if most >= LEAST_LEAD * next_most:
            span.append((start, end))
            found.append(ranked[0])
            lead.append(1 - next_most / most)
    return Timeline(
        scheme=SPEAKER_TURNS,
        scores=np.asarray(lead, dtype=np.float32).reshape(-1, 1),
        span=np.asarray(span, dtype=np.float64).reshape(-1, 2),
        extra={"subject": np.asarray(found, dtype=np.int64)},
        coverage=shapes.coverage,
        model=shapes.model,
    )


def _pieces(spans: NDArray[np.float64]) -> list[tuple[float, float]]:
    pieces = []
    for start, end in spans.tolist():
        edges = np.linspace(start, end, max(1, round((end - start) / _PIECE)) + 1)
        pieces += list(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True))
    return pieces


def _motion(jaw: NDArray[np.float64], subjects: NDArray[np.int64]) -> dict[int, float]:
    """Return how much the mouth of each subject seen often enough moves."""
    motion = {}
    for who in np.unique(subjects).tolist():
        values = jaw[(subjects == who) & np.isfinite(jaw)]
        if len(values) >= _LEAST_ROWS:
            motion[int(who)] = float(values.std())
    return motion
