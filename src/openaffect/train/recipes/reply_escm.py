"""A partner in dialogue from EmpatheticDialogues: ESCM, made small.

The emotion and the answer are learned together, over a graph of which words depend on which; the
trees come from a parser (extra ``trees``) while training, and from the net itself afterwards.

Baseline in the same run: for the emotion the most frequent one. Other partners stand beside it in
``benchmarks/empathetic_replies.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from openaffect.data._replies import Reply
from openaffect.generate._words import Words
from openaffect.preprocess.text_treebank import treebank_words

from ..context import Context
from ..nets.escm import ESCM
from ..trees import RELATIONS, Trees, parse
from ..words import Encoded, encode, pad
from ._partner import export_partner, first_vectors, fitted, material, parity_rows, partner_card
from ._partner_scores import emotion_shares, partner_rows

NAME = "reply-escm"
HELP = "answers in a dialogue and its emotion together: ESCM; non-commercial"
PASSES = 1.75
RATE = 1.5e-3
KEPT = ("emotion_side", "word_side", "start")
"""They read words as the table holds them: integers already, without a scale for each row."""


def run(context: Context) -> Path:
    """Parse, train, export, measure once on validation, write the card."""
    given = material(context)
    words = given.words
    fit, choose = with_trees(context, words, given.fit), with_trees(context, words, given.choose)
    names = torch.tensor([words.vocabulary.place(name) for name in words.emotions])
    net = ESCM(first_vectors(context, words), names, len(RELATIONS))
    fitted(context, net, fit, choose, name=NAME, passes=PASSES, rate=RATE)
    full, small = export_partner(net, context.out, NAME, normal=True, keep=KEPT)
    scores = partner_rows(small, words, given.judge, emotion_shares(words, given.fit))
    scores.append(tree_row(net, choose))
    scores.extend(parity_rows(full, small, words, given.judge[:200]))
    return partner_card(
        context,
        NAME,
        [("model", small)],
        words,
        scores,
        paper="Yang et al., Exploiting Emotion-Semantic Correlations for Empathetic Response "
        "Generation, Findings of EMNLP 2023; made small, see docs/decisions/empathetic-partner.md",
        more_data=("spaCy's en_core_web_sm 3.8 (MIT), whose dependency trees it imitates",),
        device=context.device,
    )


def with_trees(context: Context, words: Words, examples: Sequence[Reply]) -> list[Encoded]:
    """Return the examples as numbers, with the trees of what was said; parsed once a run."""
    places: dict[str, int] = {}
    for example in examples:
        for text in example.said:
            places.setdefault(text, len(places))
    path = context.out / f"{NAME}.trees.{len(places)}.npz"
    if not path.is_file():
        parse([treebank_words(text) for text in places], context.progress).save(path)
    trees = Trees.load(path)
    return [
        encode(words, example, [trees[places[text]] for text in example.said])
        for example in examples
    ]


@torch.no_grad()
def tree_row(net: ESCM, examples: Sequence[Encoded]) -> dict[str, Any]:
    """How often the net finds the head that the parser found, in conversations held back."""
    right = total = guess = 0
    for start in range(0, min(len(examples), 512), 64):
        batch = pad(examples[start : start + 64])
        arcs = net.read(batch.context, batch.roles, batch.turns).arcs
        known = batch.heads >= 0
        before = (torch.arange(batch.heads.shape[1]) - 1).expand_as(batch.heads)
        right += int((arcs.argmax(-1) == batch.heads)[known].sum())
        guess += int((before == batch.heads)[known].sum())
        total += int(known.sum())
    return {
        "data": f"training conversations held back, {total:,} words",
        "measure": "unlabelled attachment to the parser's heads",
        "value": round(right / total, 4),
        "baseline": {"name": "the word before", "value": round(guess / total, 4)},
    }
