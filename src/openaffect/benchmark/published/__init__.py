"""Tables 2 to 7 of the survey that this package covers, as printed, with notes where they err.

Every row keeps the printed cells, the reference that the survey gives, resolved to author, title,
venue and year by the survey's own list, and a note where the text, the source or arithmetic speaks
against it. Nothing is corrected in the cells. A few figures of papers outside the survey stand in a
list of their own, :func:`elsewhere`. The tables mix protocols (speaker-dependent splits,
other label sets, other test sets): a published row stands beside ours, it is no contest with it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from openaffect.types import UnknownNameError, did_you_mean


@dataclass(frozen=True, slots=True)
class Reference:
    """A paper: ``number`` in the survey's list, 0 for one outside it; ``venue`` may be empty."""

    number: int
    author: str
    title: str
    venue: str
    year: str

    def __str__(self) -> str:
        return ". ".join(part for part in (self.author, self.title, self.venue) if part) + (
            f" ({self.year})"
        )


@dataclass(frozen=True, slots=True)
class Column:
    """A column of figures. ``percent``: printed figures are of 100; else of 1, or plain.

    ``better`` is the direction that the survey's arrow gives: ``higher``, ``lower`` or empty.
    """

    name: str
    better: str = ""
    percent: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its number and caption as printed, its columns, and what is wrong with all of it."""

    number: int
    caption: str
    columns: tuple[Column, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A printed row.

    model: without the asterisks and the reference. printed_model, printed_dataset: verbatim.
    dataset: as this package names the corpus, empty where a table has none. reference: of the
    model. derived_from: the papers whose tables the survey took the figures from, where it names
    them. printed: the cells by column, verbatim, empty where nothing stands. note: what is wrong.
    """

    table: int
    model: str
    printed_model: str
    dataset: str
    printed_dataset: str
    reference: Reference
    derived_from: tuple[Reference, ...]
    printed: Mapping[str, str]
    note: str

    def value(self, column: str) -> float | None:
        """Return the figure as a share of 1 where it is of 100, None where none is printed."""
        text = self.printed[column].strip()
        try:
            figure = float(text)
        except ValueError:  # empty, a dash, N/A
            return None
        kind = next(item for item in table(self.table).columns if item.name == column)
        return round(figure / 100, 6) if kind.percent else figure


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A figure from a paper that the survey does not list; ``printed`` as the paper has it."""

    model: str
    dataset: str
    measure: str
    printed: str
    reference: Reference
    note: str


def rows(
    table: int | None = None, dataset: str | None = None, *, model: str | None = None
) -> tuple[Row, ...]:
    """Return the printed rows, of one table, of one corpus, of one model if they are named.

    ``dataset`` is the corpus as this package names it (``emodb``, ``raf_db``).

    Raises :class:`UnknownNameError` for a table that is not there.

    >>> [row.printed["ACC"] for row in rows(table=4, dataset="ravdess")]
    ['92.88', '84.30', '80.00']
    """
    numbers = tuple(TABLES) if table is None else (_known(table),)
    return tuple(
        row
        for number in numbers
        for row in _read(number)
        if dataset in (None, row.dataset) and model in (None, row.model)
    )


def elsewhere(protocol: str) -> tuple[Elsewhere, ...]:
    """Return what papers outside the survey state on a protocol's corpus and labels."""
    return tuple(
        Elsewhere(
            cells["model"],
            cells["dataset"],
            cells["measure"],
            cells["printed"],
            Reference(0, cells["author"], cells["title"], cells["venue"], cells["year"]),
            cells["note"],
        )
        for cells in _cells("elsewhere.csv")
        if cells["protocol"] == protocol
    )


def table(number: int) -> Table:
    """Return the table of that number; raises :class:`UnknownNameError` when it is not there."""
    return TABLES[_known(number)]


@lru_cache(maxsize=1)
def references() -> Mapping[int, Reference]:
    """Return the references of the tables by their number in the survey."""
    return {
        int(cells["number"]): Reference(
            int(cells["number"]), cells["author"], cells["title"], cells["venue"], cells["year"]
        )
        for cells in _cells("references.csv")
    }


