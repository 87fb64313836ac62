"""The rows of each protocol, read from the data folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from openaffect.data import emobank as emobank_corpus
from openaffect.data import emodb as emodb_corpus
from openaffect.data import ferplus as ferplus_corpus
from openaffect.data import goemotions as goemotions_corpus
from openaffect.data import ravdess as ravdess_corpus
from openaffect.data._clips import Clips
from openaffect.data._dataset import Dataset, Item
from openaffect.data._tables import data_root
from openaffect.data.brighter import DATASET as BRIGHTER
from openaffect.data.empathetic_dialogues import DATASET as EMPATHETIC
from openaffect.data.meld import DATASET as MELD
from openaffect.data.xed import DATASET as XED
from openaffect.types import Scheme, SourceNotFoundError
from openaffect.types.mappings import MAPPINGS
from openaffect.types.schemes import EMPATHETIC32, PLUTCHIK8, PRIMARY8, SENTIMENT3

from ._material import Fold, Material, Pictures, Sounds, material

Root = str | Path | None
_ACTOR_FOLDS = 6
_BRIGHTER_FOLDS = 5


def ferplus(root: Root) -> Material:
    """Training faces that no judged one repeats, then the named validation faces."""
    train = ferplus_corpus.load("train", root=root)
    judged = ferplus_corpus.load("validation", root=root)
    judged = judged.select(judged.named)
    train = train.select(train.named & ~np.isin(train.digest, judged.digest))
    images = np.concatenate([train.images, judged.images])
    truth = np.concatenate([train.label, judged.label])
    return material(Pictures(images), truth, [_split(len(train), len(judged))])


def emodb(root: Root) -> Material:
    """Clips, one fold a speaker."""
    clips = emodb_corpus.load(root=root)
    return _by_speaker(clips, len(np.unique(clips.speaker)))


def emodb_whole(root: Root, labels: Sequence[str]) -> Material:
    """Uncut clips of four emotions, one fold a speaker."""
    clips = emodb_corpus.load(root=root, whole=True)
    clips = _named(clips, labels)
    return _by_speaker(clips, len(np.unique(clips.speaker)))


def ravdess(root: Root) -> Material:
    """Clips, six folds of actors."""
    return _by_speaker(ravdess_corpus.load(root=root), _ACTOR_FOLDS)


def across(root: Root, train: str, judged: str, labels: Sequence[str]) -> Material:
    """All clips of one corpus to learn from, all of another to be judged, of the shared labels."""
    known = {"emodb": emodb_corpus, "ravdess": ravdess_corpus}
    parts = [_named(known[name].load(root=root), labels) for name in (train, judged)]
    return material(
        Sounds([path for part in parts for path in part.paths]),
        np.concatenate([part.label for part in parts]),
        [_split(*map(len, parts))],
        groups=np.concatenate([part.speaker for part in parts]),
        grouped_by="speakers",
    )


def goemotions(root: Root, scheme: Scheme) -> Material:
    """Comments with labels of ``scheme``: its own, or a group set where any member is."""
    parts = [goemotions_corpus.load(split, root=root) for split in ("train", "validation")]
    truth = [_grouped(part.labels, scheme) for part in parts]
    return _texts([part.texts for part in parts], truth)


def emobank(root: Root) -> Material:
    """Sentences with three values in [-1, 1]."""
    parts = [emobank_corpus.load(split, root=root) for split in ("train", "validation")]
    return _texts([part.texts for part in parts], [part.labels.astype(float) for part in parts])


def meld(root: Root) -> Material:
    """Lines with one of seven emotions."""
    labels = [label for label in PRIMARY8.labels if label != "contempt"]
    return _meld(root, lambda item: labels.index(item.label))


def meld_sentiment(root: Root) -> Material:
    """Lines with one of three sentiments."""
    return _meld(root, lambda item: SENTIMENT3.index(str(item.extra["sentiment"])))


def empathetic(root: Root) -> Material:
    """Situations, one a conversation."""
    found: dict[str, dict[str, Item]] = {"train": {}, "valid": {}}
    for item in EMPATHETIC.items(data_root(root)):
        if item.split in found:
            found[item.split].setdefault(str(item.extra["conversation"]), item)
    parts = [list(found[split].values()) for split in ("train", "valid")]
    return _texts(
        [[str(item.extra["situation"]) for item in part] for part in parts],
        [np.array([EMPATHETIC32.index(item.label) for item in part]) for part in parts],
    )


def xed(root: Root, language: str) -> Material:
    """Lines of one language with any of eight emotions."""
    kept = [
        item
        for item in XED.items(data_root(root))
        if item.extra["language"] == language and "neutral" not in item.labels and item.labels
    ]
    parts = [[item for item in kept if item.split == split] for split in ("train", "validation")]
    return _texts(
        [[item.text or "" for item in part] for part in parts],
        [_indicators(part, PLUTCHIK8.labels) for part in parts],
    )


def brighter(root: Root, language: str, labels: Sequence[str]) -> Material:
    """Texts of one language with any of its annotated emotions, in five folds."""
    kept = [
        item
        for item in BRIGHTER.items(data_root(root))
        if item.extra["language"] == language and item.split in ("train", "dev")
    ]
    if not kept:
        raise SourceNotFoundError(f"{BRIGHTER.title} holds no text of language {language!r}")
    texts = [item.text or "" for item in kept]
    folded = _folded(texts)
    order = np.random.default_rng(0).permutation(len(texts))
    folds = []
    for test in np.array_split(order, _BRIGHTER_FOLDS):
        others = np.setdiff1d(order, test)
        folds.append(Fold(others[~np.isin(folded[others], folded[test])], np.sort(test)))
    return material(texts, _indicators(kept, labels), folds)


def _meld(root: Root, column: Callable[[Item], int]) -> Material:
    parts = _parts(MELD, root, ("train", "dev"))
    dialogues = [f"{item.split}/{item.extra['dialogue']}" for part in parts for item in part]
    return _texts(
        [[item.text or "" for item in part] for part in parts],
        [np.array([column(item) for item in part], dtype=np.int64) for part in parts],
        groups=dialogues,
        grouped_by="dialogues",
    )


def _parts(dataset: Dataset, root: Root, splits: Sequence[str]) -> list[list[Item]]:
    items = list(dataset.items(data_root(root)))
    return [[item for item in items if item.split == split] for split in splits]


def _texts(
    texts: Sequence[Sequence[str]],
    truth: Sequence[NDArray],
    *,
    groups: Sequence[str] = (),
    grouped_by: str = "",
) -> Material:
    """Join training and judged texts; training texts that are judged too are never learnt."""
    train, judged = texts
    if not len(train) or not len(judged):
        raise SourceNotFoundError(
            f"{len(train)} training and {len(judged)} validation texts were found; both are needed"
        )
    fold = _split(len(train), len(judged))
    folded = _folded([*train, *judged])
    fresh = ~np.isin(folded[fold.train], folded[fold.test])
    return material(
        [*train, *judged],
        np.concatenate(truth),
        [Fold(fold.train[fresh], fold.test)],
        groups=np.array(groups) if groups else None,
        grouped_by=grouped_by,
    )


def _by_speaker(clips: Clips, count: int) -> Material:
    names = np.array_split(np.unique(clips.speaker), count)
    folds = []
    for part in names:
        test = np.isin(clips.speaker, part)
        folds.append(Fold(np.flatnonzero(~test), np.flatnonzero(test)))
    return material(
        Sounds(clips.paths),
        clips.label,
        [fold for fold in folds if len(fold.test)],
        groups=clips.speaker,
        grouped_by="speakers",
    )


def _named(clips: Clips, labels: Sequence[str]) -> Clips:
    """Return the clips of these labels, as columns of them."""
    names = [clips.scheme.labels[label] for label in clips.label]
    kept = np.flatnonzero([name in labels for name in names])
    return Clips(
        tuple(clips.paths[row] for row in kept),
        clips.speaker[kept],
        clips.sentence[kept],
        np.array([labels.index(names[row]) for row in kept]),
        clips.scheme,
    )


def _split(train: int, judged: int) -> Fold:
    return Fold(np.arange(train), np.arange(train, train + judged))


def _grouped(labels: NDArray, scheme: Scheme) -> NDArray[np.int64]:
    if scheme == goemotions_corpus.SCHEME:
        return labels.astype(np.int64)
    mapping = next(
        item
        for item in MAPPINGS
        if item.source == goemotions_corpus.SCHEME and item.target == scheme
    )
    return np.stack(
        [
            labels[:, [mapping.source.index(name) for name in mapping.groups[label]]].max(axis=1)
            for label in scheme.labels
        ],
        axis=1,
    ).astype(np.int64)


def _indicators(items: Sequence[Item], labels: Sequence[str]) -> NDArray[np.int64]:
    rows = [[label in item.labels for label in labels] for item in items]
    return np.array(rows, dtype=np.int64).reshape(len(items), len(labels))


def _folded(texts: Iterable[str]) -> NDArray:
    """Return the texts with case folded and white space joined, by which repeats are found."""
    return np.array([" ".join(text.casefold().split()) for text in texts], dtype=object).astype(str)
