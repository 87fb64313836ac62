"""Draws what an analysis says of a moment into a picture: boxes, bars, streams, subtitles."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.pipeline.cues import Cue, cues
from openaffect.pipeline.stretches import Stretch, stretches
from openaffect.types import Analysis, Timeline, Unit

from .colours import emotion_colour, subject_colour, text_on
from .faces import hide_faces
from .lettering import lettering, put
from .paths import FacePaths, Sight

STREAMS = {
    "speech.emotion": "voice",
    "text.ekman": "words",
    "fused.emotion": "together",
}
"""What is written in the corner, by timeline."""
_FACES = ("face.emotion", "face.pose")
_BARS = 3
"""Emotions shown beside a face."""
_SHADE = 0.35
"""What is left of the picture's light under words."""
_WHITE = (255, 255, 255)

Picture = NDArray[np.uint8]


class Painter:
    """Draws moments of one analysis; ``anonymize`` hides every face found.

    Letters and lines grow with the picture: labels are a 34th of its shorter side, subtitles a
    20th.
    """

    def __init__(self, analysis: Analysis, *, anonymize: bool = False) -> None:
        lines = analysis.timelines
        seen = next((lines[name] for name in _FACES if name in lines), None)
        self._named = lines.get("face.emotion")
        self._paths = None if seen is None else FacePaths(seen)
        self._captions = [] if self._named is None else _captions(self._named)
        self._anonymize = anonymize
        self._cues = cues(analysis) if "speech.transcript" in lines else []
        self._cue_starts = [cue.start for cue in self._cues]
        self._streams = {
            title: _Lane(lines[name])
            for name, title in STREAMS.items()
            if name in lines and lines[name].unit is Unit.SECONDS
        }
        self._whole = seen is not None and seen.unit is Unit.WHOLE

    def paint(self, image: Picture, time: float) -> Picture:
        """Return the (H, W, 3) RGB picture of ``time`` (seconds) with everything drawn on it.

        The picture given is drawn into where it may be written to.
        """
        image = image if image.flags.writeable and image.flags.c_contiguous else image.copy()
        small = max(10, min(image.shape[:2]) // 34)
        if self._paths is not None:
            if self._anonymize:
                image = hide_faces(image, self._hidden(time))
            for sight in self._sights(time):
                self._face(image, sight, small)
        self._corner(image, time, small)
        self._subtitle(image, time, max(12, min(image.shape[:2]) // 20))
        return image

    def _sights(self, time: float) -> list[Sight]:
        assert self._paths is not None
        return self._paths.every() if self._whole else self._paths.at(time)

    def _hidden(self, time: float) -> NDArray[np.float64]:
        assert self._paths is not None
        if self._whole:
            return np.asarray([sight.box for sight in self._paths.every()]).reshape(-1, 4)
        return self._paths.hiding(time)

    def _face(self, image: Picture, sight: Sight, size: int) -> None:
        import cv2

        colour = _rgb(subject_colour(sight.subject))
        x0, y0, x1, y1 = (int(v) for v in np.rint(np.clip(sight.box, -1e5, 1e5)))
        cv2.rectangle(image, (x0, y0), (x1, y1), colour, max(2, size // 6))
        if self._named is None:
            return
        text = self._captions[sight.row]
        words = lettering(text, size)
        pad = size // 3
        tall = words.shape[0] + 2
        top = y0 - tall if y0 >= tall else min(y1, image.shape[0] - tall)
        left = min(max(x0, 0), max(0, image.shape[1] - words.shape[1] - 2 * pad))
        _box(image, left, top, words.shape[1] + 2 * pad, tall, colour)
        put(image, words, left + pad, top + 1, _rgb(text_on(subject_colour(sight.subject))))
        self._bars(image, sight, (x0, y0, x1, y1), size)

    def _bars(
        self, image: Picture, sight: Sight, box: tuple[int, int, int, int], size: int
    ) -> None:
        """Draw the strongest emotions as bars beside the face: right of it, left, or within."""
        assert self._named is not None
        labels = self._named.scheme.labels
        wide, tall = round(7.5 * size), round(1.35 * size)
        if box[2] + wide <= image.shape[1]:
            left = box[2] + 2
        elif box[0] - wide >= 0:
            left = box[0] - wide - 2
        else:
            left = max(box[0], 0) + 2
        top = max(box[1], 0)
        _shade(image, left, top, wide, _BARS * tall + 2)
        for number, column in enumerate(np.argsort(-sight.scores, kind="stable")[:_BARS]):
            label = labels[column]
            line = top + 1 + number * tall
            length = round(float(np.clip(sight.scores[column], 0, 1)) * (wide - 4))
            colour = emotion_colour(label)
            _box(image, left + 2, line + tall - size // 3 - 1, length, size // 3, _rgb(colour))
            put(image, lettering(label, round(0.85 * size)), left + 3, line, _WHITE)

    def _corner(self, image: Picture, time: float, size: int) -> None:
        """Write what voice, words and all together say, in the upper left corner."""
        top = size // 2
        for title, lane in self._streams.items():
            now = lane.at(time)
            if now is None:
                continue
            share = "" if np.isnan(now.score) else f" {now.score:.0%}"
            first = lettering(title, size)
            second = lettering(f"{now.label}{share}", size)
            pad, tall = size // 3, first.shape[0] + 2
            wide = first.shape[1] + 2 * pad
            left = size // 2
            _shade(image, left, top, wide, tall)
            put(image, first, left + pad, top + 1, _WHITE)
            colour = emotion_colour(now.label)
            _box(image, left + wide, top, second.shape[1] + 2 * pad, tall, _rgb(colour))
            put(image, second, left + wide + pad, top + 1, _rgb(text_on(colour)))
            top += tall + 2

    def _subtitle(self, image: Picture, time: float, size: int) -> None:
        moment = round(time * 1000)
        place = bisect_right(self._cue_starts, moment) - 1
        if place < 0 or moment >= self._cues[place].end:
            return
        cue = self._cues[place]
        rows = [lettering(line, size) for line in _fitted(cue, image.shape[1], size)]
        pad = size // 3
        tall = rows[0].shape[0]
        tag = lettering(cue.tag.strip("[]"), round(0.8 * size)) if cue.label else None
        bottom = image.shape[0] - size // 2
        top = bottom - tall * len(rows)
        for number, row in enumerate(rows):
            left = (image.shape[1] - row.shape[1]) // 2
            line = top + number * tall
            _shade(image, left - pad, line, row.shape[1] + 2 * pad, tall)
            put(image, row, left, line, _WHITE)
        if tag is not None:
            colour = emotion_colour(cue.label)
            left = (image.shape[1] - tag.shape[1]) // 2
            over = top - tag.shape[0] - 2
            _box(image, left - pad, over, tag.shape[1] + 2 * pad, tag.shape[0], _rgb(colour))
            put(image, tag, left, over, _rgb(text_on(colour)))


class _Lane:
    """The stretches of a stream that speak of the whole recording."""

    def __init__(self, timeline: Timeline) -> None:
        found = stretches(timeline)
        people = {one.subject for one in found}
        whose = -1 if -1 in people or len(people) != 1 else next(iter(people))
        self._stretches: Sequence[Stretch] = [one for one in found if one.subject == whose]
        self._starts = [one.start for one in self._stretches]

    def at(self, time: float) -> Stretch | None:
        """Return what is said of ``time`` (seconds)."""
        place = bisect_right(self._starts, time + 1e-6) - 1
        if place < 0 or time >= self._stretches[place].end:
            return None
        return self._stretches[place]


def _captions(timeline: Timeline) -> list[str]:
    """Return what is written over each row's face."""
    abstain = timeline.extra.get("abstain", np.zeros(len(timeline), dtype=bool))
    scores = timeline.scores.max(axis=1, initial=0)
    return [
        "unsure" if withheld else f"{label} {score:.0%}"
        for label, score, withheld in zip(timeline.best(), scores, abstain, strict=True)
    ]


def _fitted(cue: Cue, width: int, size: int) -> list[str]:
    """Return the cue's lines, broken anew where the picture is too narrow for them."""
    import textwrap

    widest = max(8, int(width / (0.58 * size)))
    return [
        part
        for line in cue.lines()
        for part in textwrap.wrap(line, widest, break_on_hyphens=False) or [""]
    ]


def _rgb(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue


def _area(image: Picture, left: int, top: int, wide: int, tall: int) -> Any:
    return image[max(top, 0) : max(top + tall, 0), max(left, 0) : max(left + wide, 0)]


def _box(image: Picture, left: int, top: int, wide: int, tall: int, colour: Any) -> None:
    _area(image, left, top, wide, tall)[:] = colour


def _shade(image: Picture, left: int, top: int, wide: int, tall: int) -> None:
    under = _area(image, left, top, wide, tall)
    under[:] = (under * _SHADE).astype(np.uint8)