@lru_cache
def _read(number: int) -> tuple[Row, ...]:
    known = references()
    read = []
    for cells in _cells(f"table{number}.csv"):
        columns = {item.name: cells[item.name] for item in TABLES[number].columns}
        model = cells["model"].lstrip("*").rpartition(" [")[0].strip()
        sources = tuple(known[int(text)] for text in cells["derived_from"].split())
        read.append(
            Row(
                table=number,
                model=model,
                printed_model=cells["model"],
                dataset=DATASETS.get(cells["dataset"], ""),
                printed_dataset=cells["dataset"],
                reference=known[int(cells["reference"])],
                derived_from=sources,
                printed=columns,
                note=cells["note"],
            )
        )
    return tuple(read)


def _cells(name: str) -> Iterator[dict[str, str]]:
    text = (files(__package__) / name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


def _known(number: int) -> int:
    if number not in TABLES:
        raise UnknownNameError(
            f"no table {number!r} is kept{did_you_mean(str(number), TABLES)} "
            f"Tables: {', '.join(map(str, TABLES))}"
        )
    return number


DATASETS = {
    "AFEW": "afew",
    "AffectNet": "affectnet",
    "AffWild2": "aff_wild2",
    "Affect in Tweets": "affect_in_tweets",
    "AffectiveText": "affective_text",
    "Aman": "aman",
    "Berlin EMO": "emodb",
    "CASIA": "casia",
    "CK+": "ck_plus",
    "CREMA-D": "crema_d",
    "DFEW": "dfew",
    "EmotionLines": "emotion_lines",
    "ESD": "esd",
    "FERV39K": "ferv39k",
    "HDTF": "hdtf",
    "IEMOCAP": "iemocap",
    "IMFDB": "imfdb",
    "ISEAR": "isear",
    "JAFPE": "jaffe",
    "KDEF": "kdef",
    "LibriSpeech": "librispeech",
    "LRW": "lrw",
    "MAFW": "mafw",
    "MEAD": "mead",
    "Oulu-CASIA": "oulu_casia",
    "RAF-DB": "raf_db",
    "RAVDESS": "ravdess",
    "Sem-EVAL 17": "semeval_twitter",
    "SFEW 2.0": "sfew",
    "VCTK": "vctk",
    "XED": "xed",
}
"""The corpora as printed, and as this package names them."""

TABLES = {
    item.number: item
    for item in (
        Table(
            2,
            "FER Comparative Analysis. *Results derived from cited papers.",
            (Column("ACC %", "higher"),),
            "the column's head says per cent, its cells are fractions of 1",
        ),
        Table(
            3,
            "FEG Comparative Analysis. *Results derived from [147] and [105], ** Results derived "
            "from [99], *** Results derived from [147], **** Results derived from [105]",
            (
                Column("ACC", "higher", percent=True),
                Column("FID", "lower"),
                Column("SyncNet", "higher"),
                Column("SSIM", "higher"),
                Column("CPBD", "higher"),
                Column("M-LMD", "lower"),
                Column("F-LMD", "lower"),
            ),
            "section 6.2.2 reads cells of other columns as ACC and FID, and names an E-FID that "
            "the table lacks",
        ),
        Table(
            4,
            "SER Comparative Analysis: *Results derived from cited papers.",
            (Column("ACC", "", percent=True),),
            "the papers split speakers, classes and clips in different ways; the figures are not "
            "of one protocol",
        ),
        Table(
            5,
            "SEG Comparative Analysis: *Results derived from cited papers.",
            (
                Column("WER", "lower", percent=True),
                Column("CER", "lower", percent=True),
                Column("EER", "lower", percent=True),
            ),
            "the arrow marks EER as lower-is-better for all rows; in some of the papers a higher "
            "one means closer to the target speaker",
        ),
        Table(
            6,
            "TSR Comparative Analysis: *Results derived from cited papers.",
            (Column("F1 score", "higher"), Column("ACC", "higher")),
            "section 6.2.5 credits scores (F1 0.88; AutoVC with F1 0.47) that the table lacks",
        ),
        Table(
            7,
            "TSG Comparative Analysis: *Results derived from [28].",
            (
                Column("MMLU (%)", "", percent=True),
                Column("GQPA (%)", "", percent=True),
                Column("MATH (%)", "", percent=True),
                Column("HumanEval (%)", "", percent=True),
                Column("MGSM (%)", "", percent=True),
                Column("DROP (f1)", "", percent=True),
            ),
            "GQPA is a misprint of GPQA, a graduate science test; MGSM is multilingual school "
            "mathematics, not social media; the text's statement that the figures come from user "
            "studies is wrong. From MATH on the printed columns do not agree with what was "
            "published",
        ),
    )
}
