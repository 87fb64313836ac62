"""What a recogniser's answer rests on: parts of a face or of a sound are covered, one at a time.

Occlusion (Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014,
section 4.2): the more the score of a label falls when a part is covered, the more the part counts.
Nothing but the recogniser's answers is needed, so it works with any of them. It tells what the
model looked at, not why, and nothing of the person.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openaffect.types.errors import InvalidValueError
from openaffect.types.protocols import Progress, Recognizer, no_progress
from openaffect.types.scheme import Kind
from openaffect.types.timeline import Timeline

RATE = 16_000
_BATCH = 32
_HIGHEST = 8000.0
_MEL = 700.0
_SUREST = 1e-7
"""A probability nearer to 0 or 1 than this counts as this far."""


@dataclass(frozen=True, slots=True, eq=False)
class FaceSaliency:
    """gain: (H, W) float64, how far ``label`` falls where the pixel is covered, in log-odds (nats),
    on average over the patches that cover it; negative where covering raises it. answer: the
    recogniser's one row on the whole crop.
    """

    gain: NDArray[np.float64]
    label: str
    answer: Timeline


@dataclass(frozen=True, slots=True, eq=False)
class SoundSaliency:
    """gain: (B, C) float64, how far ``label`` falls without band b in cell c, in log-odds.

    frequencies: (B + 1,) edges in Hz. times: (C + 1,) edges in seconds. answer: as for faces.
    """

    gain: NDArray[np.float64]
    frequencies: NDArray[np.float64]
    times: NDArray[np.float64]
    label: str
    answer: Timeline


def face_saliency(
    recognizer: Recognizer,
    crop: NDArray[np.uint8],
    label: str | None = None,
    *,
    patch: float = 0.2,
    progress: Progress = no_progress,
) -> FaceSaliency:
    """Cover an (H, W, 3) uint8 crop patch by patch and tell what that does to a label's score.

    label: of the recogniser's scheme; by default the best one. patch: side of the patch as a share
    of the crop's; it moves by a third of itself. A patch is blurred rather than blackened, with a
    soft edge, so that it takes detail away and brings no edge of its own.
    """
    import cv2

    answer = recognizer([crop])
    label, column = _label(answer, label)
    height, width = crop.shape[:2]
    sides = [max(2, round(patch * side)) for side in (height, width)]
    softness = max(1.0, patch * min(height, width))
    blurred = cv2.GaussianBlur(crop, (0, 0), softness, borderType=cv2.BORDER_REPLICATE)
    masks = [
        _patch((height, width), (y, x), sides)
        for y in _steps(height, sides[0])
        for x in _steps(width, sides[1])
    ]
    total, covered = np.zeros((height, width)), np.zeros((height, width))
    whole = _odds(answer, column)[0]
    for start in range(0, len(masks), _BATCH):
        some = masks[start : start + _BATCH]
        hidden = [_blend(crop, np.asarray(blurred), mask) for mask in some]
        scores = _odds(recognizer(hidden), column)
        for mask, score in zip(some, scores.tolist(), strict=True):
            total += mask * (whole - score)
            covered += mask
        progress("saliency", min(start + _BATCH, len(masks)), len(masks))
    return FaceSaliency(total / np.maximum(covered, 1e-9), label, answer)


def sound_saliency(
    recognizer: Recognizer,
    samples: NDArray[np.float32],
    label: str | None = None,
    *,
    bands: int = 8,
    cell: float = 0.25,
    progress: Progress = no_progress,
) -> SoundSaliency:
    """Take a (T,) sound at 16 kHz apart by band and time and tell what each part does to a label.

    label: as :func:`face_saliency`. bands: of equal width on the mel scale up to 8 kHz. cell: about
    how many seconds a part lasts. A part is taken out of the short-time spectrum, and the sound put
    together again without it. Needs scipy (extra ``preprocess``).
    """
    from openaffect.preprocess import _spectrum

    if samples.ndim != 1 or not len(samples):
        raise InvalidValueError(f"samples have shape {samples.shape}; expected (T,), at least one")
    answer = recognizer([samples])
    label, column = _label(answer, label)
    spectrum = _spectrum.analyse(samples, RATE)
    seconds = len(samples) / RATE
    cells = max(1, round(seconds / cell))
    times = np.linspace(0, seconds, cells + 1)
    frequencies = _mel_edges(bands)
    row = np.digitize(np.linspace(0, _HIGHEST, spectrum.shape[0]), frequencies[1:-1])
    column_of = np.minimum(np.arange(spectrum.shape[1]) * cells // spectrum.shape[1], cells - 1)
    parts = [(band, time) for band in range(bands) for time in range(cells)]
    gain = np.zeros((bands, cells))
    whole = _odds(answer, column)[0]
    for start in range(0, len(parts), bands):
        some = parts[start : start + bands]
        sounds = []
        for band, time in some:
            without = np.where((row == band)[:, None] & (column_of == time)[None], 0, spectrum)
            sounds.append(_spectrum.synthesise(without, RATE, len(samples)))
        scores = _odds(recognizer([np.clip(sound, -1, 1) for sound in sounds]), column)
        for (band, time), score in zip(some, scores.tolist(), strict=True):
            gain[band, time] = whole - score
        progress("saliency", min(start + bands, len(parts)), len(parts))
    return SoundSaliency(gain, frequencies, times, label, answer)


def _label(answer: Timeline, label: str | None) -> tuple[str, int]:
    if answer.scheme.kind not in (Kind.CATEGORIES, Kind.MULTILABEL):
        raise InvalidValueError(
            f"{answer.scheme.name} holds no probabilities; only a label's can be taken apart"
        )
    chosen = label or answer.best()[0]
    return chosen, answer.scheme.index(chosen)


def _odds(answer: Timeline, column: int) -> NDArray[np.float64]:
    """Return (N,) log-odds of a column: a score near 1 still tells how sure it is."""
    share = np.clip(answer.scores[:, column].astype(np.float64), _SUREST, 1 - _SUREST)
    return np.asarray(np.log(share) - np.log1p(-share))


def _steps(side: int, patch: int) -> NDArray[np.int64]:
    """Return where patches begin: from half outside on one edge to half outside on the other."""
    count = max(2, round(side / max(1, patch / 3)))
    return np.rint(np.linspace(-patch / 2, side - patch / 2, count + 1)).astype(np.int64)


def _patch(
    shape: tuple[int, int], corner: tuple[int, int], sides: list[int]
) -> NDArray[np.float64]:
    """Return a (H, W) mask in [0, 1] of one soft patch, a raised cosine across each side."""
    edges = []
    for size, begin, side in zip(shape, corner, sides, strict=True):
        way = (np.arange(size) - begin + 0.5) / side
        edges.append(np.where((way > 0) & (way < 1), np.sin(np.pi * np.clip(way, 0, 1)), 0.0))
    return np.outer(*(np.sqrt(edge) for edge in edges))


def _blend(
    crop: NDArray[np.uint8], blurred: NDArray[np.uint8], mask: NDArray[np.float64]
) -> NDArray[np.uint8]:
    share = mask[:, :, None]
    return np.asarray(np.rint(crop * (1 - share) + blurred * share), np.uint8)


def _mel_edges(bands: int) -> NDArray[np.float64]:
    """Return (B + 1,) edges in Hz, equally far apart on O'Shaughnessy's mel scale."""
    highest = np.log1p(_HIGHEST / _MEL)
    return np.asarray(_MEL * np.expm1(np.linspace(0, highest, bands + 1)))
