"""XED: film subtitle lines with Plutchik's eight emotions, and neutral lines.

English and Finnish lines are annotated by people; the other languages take their labels from
aligned lines. What a classifier must not learn from, at the source:

- neutral lines have no commas, emotional ones have; only emotional English lines carry the masks
  ``[PERSON]`` and ``[LOCATION]``, and only they are tokenised ("What a pity ."). Strip commas and
  masks before training with ``neutral``, or train on the eight emotions only;
- a line may be listed twice, also once as neutral and once with an emotion;
- a projected label set is copied to every aligned line, so that the projections are noisy and a
  line and its translation must not lie on two sides of a split.

The lines are given as they are published. The published corpus has no split; the tables of the
data root carry one that keeps known translations together.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from openaffect.types import SchemeMapping, scheme

from ._dataset import Dataset, Item
from ._folder import Folder
from ._text_rows import text_tables

NAME = "xed"
PLUTCHIK = scheme("plutchik8")
SCHEME = scheme("xed9")


def read(folder: Folder) -> Iterator[Item]:
    """Yield the annotated, the neutral and the projected lines."""
    places = ("*-annotated.tsv", "neu_*.txt", "*-projections.tsv")
    patterns = [
        f"{above}{place}" for place in places for above in ("", "AnnotatedData/", "Projections/")
    ]
    for path in folder.files(*patterns):
        if path.name.startswith("neu_"):
            yield from _neutral(folder, path)
        else:
            yield from _labelled(folder, path)


def _labelled(folder: Folder, path: Path) -> Iterator[Item]:
    language, kind = path.stem.split("-", 1)
    for line, row in folder.rows(
        path, names=("text", "labels"), delimiter="\t", quoted=False, encoding="utf-8"
    ):
        numbers = [number.strip() for number in row["labels"].split(",")]
        if not all(number in _NUMBERS for number in numbers):
            folder.problem(path, f"labels {row['labels']!r} are not all in 1 to 8", line=line)
            continue
        yield Item(
            key=f"{path.stem}/{line}",
            text=row["text"],
            labels=tuple(dict.fromkeys(_NUMBERS[number] for number in numbers)),
            extra={"language": language, "kind": kind},
        )


def _neutral(folder: Folder, path: Path) -> Iterator[Item]:
    """Yield the neutral lines: a number, a tab, the text, and in Finnish where it stood."""
    language = path.stem.removeprefix("neu_")
    for line, text in folder.lines(path):
        cells = text.split("\t")
        if len(cells) < 2 or not cells[0].strip().isdecimal():
            folder.problem(path, f"{text[:80]!r} is not a number, a tab and a text", line=line)
            continue
        yield Item(
            key=f"{path.stem}/{line}",
            text=cells[1].strip(),
            labels=("neutral",),
            extra={"language": language, "kind": "neutral"},
        )


def tables(folder: Folder) -> Iterator[Item]:
    """Yield the lines of ``text/xed-*.parquet``."""
    for name, _, _, row in text_tables(folder, NAME, ("text", "labels", "id")):
        language, split = name.split("-", 1)
        yield Item(
            key=row["id"],
            text=row["text"],
            labels=tuple(row["labels"]),
            split=split,
            extra={
                "language": language,
                "kind": "annotated" if language in ("en", "fi") else "projections",
            },
        )


_NUMBERS = {str(number): label for number, label in enumerate(PLUTCHIK.labels, 1)}

DATASET = Dataset(
    name=NAME,
    title="XED",
    modalities=("text",),
    citation="E. Öhman, M. Pàmies, K. Kajava, J. Tiedemann, XED: A Multilingual Dataset for "
    "Sentiment Analysis and Emotion Detection, COLING 2020",
    licence="CC BY 4.0 for the annotations; the lines are film subtitles (OPUS OpenSubtitles), "
    "whose own rights are not cleared",
    commercial=True,
    address="https://github.com/Helsinki-NLP/XED",
    layout="""
AnnotatedData/en-annotated.tsv fi-annotated.tsv     text, numbers 1 to 8 joined by ","; no header
AnnotatedData/neu_en.txt                            9, text
AnnotatedData/neu_fi.txt                            number, text, 2, line, file
Projections/de-projections.tsv ...                  as the annotated ones
(cells are separated by tabs)
""",
    status="documented",
    source="the corpus's repository (address), README, AnnotatedData and Projections",
    scheme=SCHEME,
    mapping=SchemeMapping(
        SCHEME,
        PLUTCHIK,
        {label: (label,) for label in PLUTCHIK.labels},
        "Öhman et al., 2020: Plutchik's eight emotions; neutral is none of them",
    ),
    splits=("train", "validation"),
    languages=("eng", "fin", "mul"),
    note="the published corpus has no split; train and validation are those of the data root's "
    "tables. Neutral lines are told by their commas and masks alone: see the reader's docstring",
    read=read,
    tables=tables,
)
