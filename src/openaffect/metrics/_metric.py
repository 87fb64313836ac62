"""What makes a function a metric that can be found, listed and run on files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Takes(StrEnum):
    """What a metric's function is called with, in this order; N items, K classes or labels."""

    LABELS = "labels"
    """truth (N,), prediction (N,) integer classes; also ``classes=K`` if it has that keyword."""
    MULTILABEL = "multilabel"
    """truth (N, K), decisions (N, K), both 0/1."""
    PROBABILITIES = "probabilities"
    """probabilities (N, K), truth (N,) integer classes."""
    VALUES = "values"
    """truth (N,), prediction (N,) floats."""
    IMAGE_PAIR = "image pair"
    """reference, image: (H, W, 3) uint8 each."""
    IMAGE = "image"
    """image (H, W, 3) uint8."""
    FEATURES = "features"
    """features of the real (N, D), features of the generated (M, D)."""
    EMBEDDINGS = "embeddings"
    """two embeddings (D,)."""
    LANDMARKS = "landmarks"
    """reference (T, L, 2), generated (T, L, 2): T frames of L points in pixels."""
    AUDIO_PAIR = "audio pair"
    """reference (T,), degraded (T',) float32 in [-1, 1]; also ``rate=`` in samples a second."""
    AUDIO = "audio"
    """samples (T,) float32 in [-1, 1]; also ``rate=``."""
    TEXT_PAIRS = "text pairs"
    """references: N strings, hypotheses: N strings."""
    TEXTS = "texts"
    """texts: N strings."""
    TRIALS = "trials"
    """scores (N,), same (N,) bool: verification trials."""
    TRACKS = "tracks"
    """truth (N,), found (N,): numbers of people in order of time, -1 for nobody."""
    RATINGS = "ratings"
    """(items, raters) float, NaN where a rater was not asked."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A function with its facts.

    name: the field's term, with spaces. function: pure, returns a float. higher_is_better: None
    where neither end is good. low, high: of its range, None for an open side. unit: empty for a
    plain number. citation: source. extra: the install extra that it needs, empty for none.
    """

    name: str
    function: Callable[..., Any]
    takes: Takes
    citation: str
    higher_is_better: bool | None = True
    low: float | None = 0.0
    high: float | None = 1.0
    unit: str = ""
    extra: str = ""
