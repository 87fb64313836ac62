"""Judges of emotion in generated text that had no part in steering it.

They differ from the recogniser that steers in data and in kind: hashed runs of characters and words
under a logistic regression, learnt when the benchmark starts from corpora that no way of steering
learns from. Neither ships.

``situations``: EmpatheticDialogues, the situations and first utterances of conversations about an
emotion with a plain counterpart among the six; no neutral class. ``subtitles``: XED in English,
lines with one of the six or neutral; commas and masks are taken out, which tell the neutral lines
from the others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.data._dataset import Item
from openaffect.data._tables import data_root
from openaffect.data.empathetic_dialogues import DATASET as EMPATHETIC
from openaffect.data.xed import DATASET as XED
from openaffect.types import InvalidValueError, need
from openaffect.types.mappings import XED_TO_EKMAN

from .text_generation_set import EMOTIONS

LABELS = (*EMOTIONS, "neutral")
_FELT = {
    "anger": ("angry", "furious", "annoyed"),
    "disgust": ("disgusted",),
    "fear": ("afraid", "terrified", "anxious", "apprehensive"),
    "happiness": ("joyful", "excited", "content", "grateful", "proud"),
    "sadness": ("sad", "devastated", "lonely", "disappointed"),
    "surprise": ("surprised",),
}
"""EmpatheticDialogues' emotions that say one of the six outright; the others are left out."""
_MASK = re.compile(r"\[[A-Z]+\]|,")
Labelled = tuple[list[str], NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class TextJudge:
    """A judge with what it is worth.

    Fields
    ------
    name, data: what it is called and learnt from.
    recall: (6,) recall of each emotion on labelled text that it did not learn; rows: how many.
    """

    name: str
    data: str
    recall: NDArray[np.float64]
    rows: int
    predict: Callable[[Sequence[str]], NDArray[np.float64]]

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return (N, 6) probabilities of :data:`EMOTIONS`, or (N, 7) with neutral last."""
        return self.predict([plain(text) for text in texts])


def plain(text: str) -> str:
    """Return a text in lower case, without commas, masks and doubled spaces."""
    return " ".join(_MASK.sub(" ", text).lower().split())


def fitted_judges(root: str | Path | None = None) -> tuple[TextJudge, ...]:
    """Learn both judges from the data folder, a minute or two.

    Raises :class:`SourceNotFoundError` when a corpus is not there,
    :class:`MissingDependencyError` without scikit-learn (extra ``metrics``).
    """
    place = data_root(root)
    situations = list(EMPATHETIC.items(place))
    subtitles = [item for item in XED.items(place) if item.extra["language"] == "en"]
    return (
        _fitted(
            "situations",
            "EmpatheticDialogues",
            _rows(situations, "train", _situations),
            _rows(situations, "valid", _situations),
        ),
        _fitted(
            "subtitles",
            "XED (English)",
            _rows(subtitles, "train", _lines),
            _rows(subtitles, "validation", _lines),
        ),
    )


def _rows(
    items: Sequence[Item], split: str, pick: Callable[[Sequence[Item]], Iterator[tuple[str, str]]]
) -> Labelled:
    found = list(pick([item for item in items if item.split == split]))
    if not found:
        raise InvalidValueError(f"no labelled rows of split {split!r} for a judge of text")
    return [plain(text) for text, _ in found], np.array([LABELS.index(name) for _, name in found])


def _situations(items: Sequence[Item]) -> Iterator[tuple[str, str]]:
    names = {felt: name for name, many in _FELT.items() for felt in many}
    seen: set[str] = set()
    for item in items:
        name = names.get(item.labels[0])
        if name is None:
            continue
        conversation = str(item.extra["conversation"])
        if conversation not in seen:
            seen.add(conversation)
            yield str(item.extra["situation"]), name
        if item.extra["role"] == "speaker" and item.extra["turn"] == "0":
            yield item.text or "", name


def _lines(items: Sequence[Item]) -> Iterator[tuple[str, str]]:
    names = {source: name for name, many in XED_TO_EKMAN.groups.items() for source in many}
    for item in items:
        if len(item.labels) == 1 and item.labels[0] in names:
            yield item.text or "", names[item.labels[0]]


def _fitted(name: str, data: str, train: Labelled, held: Labelled) -> TextJudge:
    need("sklearn", extra="metrics")
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union

    words = TfidfVectorizer(
        ngram_range=(1, 2), min_df=2, sublinear_tf=True, token_pattern=r"(?u)\b\w+'?\w*\b|[!?]+"
    )
    runs = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(2, 5), min_df=3, sublinear_tf=True, max_features=100_000
    )
    regression = LogisticRegression(max_iter=200, tol=1e-3, class_weight="balanced")
    model: Any = make_pipeline(make_union(words, runs), regression)
    model.fit(*train)

    def predict(texts: Sequence[str]) -> NDArray[np.float64]:
        return np.asarray(model.predict_proba(list(texts)), np.float64)

    right = predict(held[0]).argmax(axis=1) == held[1]
    recall = np.array([right[held[1] == place].mean() for place in range(len(EMOTIONS))])
    return TextJudge(name, data, recall, len(held[1]), predict)
