"""How each corpus is used: splits, labels, what is left out, and what is measured.

A protocol with a ``fixed`` split trains on the corpus's training rows and judges its validation
rows; the test rows stay for others to judge. Where a corpus has no split that ships with it, rows
are judged in folds, each by a model that never saw its speakers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from openaffect.types import Kind, UnknownNameError, did_you_mean
from openaffect.types.scheme import Scheme
from openaffect.types.schemes import (
    EKMAN7,
    EMODB7,
    EMPATHETIC32,
    GOEMOTIONS28,
    PLUTCHIK8,
    PRIMARY8,
    RAVDESS8,
    SENTIMENT3,
    VALENCE_AROUSAL_DOMINANCE,
)

from . import _rows
from ._material import Material, Task


@dataclass(frozen=True, slots=True)
class Protocol:
    """One task on one corpus.

    name: lower case with hyphens. dataset: the corpus's reader, or what a group of protocols goes
    by. corpus: its name as cards write it. scheme, labels: what is asked; ``labels`` are columns of
    the scheme in its order. measures: of :mod:`openaffect.benchmark.scoring`, the one that ranks
    first. rows: what is trained on, what is judged and what is left out. fixed: whether the
    corpus's own training rows are the only ones learnt from. stated: whether nested figures that
    cards state for the corpus are of these very rows. read: gives the rows of a data folder.
    """

    name: str
    title: str
    dataset: str
    corpus: str
    modality: str
    scheme: Scheme
    labels: tuple[str, ...]
    measures: tuple[str, ...]
    rows: str
    fixed: bool
    stated: bool = field(default=True, kw_only=True)
    read: Callable[[str | Path | None], Material]

    def task(self, seed: int = 0) -> Task:
        """Return what an entrant is asked."""
        return Task(self.scheme.kind, self.labels, seed)


_CLASSES = ("accuracy", "unweighted average recall", "macro F1", "weighted F1")
_BY_RECALL = (_CLASSES[1], _CLASSES[0], *_CLASSES[2:])
_BY_WEIGHT = (_CLASSES[3], *_CLASSES[:3])
_SETS = ("multilabel macro F1", "multilabel micro F1", "exact match", "Hamming loss")
_DIMENSIONS = tuple(
    f"{measure}, {name}"
    for name in VALENCE_AROUSAL_DOMINANCE.labels
    for measure in ("Pearson correlation", "concordance correlation")
)
_REPEATS = "training texts that occur among the judged ones, case and white space apart, left out"

LANGUAGES = {
    "en": "English",
    "fi": "Finnish",
    "de": "German",
    "es": "Spanish",
    "fr": "French",
    "it": "Italian",
    "pt": "Portuguese",
}
BRIGHTER_LANGUAGES = {
    "deu": "German",
    "spa": "Spanish",
    "por": "Portuguese",
    "rus": "Russian",
    "zho": "Chinese",
    "hin": "Hindi",
    "arq": "Algerian Arabic",
    "eng": "English",
}
_NOT_ANNOTATED = {"eng": ("disgust",)}


def _goemotions(scheme: Scheme, name: str, title: str) -> Protocol:
    return Protocol(
        name=name,
        title=title,
        dataset="goemotions",
        corpus="GoEmotions",
        modality="text",
        scheme=scheme,
        labels=scheme.labels,
        measures=_SETS,
        rows=f"official train to official validation, 5,426 rows; {_REPEATS}"
        + ("" if scheme is GOEMOTIONS28 else "; labels by the corpus's own grouping"),
        fixed=True,
        read=lambda root: _rows.goemotions(root, scheme),
    )


def _xed(language: str) -> Protocol:
    projected = "" if language in ("en", "fi") else "; labels projected from aligned lines"
    return Protocol(
        name=f"xed-{language}",
        title=f"XED, {LANGUAGES[language]}",
        dataset="xed",
        corpus="XED",
        modality="text",
        scheme=PLUTCHIK8,
        labels=PLUTCHIK8.labels,
        measures=_SETS,
        rows="the data folder's train to its validation, eight emotions; neutral lines left out: "
        f"their commas tell them apart{projected}; {_REPEATS}",
        fixed=True,
        read=lambda root: _rows.xed(root, language),
    )


def _brighter(language: str) -> Protocol:
    labels = tuple(
        label
        for label in EKMAN7.labels
        if label != "neutral" and label not in _NOT_ANNOTATED.get(language, ())
    )
    return Protocol(
        name=f"brighter-{language}",
        title=f"BRIGHTER, {BRIGHTER_LANGUAGES[language]}",
        dataset="brighter",
        corpus="BRIGHTER",
        modality="text",
        scheme=EKMAN7,
        labels=labels,
        measures=_SETS,
        rows="track A, official train and validation together, five folds drawn with seed 0: the "
        f"validation rows alone are 100 to 200; {_REPEATS}",
        fixed=False,
        read=lambda root: _rows.brighter(root, language, labels),
    )


_SHARED = tuple(label for label in EMODB7.labels if label in RAVDESS8.labels)


def _across(train: str, judged: str, corpus: str, scheme: Scheme) -> Protocol:
    titles = {"emodb": "EMO-DB", "ravdess": "RAVDESS"}
    return Protocol(
        name=f"{train}-to-{judged}",
        title=f"From {titles[train]} to {titles[judged]}, six emotions",
        dataset="cross-corpus",
        corpus=corpus,
        modality="speech",
        scheme=scheme,
        labels=_SHARED,
        measures=_BY_RECALL,
        rows=f"learnt from all of {titles[train]}, judged on all of {titles[judged]}: another "
        "language, other actors, other microphones; the six emotions that both have, RAVDESS' calm "
        "and surprise and EMO-DB's boredom left out",
        fixed=True,
        stated=False,
        read=lambda root: _rows.across(root, train, judged, _SHARED),
    )


_FOUR = tuple(
    label for label in EMODB7.labels if label in ("anger", "happiness", "sadness", "neutral")
)
PROTOCOLS: tuple[Protocol, ...] = (
    Protocol(
        name="ferplus",
        title="FER+, eight emotions",
        dataset="ferplus",
        corpus="FER+",
        modality="face",
        scheme=PRIMARY8,
        labels=PRIMARY8.labels,
        measures=_CLASSES,
        rows="official Training to PublicTest; the majority of ten votes, rows with most votes on "
        "unknown or not a face left out (3,553 judged); training pictures that are among the "
        "judged ones, pixel for pixel, left out",
        fixed=True,
        read=_rows.ferplus,
    ),
    Protocol(
        name="emodb",
        title="EMO-DB, seven emotions",
        dataset="emodb",
        corpus="EMO-DB",
        modality="speech",
        scheme=EMODB7,
        labels=EMODB7.labels,
        measures=_BY_RECALL,
        rows="535 two-second clips, leave one speaker out, ten folds",
        fixed=False,
        read=_rows.emodb,
    ),
    Protocol(
        name="emodb-whole",
        title="EMO-DB, four emotions, uncut clips",
        dataset="emodb",
        corpus="EMO-DB",
        modality="speech",
        scheme=EMODB7,
        labels=_FOUR,
        measures=_BY_RECALL,
        rows="339 uncut clips of anger, happiness, sadness and neutral, leave one speaker out, ten "
        "folds",
        fixed=False,
        stated=False,
        read=lambda root: _rows.emodb_whole(root, _FOUR),
    ),
    Protocol(
        name="ravdess",
        title="RAVDESS, eight emotions",
        dataset="ravdess",
        corpus="RAVDESS",
        modality="speech",
        scheme=RAVDESS8,
        labels=RAVDESS8.labels,
        measures=_BY_RECALL,
        rows="speech, actors in six folds in the order of their numbers; no normalisation by "
        "speaker",
        fixed=False,
        read=_rows.ravdess,
    ),
    _across("emodb", "ravdess", "RAVDESS", RAVDESS8),
    _across("ravdess", "emodb", "EMO-DB", EMODB7),
    _goemotions(GOEMOTIONS28, "goemotions", "GoEmotions, 28 labels"),
    _goemotions(EKMAN7, "goemotions-ekman", "GoEmotions, Ekman's groups"),
    _goemotions(SENTIMENT3, "goemotions-sentiment", "GoEmotions, sentiment"),
    Protocol(
        name="emobank",
        title="EmoBank, valence, arousal, dominance",
        dataset="emobank",
        corpus="EmoBank",
        modality="text",
        scheme=VALENCE_AROUSAL_DOMINANCE,
        labels=VALENCE_AROUSAL_DOMINANCE.labels,
        measures=_DIMENSIONS,
        rows=f"official train to official validation; (x - 3) / 2 of the 1 to 5 scale; {_REPEATS}",
        fixed=True,
        read=_rows.emobank,
    ),
    Protocol(
        name="meld",
        title="MELD, seven emotions, text alone",
        dataset="meld",
        corpus="MELD",
        modality="text",
        scheme=PRIMARY8,
        labels=tuple(label for label in PRIMARY8.labels if label != "contempt"),
        measures=_BY_WEIGHT,
        rows="official train to official validation, each line by itself, without its dialogue; "
        f"{_REPEATS}",
        fixed=True,
        read=_rows.meld,
    ),
    Protocol(
        name="meld-sentiment",
        title="MELD, sentiment, text alone",
        dataset="meld",
        corpus="MELD",
        modality="text",
        scheme=Scheme("sentiment3-exclusive", SENTIMENT3.labels, Kind.CATEGORIES),
        labels=SENTIMENT3.labels,
        measures=_BY_WEIGHT,
        rows="official train to official validation, each line by itself, without its dialogue; "
        f"{_REPEATS}",
        fixed=True,
        read=_rows.meld_sentiment,
    ),
    Protocol(
        name="empathetic-dialogues",
        title="EmpatheticDialogues, 32 emotions of the situation",
        dataset="empathetic_dialogues",
        corpus="EmpatheticDialogues",
        modality="text",
        scheme=EMPATHETIC32,
        labels=EMPATHETIC32.labels,
        measures=_CLASSES,
        rows="official train to official validation, one row a conversation: the text of its "
        f"situation; {_REPEATS}",
        fixed=True,
        read=_rows.empathetic,
    ),
    *(_xed(language) for language in LANGUAGES),
    *(_brighter(language) for language in BRIGHTER_LANGUAGES),
)


def protocol(name: str) -> Protocol:
    """Return the protocol of that name; raises :class:`UnknownNameError` with the nearest."""
    known = {item.name: item for item in PROTOCOLS}
    if name not in known:
        raise UnknownNameError(
            f"no protocol is called {name!r}{did_you_mean(name, known)} "
            f"Protocols: {', '.join(known)}"
        )
    return known[name]


def chosen(names: tuple[str, ...] = ()) -> tuple[Protocol, ...]:
    """Return the protocols of these names or datasets, in their own order; all without a name."""
    for name in names:
        if name not in {item.dataset for item in PROTOCOLS}:
            protocol(name)
    return tuple(item for item in PROTOCOLS if not names or {item.name, item.dataset} & {*names})
